import type { Expectation } from "../expectation/Expectation.ts"
import { at, stringAt } from "../json.ts"
import type { RecordedExchange } from "../record.ts"
import type { EmbeddingCall } from "./Call.ts"

/**
 * A recorded embeddings request as a call of the public API. Inputs given as tokens become texts: the public API takes
 * texts, and the recorded answer has as many vectors either way.
 */
export const embeddingCall = (exchange: RecordedExchange, expected: Expectation): EmbeddingCall => {
  const body = exchange.request?.body
  const input = at(body, "input")
  const listed = Array.isArray(input) && typeof input[0] !== "number" ? input : [input ?? "text"]
  const inputs = expected.kind === "embeddings"
    ? expected.vectors.map((_, index) => listed[index] ?? "text")
    : listed
  return {
    model: stringAt(body, "model") ?? "text-embedding-3-small",
    inputs: inputs.map((one, index) => typeof one === "string" ? one : `text ${index}`)
  }
}
