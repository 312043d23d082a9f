/**
 * Leaves a model alone that fails again and again: its calls fail at once with `CircuitOpen` for a while, then one is let
 * through to see whether the model is well. One circuit for each provider and model, in the store of `effect/persistence`.
 *
 * It belongs inside of retries, which then see each refusal, and outside of timeouts, which are failures of the model.
 */
import type * as Driver from "@llm-layers/core/Driver"
import type * as ErrorKind from "@llm-layers/core/ErrorKind"
import type * as Policy from "@llm-layers/core/Policy"
import * as ProviderError from "@llm-layers/core/ProviderError"
import * as RetryAfter from "@llm-layers/core/RetryAfter"
import * as AiError from "effect/ai/AiError"
import * as Cause from "effect/Cause"
import * as Context from "effect/Context"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Layer from "effect/Layer"
import * as Breaker from "effect/persistence/CircuitBreaker"
import * as Scope from "effect/Scope"
import * as Beginning from "./internal/beginning.ts"
import * as Circuit from "./internal/breaker/circuit.ts"
import * as Memory from "./internal/breaker/memory.ts"
import * as OptionChecks from "./internal/options.ts"

export { CircuitBreakerStore, consecutive, layerStoreRedis, rate } from "effect/persistence/CircuitBreaker"

/** Circuits in the memory of this process, for drivers that share them. A clock that is set does not change how long they stay open. */
export const layerStoreMemory: typeof Breaker.layerStoreMemory = Memory.layer

/** When a circuit opens, and for how long. */
export interface Options {
  /**
   * What opens the circuit: `rate({ … })` or `consecutive(failures)`. Default: 16 failures in the last 20 calls. Failures
   * come back sooner than answers do, so that of many calls at once those that fail come first: some failures in a row
   * say little there. A model that fails every fifth call has 16 of 20 once in a hundred million calls.
   */
  readonly tripPolicy?: Breaker.TripPolicy | undefined
  /** How long it stays open. Twice as long each time in a row that the model was still not well. Default: 30 seconds. */
  readonly openFor?: Duration.Input | undefined
  /** The longest it stays open, also where the vendor asks for more. Default: 5 minutes. */
  readonly maxOpenFor?: Duration.Input | undefined
  /**
   * Whether a failure is one of the model. Default: `Overloaded`, `ProviderFailed`, `TimedOut`, `ConnectionFailed` and
   * `StreamInterrupted`. A rate limit is not: it is of the account, says when to come back, and the model is well. What
   * is no failure by this says nothing, neither good nor bad; so does an interruption.
   */
  readonly isFailure?: ((error: AiError.AiError) => boolean) | undefined
}

/** A circuit that is kept in a store. */
export interface SharedOptions extends Options {
  /** The circuit. Those with the same name and store are one. Default: provider and model, as in `openai/gpt-5.5`. */
  readonly key?: string | undefined
  /**
   * What happens to calls where the store is gone, slow or mad: `open` lets them through, and tells nobody what came of
   * them; `closed` has them fail with `StoreFailed`. Default: `open`, because a model without a breaker still answers.
   */
  readonly onStoreFailure?: "open" | "closed" | undefined
  /** The longest wait for the store, each time. After it, five times as long nobody asks it. Default: 1 second. */
  readonly storeTimeout?: Duration.Input | undefined
}

const defaultTripPolicy = Breaker.rate({ threshold: 0.8, size: 20 })
const defaultOpenFor = Duration.seconds(30)
const defaultMaxOpenFor = Duration.minutes(5)
const defaultStoreTimeout = Duration.seconds(1)

const failures: ReadonlySet<ErrorKind.Name> = new Set<ErrorKind.Name>([
  "ConnectionFailed",
  "Overloaded",
  "ProviderFailed",
  "StreamInterrupted",
  "TimedOut"
])

const isFailureByKind = (error: AiError.AiError): boolean => failures.has(ProviderError.kindOf(error))

/**
 * A circuit breaker for one model in this process. A stream is a success when it finishes and a failure when it breaks.
 *
 * Fails with `CircuitOpen` while the circuit is open, with `retryAfter` where that is known.
 *
 * @example
 * ```ts
 * import * as ProviderError from "@llm-layers/core/ProviderError"
 * import * as CircuitBreaker from "@llm-layers/policies/CircuitBreaker"
 * import * as ScriptedModel from "@llm-layers/testing/ScriptedModel"
 * import { Effect } from "effect"
 * import { LanguageModel } from "effect/ai"
 * import { deepStrictEqual } from "node:assert"
 *
 * const ask = LanguageModel.generateText({ prompt: "Hello" }).pipe(Effect.flip, Effect.map(ProviderError.kindOf))
 *
 * const kinds = await Effect.all([ask, ask, ask]).pipe(
 *   Effect.provide(ScriptedModel.layer([ScriptedModel.fail("Overloaded"), ScriptedModel.fail("Overloaded")], {
 *     policy: CircuitBreaker.make({ tripPolicy: CircuitBreaker.consecutive(2) })
 *   })),
 *   Effect.runPromise
 * )
 * deepStrictEqual(kinds, ["Overloaded", "Overloaded", "CircuitOpen"])
 * ```
 */
