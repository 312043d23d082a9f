/**
 * `npm start`: the same program through one vendor after the other. Where the environment has keys it speaks to the vendors
 * they are of; without any, to a mock server on a loopback port, through the same SDKs, HTTP and streams.
 */
import { NodeRuntime } from "@effect/platform-node"
import { Config, Console, Effect, Option } from "effect"
import * as Aimock from "./aimock.ts"
import { program, weatherLayer } from "./first-run/program.ts"
import { type Vendor, vendors } from "./first-run/vendors.ts"

const question = process.argv.slice(2).join(" ").trim()
const run = Effect.provide(program(question === "" ? undefined : question), weatherLayer)

const hasKey = ({ keys }: Vendor) =>
  Effect.map(
    Effect.forEach(keys, (name) => Config.option(Config.NonEmptyString(name))),
    (values) => values.some(Option.isSome)
  )

const withKeys = Effect.fn(function*(known: ReadonlyArray<Vendor>) {
  yield* Console.log("Answers are from the vendors whose key is in the environment.")
  for (const { live } of known) yield* Effect.provide(run, live)
})

const withMock = Effect.gen(function*() {
  const server = yield* Aimock.Aimock
  const names = vendors.flatMap(({ keys }) => keys).join(", ")
  yield* Console.log(
    `Answers are canned, from a mock server at ${server.anthropicBaseUrl}: none of these is set: ${names}.`
  )
  for (const { mock } of vendors) yield* Effect.provide(run, mock(server))
}).pipe(Effect.provide(Aimock.layer))

NodeRuntime.runMain(Effect.gen(function*() {
  const known = yield* Effect.filter(vendors, hasKey)
  yield* known.length > 0 ? withKeys(known) : withMock
}))
