/** Encode: the body of a request → that of a count of its tokens. */
import * as ProviderError from "@llm-layers/core/ProviderError"
import type * as AiError from "effect/ai/AiError"
import type { Wire } from "./content.ts"

/**
 * The members of a request that make no tokens of its input. The endpoint has none of them.
 *
 * Source: https://developers.openai.com/api/reference/resources/responses/subresources/input_tokens/methods/count
 */
const others = new Set([
  "max_tool_calls",
  "max_output_tokens",
  "temperature",
  "top_p",
  "top_logprobs",
  "include",
  "store",
  "background",
  "context_management",
  "prompt_cache_key",
  "prompt_cache_options",
  "prompt_cache_retention",
  "service_tier",
  "safety_identifier",
  "moderation",
  "metadata",
  "stream",
  "stream_options"
])

/** The body of the count, or the error for what has tokens and cannot be counted. */
export const encodeCount = (origin: ProviderError.Origin, body: Wire): Wire | AiError.AiError =>
  body["prompt"] === undefined
    ? Object.fromEntries(Object.entries(body).filter(([name]) => !others.has(name)))
    : ProviderError.make(origin, "Unsupported", {
      description: "OpenAI does not count the tokens of a prompt template; count without the setting `prompt`",
      parameter: "prompt"
    })
