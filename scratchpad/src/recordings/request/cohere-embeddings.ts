import type { Expectation } from "../expectation/Expectation.ts"
import { listAt, stringAt } from "../json.ts"
import type { RecordedExchange } from "../record.ts"
import type { EmbeddingCall } from "./Call.ts"
import { type Rule, settingsFrom } from "./settings.ts"

const rules: Readonly<Record<string, Rule>> = {
  input_type: ["inputType"],
  max_tokens: ["maxTokens"],
  output_dimension: ["dimensions"],
  priority: ["priority"],
  truncate: ["truncate"]
}

/** A recorded embeddings request as a call of the public API. */
export const cohereEmbeddingCall = ({ request }: RecordedExchange, expected: Expectation): EmbeddingCall => {
  const body = request?.body
  // Without a request, the answer says how many texts there were.
  const inputs = request === undefined && expected.kind === "embeddings"
    ? expected.vectors.map((_, index) => `text ${index}`)
    : listAt(body, "texts").map(String)
  const settings = settingsFrom(body, rules, ["model", "texts", "embedding_types"])
  return {
    model: stringAt(body, "model") ?? "embed-v4.0",
    inputs,
    settings: { inputType: "search_document", ...settings }
  }
}

/** The same model asked for nothing in particular. */
export const plainCohereEmbeddingCall = (call: EmbeddingCall): EmbeddingCall => ({
  ...call,
  inputs: ["text"],
  settings: { inputType: "search_document" }
})
