import { assert, it } from "@effect/vitest"
import * as ProviderError from "@llm-layers/core/ProviderError"
import * as LoopbackServer from "@llm-layers/testing/LoopbackServer"
import { Effect, Redacted } from "effect"
import * as GoogleClient from "../src/GoogleClient.ts"
import * as GoogleModels from "../src/GoogleModels.ts"
import { provider } from "../src/GoogleProvider.ts"

const client = (baseUrl: string) => GoogleClient.layer({ apiKey: Redacted.make("AIza-test"), baseUrl })

/** Source: https://ai.google.dev/api/models#Model */
const models = [
  {
    name: "models/gemini-3.5-flash",
    version: "3.5",
    displayName: "Gemini 3.5 Flash",
    inputTokenLimit: 1_048_576,
    outputTokenLimit: 65_536,
    supportedGenerationMethods: ["generateContent", "countTokens"]
  },
  { name: "models/gemini-embedding-001", inputTokenLimit: 2048, supportedGenerationMethods: ["embedContent"] },
  { name: "models/imagen-4", supportedGenerationMethods: ["predict"] },
  { name: "tunedModels/mine" }
]

it.effect("the models of all pages, by the names one asks for", () =>
  Effect.gen(function*() {
    const server = yield* LoopbackServer.make([
      { body: JSON.stringify({ models: models.slice(0, 3), nextPageToken: "a+b" }) },
      { body: JSON.stringify({ models: models.slice(3), nextPageToken: "" }) }
    ])
    assert.deepStrictEqual(yield* Effect.provide(GoogleModels.list, client(server.url)), [
      {
        id: "gemini-3.5-flash",
        name: "Gemini 3.5 Flash",
        contextTokens: 1_048_576,
        outputTokens: 65_536,
        kind: "language"
      },
      { id: "gemini-embedding-001", contextTokens: 2048, kind: "embedding" },
      { id: "imagen-4", kind: "other" },
      { id: "tunedModels/mine" }
    ])
    const requests = yield* server.requests
    assert.deepStrictEqual(requests.map(({ body, method, path }) => `${method} ${path} ${body}`), [
      "GET /v1beta/models?pageSize=1000 ",
      "GET /v1beta/models?pageSize=1000&pageToken=a%2Bb "
    ])
    assert.strictEqual(requests[0]?.headers["x-goog-api-key"], "AIza-test")
  }))

it.effect("an answer without models has none; an error has", () =>
  Effect.gen(function*() {
    const server = yield* LoopbackServer.make([
      { body: "{}" },
      { body: JSON.stringify({ error: { code: 429, status: "RESOURCE_EXHAUSTED", message: "Later" } }) },
      { body: "[]" }
    ])
    const list = Effect.provide(GoogleModels.list, client(server.url))
    assert.deepStrictEqual(yield* list, [])
    assert.strictEqual(ProviderError.kindOf(yield* Effect.flip(list)), "RateLimited")
    assert.strictEqual(ProviderError.kindOf(yield* Effect.flip(list)), "InvalidResponse")
  }))

it.effect("Vertex AI is not asked", () =>
  Effect.gen(function*() {
    const vertex = GoogleClient.layerVertex({
      project: "p",
      location: "us",
      accessToken: Redacted.make("t"),
      fetch: () => Promise.reject(new Error("asked"))
    })
    const error = yield* Effect.flip(Effect.provide(GoogleModels.list, vertex))
    assert.strictEqual(ProviderError.kindOf(error), "Unsupported")
  }))

it("is the list of the provider", () => {
  assert.strictEqual(provider.listModels, GoogleModels.list)
})
