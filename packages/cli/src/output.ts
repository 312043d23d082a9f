/** What the command writes: answers to standard output, everything else to standard error. */
import * as TerminalCapabilities from "effect/cli/TerminalCapabilities"
import * as Data from "effect/Data"
import * as Effect from "effect/Effect"
import type * as PlatformError from "effect/PlatformError"
import * as Stdio from "effect/Stdio"
import * as Stream from "effect/Stream"

export type Services = Stdio.Stdio

/** Nobody reads any more, as behind `| head -1`. There is nothing to say, and nobody to say it to. */
export class Closed extends Data.TaggedError("Closed")<{ readonly cause: PlatformError.PlatformError }> {}

/** A piece of the answer. */
export const write = (text: string) =>
  Effect.flatMap(Stdio.Stdio, (stdio) =>
    Effect.gen(function*() {
      const shown = (yield* stdio.stdoutIsTerminal) ? printable(text) : text
      yield* Stream.run(Stream.make(shown), stdio.stdout({ endOnDone: false }))
    }).pipe(Effect.mapError((cause) => new Closed({ cause }))))

/** Something about the answer. */
export const note = (text: string) => noteRaw(`${text}\n`)

/** The same without an end of line, with what moves the cursor left in. */
export const noteRaw = (text: string) =>
  Effect.flatMap(Stdio.Stdio, (stdio) => Stream.run(Stream.make(text), stdio.stderr({ endOnDone: false })))

/** Whether notes are read by a person. */
export const watched = Effect.flatMap(Stdio.Stdio, (stdio) => stdio.stderrIsTerminal)

/** How wide the terminal of the notes is; without one, as wide as need be. */
export const columns = Effect.sync(() => process.stderr.columns ?? Number.POSITIVE_INFINITY)

const coloured = (code: number) => (text: string): Effect.Effect<string, never, Stdio.Stdio> =>
  Effect.gen(function*() {
    const { canColor } = yield* TerminalCapabilities.TerminalCapabilities
    return canColor && (yield* watched) ? `\u001B[${code}m${text}\u001B[0m` : text
  })

export const red = coloured(31)
export const dim = coloured(2)

/** What a model says must not move the cursor, or change the title of the window. */
export const printable = (text: string): string =>
  // oxlint-disable-next-line eslint/no-control-regex -- these are what is looked for
  text.replaceAll(/[\u0000-\u0008\u000B-\u001F\u007F-\u009F]/g, (character) =>
    character === "\r" ? "" : `\\x${character.charCodeAt(0).toString(16).padStart(2, "0")}`)
