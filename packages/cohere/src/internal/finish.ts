/** Decode: how an answer ended, and what it cost. */
import * as Json from "@llm-layers/core/Json"
import * as Usage from "@llm-layers/core/Usage"
import type * as Response from "effect/ai/Response"

/** Source: https://docs.cohere.com/reference/chat, `finish_reason`. */
export const decodeFinishReason = (reason: unknown): Response.FinishReason => {
  switch (reason) {
    case "COMPLETE":
    case "STOP_SEQUENCE":
      return "stop"
    case "MAX_TOKENS":
      return "length"
    case "TOOL_CALL":
      return "tool-calls"
    default:
      return typeof reason === "string" ? "other" : "unknown"
  }
}

/** Reasons that say of an answer with a good status that it failed; `ERROR_…` are those of earlier models. */
export const isFailure = (reason: unknown): boolean =>
  reason === "TIMEOUT" || typeof reason === "string" && /^ERROR(?:_|$)/.test(reason)

/** `tokens` are what the model read and wrote, cached and reasoning ones included; `billed_units` are what is charged. */
export const decodeUsage = (usage: unknown): Usage.Encoded => {
  const { cached_tokens, tokens } = Json.record(usage)
  const counts = Json.record(tokens)
  return Usage.make({
    inputTotal: counts["input_tokens"],
    cacheRead: cached_tokens,
    outputTotal: counts["output_tokens"],
    reasoning: counts["reasoning_tokens"]
  })
}
