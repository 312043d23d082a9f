import type { Harness } from "@llm-layers/testing"
import * as Conformance from "@llm-layers/testing/Conformance"
import { Layer } from "effect"
import * as CohereClient from "../src/CohereClient.ts"
import * as CohereEmbeddingModel from "../src/CohereEmbeddingModel.ts"
import { failures } from "./fixtures/failures.ts"

/** Source: https://docs.cohere.com/reference/embed */
const harness: Harness.EmbeddingHarness = {
  layer: ({ apiKey, baseUrl, fetch }) =>
    CohereEmbeddingModel.layer("embed-v4.0", { inputType: "search_document" }).pipe(
      Layer.provide(CohereClient.layer({ apiKey, baseUrl, fetch }))
    ),
  limit: 96,
  inputs: (body) => Object(body).texts,
  answer: (embeddings, tokens) => ({
    id: "emb_1",
    embeddings: { float: embeddings.map(({ vector }) => vector) },
    texts: [],
    meta: { api_version: { version: "2" }, billed_units: { input_tokens: tokens } },
    response_type: "embeddings_by_type"
  }),
  indexed: false,
  failures
}

Conformance.embeddings("Cohere embeddings", harness)
