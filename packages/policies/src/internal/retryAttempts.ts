/** The attempts of one request: whether there is to be another, and the wait before it. */
import type * as Driver from "@llm-layers/core/Driver"
import * as ProviderError from "@llm-layers/core/ProviderError"
import * as RetryAfter from "@llm-layers/core/RetryAfter"
import type * as AiError from "effect/ai/AiError"
import type * as LanguageModel from "effect/ai/LanguageModel"
import * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import type * as Fiber from "effect/Fiber"
import * as Pull from "effect/Pull"
import * as Schedule from "effect/Schedule"
import * as RetryBudget from "./retryBudget.ts"

export interface Settings {
  readonly schedule: Schedule.Schedule<unknown, AiError.AiError>
  readonly times: number
  /** Milliseconds. */
  readonly totalTime: number
  readonly while: (error: AiError.AiError) => boolean
}

/** A schedule that has begun: the wait after an error, or its end. */
type Step = (now: number, error: AiError.AiError) => Pull.Pull<readonly [unknown, Duration.Duration], never, unknown>

/** The fact of an error that says why it was not tried again. */
export const notRetried = "notRetried"

export interface Attempts {
  /** One attempt, whose own retries take from the same budget. */
  readonly share: <A, E, R>(attempt: Effect.Effect<A, E, R>) => Effect.Effect<A, E, R>
  /** Waits until the next attempt, or fails with the error where there is to be none. */
  readonly again: (error: AiError.AiError) => Effect.Effect<void, AiError.AiError>
}

export const make = (
  fiber: Fiber.Fiber<unknown, unknown>,
  settings: Settings,
  driver: Driver.Driver,
  { span }: LanguageModel.ProviderOptions
): Attempts => {
  const clock = fiber.getRef(Clock.Clock)
  const until = clock.currentTimeMillisUnsafe() + settings.totalTime
  const outer = fiber.getRef(RetryBudget.Current)
  const budget = outer ?? { times: settings.times, until }
  let step: Step | undefined
  let attempt = 0

  const log = (error: AiError.AiError, what: string, facts: object, level: "logDebug" | "logWarning" = "logDebug") =>
    Effect.annotateLogs(Effect[level](what), {
      provider: driver.provider,
      model: driver.model,
      error: ProviderError.kindOf(error),
      ...facts
    })

  const giveUp = (error: AiError.AiError, why: string): Effect.Effect<never, AiError.AiError> =>
    Effect.andThen(log(error, `Not tried again: ${why}`, { attempt }), Effect.fail(error))

  const afterWait = (error: AiError.AiError, own: number): Effect.Effect<void, AiError.AiError> => {
    const now = clock.currentTimeMillisUnsafe()
    const left = Math.min(until, budget.until) - now
    const asked = RetryAfter.ofError(error)
    const least = asked === undefined ? 0 : Duration.toMillis(asked)
    if (asked !== undefined && least > left && left > 0) {
      const why = `its server asks for a wait of ${Duration.format(asked)}, which is longer than the ${
        Duration.format(Duration.millis(Math.round(left)))
      } that are left for retries`
      return Effect.andThen(
        log(error, `Not tried again: ${why}`, { attempt }, "logWarning"),
        Effect.fail(ProviderError.withFacts(error, { [notRetried]: `Not tried again: ${why}` }))
      )
    }
    // What comes on top of the server's own wait is there to spread the callers, and may be cut.
    const wait = asked === undefined ? own : Math.min(least + own, Math.max(least, left))
    if (wait > left) return giveUp(error, "the time for retries is over")
    if (!RetryBudget.take(budget, now, wait)) return giveUp(error, "the retries of the request are used up")
    attempt++
    span.event("llm_layers.retry", clock.currentTimeNanosUnsafe(), {
      "error.type": ProviderError.kindOf(error),
      "llm_layers.retry.attempt": attempt,
      "llm_layers.retry.wait_ms": wait
    })
    return Effect.andThen(log(error, "Trying again", { attempt, waitMillis: wait }), Effect.sleep(wait))
  }

  return {
    share: (self) => outer === undefined ? Effect.provideService(self, RetryBudget.Current, budget) : self,
    again: (error) => {
      if (!settings.while(error)) return Effect.fail(error)
      const begun = step === undefined ? Schedule.toStep(settings.schedule) : Effect.succeed(step)
      return Effect.flatMap(begun, (next) => {
        step = next
        return next(clock.currentTimeMillisUnsafe(), error).pipe(
          Effect.map(([, delay]): number | undefined => Duration.toMillis(delay)),
          Pull.catchDone(() => Effect.succeed(undefined)),
          Effect.flatMap((own) => own === undefined ? giveUp(error, "no more retries") : afterWait(error, own))
        )
      })
    }
  }
}
