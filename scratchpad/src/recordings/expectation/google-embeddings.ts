import { at, listAt, numberAt, parseJson } from "../json.ts"
import type { RecordedExchange } from "../record.ts"
import { brokenAnswer, type Expectation } from "./Expectation.ts"
import { readGoogleError } from "./google-errors.ts"

/** Embeddings: vectors in the order of the requests. */
export const readGoogleEmbeddings = ({ response }: RecordedExchange): Expectation => {
  if (response.status >= 400) return readGoogleError(response)
  const body = parseJson(response.body)
  // Fewer vectors than inputs is for `effect/ai` an output that is not valid.
  if (at(body, "embeddings") === undefined) {
    return { ...brokenAnswer, reasons: [...brokenAnswer.reasons, "InvalidOutputError"] }
  }
  return {
    kind: "embeddings",
    vectors: listAt(body, "embeddings").map((one) =>
      listAt(one, "values").filter((value) => typeof value === "number")
    ),
    inputTokens: numberAt(body, "usageMetadata", "promptTokenCount")
  }
}
