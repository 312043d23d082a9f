/** How many tokens of output a call is taken to have, before its answer says how many. */
import type * as Driver from "@llm-layers/core/Driver"
import * as Effect from "effect/Effect"

/** Where neither the policy nor the call says how many. */
const defaultOutputTokens = 1_000

/** What the policy was told, else `maxOutputTokens` of the call, else 1,000. */
export const of = ({ settings }: Driver.Driver, told: number | undefined): Effect.Effect<number> => {
  if (told !== undefined) return Effect.succeed(told)
  if (settings === undefined) return Effect.succeed(defaultOutputTokens)
  return Effect.map(settings, ({ maxTokens }) => maxTokens ?? defaultOutputTokens)
}
