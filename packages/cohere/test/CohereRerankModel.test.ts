import { assert, it } from "@effect/vitest"
import * as ProviderError from "@llm-layers/core/ProviderError"
import * as RerankModel from "@llm-layers/core/RerankModel"
import { Effect, Layer } from "effect"
import * as CohereRerankModel from "../src/CohereRerankModel.ts"
import { failures } from "./fixtures/failures.ts"
import { client, json, stub } from "./fixtures/stub.ts"

const layer = (fetch: typeof globalThis.fetch, options?: CohereRerankModel.Config) =>
  Layer.provide(CohereRerankModel.model("rerank-v3.5", options), client(fetch))

/** Source: https://docs.cohere.com/reference/rerank */
const answer = json({
  id: "r1",
  results: [{ index: 1, relevance_score: 0.9 }, { index: 0, relevance_score: 0.1 }],
  meta: { api_version: { version: "2" }, billed_units: { search_units: 1 } }
})

it.effect("texts are sent as they are, and come back ranked", () =>
  Effect.gen(function*() {
    const { fetch, sent } = stub(answer)
    const response = yield* RerankModel.rerank({ query: "q", documents: ["a", "b"], topN: 2 }).pipe(
      CohereRerankModel.withConfigOverride({ priority: 2 }),
      Effect.provide(layer(fetch, { maxTokensPerDocument: 512, priority: 1 }))
    )
    assert.deepStrictEqual(response, {
      id: "r1",
      results: [{ index: 1, score: 0.9, document: "b" }, { index: 0, score: 0.1, document: "a" }],
      usage: { inputTokens: undefined, searchUnits: 1 }
    })
    assert.strictEqual(sent[0]?.url, "https://api.cohere.com/v2/rerank")
    assert.deepStrictEqual(sent[0]?.body, {
      model: "rerank-v3.5",
      query: "q",
      documents: ["a", "b"],
      top_n: 2,
      max_tokens_per_doc: 512,
      priority: 2
    })
  }))

it.effect("objects are sent as YAML, and come back as they are", () =>
  Effect.gen(function*() {
    const { fetch, sent } = stub(answer)
    const documents = [
      { "title": "A: b", "the text": "one\ntwo", "tags": ["x"], "none": undefined },
      { title: "B", year: 1 }
    ]
    const { results } = yield* Effect.provide(RerankModel.rerank({ query: "q", documents }), layer(fetch))
    assert.deepStrictEqual(sent[0]?.body["documents"], [
      `title: "A: b"\n"the text": "one\\ntwo"\ntags: ["x"]`,
      `title: "B"\nyear: 1`
    ])
    assert.strictEqual(results[0]?.document, documents[1])
  }))

it.effect("failures are those of the other models", () =>
  Effect.gen(function*() {
    for (const { body, headers = {}, kind, status } of failures) {
      const { fetch } = stub(json(body, { status, headers }))
      const error = yield* Effect.flip(
        Effect.provide(RerankModel.rerank({ query: "q", documents: ["a"] }), layer(fetch))
      )
      assert.strictEqual(ProviderError.kindOf(error), kind)
      assert.strictEqual(error.module, "CohereRerankModel")
    }
  }))

it.effect("an answer that is none", () =>
  Effect.gen(function*() {
    for (const [body, kind] of [[{}, "InvalidOutput"], [{ message: "it broke" }, "ProviderFailed"]] as const) {
      const { fetch } = stub(json(body))
      const error = yield* Effect.flip(
        Effect.provide(RerankModel.rerank({ query: "q", documents: ["a"] }), layer(fetch))
      )
      assert.strictEqual(ProviderError.kindOf(error), kind)
    }
  }))
