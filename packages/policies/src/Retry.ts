/**
 * Sends a request again where it failed in a way that may pass: a rate limit, a server without capacity, a lost connection.
 *
 * A stream is begun again as long as nothing of the answer was given out; afterwards its failure passes as it is, and core
 * adds to it what had arrived. Tool handlers are above every policy and never run again.
 */
import * as Metadata from "@llm-layers/core/Metadata"
import type * as Policy from "@llm-layers/core/Policy"
import type * as AiError from "effect/ai/AiError"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Random from "effect/Random"
import * as Schedule from "effect/Schedule"
import * as Stream from "effect/Stream"
import * as Beginning from "./internal/beginning.ts"
import { firstToSpeak } from "./internal/content.ts"
import { ofCount, ofDuration, type Problem, refuse } from "./internal/options.ts"
import * as Attempts from "./internal/retryAttempts.ts"
import * as RetryBudget from "./internal/retryBudget.ts"

/** How a request is sent again. */
export type Options =
  & {
    /**
     * Nothing is begun again later than this after the start of the call, a wait that the server asks for included.
     * Default: 2 minutes, so that the wait for a limit by the minute fits in.
     */
    readonly totalTime?: Duration.Input | undefined
    /** Which failures are worth another attempt. Default: those whose `isRetryable` says so. */
    readonly while?: ((error: AiError.AiError) => boolean) | undefined
  }
  & (Backoff | Own)

/** Waits that grow: a random time up to `base`, up to twice `base`, up to four times. */
export interface Backoff {
  /** How often a request is sent again, after the first attempt. Default: 3. */
  readonly times?: number | undefined
  /** The longest first wait. Default: 500 milliseconds. */
  readonly base?: Duration.Input | undefined
  /** The longest wait of all, less what the server asks for. Default: 30 seconds. */
  readonly cap?: Duration.Input | undefined
  readonly schedule?: undefined
}

/** A schedule of the program's own, which says how often and after which waits. */
export interface Own {
  readonly schedule: Schedule.Schedule<unknown, AiError.AiError>
  readonly times?: undefined
  readonly base?: undefined
  readonly cap?: undefined
}

const defaultTimes = 3
const defaultTotalTime = Duration.minutes(2)

/**
 * The waits of {@link make}: exponential with a cap and full jitter, which is a random time between nothing and the whole
 * wait. Calls that failed together come back spread over all of it; with half of the wait fixed they would still come in
 * a wave. Source: aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter.
 */
export const backoff = (options: Omit<Backoff, "schedule"> = {}): Schedule.Schedule<Duration.Duration> => {
  const cap = Duration.fromInputUnsafe(options.cap ?? Duration.seconds(30))
  return Schedule.exponential(options.base ?? Duration.millis(500)).pipe(
    Schedule.modifyDelay(({ duration }) =>
      Effect.map(Random.next, (random) => Duration.times(Duration.min(duration, cap), random))
    ),
    Schedule.upTo({ times: options.times ?? defaultTimes })
  )
}

/**
 * The policy. By default 3 retries at most, within 2 minutes of the start.
 *
 * A wait that the server asks for (`retry-after` and its like) is kept, with the schedule's own on top, because all callers
 * of a limit are told the same moment. Where it is longer than the time that is left the call fails at once, with the
 * error itself: {@link notRetried} says why, and a warning is logged. Each retry is logged at the level `Debug` and is an
 * event `llm_layers.retry` on the span of the call.
 *
 * All retries within one request take from one budget, that of the outermost policy or of {@link withBudget}.
 *
 * Fails as the driver does. Options that cannot be used fail each call with `Unsupported` and the option's name.
 *
 * @example
 * ```ts
 * import * as Retry from "@llm-layers/policies/Retry"
 * import * as ScriptedModel from "@llm-layers/testing/ScriptedModel"
 * import { Effect } from "effect"
 * import { LanguageModel } from "effect/ai"
 * import { strictEqual } from "node:assert"
 *
 * const program = Effect.map(LanguageModel.generateText({ prompt: "Hello" }), (response) => response.text)
 * const layer = ScriptedModel.layer([ScriptedModel.fail("Overloaded"), "Hi."], {
 *   policy: Retry.make({ times: 2, base: "10 millis" })
 * })
 * strictEqual(await Effect.runPromise(Effect.provide(program, layer)), "Hi.")
 * ```
 */
