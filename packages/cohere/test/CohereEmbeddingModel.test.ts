import { assert, describe, it } from "@effect/vitest"
import * as ProviderError from "@llm-layers/core/ProviderError"
import { Context, Effect, Layer, Option } from "effect"
import { EmbeddingModel } from "effect/ai"
import * as CohereEmbeddingModel from "../src/CohereEmbeddingModel.ts"
import { client, json, stub } from "./fixtures/stub.ts"

const embedded = (embeddings: unknown, tokens = 3) =>
  json({ id: "e1", embeddings, texts: [], meta: { billed_units: { input_tokens: tokens } } })

const layer = (
  fetch: typeof globalThis.fetch,
  options: CohereEmbeddingModel.Config = { inputType: "search_document" }
) => Layer.provide(CohereEmbeddingModel.layer("embed-v4.0", options), client(fetch))

const embedMany = (inputs: ReadonlyArray<string>) =>
  Effect.flatMap(EmbeddingModel.EmbeddingModel, (model) => model.embedMany(inputs))

describe("embedMany", () => {
  it.effect("asks for floats, and says what the texts are", () =>
    Effect.gen(function*() {
      const { fetch, sent } = stub(embedded({ float: [[1, 2], [3, 4]] }))
      const { embeddings, usage } = yield* embedMany(["a", "b"]).pipe(Effect.provide(layer(fetch, {
        inputType: "classification",
        dimensions: 256,
        truncate: "NONE",
        maxTokens: 100,
        priority: 1,
        extraBody: { more: true }
      })))
      assert.deepStrictEqual(embeddings.map((one) => one.vector), [[1, 2], [3, 4]])
      assert.strictEqual(usage.inputTokens, 3)
      assert.strictEqual(sent[0]?.url, "https://api.cohere.com/v2/embed")
      assert.deepStrictEqual(sent[0]?.body, {
        model: "embed-v4.0",
        texts: ["a", "b"],
        input_type: "classification",
        embedding_types: ["float"],
        output_dimension: 256,
        truncate: "NONE",
        max_tokens: 100,
        priority: 1,
        more: true
      })
    }))

  it.effect("a query is embedded as one inside the override", () =>
    Effect.gen(function*() {
      const { fetch, sent } = stub(embedded([[1]]))
      const { embeddings } = yield* embedMany(["a"]).pipe(
        CohereEmbeddingModel.withConfigOverride({ inputType: "search_query" }),
        Effect.provide(layer(fetch))
      )
      assert.strictEqual(sent[0]?.body["input_type"], "search_query")
      // A list alone, as the first version of the API has it.
      assert.deepStrictEqual(embeddings.map((one) => one.vector), [[1]])
    }))

  it.effect("an error with a good status is one", () =>
    Effect.gen(function*() {
      const { fetch } = stub(json({ id: "e1", message: "too many tokens", error_type: "TOO_MANY_TOKENS" }))
      const error = yield* Effect.flip(Effect.provide(embedMany(["a"]), layer(fetch)))
      assert.strictEqual(ProviderError.kindOf(error), "ContextOverflow")
    }))
})

it.effect("the length of the vectors is known by name or by setting", () =>
  Effect.gen(function*() {
    const { fetch } = stub()
    const lengthOf = (name: string, dimensions?: number) =>
      Effect.map(Effect.context<never>(), (context) =>
        Option.getOrUndefined(Context.getOption(context, EmbeddingModel.Dimensions))).pipe(
          Effect.provide(CohereEmbeddingModel.model(name, { inputType: "clustering", dimensions })),
          Effect.provide(client(fetch))
        )
    assert.strictEqual(yield* lengthOf("embed-v4.0"), 1536)
    assert.strictEqual(yield* lengthOf("embed-english-light-v3.0"), 384)
    assert.strictEqual(yield* lengthOf("embed-v4.0", 256), 256)
    assert.isUndefined(yield* lengthOf("embed-v9.0"))
  }))

describe("embedTyped", () => {
  const ask = (inputs: ReadonlyArray<string>) =>
    CohereEmbeddingModel.embedTyped({
      model: "embed-v4.0",
      inputType: "search_document",
      embeddingTypes: ["int8", "ubinary"],
      inputs,
      concurrency: 1
    })

  it.effect("gives whole numbers and bits as arrays of their own", () =>
    Effect.gen(function*() {
      const { fetch, sent } = stub(embedded({ int8: [[-128, 127]], ubinary: [[0, 255]] }))
      const { embeddings, inputTokens } = yield* Effect.provide(ask(["a"]), client(fetch))
      assert.deepStrictEqual(embeddings, { int8: [Int8Array.of(-128, 127)], ubinary: [Uint8Array.of(0, 255)] })
      assert.strictEqual(inputTokens, 3)
      assert.deepStrictEqual(sent[0]?.body["embedding_types"], ["int8", "ubinary"])
      assert.isUndefined(sent[0]?.body["concurrency"])
    }))

  it.effect("splits to the limit of a request, and keeps the order", () =>
    Effect.gen(function*() {
      const of = (from: number, to: number) => Array.from({ length: to - from }, (_, at) => [(from + at) % 100])
      const { fetch, sent } = stub(
        embedded({ int8: of(0, 96), ubinary: of(0, 96) }),
        embedded({ int8: of(96, 100), ubinary: of(96, 100) })
      )
      const inputs = Array.from({ length: 100 }, (_, at) => `${at}`)
      const { embeddings, inputTokens } = yield* Effect.provide(ask(inputs), client(fetch))
      assert.lengthOf(sent, 2)
      assert.deepStrictEqual(embeddings.int8.map((one) => one[0]), inputs.map(Number))
      assert.strictEqual(inputTokens, 6)
    }))

  it.effect.each<readonly [string, unknown]>([
    ["too few of a type", { int8: [[1]], ubinary: [] }],
    ["none of a type", { int8: [[1]] }],
    ["a number the type does not hold", { int8: [[128]], ubinary: [[1]] }],
    ["a number below it", { int8: [[1]], ubinary: [[-1]] }],
    ["a fraction", { int8: [[0.5]], ubinary: [[1]] }],
    ["an empty vector", { int8: [[]], ubinary: [[1]] }]
  ])("%s is no answer", ([, embeddings]) =>
    Effect.gen(function*() {
      const { fetch } = stub(embedded(embeddings))
      const error = yield* Effect.flip(Effect.provide(ask(["a"]), client(fetch)))
      assert.strictEqual(ProviderError.kindOf(error), "InvalidOutput")
    }))

  it.effect("sends nothing for no texts", () =>
    Effect.gen(function*() {
      const { fetch, sent } = stub()
      const { embeddings, inputTokens } = yield* Effect.provide(ask([]), client(fetch))
      assert.deepStrictEqual(embeddings, { int8: [], ubinary: [] })
      assert.isUndefined(inputTokens)
      assert.lengthOf(sent, 0)
    }))
})