export const make = (options: Options = {}): Policy.Policy => (driver) =>
  Effect.map(memoryStore, (store) => guarded(driver, options, store))

/**
 * A circuit breaker whose circuit is in a store: shared by drivers of one key (`layerStoreMemory`), or by processes
 * (`layerStoreRedis`).
 *
 * Fails as {@link make} does, and with `StoreFailed` where `onStoreFailure` says so.
 */
export const makeShared = (options: SharedOptions = {}): Policy.Policy<Breaker.CircuitBreakerStore> => (driver) =>
  Effect.map(Breaker.CircuitBreakerStore, (store) => guarded(driver, options, store))

const memoryStore = Effect.scoped(
  Effect.map(Layer.build(Memory.layer()), (context) => Context.get(context, Breaker.CircuitBreakerStore))
)

const guarded = (
  driver: Driver.Driver,
  options: SharedOptions,
  store: Breaker.CircuitBreakerStore["Service"]
): Driver.Driver => {
  const problem = problemOf(options)
  if (problem !== undefined) return OptionChecks.refuse(driver, problem)
  const admit = Circuit.make(store, {
    key: options.key ?? `${driver.provider}/${driver.model}`,
    tripPolicy: options.tripPolicy ?? defaultTripPolicy,
    openFor: Duration.fromInputUnsafe(options.openFor ?? defaultOpenFor),
    maxOpenFor: Duration.fromInputUnsafe(options.maxOpenFor ?? defaultMaxOpenFor),
    limit: Duration.toMillis(Duration.fromInputUnsafe(options.storeTimeout ?? defaultStoreTimeout))
  })
  const isFailure = options.isFailure ?? isFailureByKind

  const outcomeOf = (cause: Cause.Cause<unknown>): Breaker.Outcome => {
    const error = Cause.hasInterrupts(cause) || Cause.hasDies(cause) ? undefined : Cause.squash(cause)
    return AiError.isAiError(error) && isFailure(error)
      ? Breaker.failure({ retryAfter: RetryAfter.ofError(error) })
      : Breaker.ignored
  }

  /** To be run where nobody can interrupt it, so that no place is lost on its way to who gives it back. */
  const admitted = (method: string): Effect.Effect<Circuit.Permit, AiError.AiError> =>
    Effect.flatMap(admit, (said) => {
      if (said._tag === "Admitted") return Effect.succeed(said)
      if (said._tag === "Down" && options.onStoreFailure !== "closed") return Effect.succeed(Circuit.unrecorded)
      return Effect.fail(refusal(driver, method, said))
    })

  return {
    ...driver,
    generateText: (given) =>
      Effect.uninterruptibleMask((restore) =>
        Effect.flatMap(admitted("generateText"), ({ settle }) =>
          Effect.onExit(
            restore(driver.generateText(given)),
            (exit) => settle(Exit.isSuccess(exit) ? Breaker.success : outcomeOf(exit.cause))
          ))
      ),
    streamText: (given) =>
      Beginning.watched((scope) =>
        Effect.uninterruptible(
          Effect.flatMap(admitted("streamText"), ({ settle }) =>
            Effect.as(
              // Who leaves before the end says nothing of the model.
              Scope.addFinalizer(scope, Effect.suspend(() => settle(Breaker.ignored))),
              {
                stream: driver.streamText(given),
                onRead: (parts) => parts.at(-1)?.type === "finish" ? settle(Breaker.success) : undefined,
                // Where it ends without a finish it is broken, which is told further out.
                onEnd: (cause) => settle(isEnd(cause) ? Breaker.failure() : outcomeOf(cause))
              }
            ))
        )
      )
  }
}

const isEnd = (cause: Cause.Cause<unknown>): boolean =>
  cause.reasons.some((reason) => Cause.isFailReason(reason) && Cause.isDone(reason.error))

const refusal = (
  driver: Driver.Driver,
  method: string,
  said: Exclude<Circuit.Admitted, Circuit.Permit>
): AiError.AiError => {
  const origin = ProviderError.originOf(driver, method)
  switch (said._tag) {
    case "Open":
      return ProviderError.make(origin, "CircuitOpen", {
        description: `${driver.model} failed too often of late, and is not asked for ${
          Duration.format(said.retryAfter)
        }`,
        retryAfter: said.retryAfter,
        facts: { circuit: "open" }
      })
    case "HalfOpen":
      return ProviderError.make(origin, "CircuitOpen", {
        description: `${driver.model} failed too often of late, and one call is out to see whether it is well`,
        facts: { circuit: "half-open" }
      })
    case "Down":
      return ProviderError.make(origin, "StoreFailed", {
        description: `The store of the circuit breaker failed: ${said.description}`,
        cause: said.cause
      })
  }
}

const problemOf = ({ maxOpenFor, openFor, storeTimeout }: SharedOptions): OptionChecks.Problem | undefined =>
  OptionChecks.ofDuration("openFor", openFor) ?? OptionChecks.ofDuration("maxOpenFor", maxOpenFor) ??
    OptionChecks.ofDuration("storeTimeout", storeTimeout)
