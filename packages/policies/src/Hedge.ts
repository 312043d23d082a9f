/**
 * Asks a second time where a first answer is slow to begin, and takes the one that comes first.
 *
 * It buys time with requests: each of them is paid for, the one that loses up to where it is interrupted. It is no retry:
 * what fails before the delay has failed.
 */
import type * as Driver from "@llm-layers/core/Driver"
import type * as Policy from "@llm-layers/core/Policy"
import type * as AiError from "effect/ai/AiError"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Scope from "effect/Scope"
import type * as Stream from "effect/Stream"
import { type AnyPart, begin, resumed } from "./internal/content.ts"
import { ofCount, ofDuration, refuse } from "./internal/options.ts"
import { type Limits, race } from "./internal/race.ts"

/** When another request is made. */
export interface Options {
  /**
   * How long a stream may take to say something before another request is made. Default: 10 seconds, which models that do
   * not think first rarely need. A good value is the time that one call in twenty takes longer than.
   */
  readonly delay?: Duration.Input | undefined
  /**
   * The same for a plain answer, which comes when all of it is written. Default: `delay` where it is given, else 1 minute.
   */
  readonly answerDelay?: Duration.Input | undefined
  /** How many requests there are for a call at most, the first one counted. Default: 2. */
  readonly max?: number | undefined
}

/**
 * The policy. The first request to answer, or to say something in a stream, wins; the others are interrupted, and their
 * sockets closed, without the answer waiting for that. A request that fails while another runs waits for it; when all have
 * failed, the error is that of the first to fail.
 *
 * Each further request takes one from the retry budget around the call and is not made where that has none. `Retry`
 * belongs outside of this policy: inside, each of the requests would be retried by itself.
 *
 * Fails as the driver does. Options that cannot be used fail each call with `Unsupported` and the option's name.
 *
 * @example
 * ```ts
 * import { Hedge } from "@llm-layers/policies"
 * import { ScriptedModel } from "@llm-layers/testing"
 * import { Effect } from "effect"
 * import { LanguageModel } from "effect/ai"
 * import { strictEqual } from "node:assert"
 *
 * const slowThenFast = ScriptedModel.layer([Effect.never, "Hi."], { policy: Hedge.make({ delay: "20 millis" }) })
 * const text = LanguageModel.generateText({ prompt: "Hello" }).pipe(
 *   Effect.map((response) => response.text),
 *   Effect.provide(slowThenFast)
 * )
 * strictEqual(await Effect.runPromise(text), "Hi.")
 * ```
 */
export const make = (options: Options = {}): Policy.Policy => (driver) =>
  Effect.sync(() => {
    const { delay = Duration.seconds(10), max = 2 } = options
    const answerDelay = options.answerDelay ?? options.delay ?? Duration.minutes(1)
    const problem = ofDuration("delay", delay) ?? ofDuration("answerDelay", answerDelay) ?? ofCount("max", max, 1)
    if (problem !== undefined) return refuse(driver, problem)
    return hedged(
      driver,
      { delay: Duration.fromInputUnsafe(delay), max },
      { delay: Duration.fromInputUnsafe(answerDelay), max }
    )
  })

const hedged = (driver: Driver.Driver, streams: Limits, answers: Limits): Driver.Driver => ({
  ...driver,
  generateText: (options) => race(() => driver.generateText(options), answers),
  streamText: (options) =>
    resumed((outer) =>
      Effect.map(
        race(() => opened(driver.streamText(options), outer), streams, ({ close }) => close),
        ({ begun }) => begun
      )
    )
})

/** The stream when it has said something; it is closed with the scope around, or sooner. */
const opened = <Part extends AnyPart, R>(stream: Stream.Stream<Part, AiError.AiError, R>, outer: Scope.Scope) =>
  Effect.suspend(() => {
    const own = Scope.forkUnsafe(outer)
    return begin(stream, own).pipe(
      Effect.map((begun) => ({ begun, close: Scope.close(own, Exit.void) })),
      Effect.onExit((exit) => Exit.isFailure(exit) ? Scope.close(own, exit) : Effect.void)
    )
  })
