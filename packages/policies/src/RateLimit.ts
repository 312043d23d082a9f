/**
 * No more requests and tokens a minute, and no more calls at once, than are allowed; the rest wait in the order they came.
 */
import type * as Driver from "@llm-layers/core/Driver"
import type * as Policy from "@llm-layers/core/Policy"
import * as ProviderError from "@llm-layers/core/ProviderError"
import * as RequestObserver from "@llm-layers/core/RequestObserver"
import * as TokenEstimate from "@llm-layers/core/TokenEstimate"
import type * as AiError from "effect/ai/AiError"
import type * as LanguageModel from "effect/ai/LanguageModel"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Scope from "effect/Scope"
import * as Beginning from "./internal/beginning.ts"
import { Limiter, type Settings, Ticket } from "./internal/limits/limiter.ts"
import * as Metered from "./internal/limits/metered.ts"
import * as OptionChecks from "./internal/options.ts"
import * as OutputTokens from "./internal/outputTokens.ts"
import { RateLimitStore, type Store } from "./RateLimitStore.ts"

/** The limits. Without any, those are kept that the vendor tells of. */
export interface Options {
  /** Requests in any minute. Default: the vendor's, where its answers tell. */
  readonly requestsPerMinute?: number | undefined
  /**
   * Tokens in any minute, of input and output together. Before a call they are estimated (`TokenEstimate`, and
   * `outputTokens`), after it corrected by the usage of its answer. Default: the vendor's, where its answers tell.
   */
  readonly tokensPerMinute?: number | undefined
  /** Calls at once in this process; a stream is one until it ends. Default: no limit. */
  readonly concurrency?: number | undefined
  /** Calls that may wait, the first in the line included; with 0 none does. Those beyond fail with `QueueFull`. Default: 1,000. */
  readonly maxQueued?: number | undefined
  /**
   * The longest wait. A call that would wait longer fails with `RateLimited` as soon as that is known, with `retryAfter`.
   * Default: 5 minutes.
   */
  readonly maxWait?: Duration.Input | undefined
  /**
   * Tokens of output to take before an answer says how many there were. Default: `maxOutputTokens` of the call where it
   * has one, else 1,000.
   */
  readonly outputTokens?: number | undefined
  /**
   * Whether to heed what the vendor says: a limit below the ones here, nothing left until a reset, and the wait asked for
   * with a 429. Default: true.
   */
  readonly learn?: boolean | undefined
}

/** A limit that is kept together with others. */
export interface SharedOptions extends Options {
  /** Under this name the limit is kept; limits of one name are one. Default: `provider/model`. */
  readonly key?: string | undefined
  /**
   * What happens while the store fails: `open` keeps the limit in this process alone, so that each process sends as much
   * as all may together; `closed` fails calls with `StoreFailed`. Default: `open`.
   */
  readonly onStoreFailure?: "open" | "closed" | undefined
  /** How long to wait for the store. Default: 1 second. */
  readonly storeTimeout?: Duration.Input | undefined
}

const defaultMaxQueued = 1_000
const defaultMaxWait = Duration.minutes(5)
const defaultStoreTimeout = Duration.seconds(1)

/**
 * A rate limit for one model in this process.
 *
 * Put it inside of `Retry`, so that each attempt counts.
 *
 * @example
 * ```ts
 * import * as RateLimit from "@llm-layers/policies/RateLimit"
 * import { ProviderError } from "@llm-layers/core"
 * import { ScriptedModel } from "@llm-layers/testing"
 * import { Effect } from "effect"
 * import { LanguageModel } from "effect/ai"
 * import { strictEqual } from "node:assert"
 *
 * const policy = RateLimit.make({ requestsPerMinute: 1, maxWait: "1 second" })
 * const program = Effect.gen(function*() {
 *   yield* LanguageModel.generateText({ prompt: "One" })
 *   return yield* Effect.flip(ProviderError.tagged(LanguageModel.generateText({ prompt: "Two" })))
 * })
 * const error = await Effect.runPromise(Effect.provide(program, ScriptedModel.layer(["1"], { policy })))
 * strictEqual(error._tag, "RateLimited")
 * ```
 */
export const make = (options: Options = {}): Policy.Policy => (driver) =>
  Effect.sync(() => limited(driver, options, undefined))

/**
 * A rate limit that several models, or several processes, keep together in a `RateLimitStore`.
 *
 * Each process keeps its own calls in order; between processes whoever asks first goes first. Concurrency is counted in
 * each process.
 */
