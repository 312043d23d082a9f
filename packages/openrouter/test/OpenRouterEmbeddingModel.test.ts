import { assert, describe, it } from "@effect/vitest"
import * as ProviderError from "@llm-layers/core/ProviderError"
import { Effect, Layer } from "effect"
import { EmbeddingModel } from "effect/ai"
import * as OpenRouterEmbeddingModel from "../src/OpenRouterEmbeddingModel.ts"
import { answering } from "./fixtures/stub.ts"

const embedded = (config: OpenRouterEmbeddingModel.Config, json: unknown) =>
  Effect.gen(function*() {
    const { client, sent } = answering([{ json }])
    const response = yield* Effect.flatMap(EmbeddingModel.EmbeddingModel, (model) => model.embedMany(["a", "b"])).pipe(
      Effect.provide(Layer.provide(OpenRouterEmbeddingModel.layer("acme/embed", config), client))
    )
    return { response, body: sent[0]?.body }
  })

const answer = {
  data: [{ index: 1, embedding: [2, 0.5] }, { index: 0, embedding: [1, 0.5] }],
  usage: { prompt_tokens: 2, total_tokens: 2 }
}

describe("a request", () => {
  it.effect("has only what was asked for, and its vectors come in the order of the texts", () =>
    Effect.gen(function*() {
      const { body, response } = yield* embedded({}, answer)
      assert.deepStrictEqual(body, { model: "acme/embed", input: ["a", "b"] })
      assert.deepStrictEqual(response.embeddings.map((one) => one.vector), [[1, 0.5], [2, 0.5]])
      assert.strictEqual(response.usage.inputTokens, 2)
    }))

  it.effect("has every setting under the names of the wire", () =>
    Effect.gen(function*() {
      const { body } = yield* embedded({
        dimensions: 2,
        encodingFormat: "float",
        inputType: "search_query",
        provider: { dataCollection: "deny" },
        user: "u",
        extraBody: { more: 1 }
      }, answer)
      assert.deepStrictEqual(body, {
        model: "acme/embed",
        input: ["a", "b"],
        dimensions: 2,
        encoding_format: "float",
        input_type: "search_query",
        provider: { data_collection: "deny" },
        user: "u",
        more: 1
      })
    }))
})

it.effect("an error with a good status is an error", () =>
  Effect.gen(function*() {
    const error = yield* Effect.flip(
      embedded({}, { error: { code: 404, message: "No endpoints found for acme/embed" } })
    )
    assert.strictEqual(ProviderError.kindOf(error), "ModelNotFound")
  }))

it.effect("dimensions that were given are there", () =>
  Effect.gen(function*() {
    const model = OpenRouterEmbeddingModel.model("acme/embed", { dimensions: 2 })
    const layer = Layer.provide(model, answering([{ json: answer }]).client)
    assert.strictEqual(yield* Effect.provide(EmbeddingModel.Dimensions, layer), 2)
  }))
