/** The first and the last part of an answer. */
import * as Json from "@llm-layers/core/Json"
import * as Usage from "@llm-layers/core/Usage"
import * as Warning from "@llm-layers/core/Warning"
import type * as Response from "effect/ai/Response"
import { metadata } from "./namespace.ts"
import { type Summary, unplaced } from "./placed.ts"

/** What comes before everything else. */
export const decodeBegin = (
  response: Json.JsonRecord,
  warnings: ReadonlyArray<Warning.Warning>
): Response.ResponseMetadataPartEncoded => {
  const id = Json.string(response["id"])
  const modelId = Json.string(response["model"])
  const timestamp = Json.timestamp(response["created_at"])
  return {
    type: "response-metadata",
    ...(id === undefined ? undefined : { id }),
    ...(modelId === undefined ? undefined : { modelId }),
    ...(timestamp === undefined ? undefined : { timestamp }),
    metadata: Warning.metadata(warnings)
  }
}

/** What comes after everything else. */
export const decodeFinish = (response: Json.JsonRecord, summary: Summary): Response.FinishPartEncoded => {
  const usage = response["usage"]
  return {
    type: "finish",
    reason: decodeReason(response, summary),
    usage: Json.isRecord(usage) ? decodeUsage(usage) : Usage.unknown,
    metadata: metadata({
      status: response["status"],
      incompleteReason: Json.record(response["incomplete_details"])["reason"] ?? undefined,
      serviceTier: response["service_tier"] ?? undefined,
      usage: usage ?? undefined,
      toolUsage: response["tool_usage"] ?? undefined,
      moderation: response["moderation"] ?? undefined,
      promptCacheDiagnostics: response["prompt_cache_diagnostics"] ?? undefined,
      conversation: response["conversation"] ?? undefined,
      response: unplaced(response, known),
      unknown: summary.unknown.length === 0 ? undefined : summary.unknown
    })
  }
}

/** Members of a response that have a place above, or repeat the request. */
const known = new Set([
  "id",
  "object",
  "created_at",
  "model",
  "output",
  "output_text",
  "status",
  "incomplete_details",
  "service_tier",
  "usage",
  "tool_usage",
  "moderation",
  "prompt_cache_diagnostics",
  "conversation",
  // The request's.
  "background",
  "context_management",
  "frequency_penalty",
  "instructions",
  "max_output_tokens",
  "max_tool_calls",
  "metadata",
  "parallel_tool_calls",
  "presence_penalty",
  "previous_response_id",
  "prompt",
  "prompt_cache_key",
  "prompt_cache_options",
  "prompt_cache_retention",
  "reasoning",
  "safety_identifier",
  "store",
  "temperature",
  "text",
  "tool_choice",
  "tools",
  "top_logprobs",
  "top_p",
  "truncation",
  "user"
])

/**
 * Why the answer ended. A response in the background is `pause` while it is queued or in progress: what there is of it is
 * given, and its id is that of the `response-metadata` part.
 */
const decodeReason = (response: Json.JsonRecord, summary: Summary): Response.FinishReason => {
  switch (response["status"]) {
    case "incomplete":
      switch (Json.record(response["incomplete_details"])["reason"]) {
        case "max_output_tokens":
          return "length"
        case "content_filter":
          return "content-filter"
        default:
          return "other"
      }
    case "cancelled":
      return "other"
    case "queued":
    case "in_progress":
      return "pause"
    default:
      return summary.refused ? "content-filter" : summary.called ? "tool-calls" : "stop"
  }
}

export const decodeUsage = (usage: Json.JsonRecord): Usage.Encoded => {
  const input = Json.record(usage["input_tokens_details"])
  return Usage.make({
    inputTotal: usage["input_tokens"],
    cacheRead: input["cached_tokens"],
    cacheWrite: input["cache_write_tokens"],
    outputTotal: usage["output_tokens"],
    reasoning: Json.record(usage["output_tokens_details"])["reasoning_tokens"]
  })
}
