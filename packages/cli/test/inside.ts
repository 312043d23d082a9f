/** The command in this process, which costs no start of another: for the many ways to use one. */
import { NodeServices } from "@effect/platform-node"
import { Cause, ConfigProvider, Effect, Exit, Sink, Stdio, Stream } from "effect"
import { CliOutput, Command } from "effect/cli"
import { ask } from "../src/command/ask.ts"
import { compare } from "../src/command/compare.ts"
import { cost } from "../src/command/cost.ts"
import { count } from "../src/command/count.ts"
import { embed } from "../src/command/embed.ts"
import { models } from "../src/command/models.ts"
import { providers } from "../src/command/providers.ts"
import * as Failure from "../src/failure.ts"
import * as Help from "../src/help.ts"
import type { Outcome } from "./binary.ts"

const command = ask.pipe(
  Command.withSubcommands([compare, cost, count, embed, models, providers])
)

/** As `run` of the binary does it, with pipes. Paths are of this process. */
export const run = (
  args: ReadonlyArray<string>,
  { env = {}, stdin = "" }: {
    readonly env?: { readonly [name: string]: string }
    readonly stdin?: string | Uint8Array
  } = {}
): Effect.Effect<Outcome> =>
  Effect.gen(function*() {
    const written = { stdout: "", stderr: "" }
    const into = (name: keyof typeof written) => () =>
      Sink.forEach((piece: string | Uint8Array) =>
        Effect.sync(() => {
          written[name] += typeof piece === "string" ? piece : Buffer.from(piece).toString("utf8")
        })
      )
    const exit = yield* Command.runWith(command, { version: "0.0.0" })(args).pipe(
      Effect.provide(Stdio.layerTest({
        stdout: into("stdout"),
        stderr: into("stderr"),
        stdin: Stream.make(Buffer.from(stdin))
      })),
      Effect.provideService(CliOutput.Presenter, Help.presenter(80)),
      Effect.provide(ConfigProvider.layer(ConfigProvider.fromEnv({ env }))),
      Effect.provide(NodeServices.layer),
      Effect.exit
    )
    if (Exit.isSuccess(exit)) return { ...written, code: 0 }
    const { exitCode, message } = Failure.show(Cause.squash(exit.cause))
    return { ...written, stderr: `${written.stderr}llm-layers: ${message}\n`, code: exitCode }
  })
