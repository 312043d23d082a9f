import type { Harness } from "@llm-layers/testing"
import * as Conformance from "@llm-layers/testing/Conformance"
import { Layer } from "effect"
import * as OpenAiClient from "../src/OpenAiClient.ts"
import * as OpenAiEmbeddingModel from "../src/OpenAiEmbeddingModel.ts"
import { failures } from "./fixtures/failures.ts"

/** 32-bit floats, little-endian, as base64. */
const base64Of = (vector: ReadonlyArray<number>): string =>
  Buffer.from(new Float32Array(vector).buffer).toString("base64")

/** Source: https://developers.openai.com/api/reference/resources/embeddings/methods/create */
const harness = (
  encodingFormat: "base64" | "float",
  embedding: (vector: ReadonlyArray<number>) => unknown
): Harness.EmbeddingHarness => ({
  layer: ({ apiKey, baseUrl, fetch }) =>
    OpenAiEmbeddingModel.layer("text-embedding-3-small", { encodingFormat }).pipe(
      Layer.provide(OpenAiClient.layer({ apiKey, baseUrl: `${baseUrl}/v1`, fetch }))
    ),
  limit: 2048,
  inputs: (body) => Object(body).input,
  answer: (embeddings, tokens) => ({
    object: "list",
    data: embeddings.map(({ index, vector }) => ({ object: "embedding", index, embedding: embedding(vector) })),
    model: "text-embedding-3-small",
    usage: { prompt_tokens: tokens, total_tokens: tokens }
  }),
  indexed: true,
  failures
})

Conformance.embeddings("OpenAI embeddings, base64", harness("base64", base64Of))
Conformance.embeddings("OpenAI embeddings, float", harness("float", (vector) => vector))
