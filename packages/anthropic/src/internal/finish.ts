/** Decode: how an answer ended, and what it cost. */
import * as Json from "@llm-layers/core/Json"
import * as Metadata from "@llm-layers/core/Metadata"
import * as Usage from "@llm-layers/core/Usage"
import type * as Response from "effect/ai/Response"

/** Source: platform.claude.com/docs/en/build-with-claude/handling-stop-reasons, and `BetaStopReason` of the SDK. */
export const decodeStopReason = (reason: unknown): Response.FinishReason => {
  switch (reason) {
    case "end_turn":
    case "stop_sequence":
      return "stop"
    case "max_tokens":
    case "model_context_window_exceeded":
      return "length"
    case "tool_use":
      return "tool-calls"
    // The answer goes on when it is sent back.
    case "pause_turn":
    case "compaction":
      return "pause"
    case "refusal":
      return "content-filter"
    default:
      return typeof reason === "string" ? "other" : "unknown"
  }
}

/** `input_tokens` leaves out what was read from or written to a cache. */
export const decodeUsage = (usage: Json.JsonRecord): Usage.Encoded =>
  Usage.make({
    inputUncached: usage["input_tokens"],
    cacheRead: usage["cache_read_input_tokens"],
    cacheWrite: usage["cache_creation_input_tokens"],
    outputTotal: usage["output_tokens"],
    reasoning: Json.record(usage["output_tokens_details"])["thinking_tokens"]
  })

/**
 * What was written to a cache for an hour costs more than what is there for five minutes: `Pricing` of core looks for it in
 * the metadata. Source: https://platform.claude.com/docs/en/build-with-claude/prompt-caching#1-hour-cache-duration
 */
export const decodeHour = (usage: Json.JsonRecord): Metadata.Metadata | undefined => {
  const cacheWriteHour = Usage.toCount(Json.record(usage["cache_creation"])["ephemeral_1h_input_tokens"]) ?? 0
  return cacheWriteHour === 0 ? undefined : Metadata.make(Metadata.namespace, { cacheWriteHour })
}

/** Counts of a `message_delta` are totals so far; what it leaves out or gives as `null` stays. */
export const mergeUsage = (before: Json.JsonRecord, after: unknown): Json.JsonRecord => ({
  ...before,
  ...withoutNulls(Json.record(after))
})

/** The members that have a value. */
export const withoutNulls = (value: Json.JsonRecord): Json.JsonRecord =>
  Object.fromEntries(Object.entries(value).filter(([, one]) => one !== null && one !== undefined))
