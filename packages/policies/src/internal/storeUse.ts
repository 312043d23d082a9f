/** A use of a store that may be slow: nobody waits longer than a limit, and what it gives later is not lost. */
import * as Deadline from "@llm-layers/core/Deadline"
import type * as Context from "effect/Context"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"

/** Something that runs, whoever waits for it. */
export interface Use<A, E> {
  /** Where it had its end at once. */
  readonly ended: Exit.Exit<A, E> | undefined
  /** Its end, or `undefined` where it has none in time. */
  readonly end: Effect.Effect<Exit.Exit<A, E> | undefined>
  readonly whenEnded: (run: (exit: Exit.Exit<A, E>) => void) => void
}

/** In milliseconds. What had no time to end is interrupted much later: it may have been done, and is to be undone. */
const patience = 30_000

/** Runs it at once. `limit` is in milliseconds. */
export const start = <A, E>(context: Context.Context<never>, limit: number, effect: Effect.Effect<A, E>): Use<A, E> => {
  const running = Effect.runForkWith(context)(effect)
  const ended = running.pollUnsafe()
  const whenEnded: Use<A, E>["whenEnded"] = (run) => running.addObserver(run)
  if (ended !== undefined) return { ended, end: Effect.succeed(ended), whenEnded }
  const end = Deferred.makeUnsafe<Exit.Exit<A, E> | undefined>()
  const cancelLimit = Deadline.after(context, limit, () => Deferred.doneUnsafe(end, Exit.succeed(undefined)))
  const cancelPatience = Deadline.after(context, limit + patience, () => running.interruptUnsafe())
  running.addObserver((exit) => {
    cancelLimit()
    cancelPatience()
    Deferred.doneUnsafe(end, Exit.succeed(exit))
  })
  return { ended, end: Deferred.await(end), whenEnded }
}
