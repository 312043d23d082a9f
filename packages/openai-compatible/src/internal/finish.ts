/** Decodes how an answer ended and what it cost. */
import * as Json from "@llm-layers/core/Json"
import * as Usage from "@llm-layers/core/Usage"
import type * as Response from "effect/ai/Response"

/** OpenAI's reasons, and those of servers that pass their engine's own through. */
const reasons: ReadonlyMap<string, Response.FinishReason> = new Map([
  ["stop", "stop"],
  ["eos", "stop"],
  ["eos_token", "stop"],
  ["end_turn", "stop"],
  ["stop_sequence", "stop"],
  ["length", "length"],
  ["max_tokens", "length"],
  ["model_length", "length"],
  ["tool_calls", "tool-calls"],
  ["tool_use", "tool-calls"],
  ["function_call", "tool-calls"],
  ["content_filter", "content-filter"],
  ["content-filter", "content-filter"],
  ["safety", "content-filter"],
  ["refusal", "content-filter"],
  ["error", "error"],
  ["abort", "error"],
  ["insufficient_system_resource", "error"]
])

/**
 * The reason an answer ended. Servers say `stop` of an answer with tool calls, OpenAI itself where a call was forced;
 * a reason that is missing although the answer is whole leaves the tool calls valid.
 */
export const decodeReason = (
  raw: string | undefined,
  answer: { readonly refused: boolean; readonly calls: boolean }
): Response.FinishReason => {
  const reason = raw === undefined ? "unknown" : reasons.get(raw.toLowerCase()) ?? "other"
  if (answer.refused && (reason === "stop" || reason === "unknown")) return "content-filter"
  return answer.calls && (reason === "stop" || reason === "unknown") ? "tool-calls" : reason
}

/**
 * Token counts. `prompt_tokens` has cached ones in it (OpenAI, `usage.prompt_tokens_details`; DeepSeek gives them as
 * `prompt_cache_hit_tokens`). xAI and Google's compatible endpoint leave reasoning out of `completion_tokens` and count
 * it in `total_tokens` alone, which is how it is noticed.
 */
export const decodeUsage = (raw: unknown): Usage.Encoded => {
  if (!Json.isRecord(raw)) return Usage.unknown
  const input = Json.record(raw["prompt_tokens_details"])
  const output = Json.record(raw["completion_tokens_details"])
  const [prompt, completion, total, reasoning] = [
    Usage.toCount(raw["prompt_tokens"]),
    Usage.toCount(raw["completion_tokens"]),
    Usage.toCount(raw["total_tokens"]),
    Usage.toCount(output["reasoning_tokens"])
  ]
  const apart = reasoning !== undefined && reasoning > 0 && completion !== undefined && prompt !== undefined &&
    total === prompt + completion + reasoning
  return Usage.make({
    inputTotal: prompt,
    cacheRead: input["cached_tokens"] ?? raw["prompt_cache_hit_tokens"],
    cacheWrite: input["cache_write_tokens"],
    outputTotal: apart ? completion + reasoning : completion,
    reasoning
  })
}
