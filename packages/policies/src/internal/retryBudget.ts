/**
 * How often the request that runs may still be sent again, by whomever. Whoever sends again takes from it, so that a
 * retry inside a fallback inside a retry does not multiply.
 */
import * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"

/** What is left for one request. It is shared by all that the request does, at the same time as well. */
export interface RetryBudget {
  times: number
  /** Milliseconds since 1970 after which nothing is begun again. */
  readonly until: number
}

/** The budget of the request that runs; none outside of one. */
export const Current = Context.Reference<RetryBudget | undefined>("@llm-layers/policies/RetryBudget", {
  defaultValue: () => undefined
})

/** What a budget starts with. */
export interface Limits {
  readonly times: number
  /** Counted from the start of the request. */
  readonly totalTime: Duration.Duration
}

/** Takes one retry that is to begin after the wait, in milliseconds. False where the budget has none, or no time for it. */
export const take = (budget: RetryBudget, now: number, wait: number): boolean => {
  if (budget.times <= 0 || now + wait > budget.until) return false
  budget.times--
  return true
}

/** The budget around the call, or a new one of these limits: the outermost one counts. */
export const current = (limits: Limits): Effect.Effect<RetryBudget> =>
  Effect.withFiber((fiber) => {
    const outer = fiber.getRef(Current)
    if (outer !== undefined) return Effect.succeed(outer)
    const now = fiber.getRef(Clock.Clock).currentTimeMillisUnsafe()
    return Effect.succeed({ times: limits.times, until: now + Duration.toMillis(limits.totalTime) })
  })

/** An effect whose retries all take from one budget. */
export const share = <A, E, R>(self: Effect.Effect<A, E, R>, limits: Limits): Effect.Effect<A, E, R> =>
  Effect.flatMap(current(limits), (budget) => Effect.provideService(self, Current, budget))

/** A stream whose retries all take from one budget. */
export const shareStream = <A, E, R>(self: Stream.Stream<A, E, R>, limits: Limits): Stream.Stream<A, E, R> =>
  Stream.unwrap(Effect.map(current(limits), (budget) => Stream.provideService(self, Current, budget)))
