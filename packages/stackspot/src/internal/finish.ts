/** Decode: how an answer ended, and what it cost. */
import * as Json from "@llm-layers/core/Json"
import * as Usage from "@llm-layers/core/Usage"
import type * as Response from "effect/ai/Response"

/**
 * Clients have seen `stop` alone and the documentation lists no others; the rest are the names that the models behind the
 * agents use.
 */
const reasons: ReadonlyMap<string, Response.FinishReason> = new Map([
  ["stop", "stop"],
  ["end_turn", "stop"],
  ["length", "length"],
  ["max_tokens", "length"],
  ["content_filter", "content-filter"],
  ["error", "error"]
])

export const decodeReason = (reason: string | undefined): Response.FinishReason =>
  reason === undefined ? "unknown" : reasons.get(reason.toLowerCase()) ?? "other"

/**
 * Token counts come as numbers, as texts or as `null`. Input is given as such, or as what the user wrote and what the
 * platform added to it (`enrichment`).
 */
export const decodeUsage = (tokens: unknown): Usage.Encoded => {
  const { enrichment, input, output, user } = Json.record(tokens)
  const written = Usage.toCount(user)
  const added = Usage.toCount(enrichment)
  const both = written === undefined && added === undefined ? undefined : (written ?? 0) + (added ?? 0)
  return Usage.make({ inputTotal: Usage.toCount(input) ?? both, outputTotal: output })
}
