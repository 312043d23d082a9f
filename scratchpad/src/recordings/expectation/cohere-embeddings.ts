import { at, type Json, listAt, numberAt, parseJson, stringAt } from "../json.ts"
import type { RecordedExchange } from "../record.ts"
import { readCohereError } from "./cohere-errors.ts"
import { brokenAnswer, type Expectation } from "./Expectation.ts"

/** The type of the vectors that are compared: floats, or the first that was asked for instead. */
export const typeOf = (request: Json | undefined): string => {
  const types = listAt(request, "embedding_types").filter((type) => typeof type === "string")
  return types.includes("float") ? "float" : types[0] ?? "float"
}

/** Embeddings: vectors in the order of the texts. */
export const readEmbeddings = ({ request, response }: RecordedExchange): Expectation => {
  if (response.status >= 400) return readCohereError(response)
  const body = parseJson(response.body)
  const embeddings = at(body, "embeddings")
  if (embeddings === undefined) {
    return typeof stringAt(body, "message") === "string"
      ? readCohereError(response)
      : { ...brokenAnswer, reasons: [...brokenAnswer.reasons, "InvalidOutputError"] }
  }
  const vectors = Array.isArray(embeddings)
    ? listAt(body, "embeddings")
    : listAt(embeddings, typeOf(request?.body))
  return {
    kind: "embeddings",
    vectors: vectors.map((vector) =>
      Array.isArray(vector) ? vector.filter((value): value is number => typeof value === "number") : []
    ),
    inputTokens: numberAt(body, "meta", "tokens", "input_tokens") ??
      numberAt(body, "meta", "billed_units", "input_tokens")
  }
}
