import { assert, it } from "@effect/vitest"
import * as ProviderError from "@llm-layers/core/ProviderError"
import { Effect } from "effect"
import * as OpenRouterModels from "../src/OpenRouterModels.ts"
import { provider } from "../src/OpenRouterProvider.ts"
import { answering } from "./fixtures/stub.ts"

/** Source: https://openrouter.ai/docs/api/api-reference/models/get-models */
const data = [
  {
    id: "acme/large",
    canonical_slug: "acme/large-2026",
    name: "Acme: Large",
    created: 1_762_800_673,
    context_length: 200_000,
    architecture: { output_modalities: ["image", "text"] },
    top_provider: { context_length: 128_000, max_completion_tokens: 16_000, is_moderated: false },
    pricing: { prompt: "0.000001" }
  },
  { id: "acme/embed", context_length: null, architecture: { output_modalities: ["embeddings"] } },
  { id: "acme/draw", architecture: { output_modalities: ["image"] } },
  { id: "acme/new" }
]

it.effect("the models of all kinds, with their limits", () =>
  Effect.gen(function*() {
    const { client, sent } = answering([{ json: { data, total_count: 4, links: { next: null } } }])
    assert.deepStrictEqual(yield* Effect.provide(OpenRouterModels.list, client), [
      { id: "acme/large", name: "Acme: Large", contextTokens: 200_000, outputTokens: 16_000, kind: "language" },
      { id: "acme/embed", kind: "embedding" },
      { id: "acme/draw", kind: "other" },
      { id: "acme/new" }
    ])
    assert.deepStrictEqual(sent.map(({ method, url }) => `${method} ${url}`), [
      "GET https://openrouter.ai/api/v1/models?output_modalities=all"
    ])
  }))

it.effect("goes on where there is another page, on the address of the client", () =>
  Effect.gen(function*() {
    const next = "https://elsewhere.example/api/v1/models?output_modalities=all&offset=1"
    const { client, sent } = answering([
      { json: { data: [{ id: "a/b" }], links: { next } } },
      { json: { data: [{ id: "c/d" }], links: { next: null } } }
    ])
    const models = yield* Effect.provide(OpenRouterModels.list, client)
    assert.deepStrictEqual(models.map(({ id }) => id), ["a/b", "c/d"])
    assert.strictEqual(sent[1]?.url, "https://openrouter.ai/api/v1/models?output_modalities=all&offset=1")
  }))

it.effect("an error with a good status is an error", () =>
  Effect.gen(function*() {
    const { client } = answering([{ json: { error: { code: 429, message: "Slow down" } } }])
    const error = yield* Effect.flip(Effect.provide(OpenRouterModels.list, client))
    assert.strictEqual(ProviderError.kindOf(error), "RateLimited")
  }))

it("is the list of the provider, which counts no tokens", () => {
  assert.strictEqual(provider.listModels, OpenRouterModels.list)
  assert.strictEqual(provider.countTokens, undefined)
})
