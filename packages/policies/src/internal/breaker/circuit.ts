/** A circuit in a store that may be gone, slow or mad: no use of it lasts longer than its limit, or goes unnoticed. */
import * as Redaction from "@llm-layers/core/Redaction"
import * as Cause from "effect/Cause"
import * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Breaker from "effect/persistence/CircuitBreaker"
import * as Scope from "effect/Scope"
import * as StoreUse from "../storeUse.ts"

/** What the circuit says to a call. */
export type Admitted =
  | Permit
  | { readonly _tag: "Open"; readonly retryAfter: Duration.Duration }
  /** Another call is out to see whether the model is well again. */
  | { readonly _tag: "HalfOpen" }
  | Down

/** The call may be made. What came of it is told by `settle`, of which the first call counts. */
export interface Permit {
  readonly _tag: "Admitted"
  readonly settle: (outcome: Breaker.Outcome) => Effect.Effect<void>
}

/** The store did not answer. */
export interface Down {
  readonly _tag: "Down"
  readonly description: string
  readonly cause: Error | undefined
}

export interface Settings {
  readonly key: string
  readonly tripPolicy: Breaker.TripPolicy
  readonly openFor: Duration.Duration
  readonly maxOpenFor: Duration.Duration
  /** In milliseconds, for each use of the store. */
  readonly limit: number
}

/** After it has not answered in time, a store is not asked again for so many times that. */
const pauses = 5

/** A call that the circuit is told nothing of. */
export const unrecorded: Permit = { _tag: "Admitted", settle: () => Effect.void }

/**
 * Asks whether a call may be made now. It is for where nobody can be interrupted: only while the store is waited for, who
 * is leaves at once, and gives the place back.
 */
export const make = (store: Breaker.CircuitBreakerStore["Service"], settings: Settings): Effect.Effect<Admitted> => {
  const { key, limit } = settings
  let silentSince: number | undefined
  let isDown = false

  const down = (description: string, cause?: Error): Effect.Effect<Down> => {
    const one: Down = { _tag: "Down", description, cause }
    if (isDown) return Effect.succeed(one)
    isDown = true
    return Effect.as(Effect.logWarning(`The store of a circuit breaker failed: ${description}`), one)
  }

  const silent = (now: number): Effect.Effect<Down> => {
    silentSince = now
    return down(`it did not answer within ${limit} ms`)
  }

  const record = (admission: Breaker.Admission, scope: Scope.Closeable, outcome: Breaker.Outcome) =>
    store.record({
      key,
      generation: admission.generation,
      outcome: outcome._tag,
      tripPolicy: settings.tripPolicy,
      openFor: openFor(settings, outcome, admission.consecutiveOpenings)
    }).pipe(Effect.ensuring(Scope.close(scope, Exit.void)))

  const settle = (admission: Breaker.Admission, scope: Scope.Closeable) => {
    let settled = false
    return (outcome: Breaker.Outcome): Effect.Effect<void> =>
      Effect.withFiber((fiber) => {
        if (settled) return Effect.void
        settled = true
        const use = StoreUse.start(fiber.context, limit, record(admission, scope, outcome))
        // A failure is waited for, so that who tries again meets what came of it.
        if (use.ended === undefined && outcome._tag !== "Failure") return Effect.void
        return Effect.flatMap(Effect.interruptible(use.end), (exit) => {
          if (exit === undefined) return Effect.asVoid(silent(fiber.getRef(Clock.Clock).currentTimeMillisUnsafe()))
          return Exit.isSuccess(exit) ? Effect.void : Effect.asVoid(failed(exit.cause))
        })
      })
  }

  const failed = (cause: Cause.Cause<unknown>): Effect.Effect<Down> => {
    const thrown = Cause.squash(cause)
    return down(thrown instanceof Error ? Redaction.text(thrown.message) : "it failed", Redaction.cause(thrown))
  }

  return Effect.withFiber((fiber) => {
    // A fiber that has ended has none.
    const { context } = fiber
    const now = fiber.getRef(Clock.Clock).currentTimeMillisUnsafe()
    // A clock that was put back must not lengthen the pause.
    if (silentSince !== undefined && Math.abs(now - silentSince) < pauses * limit) return silent(silentSince)
    const scope = Scope.makeUnsafe()
    const use = StoreUse.start(context, limit, Scope.provide(store.admit(key), scope))

    /** The place that a call was given which nobody makes. */
    const giveBack = (): void =>
      use.whenEnded((exit) => {
        if (Exit.isSuccess(exit)) StoreUse.start(context, limit, record(exit.value, scope, Breaker.ignored))
        else StoreUse.start(context, limit, Scope.close(scope, exit))
      })

    const answered = (exit: Exit.Exit<Breaker.Admission, Breaker.CircuitBreakerError> | undefined) => {
      if (exit === undefined) {
        giveBack()
        return silent(fiber.getRef(Clock.Clock).currentTimeMillisUnsafe())
      }
      silentSince = undefined
      if (Exit.isSuccess(exit)) {
        isDown = false
        return Effect.succeed<Admitted>({ _tag: "Admitted", settle: settle(exit.value, scope) })
      }
      const reason = Cause.findErrorOption(exit.cause)
      const said = reason._tag === "Some" ? reason.value.reason : undefined
      switch (said?._tag) {
        case "CircuitOpen":
          isDown = false
          return Effect.succeed<Admitted>({ _tag: "Open", retryAfter: said.retryAfter })
        case "CircuitHalfOpen":
          isDown = false
          return Effect.succeed<Admitted>({ _tag: "HalfOpen" })
        default:
          return failed(exit.cause)
      }
    }

    return use.ended === undefined
      ? Effect.flatMap(Effect.onInterrupt(Effect.interruptible(use.end), () => Effect.sync(giveBack)), answered)
      : answered(use.ended)
  })
}

/** How long the circuit stays open where it opens now: twice as long each time in a row, and as the vendor asks. */
const openFor = (settings: Settings, outcome: Breaker.Outcome, openings: number): Duration.Duration => {
  const own = Duration.toMillis(settings.openFor) * 2 ** Math.min(openings, 30)
  const asked = outcome._tag === "Failure" && outcome.retryAfter !== undefined
    ? Duration.toMillis(outcome.retryAfter)
    : 0
  return Duration.millis(Math.min(Duration.toMillis(settings.maxOpenFor), Math.max(own, asked)))
}
