/** Encodes the settings that OpenRouter has beside those of the dialect. */
import type * as Json from "@llm-layers/core/Json"
import * as Str from "effect/String"
import type { Config } from "../OpenRouterSettings.ts"

/** The members of the body for the settings. */
export const encodeSettings = (settings: Config): Json.JsonRecord => ({
  models: settings.models,
  route: settings.route,
  provider: snakeCase(settings.provider),
  plugins: snakeCase(settings.plugins),
  transforms: settings.transforms,
  reasoning: snakeCase(settings.reasoning),
  usage: settings.usageAccounting === true ? { include: true } : undefined,
  cache_control: settings.cacheControl,
  session_id: settings.sessionId,
  image_config: settings.imageConfig,
  min_p: settings.minP,
  top_a: settings.topA,
  repetition_penalty: settings.repetitionPenalty
})

/** The value with the names of its members as the wire has them, at every depth: `maxTokens` is `max_tokens` there. */
export const snakeCase = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(snakeCase)
  if (typeof value !== "object" || value === null) return value
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, member]) =>
      member === undefined ? [] : [[Str.camelToSnake(name), snakeCase(member)]]
    )
  )
}
