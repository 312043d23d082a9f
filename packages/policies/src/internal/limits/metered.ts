/** The usage of an answer, from its last part. */
import type * as Usage from "@llm-layers/core/Usage"
import type * as Response from "effect/ai/Response"

/** The usage of a whole answer, or of the read that ends a stream; `undefined` for every other. It looks at one part. */
export const usageOf = (
  parts: ReadonlyArray<Response.PartEncoded | Response.StreamPartEncoded>
): Usage.Encoded | undefined => {
  const last = parts.at(-1)
  return last?.type === "finish" ? last.usage : undefined
}
