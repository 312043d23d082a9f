/** Decode: how an answer ended, and what it cost. */
import * as Json from "@llm-layers/core/Json"
import * as Metadata from "@llm-layers/core/Metadata"
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

/**
 * `tokens` are what the model read and wrote, cached and reasoning ones included, and what Cohere puts before a prompt;
 * `billed_units` are what is charged: see {@link decodeBilled}.
 */
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

/**
 * What is charged, where `Pricing` of core looks for it. Source: https://docs.cohere.com/reference/chat, `billed_units` ("the
 * number of billed input tokens").
 */
export const decodeBilled = (usage: unknown): Metadata.Metadata | undefined => {
  const units = Json.record(Json.record(usage)["billed_units"])
  const billed = Usage.make({ inputTotal: units["input_tokens"], outputTotal: units["output_tokens"] })
  return billed.inputTokens.total === undefined || billed.outputTokens.total === undefined
    ? undefined
    : Metadata.make(Metadata.namespace, { billed })
}
