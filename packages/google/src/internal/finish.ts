/** Decode: how an answer ended, and what it cost. */
import type * as Json from "@llm-layers/core/Json"
import * as Usage from "@llm-layers/core/Usage"
import type * as Response from "effect/ai/Response"

/** Source: `FinishReason` of the API reference and of `@google/genai` 3.1. `called`: whether the program has tools to run. */
export const decodeFinishReason = (reason: unknown, called: boolean): Response.FinishReason => {
  switch (reason) {
    case "STOP":
    // Not Google's: some servers that speak the dialect end a call with it.
    case "FUNCTION_CALL":
      return called ? "tool-calls" : "stop"
    case "MAX_TOKENS":
      return "length"
    case "SAFETY":
    case "RECITATION":
    case "LANGUAGE":
    case "BLOCKLIST":
    case "PROHIBITED_CONTENT":
    case "SPII":
    case "MODEL_ARMOR":
    case "IMAGE_SAFETY":
    case "IMAGE_PROHIBITED_CONTENT":
    case "IMAGE_RECITATION":
      return "content-filter"
    case "MALFORMED_FUNCTION_CALL":
    case "UNEXPECTED_TOOL_CALL":
    case "TOO_MANY_TOOL_CALLS":
    case "MISSING_THOUGHT_SIGNATURE":
    case "MALFORMED_RESPONSE":
    case "NO_IMAGE":
      return "error"
    // The answer goes on when it is sent back.
    case "CONTINUATION":
      return "pause"
    case undefined:
    case "":
    case "FINISH_REASON_UNSPECIFIED":
      return "unknown"
    default:
      return "other"
  }
}

/**
 * `promptTokenCount` has those of the cache in it. Left out of it are tokens that Google's own tools brought in
 * (`toolUsePromptTokenCount`), and out of `candidatesTokenCount` those of thoughts; `totalTokenCount` has all of them.
 */
export const decodeUsage = (usage: Json.JsonRecord): Usage.Encoded => {
  const thoughts = Usage.toCount(usage["thoughtsTokenCount"])
  return Usage.make({
    inputTotal: sum(usage["promptTokenCount"], usage["toolUsePromptTokenCount"]),
    cacheRead: usage["cachedContentTokenCount"],
    outputTotal: sum(usage["candidatesTokenCount"], thoughts),
    reasoning: thoughts
  })
}

/** Unknown where both are: Google leaves out counts of nothing. */
const sum = (a: unknown, b: unknown): number | undefined => {
  const [one, other] = [Usage.toCount(a), Usage.toCount(b)]
  return one === undefined && other === undefined ? undefined : (one ?? 0) + (other ?? 0)
}

/** Counts of a chunk are those of the whole answer so far, and take the place of earlier ones; one may have no counts. */
export const laterUsage = (before: Json.JsonRecord, after: Json.JsonRecord): Json.JsonRecord =>
  Object.keys(after).some((member) => member.endsWith("TokenCount")) ? after : { ...before, ...after }

/** The members that have a value. */
export const withoutNulls = (value: Json.JsonRecord): Json.JsonRecord =>
  Object.fromEntries(Object.entries(value).filter(([, one]) => one !== null && one !== undefined))