export const makeShared = (options: SharedOptions = {}): Policy.Policy<RateLimitStore> => (driver) =>
  Effect.map(RateLimitStore, (store) => limited(driver, options, store))

const problemOf = (options: SharedOptions): OptionChecks.Problem | undefined =>
  OptionChecks.ofCount("requestsPerMinute", options.requestsPerMinute, 1) ??
    OptionChecks.ofCount("tokensPerMinute", options.tokensPerMinute, 1) ??
    OptionChecks.ofCount("concurrency", options.concurrency, 1) ??
    OptionChecks.ofCount("maxQueued", options.maxQueued, 0) ??
    OptionChecks.ofCount("outputTokens", options.outputTokens, 0) ??
    OptionChecks.ofDuration("maxWait", options.maxWait) ??
    OptionChecks.ofDuration("storeTimeout", options.storeTimeout)

const limited = (driver: Driver.Driver, options: SharedOptions, shared: Store | undefined): Driver.Driver => {
  const problem = problemOf(options)
  if (problem !== undefined) return OptionChecks.refuse(driver, problem)
  const settings: Settings = {
    key: options.key ?? `${driver.provider}/${driver.model}`,
    requests: options.requestsPerMinute,
    tokens: options.tokensPerMinute,
    concurrency: options.concurrency ?? Infinity,
    maxQueued: options.maxQueued ?? defaultMaxQueued,
    maxWait: millis(options.maxWait ?? defaultMaxWait),
    learn: options.learn ?? true,
    shared,
    onStoreFailure: options.onStoreFailure ?? "open",
    storeTimeout: millis(options.storeTimeout ?? defaultStoreTimeout)
  }
  const limiter = new Limiter(settings)

  /** Whether the call passes, with what it asks for in its ticket. */
  const admitted = (ticket: Ticket, asked: LanguageModel.ProviderOptions): Effect.Effect<void, AiError.AiError> => {
    const limit = limiter.limits.tokens
    if (limit === undefined) return limiter.enter(ticket)
    const input = TokenEstimate.ofRequest(asked)
    if (settings.tokens !== undefined && input > settings.tokens) {
      return Effect.fail(neverFits(ticket.origin, settings.tokens, input))
    }
    return Effect.flatMap(OutputTokens.of(driver, options.outputTokens), (output) => {
      ticket.tokens = Math.max(1, Math.min(limit, input + output))
      return limiter.enter(ticket)
    })
  }

  return {
    ...driver,
    generateText: (asked) =>
      Effect.withFiber((fiber) => {
        const ticket = new Ticket(limiter, fiber, ProviderError.originOf(driver, "generateText"))
        return Effect.onExit(
          // Not before: who is interrupted on the way here has no place to leave.
          Effect.flatMap(Effect.suspend(() => admitted(ticket, asked)), () =>
            Effect.provideService(
              driver.generateText(asked),
              RequestObserver.Observers,
              [...RequestObserver.ofFiber(fiber), ticket]
            )),
          (exit) => {
            if (Exit.isSuccess(exit) && ticket.tokens > 0) ticket.usage = Metered.usageOf(exit.value)
            return limiter.leave(ticket, exit)
          }
        )
      }),
    streamText: (asked) =>
      Beginning.watched((scope) =>
        Effect.withFiber((fiber) => {
          const ticket = new Ticket(limiter, fiber, ProviderError.originOf(driver, "streamText"))
          const observers = [...RequestObserver.ofFiber(fiber), ticket]
          return Effect.flatMap(
            Scope.addFinalizerExit(scope, (exit) => limiter.leave(ticket, exit)),
            () =>
              Effect.map(admitted(ticket, asked), () => ({
                stream: driver.streamText(asked),
                beginning: Effect.provideService(RequestObserver.Observers, observers),
                onRead: ticket.tokens === 0 ? undefined : (parts) => {
                  ticket.usage = Metered.usageOf(parts) ?? ticket.usage
                }
              }))
          )
        })
      )
  }
}

const millis = (duration: Duration.Input): number => Duration.toMillis(Duration.fromInputUnsafe(duration))

const neverFits = (origin: ProviderError.Origin, limit: number, input: number): AiError.AiError =>
  ProviderError.make(origin, "BudgetExceeded", {
    description:
      `The request has about ${input} tokens, more than the ${limit} a minute of tokensPerMinute: it would wait for ever`,
    parameter: "prompt",
    facts: { policy: "RateLimit", tokens: input, limit }
  })
