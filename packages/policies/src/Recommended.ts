/**
 * What a production service wants around every model, as one policy. The only module here that knows the other policies:
 * it adds none of its own.
 */
import * as Policy from "@llm-layers/core/Policy"
import type * as Layer from "effect/Layer"
import * as CircuitBreaker from "./CircuitBreaker.ts"
import * as RateLimit from "./RateLimit.ts"
import * as ResponseCache from "./ResponseCache.ts"
import * as Retry from "./Retry.ts"
import * as Timeout from "./Timeout.ts"
import * as TokenLimit from "./TokenLimit.ts"
import * as UsageLedger from "./UsageLedger.ts"

/** The members: options of one in place of its defaults, `false` to leave it out. */
export interface Options {
  /** Answers that are given out again. Left out unless asked for: `true`, or its options. */
  readonly cache?: boolean | ResponseCache.Options | undefined
  /** Left out unless asked for: it needs to know the context window. */
  readonly tokenLimit?: false | TokenLimit.Options | undefined
  readonly retry?: false | Retry.Options | undefined
  readonly circuitBreaker?: false | CircuitBreaker.Options | undefined
  /** Without options it keeps the limits that the vendor tells of. */
  readonly rateLimit?: false | RateLimit.Options | undefined
  readonly timeout?: false | Timeout.Options | undefined
  /** The options are those of its layer. */
  readonly usageLedger?: false | undefined
}

/** What the policy needs: a ledger, unless it was left out. */
export type Requirements<O extends Options> = O extends { readonly usageLedger: false } ? never
  : UsageLedger.UsageLedger

/**
 * Retry, circuit breaker, rate limit, timeouts and the usage ledger, each with its defaults; cache and token limit where
 * they are asked for. State is in this process, one for each model. For state that processes share, for budgets, key pools
 * and hedging compose the members by hand: `Policy.compose`, in this order.
 *
 * The order, the outermost first, and why:
 *
 * 1. **cache**: what is known needs nothing of all below.
 * 2. **tokenLimit**: what cannot fit is refused once, before it takes a place in a queue or an attempt.
 * 3. **retry**: outside of all that may refuse an attempt or end it, so that each attempt is admitted anew.
 * 4. **circuitBreaker**: inside of the retry, to count each attempt; outside of the rate limit, so that nobody waits in a
 *    queue to be refused; outside of the timeout, because a model that is late has failed.
 * 5. **rateLimit**: inside of the retry, as each attempt is a request to the vendor; outside of the timeout, because
 *    waiting in the queue is not the model's fault.
 * 6. **timeout**: of one attempt. The time for all of them is the retry's `totalTime`.
 * 7. **usageLedger**: innermost, as each attempt is to be booked, with what the timeout has interrupted.
 *
 * Fails as its members do.
 *
 * @example
 * ```ts
 * import * as Recommended from "@llm-layers/policies/Recommended"
 * import * as UsageLedger from "@llm-layers/policies/UsageLedger"
 * import * as ScriptedModel from "@llm-layers/testing/ScriptedModel"
 * import { Effect } from "effect"
 * import { LanguageModel } from "effect/ai"
 * import { deepStrictEqual } from "node:assert"
 *
 * const program = Effect.gen(function*() {
 *   const { text } = yield* LanguageModel.generateText({ prompt: "Hello" })
 *   const ledger = yield* UsageLedger.UsageLedger
 *   const [total] = yield* ledger.totals
 *   deepStrictEqual([text, total?.outcomes.failed, total?.outcomes.answered], ["Hi.", 1, 1])
 * })
 *
 * await program.pipe(
 *   Effect.provide(ScriptedModel.layer([ScriptedModel.fail("Overloaded"), "Hi."], {
 *     policy: Recommended.make({ retry: { base: "10 millis" } })
 *   })),
 *   Effect.provide(Recommended.layer()),
 *   Effect.runPromise
 * )
 * ```
 */
export const make = <const O extends Options = {}>(options?: O): Policy.Policy<Requirements<O>> => {
  const { cache, circuitBreaker, rateLimit, retry, timeout, tokenLimit, usageLedger }: Options = options ?? {}
  const members: ReadonlyArray<Policy.Policy<UsageLedger.UsageLedger>> = [
    ...(cache === undefined || cache === false ? [] : [ResponseCache.make(cache === true ? {} : cache)]),
    ...(tokenLimit === undefined || tokenLimit === false ? [] : [TokenLimit.make(tokenLimit)]),
    ...(retry === false ? [] : [Retry.make(retry)]),
    ...(circuitBreaker === false ? [] : [CircuitBreaker.make(circuitBreaker)]),
    ...(rateLimit === false ? [] : [RateLimit.make(rateLimit)]),
    ...(timeout === false ? [] : [Timeout.make(timeout)]),
    ...(usageLedger === false ? [] : [UsageLedger.make()])
  ]
  // The list does not show whether the ledger, which alone needs something, is in it; the options do.
  return Policy.compose(...members) as Policy.Policy<Requirements<O>>
}

/** What {@link make} needs, in memory. The options are those of the ledger. */
export const layer: (options?: UsageLedger.Options) => Layer.Layer<UsageLedger.UsageLedger> = UsageLedger.layer
