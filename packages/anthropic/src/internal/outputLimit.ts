/** `max_tokens`, which the API demands. */
import { maxOutputTokens } from "../AnthropicCapabilities.ts"
import type { Config } from "./settings.ts"

/**
 * The largest `max_tokens` of a plain request: the vendor's package refuses more without a stream, because an answer that
 * takes over ten minutes may outlive the connection. Source: `calculateNonstreamingTimeout` of `@anthropic-ai/sdk` 1.11,
 * which counts an hour for 128,000 tokens.
 */
export const longestPlainAnswer = Math.floor(128_000 / 6)

/**
 * What the caller asked for, else the model's limit. A plain request stays one where the caller asked for nothing, unless
 * a thinking budget would take most of it.
 */
export const encodeMaxTokens = (
  model: string,
  { maxOutputTokens: asked, thinking }: Pick<Config, "maxOutputTokens" | "thinking">,
  streaming: boolean
): number => {
  if (asked !== undefined) return asked
  const limit = maxOutputTokens(model)
  const budget = thinking?.type === "enabled" ? thinking.budgetTokens : 0
  return streaming || budget > longestPlainAnswer / 2 ? limit : Math.min(limit, longestPlainAnswer)
}
