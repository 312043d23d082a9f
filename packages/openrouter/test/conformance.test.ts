import type { Harness } from "@llm-layers/testing"
import * as Conformance from "@llm-layers/testing/Conformance"
import { Layer } from "effect"
import * as OpenRouterClient from "../src/OpenRouterClient.ts"
import * as OpenRouterEmbeddingModel from "../src/OpenRouterEmbeddingModel.ts"
import * as OpenRouterLanguageModel from "../src/OpenRouterLanguageModel.ts"
import { error, failures } from "./fixtures/failures.ts"
import { answer } from "./fixtures/said.ts"

const client = ({ apiKey, baseUrl, fetch }: Pick<Harness.Setup, "apiKey" | "baseUrl" | "fetch">) =>
  OpenRouterClient.layer({ apiKey, baseUrl: `${baseUrl}/api/v1`, fetch })

const harness: Harness.Harness<OpenRouterLanguageModel.Config> = {
  models: ["anthropic/claude-sonnet-5", "x-ai/grok-5:free"],
  capabilities: OpenRouterLanguageModel.capabilities,
  layer: ({ model, settings, ...setup }) =>
    OpenRouterLanguageModel.layer(model, settings).pipe(Layer.provide(client(setup))),
  settings: {
    reasoning: { settings: { reasoning: { effort: "high" } }, wire: "high" },
    reasoningBudget: { settings: { reasoning: { maxTokens: 2_048 } }, wire: 2_048 },
    reasoningAdaptive: { settings: { reasoning: { enabled: true } }, wire: { enabled: true } },
    reasoningOff: { settings: { reasoning: { effort: "none" } }, wire: "none" }
  },
  answer,
  failures,
  errorEvents: [
    {
      name: "an upstream that broke off",
      data: {
        id: "gen-1",
        object: "chat.completion.chunk",
        created: 1_790_000_000,
        model: "anthropic/claude-sonnet-5",
        provider: "Anthropic",
        error: { code: "server_error", message: "Provider disconnected unexpectedly" },
        choices: [{ index: 0, delta: { content: "" }, finish_reason: "error", native_finish_reason: "error" }]
      },
      kind: "ProviderFailed"
    },
    {
      name: "an overloaded upstream",
      data: error(503, "Overloaded", { error_type: "provider_overloaded", provider_code: "overloaded_error" }),
      kind: "Overloaded"
    },
    {
      name: "an error in the choice",
      data: { choices: [{ index: 0, delta: {}, finish_reason: "error", error: { code: 429, message: "Slow down" } }] },
      kind: "RateLimited"
    },
    {
      name: "an end in error that says no more",
      data: { choices: [{ index: 0, delta: {}, finish_reason: "error", native_finish_reason: "MALFORMED_RESPONSE" }] },
      kind: "ProviderFailed"
    }
  ],
  unknownEvents: [
    { data: { id: "", object: "chat.completion.x_unheard", choices: [] } },
    { event: "x_unheard", data: { hello: "world" } }
  ]
}

Conformance.suite("OpenRouter", harness)

Conformance.embeddings("OpenRouter embeddings", {
  layer: (setup) => OpenRouterEmbeddingModel.layer("openai/text-embedding-3-small").pipe(Layer.provide(client(setup))),
  limit: 100,
  inputs: (body) => Object(body).input,
  answer: (embeddings, tokens) => ({
    object: "list",
    id: "gen-emb-1",
    data: embeddings.map(({ index, vector }) => ({ object: "embedding", index, embedding: vector })),
    model: "openai/text-embedding-3-small",
    usage: { prompt_tokens: tokens, total_tokens: tokens, cost: 0.000001 }
  }),
  indexed: true,
  failures
})
