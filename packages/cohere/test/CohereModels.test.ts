import { assert, it } from "@effect/vitest"
import * as LoopbackServer from "@llm-layers/testing/LoopbackServer"
import { Effect, Redacted } from "effect"
import * as CohereClient from "../src/CohereClient.ts"
import * as CohereModels from "../src/CohereModels.ts"
import { provider } from "../src/CohereProvider.ts"

const client = (baseUrl: string) => CohereClient.layer({ apiKey: Redacted.make("co-test"), baseUrl })

/** Source: https://docs.cohere.com/reference/list-models */
const models = [
  { name: "command-a-03-2025", endpoints: ["generate", "chat"], context_length: 288_000, is_deprecated: false },
  { name: "embed-v4.0", endpoints: ["embed", "classify"], context_length: 128_000, finetuned: false },
  { name: "rerank-v3.5", endpoints: ["rerank"], context_length: 4096 },
  { name: "new", context_length: 0 }
]

it.effect("the models of all pages, by what they can be asked", () =>
  Effect.gen(function*() {
    const server = yield* LoopbackServer.make([
      { body: JSON.stringify({ models: models.slice(0, 2), next_page_token: "a/b" }) },
      { body: JSON.stringify({ models: models.slice(2) }) }
    ])
    assert.deepStrictEqual(yield* Effect.provide(CohereModels.list, client(server.url)), [
      { id: "command-a-03-2025", contextTokens: 288_000, kind: "language" },
      { id: "embed-v4.0", contextTokens: 128_000, kind: "embedding" },
      { id: "rerank-v3.5", contextTokens: 4096, kind: "other" },
      { id: "new" }
    ])
    const requests = yield* server.requests
    assert.deepStrictEqual(requests.map(({ body, method, path }) => `${method} ${path} ${body}`), [
      "GET /v1/models?page_size=1000 ",
      "GET /v1/models?page_size=1000&page_token=a%2Fb "
    ])
  }))

it.effect("those of one endpoint", () =>
  Effect.gen(function*() {
    const server = yield* LoopbackServer.make([{ body: JSON.stringify({ models: models.slice(2, 3) }) }])
    const found = yield* Effect.provide(CohereModels.listOf("rerank"), client(server.url))
    assert.deepStrictEqual(found.map(({ id }) => id), ["rerank-v3.5"])
    assert.deepStrictEqual((yield* server.requests).map(({ path }) => path), [
      "/v1/models?page_size=1000&endpoint=rerank"
    ])
  }))

it("is the list of the provider, which counts no tokens of requests", () => {
  assert.strictEqual(provider.listModels, CohereModels.list)
  assert.strictEqual(provider.countTokens, undefined)
})
