/** Tools of the program run once a call, and a call of no tool is a failure. */
import * as ProviderError from "@llm-layers/core/ProviderError"
import * as Effect from "effect/Effect"
import type { SaidCall } from "../../../Harness.ts"
import type { Law } from "../../../Law.ts"
import { calling, skipOf } from "../answers.ts"
import { broken, holds, same } from "../broken.ts"
import type { Kit } from "../kit.ts"
import { type Check, makeFor } from "../law.ts"
import { type Plain, plainAll } from "../parts.ts"
import { run, type Way, ways } from "../subject.ts"
import { type Ran, results } from "../tools.ts"

export const tools = (kit: Kit): ReadonlyArray<Law> => {
  const law = makeFor("tools", kit.options)
  const skipped = skipOf(kit.claims, [], true)
  return ways.flatMap((way) => [
    law(`${way}: each handler runs once a call, and its result comes out`, handled(kit, way), skipped),
    law(`${way}: a call of a tool that is not there fails typed, and no handler runs`, unknownTool(kit, way), skipped),
    law(`${way}: arguments that the tool rejects fail typed, and its handler does not run`, wrong(kit, way), skipped),
    law(`${way}: an answer that was cut runs no handler`, cutShort(kit, way), skipped)
  ])
}

const search = { query: "σ", filter: { tags: ["a"], before: { year: 1 } }, limit: 1 }

const call = (id: string, name: string, params: unknown): SaidCall => ({
  type: "tool-call",
  id,
  name,
  params,
  pieces: [JSON.stringify(params)]
})

const handled = (kit: Kit, way: Way): Check =>
  Effect.gen(function*() {
    const ran: Array<Ran> = []
    const said = calling("a", call("one", "search_notes", search), call("two", "read_clock", {}))
    const { error, parts } = yield* run(yield* kit.ready(said, way), way, (one) => ran.push(one))
    if (error !== undefined) yield* broken(way, "no failure", error)
    yield* same("the runs", byName([{ name: "search_notes", params: search }, { name: "read_clock" }]), byName(ran))
    yield* same(
      "the results",
      (["read_clock", "search_notes"] as const).map((name) => ({ name, params: undefined, result: results[name] })),
      resultsOf(parts)
    )
  })

const byName = <A extends { readonly name?: unknown }>(all: ReadonlyArray<A>): ReadonlyArray<A> =>
  // A tool without parameters is run with what stands for none.
  all.map((one) => one.name === "read_clock" ? { ...one, params: undefined } : one)
    .toSorted((a, b) => String(a.name).localeCompare(String(b.name)))

const resultsOf = (parts: ReadonlyArray<object>) =>
  byName(
    plainAll(parts).filter((part) => part.type === "tool-result").map(({ name, result }: Plain) => ({ name, result }))
  )

/** The failure is the one of the kind that a model's mistake has. */
const fails = (kit: Kit, way: Way, calls: ReadonlyArray<SaidCall>, tag: string): Check =>
  Effect.gen(function*() {
    const ran: Array<Ran> = []
    const { error } = yield* run(yield* kit.ready(calling("a", ...calls), way), way, (one) => ran.push(one))
    if (error === undefined) return yield* broken(way, "a failure", "success")
    yield* same("the reason", tag, error.reason._tag)
    yield* same("the runs", [], ran)
    if (way === "generateText") {
      yield* holds(
        ProviderError.partial(error) !== undefined,
        way,
        "the answer, which is paid for, in the error",
        error
      )
    }
  })

const unknownTool = (kit: Kit, way: Way): Check =>
  fails(kit, way, [call("one", "no_such_tool", { a: 1 })], "ToolNotFoundError")

const wrong = (kit: Kit, way: Way): Check =>
  fails(kit, way, [call("one", "search_notes", { query: 7 })], "ToolParameterValidationError")

const cutShort = (kit: Kit, way: Way): Check =>
  Effect.gen(function*() {
    const ran: Array<Ran> = []
    const said = { ...calling("a", call("one", "search_notes", search)), finish: "length" } as const
    const { error } = yield* run(yield* kit.ready(said, way), way, (one) => ran.push(one))
    if (error !== undefined) yield* broken(way, "no failure", error)
    yield* same("the runs", [], ran)
  })
