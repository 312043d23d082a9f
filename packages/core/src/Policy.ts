/**
 * What happens to every request of a model: a function from a driver to a driver.
 *
 * A policy wraps the driver and not the finished service, because the service runs tool handlers on the way: a retry
 * around it would run handlers again that had succeeded.
 */
import * as Effect from "effect/Effect"
import type * as Driver from "./Driver.ts"

/**
 * A policy; what it needs shows in `R`.
 */
export interface Policy<out R = never> {
  (driver: Driver.Driver): Effect.Effect<Driver.Driver, never, R>
}

/**
 * Several policies as one. The first is the outermost: it sees a request first and its answer last.
 *
 * @example
 * ```ts
 * import * as Policy from "@llm-layers/core/Policy"
 * import { Effect, Stream } from "effect"
 *
 * const log = (name: string): Policy.Policy => (driver) =>
 *   Effect.succeed({
 *     ...driver,
 *     generateText: (options) => Effect.andThen(Effect.logDebug(name), driver.generateText(options)),
 *     streamText: (options) => Stream.onStart(driver.streamText(options), Effect.logDebug(name))
 *   })
 *
 * export const both = Policy.compose(log("outer"), log("inner"))
 * ```
 */
export const compose = <const Policies extends ReadonlyArray<Policy<unknown>>>(
  ...policies: Policies
): Policy<Requirements<Policies>> =>
(driver) => {
  let wrapped: Effect.Effect<Driver.Driver, never, unknown> = Effect.succeed(driver)
  for (const policy of policies.toReversed()) wrapped = Effect.flatMap(wrapped, policy)
  // The loop loses which policy needs what; together they need what each of them does, which the type says.
  return wrapped as Effect.Effect<Driver.Driver, never, Requirements<Policies>>
}

/** What a list of policies needs together. */
export type Requirements<Policies extends ReadonlyArray<Policy<unknown>>> = [Policies[number]] extends [never] ? never
  : Policies[number] extends Policy<infer R> ? R
  : never
