/**
 * Time limits of a call: for the whole of it, for the wait until a stream says something, and for its silence afterwards.
 *
 * Each ends the driver's call, which closes its socket, and is an error of kind `TimedOut` that says which limit it was.
 */
import * as ErrorKind from "@llm-layers/core/ErrorKind"
import * as Metadata from "@llm-layers/core/Metadata"
import type * as Policy from "@llm-layers/core/Policy"
import * as ProviderError from "@llm-layers/core/ProviderError"
import type * as AiError from "effect/ai/AiError"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import { ofDuration, type Problem, refuse } from "./internal/options.ts"
import * as TimedCall from "./internal/timedCall.ts"

/**
 * The limits. What is left out has its default; `Infinity` is no limit.
 *
 * The defaults are there to end what hangs and not to hurry what is slow: they suit a model that thinks for minutes, and a
 * local server that loads its weights and reads a long prompt before its first word.
 */
export interface Options {
  /**
   * The longest a call may take from its start to its end. It ends an answer that has begun as well, and the time a reader
   * of a stream takes counts. Default: 30 minutes. The client's own `timeout`, 10 minutes by default, comes first for
   * answers that are not streamed.
   */
  readonly total?: Duration.Input | undefined
  /**
   * Of a stream: the longest wait for the first part that says something; metadata, starts and empty pieces do not.
   * Default: 10 minutes.
   */
  readonly firstPart?: Duration.Input | undefined
  /** Of a stream that has said something: the longest wait for more. Default: 5 minutes. */
  readonly idle?: Duration.Input | undefined
}

/** Which limit it was. */
export type Limit = "total" | "firstPart" | "idle"

const defaults = {
  total: Duration.minutes(30),
  firstPart: Duration.minutes(10),
  idle: Duration.minutes(5)
}

/**
 * The policy. `firstPart` and `idle` count the time in which the driver is waited for: a reader that takes long between
 * two parts does not make the server late.
 *
 * Fails with `TimedOut`, which may be retried; {@link of} says which limit it was, and the partial answer is with the error
 * of a stream. Options that cannot be used fail each call with `Unsupported` and the option's name.
 *
 * @example
 * ```ts
 * import * as ScriptedModel from "@llm-layers/testing/ScriptedModel"
 * import * as Timeout from "@llm-layers/policies/Timeout"
 * import { Effect, Stream } from "effect"
 * import { LanguageModel } from "effect/ai"
 * import { strictEqual } from "node:assert"
 *
 * const program = LanguageModel.streamText({ prompt: "Hello" }).pipe(
 *   Stream.runDrain,
 *   Effect.as(undefined),
 *   Effect.catchTag("AiError", (error) => Effect.succeed(Timeout.of(error)))
 * )
 * const slow = ScriptedModel.deliver("Hello", { after: "1 hour" })
 * const layer = ScriptedModel.layer([slow], { policy: Timeout.make({ firstPart: "10 millis" }) })
 * strictEqual(await Effect.runPromise(Effect.provide(program, layer)), "firstPart")
 * ```
 */
export const make = (options: Options = {}): Policy.Policy => {
  const problem = problemOf(options)
  if (problem !== undefined) return (driver) => Effect.succeed(refuse(driver, problem))
  const millis = (name: Limit) => Duration.toMillis(Duration.fromInputUnsafe(options[name] ?? defaults[name]))
  const limits = { total: millis("total"), firstPart: millis("firstPart"), idle: millis("idle") }
  const streams = Math.min(limits.total, limits.firstPart, limits.idle) < Infinity
  return (driver) => {
    const late = (method: string) => (limit: Limit) =>
      timedOut(ProviderError.originOf(driver, method), limit, limits[limit])
    const lateAnswer = late("generateText")
    const latePart = late("streamText")
    return Effect.succeed({
      ...driver,
      generateText: limits.total < Infinity
        ? (request) => TimedCall.effect(driver.generateText(request), limits.total, () => lateAnswer("total"))
        : driver.generateText,
      streamText: streams
        ? (request) => TimedCall.stream(driver.streamText(request), limits, latePart)
        : driver.streamText
    })
  }
}

const problemOf = (options: Options): Problem | undefined =>
  ofDuration("total", options.total) ?? ofDuration("firstPart", options.firstPart) ?? ofDuration("idle", options.idle)

const waitedFor = {
  total: "The answer was not whole",
  firstPart: "The answer had not begun",
  idle: "The answer did not go on"
} as const

const timedOut = (origin: ProviderError.Origin, limit: Limit, millis: number): AiError.AiError =>
  ProviderError.make(origin, "TimedOut", {
    description: `${waitedFor[limit]} after ${
      Duration.format(Duration.millis(millis))
    }, which is \`${limit}\` of Timeout`,
    facts: { timeout: limit, millis }
  })

/** Which limit of a `Timeout` an error is about; `undefined` for every other error, and for time limits of a client. */
export const of = (error: AiError.AiError): Limit | undefined => {
  if (ErrorKind.kindOf(error) !== "TimedOut" || !("metadata" in error.reason)) return undefined
  const limit = Metadata.get(error.reason.metadata, Metadata.namespace, "timeout")
  return limit === "total" || limit === "firstPart" || limit === "idle" ? limit : undefined
}
