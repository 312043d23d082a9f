/** The process around the command: signals, one line for a failure, the exit code. */
import * as Cause from "effect/Cause"
import * as CliOutput from "effect/cli/CliOutput"
import * as Command from "effect/cli/Command"
import * as ConfigProvider from "effect/ConfigProvider"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Layer from "effect/Layer"
import * as Logger from "effect/Logger"
import * as LogLevel from "effect/LogLevel"
import * as References from "effect/References"
import * as Runtime from "effect/Runtime"
import * as Terminal from "effect/Terminal"
import * as Help from "./help.ts"
import * as Interrupt from "./interrupt.ts"
import * as Output from "./output.ts"
import * as Sources from "./sources.ts"

/** 128 and the number of the signal, as shells have it. */
const codes = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 } as const

const front: Interrupt.Front = { running: undefined }

/**
 * Runs the command, whose exit code comes out. A failure is one line; `--log-level debug` shows where it comes from, too.
 * Logs go to standard error, and without that flag not at all: what they say of a failure is in its line.
 */
export const asProcess = (version: string) =>
<Name extends string, Input, E, R, C>(
  command: Command.Command<Name, Input, C, E, R>
) =>
  Effect.gen(function*() {
    let verbose = false
    const { columns } = yield* Terminal.Terminal
    const run = command.pipe(
      Command.provideEffectDiscard(
        Effect.map(References.MinimumLogLevel, (level) => {
          verbose = LogLevel.isLessThanOrEqualTo(level, "Debug")
        })
      ),
      Command.run({ version }),
      Effect.provide(services(yield* columns))
    )
    return yield* Effect.catchCause(
      Effect.as(run, 0),
      (cause): Effect.Effect<number, never, Output.Services> =>
        Cause.hasInterruptsOnly(cause) ? Effect.succeed(codes.SIGINT) : failed(cause, verbose)
    )
  })

const services = (columns: number) =>
  Layer.mergeAll(
    Logger.layer([Logger.withConsoleError(Logger.formatLogFmt)]),
    Layer.succeed(References.MinimumLogLevel, "None"),
    Layer.succeed(Interrupt.Interrupt, front),
    ConfigProvider.layer(Sources.provider),
    Layer.succeed(CliOutput.Presenter, Help.presenter(columns))
  )

/** What is wrong is loaded where something is. */
const failed = (cause: Cause.Cause<unknown>, verbose: boolean) =>
  Effect.gen(function*() {
    const Failure = yield* Effect.promise(() => import("./failure.ts"))
    const { exitCode, message } = Failure.show(Cause.squash(cause))
    const details = verbose ? `\n${Cause.pretty(cause)}` : ""
    const line = yield* Output.red(`llm-layers: ${message}`)
    if (message !== "") yield* Effect.ignore(Output.note(`${line}${details}`))
    return exitCode
  })

/** Runs an effect that gives the exit code as the process. */
export const main = (effect: Effect.Effect<number>): void =>
  Runtime.makeRunMain(({ fiber, teardown }) => {
    let signalled: number | undefined
    const onSignal = (signal: keyof typeof codes) => {
      const { running } = front
      front.running = undefined
      if (signal === "SIGINT" && running !== undefined) return running.interruptUnsafe(fiber.id)
      signalled = codes[signal]
      fiber.interruptUnsafe(fiber.id)
    }
    for (const signal of Object.keys(codes)) process.on(signal, onSignal)
    // Who reads may leave at any time; the next write says so.
    process.stdout.on("error", () => undefined)
    process.stderr.on("error", () => undefined)
    fiber.addObserver((exit) => {
      teardown(exit, (code) => process.stdout.write("", () => process.exit(signalled ?? code)))
    })
  })(effect, {
    disableErrorReporting: true,
    teardown: (exit, onExit) =>
      onExit(
        Exit.isSuccess(exit) ? Number(exit.value) : Cause.hasInterruptsOnly(exit.cause) ? codes.SIGINT : 1
      )
  })