export const make = (options: Options = {}): Policy.Policy => {
  const problem = problemOf(options)
  if (problem !== undefined) return (driver) => Effect.succeed(refuse(driver, problem))
  const settings: Attempts.Settings = {
    schedule: options.schedule ?? backoff(options),
    times: options.schedule === undefined ? options.times ?? defaultTimes : Infinity,
    totalTime: Duration.toMillis(Duration.fromInputUnsafe(options.totalTime ?? defaultTotalTime)),
    while: options.while ?? ((error) => error.isRetryable)
  }
  return (driver) =>
    Effect.succeed({
      ...driver,
      generateText: (request) =>
        Effect.withFiber((fiber) => {
          const attempts = Attempts.make(fiber, settings, driver, request)
          const attempt = (): ReturnType<typeof driver.generateText> =>
            Effect.catch(
              attempts.share(driver.generateText(request)),
              (error) => Effect.flatMap(attempts.again(error), attempt)
            )
          return attempt()
        }),
      streamText: (request) =>
        Beginning.stream(() =>
          Effect.withFiber((fiber) => {
            const attempts = Attempts.make(fiber, settings, driver, request)
            const attempt = () => driver.streamText(request)
            return Effect.succeed(firstToSpeak(
              (failed: AiError.AiError | undefined) =>
                failed === undefined ? Effect.sync(attempt) : Effect.map(attempts.again(failed), attempt),
              { beginning: attempts.share }
            ))
          })
        )
    })
}

const problemOf = (options: Options): Problem | undefined =>
  ofCount("times", options.times, 0) ??
    ofDuration("base", options.base) ??
    ofDuration("cap", options.cap) ??
    ofDuration("totalTime", options.totalTime)

/**
 * Why an error was not tried again although it could have been: its server asks for a wait that is longer than the time
 * that was left. `undefined` for any other error.
 */
export const notRetried = (error: AiError.AiError): string | undefined => {
  const said = "metadata" in error.reason
    ? Metadata.get(error.reason.metadata, Metadata.namespace, Attempts.notRetried)
    : undefined
  return typeof said === "string" ? said : undefined
}

/** An effect or a stream, as it was. */
type Same<Self> = Self extends Stream.Stream<infer A, infer E, infer R> ? Stream.Stream<A, E, R>
  : Self extends Effect.Effect<infer A, infer E, infer R> ? Effect.Effect<A, E, R>
  : never

/**
 * One budget for all retries of policies inside an effect or a stream: `times` in all, none begun after `totalTime`. For a
 * caller that makes several calls, or repeats one itself: its own repeats then add to those of the policies and do not
 * multiply them.
 *
 * The outermost budget counts. A negative or broken limit is a mistake of the program, with which it dies.
 *
 * @example
 * ```ts
 * import * as Retry from "@llm-layers/policies/Retry"
 * import * as ScriptedModel from "@llm-layers/testing/ScriptedModel"
 * import { Effect } from "effect"
 * import { LanguageModel } from "effect/ai"
 * import { strictEqual } from "node:assert"
 *
 * const asked = Effect.gen(function*() {
 *   yield* LanguageModel.generateText({ prompt: "Hello" }).pipe(
 *     Effect.retry({ times: 2 }),
 *     Retry.withBudget({ times: 4, totalTime: "1 minute" }),
 *     Effect.ignore
 *   )
 *   return (yield* ScriptedModel.calls).length
 * })
 * const layer = ScriptedModel.layer(() => ScriptedModel.fail("Overloaded"), { policy: Retry.make({ base: "1 millis" }) })
 * // The caller's three, and four of the policy: not three times four.
 * strictEqual(await Effect.runPromise(Effect.provide(asked, layer)), 7)
 * ```
 */
export const withBudget = (limits: { readonly times: number; readonly totalTime: Duration.Input }) => {
  const problem = ofCount("times", limits.times, 0) ?? ofDuration("totalTime", limits.totalTime)
  return <Self extends Effect.Effect<unknown, unknown, unknown> | Stream.Stream<unknown, unknown, unknown>>(
    self: Self
  ): Same<Self> => {
    const mistake = problem && new RangeError(`Retry.withBudget: ${problem.description}`)
    const own = {
      times: limits.times,
      totalTime: mistake === undefined ? Duration.fromInputUnsafe(limits.totalTime) : Duration.zero
    }
    const shared = Stream.isStream(self)
      ? mistake === undefined ? RetryBudget.shareStream(self, own) : Stream.die(mistake)
      : mistake === undefined
      ? RetryBudget.share(self, own)
      : Effect.die(mistake)
    // The type above says what comes out; TypeScript cannot follow which member of the union `self` is.
    return shared as Same<Self>
  }
}
