/**
 * Options of a policy that cannot be used. They are a mistake of the programmer, which every call tells as
 * `Unsupported` with the option's name, before anything is sent: as a client does with its own.
 */
import type * as Driver from "@llm-layers/core/Driver"
import * as ProviderError from "@llm-layers/core/ProviderError"
import type * as AiError from "effect/ai/AiError"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Stream from "effect/Stream"

/** The option, and what is wrong with it. */
export interface Problem {
  readonly parameter: string
  readonly description: string
}

/** What is wrong with a length of time, which must be more than nothing. */
export const ofDuration = (parameter: string, given: Duration.Input | undefined): Problem | undefined => {
  if (given === undefined) return undefined
  const duration = Option.getOrUndefined(Duration.fromInput(given))
  return duration !== undefined && Duration.toMillis(duration) > 0
    ? undefined
    : { parameter, description: `${parameter} must be a length of time above zero` }
}

/** What is wrong with a number of times. */
export const ofCount = (parameter: string, given: number | undefined, least: number): Problem | undefined =>
  given === undefined || (Number.isFinite(given) && Number.isInteger(given) && given >= least)
    ? undefined
    : { parameter, description: `${parameter} must be a whole number, ${least} or more` }

/** The error of a call under options that cannot be used. */
export const refusal = (origin: ProviderError.Origin, problem: Problem): AiError.AiError =>
  ProviderError.make(origin, "Unsupported", problem)

/** The driver, of which every call is refused. */
export const refuse = (driver: Driver.Driver, problem: Problem): Driver.Driver => {
  const of = (method: string) => refusal(ProviderError.originOf(driver, method), problem)
  return {
    ...driver,
    generateText: () => Effect.fail(of("generateText")),
    streamText: () => Stream.fail(of("streamText"))
  }
}
