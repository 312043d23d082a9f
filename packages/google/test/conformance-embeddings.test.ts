import type { Harness } from "@llm-layers/testing"
import * as Conformance from "@llm-layers/testing/Conformance"
import { Layer } from "effect"
import * as GoogleClient from "../src/GoogleClient.ts"
import * as GoogleEmbeddingModel from "../src/GoogleEmbeddingModel.ts"

interface Body {
  readonly requests: ReadonlyArray<{ readonly content: { readonly parts: ReadonlyArray<{ readonly text: string }> } }>
}

/** Source: https://ai.google.dev/api/embeddings, `batchEmbedContents` */
const harness: Harness.EmbeddingHarness = {
  layer: ({ apiKey, baseUrl, fetch }) =>
    GoogleEmbeddingModel.layer("gemini-embedding-001").pipe(
      Layer.provide(GoogleClient.layer({ apiKey, baseUrl, fetch }))
    ),
  limit: 100,
  // The body is the one this package sends.
  inputs: (body) => (body as Body).requests.map(({ content }) => content.parts.map(({ text }) => text).join("")),
  answer: (embeddings, tokens) => ({
    embeddings: embeddings.map(({ vector }) => ({ values: vector })),
    usageMetadata: { promptTokenCount: tokens }
  }),
  indexed: false,
  failures: [{
    name: "too many requests",
    status: 429,
    body: { error: { code: 429, message: "Resource has been exhausted", status: "RESOURCE_EXHAUSTED" } },
    kind: "RateLimited"
  }]
}

Conformance.embeddings("Google embeddings", harness)
