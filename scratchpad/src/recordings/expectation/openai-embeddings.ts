import { at, type Json, listAt, numberAt, parseJson, stringAt } from "../json.ts"
import type { RecordedExchange } from "../record.ts"
import { brokenAnswer, type Expectation } from "./Expectation.ts"
import { readOpenAiError } from "./openai-errors.ts"

/** `encoding_format: "base64"` packs a vector as little-endian 32-bit floats. */
const unpack = (base64: string): ReadonlyArray<number> => {
  const bytes = Buffer.from(base64, "base64")
  return Array.from({ length: Math.floor(bytes.length / 4) }, (_, index) => bytes.readFloatLE(index * 4))
}

const vectorOf = (entry: Json): ReadonlyArray<number> => {
  const packed = stringAt(entry, "embedding")
  return packed === undefined
    ? listAt(entry, "embedding").filter((number) => typeof number === "number")
    : unpack(packed)
}

/** Embeddings: vectors in the order of their `index`, lists of numbers and packed ones alike. */
export const readEmbeddings = ({ response }: RecordedExchange): Expectation => {
  if (response.status >= 400) return readOpenAiError(response)
  const body = parseJson(response.body)
  // Fewer vectors than inputs is for `effect/ai` an output that is not valid.
  if (at(body, "data") === undefined) {
    return { ...brokenAnswer, reasons: [...brokenAnswer.reasons, "InvalidOutputError"] }
  }
  const entries = listAt(body, "data").map((entry, position) => ({
    index: numberAt(entry, "index") ?? position,
    vector: vectorOf(entry)
  }))
  return {
    kind: "embeddings",
    vectors: entries.toSorted((left, right) => left.index - right.index).map((entry) => entry.vector),
    inputTokens: numberAt(body, "usage", "prompt_tokens")
  }
}
