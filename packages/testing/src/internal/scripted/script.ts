/** A script as it is played: which entry answers which call, and what does not fit in the end. */
import * as Cause from "effect/Cause"
import * as Data from "effect/Data"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"

/**
 * A script that does not fit what was asked: a call found no answer, or answers were not used. The message shows both
 * sides. It is a defect, which a program that handles the errors of its model does not catch.
 */
export class ScriptMismatch extends Data.TaggedError("ScriptMismatch")<{
  readonly message: string
  /** How many calls found no answer. */
  readonly missing: number
  /** How many answers were not used. */
  readonly unused: number
}> {}

/** How a call ended. `interrupted` is also a stream that was not read to its end. */
export type Outcome = "running" | "answered" | "failed" | "interrupted"

/** A script that is being played. */
export interface Played<Entry> {
  /** The first entry left that fits, which is used up by it. `asked` is what a message says of the call. */
  readonly take: (asked: string, fits?: (entry: Entry) => boolean) => Entry | undefined
  /** What was asked so far and what answered it, as lines of a message. */
  readonly show: () => string
  readonly mismatch: () => ScriptMismatch | undefined
}

/** Starts a script. `labelOf` is what a message says of an entry. */
export const start = <Entry>(entries: ReadonlyArray<Entry>, labelOf: (entry: Entry) => string): Played<Entry> => {
  const lines = entries.map((entry) => ({ entry, call: 0 }))
  const calls: Array<{ readonly asked: string; readonly line: number }> = []

  const show = () =>
    [
      "Asked:",
      ...numbered(calls, ({ asked, line }) => `${asked} - ${line < 0 ? "no answer" : `answer ${line + 1}`}`),
      "Script:",
      ...numbered(lines, ({ entry, call }) => `${labelOf(entry)} - ${call === 0 ? "not used" : `call ${call}`}`)
    ].join("\n")

  return {
    show,
    take: (asked, fits = () => true) => {
      const line = lines.findIndex(({ entry, call }) => call === 0 && fits(entry))
      const call = calls.push({ asked, line })
      const found = lines[line]
      if (found !== undefined) found.call = call
      return found?.entry
    },
    mismatch: () => {
      const missing = calls.filter(({ line }) => line < 0).length
      const unused = lines.filter(({ call }) => call === 0).length
      if (missing + unused === 0) return undefined
      const what = [
        ...(missing === 0 ? [] : [`${count(missing, "call")} found no answer`]),
        ...(unused === 0 ? [] : [`${count(unused, "answer")} ${unused === 1 ? "was" : "were"} not used`])
      ].join(", ")
      return new ScriptMismatch({
        message: `The script does not fit what was asked: ${what}.\n${show()}`,
        missing,
        unused
      })
    }
  }
}

const count = (number: number, noun: string): string => `${number} ${noun}${number === 1 ? "" : "s"}`

const numbered = <A>(list: ReadonlyArray<A>, line: (one: A) => string): ReadonlyArray<string> =>
  list.length === 0 ? ["  nothing"] : list.map((one, index) => `  ${index + 1}. ${line(one)}`)

/** No more of a text than a message has room for. */
export const shortened = (text: string): string => text.length <= 200 ? text : `${text.slice(0, 199)}…`

/** A text as a message shows it. */
export const quoted = (text: string): string => JSON.stringify(shortened(text))

/** Dies where the script does not fit. */
export const expectDone = (script: Pick<Played<unknown>, "mismatch">): Effect.Effect<void> =>
  Effect.suspend(() => {
    const mismatch = script.mismatch()
    return mismatch === undefined ? Effect.void : Effect.die(mismatch)
  })

/**
 * {@link expectDone} at the end of the scope. A program that was interrupted is not asked for what it left; one that has
 * died of the mismatch does not hear of it twice.
 */
export const expectDoneAtEnd =
  (script: Pick<Played<unknown>, "mismatch">) => (exit: Exit.Exit<unknown, unknown>): Effect.Effect<void> =>
    Effect.suspend(() => {
      if (Exit.isFailure(exit)) {
        const { cause } = exit
        if (cause.reasons.some((reason) => Cause.isDieReason(reason) && reason.defect instanceof ScriptMismatch)) {
          return Effect.void
        }
        if (Cause.hasInterruptsOnly(cause) && script.mismatch()?.missing === 0) return Effect.void
      }
      return expectDone(script)
    })

/** How a call ended, by the exit of its effect. */
export const outcomeOf = (exit: Exit.Exit<unknown, unknown>): Outcome =>
  Exit.isSuccess(exit) ? "answered" : Cause.hasInterrupts(exit.cause) ? "interrupted" : "failed"

/** Keeps how the effect of a call ended. */
export const settle =
  (call: { outcome: Outcome }) => <A, E, R>(effect: Effect.Effect<A, E, R>): Effect.Effect<A, E, R> =>
    Effect.onExit(effect, (exit) =>
      Effect.sync(() => {
        call.outcome = outcomeOf(exit)
      }))
