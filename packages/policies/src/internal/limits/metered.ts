/** The usage of an answer, from its last part. */
import type * as Usage from "@llm-layers/core/Usage"
import type * as Response from "effect/ai/Response"
import * as Stream from "effect/Stream"

/** The usage of a whole answer. */
export const usageOf = (parts: ReadonlyArray<Response.PartEncoded>): Usage.Encoded | undefined => {
  const last = parts.at(-1)
  return last?.type === "finish" ? last.usage : undefined
}

/** The stream, which tells its usage when it finishes. It looks at one part a read. */
export const stream = <E, R>(
  self: Stream.Stream<Response.StreamPartEncoded, E, R>,
  onUsage: (usage: Usage.Encoded) => void
): Stream.Stream<Response.StreamPartEncoded, E, R> =>
  Stream.mapArray(self, (parts) => {
    const last = parts.at(-1)
    if (last?.type === "finish") onUsage(last.usage)
    return parts
  })
