/** An answer that says what was changed of its request. */
import * as Metadata from "@llm-layers/core/Metadata"
import * as Warning from "@llm-layers/core/Warning"
import type * as Response from "effect/ai/Response"
import * as Stream from "effect/Stream"

/** The parts with the warning, in the part that has the answer's own. */
export const parts = <Part extends Response.PartEncoded | Response.StreamPartEncoded>(
  answered: ReadonlyArray<Part>,
  warning: Warning.Warning
): ReadonlyArray<Part | Response.ResponseMetadataPartEncoded> => {
  const at = answered.findIndex((part) => part.type === "response-metadata")
  const own = answered[at]
  if (own === undefined || own.type !== "response-metadata") {
    const added: Response.ResponseMetadataPartEncoded = {
      type: "response-metadata",
      metadata: Warning.metadata([warning])
    }
    return [added, ...answered]
  }
  // Parts type their metadata by provider; every value of it is JSON, which is what `Metadata` says.
  const before = (own.metadata ?? {}) as Metadata.Metadata
  const metadata = Metadata.merge(before, Warning.metadata([...Warning.of([own]), warning]))
  return answered.with(at, { ...own, metadata })
}

/** The same of a stream, in its first read. */
export const stream = <E, R>(
  self: Stream.Stream<Response.StreamPartEncoded, E, R>,
  warning: Warning.Warning
): Stream.Stream<Response.StreamPartEncoded, E, R> =>
  Stream.suspend(() => {
    let said = false
    return Stream.mapArray(self, (read) => {
      if (said) return read
      said = true
      const [first = read[0], ...rest] = parts(read, warning)
      return [first, ...rest]
    })
  })
