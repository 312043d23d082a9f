/** Encode: the body of a request → that of a count of its tokens. */
import type * as Json from "@llm-layers/core/Json"

/**
 * The members of a request that make no tokens of its input. The endpoint takes none of them.
 *
 * Source: https://platform.claude.com/docs/en/api/messages/count_tokens, with what its beta has.
 */
const others = new Set([
  "max_tokens",
  "temperature",
  "top_p",
  "top_k",
  "stop_sequences",
  "stream",
  "metadata",
  "service_tier",
  "container",
  "inference_geo",
  "fallbacks"
])

export const encodeCount = (body: Json.JsonRecord): Json.JsonRecord =>
  Object.fromEntries(Object.entries(body).filter(([name]) => !others.has(name)))
