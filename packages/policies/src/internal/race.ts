/** Several attempts at the same, each begun a while after the one before: the first to succeed is the answer. */
import * as Clock from "effect/Clock"
import type * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as RetryBudget from "./retryBudget.ts"

/** When another attempt is begun, and how many there are at most. */
export interface Limits {
  readonly delay: Duration.Duration
  readonly max: number
}

/**
 * The answer of the first attempt to succeed; when no attempt is left that runs, the failure of the first that failed. A
 * further attempt takes one from the retry budget, where there is one.
 *
 * Attempts that lose are interrupted, which is not waited for; one that succeeds all the same is given to `discard`. An
 * interruption of the whole waits for all of them.
 */
export const race = <A, E, R>(
  attempt: () => Effect.Effect<A, E, R>,
  { delay, max }: Limits,
  discard: (late: A) => Effect.Effect<void> = () => Effect.void
): Effect.Effect<A, E, R> =>
  Effect.withFiber((fiber: Fiber.Fiber<unknown, unknown>) =>
    Effect.callback<A, E>((resume) => {
      // The attempts run in the context of the caller, which has what they need.
      const run = Effect.runForkWith(fiber.context as Parameters<typeof Effect.runForkWith<R>>[0])
      const running = new Set<Fiber.Fiber<A, E>>()
      let timer: Fiber.Fiber<void> | undefined
      let begun = 0
      let failed: Exit.Exit<A, E> | undefined
      let over = false

      const stop = () => {
        over = true
        timer?.interruptUnsafe()
      }
      const end = (exit: Exit.Exit<A, E>) => {
        stop()
        for (const other of running) other.interruptUnsafe()
        resume(exit)
      }
      const begin = () => {
        begun++
        const one = run(Effect.suspend(attempt))
        running.add(one)
        one.addObserver((exit) => {
          running.delete(one)
          if (over) {
            if (Exit.isSuccess(exit)) run(discard(exit.value))
            return
          }
          if (Exit.isFailure(exit)) failed ??= exit
          if (Exit.isSuccess(exit)) end(exit)
          else if (running.size === 0) end(failed ?? exit)
        })
      }
      const another = Effect.sync(() => {
        const budget = fiber.getRef(RetryBudget.Current)
        const now = fiber.getRef(Clock.Clock).currentTimeMillisUnsafe()
        if (!over && (budget === undefined || RetryBudget.take(budget, now, 0))) begin()
      })
      const later: Effect.Effect<void> = Effect.andThen(
        Effect.andThen(Effect.sleep(delay), another),
        Effect.suspend(() => over || begun >= max ? Effect.void : later)
      )

      begin()
      if (!over && max > 1) timer = run(later)
      return Effect.suspend(() => {
        stop()
        return Fiber.interruptAll(running)
      })
    })
  )
