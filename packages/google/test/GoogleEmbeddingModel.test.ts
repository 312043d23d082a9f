import { assert, describe, it } from "@effect/vitest"
import * as ProviderError from "@llm-layers/core/ProviderError"
import { Context, Duration, Effect, Layer, Option, Redacted } from "effect"
import { EmbeddingModel, Model } from "effect/ai"
import * as GoogleClient from "../src/GoogleClient.ts"
import * as GoogleEmbeddingModel from "../src/GoogleEmbeddingModel.ts"
import { type Answer, json, stub } from "./fixtures/stub.ts"

const client = (fetch: typeof globalThis.fetch) => GoogleClient.layer({ apiKey: Redacted.make("AIza-test-key"), fetch })

const embedded = (vectors: ReadonlyArray<unknown>, usageMetadata?: object) =>
  json({ embeddings: vectors.map((values) => ({ values })), ...(usageMetadata === undefined ? {} : { usageMetadata }) })

const layer = (
  fetch: typeof globalThis.fetch,
  options: GoogleEmbeddingModel.Config = {},
  name = "gemini-embedding-001"
) => Layer.provide(GoogleEmbeddingModel.layer(name, options), client(fetch))

const embedMany = (inputs: ReadonlyArray<string>) =>
  Effect.flatMap(EmbeddingModel.EmbeddingModel, (model) => model.embedMany(inputs))

const failing = (answer: Answer, inputs: ReadonlyArray<string> = ["a", "b"]) =>
  Effect.flip(Effect.provide(embedMany(inputs), layer(stub(answer).fetch)))

describe("a request", () => {
  // Newer models make one vector of all contents of a request. https://ai.google.dev/gemini-api/docs/embeddings
  it.effect("has one of its own for each text", () =>
    Effect.gen(function*() {
      const { fetch, sent } = stub(embedded([[1, 2], [3, 4]], { promptTokenCount: 5 }))
      const { embeddings, usage } = yield* Effect.provide(embedMany(["a", "b"]), layer(fetch))
      assert.deepStrictEqual(embeddings.map(({ vector }) => vector), [[1, 2], [3, 4]])
      assert.strictEqual(usage.inputTokens, 5)
      assert.strictEqual(
        sent[0]?.url,
        "https://generativelanguage.googleapis.com/v1beta/models/gemini-embedding-001:batchEmbedContents"
      )
      assert.strictEqual(sent[0]?.headers.get("x-goog-api-key"), "AIza-test-key")
      const one = (text: string) => ({ model: "models/gemini-embedding-001", content: { parts: [{ text }] } })
      assert.deepStrictEqual<unknown>(sent[0]?.body, { requests: [one("a"), one("b")] })
    }))

  it.effect("has the settings with each text, and the caller's own members over them", () =>
    Effect.gen(function*() {
      const { fetch, sent } = stub(embedded([[1]]))
      yield* Effect.provide(
        embedMany(["a"]),
        layer(fetch, {
          taskType: "RETRIEVAL_DOCUMENT",
          title: "T",
          dimensions: 1,
          concurrency: 9,
          extraBody: { title: "U", autoTruncate: false }
        })
      )
      assert.deepStrictEqual<unknown>(sent[0]?.body, {
        requests: [{
          model: "models/gemini-embedding-001",
          content: { parts: [{ text: "a" }] },
          taskType: "RETRIEVAL_DOCUMENT",
          title: "U",
          outputDimensionality: 1,
          autoTruncate: false
        }]
      })
    }))

  it.effect("has the settings around it, and is one with calls of the same settings alone", () =>
    Effect.gen(function*() {
      const { fetch, sent } = stub(embedded([[1], [1]]), embedded([[1]]))
      const query = GoogleEmbeddingModel.withConfigOverride({ taskType: "RETRIEVAL_QUERY" })
      yield* Effect.gen(function*() {
        const model = yield* EmbeddingModel.EmbeddingModel
        yield* Effect.all([model.embed("a"), query(model.embed("q")), model.embed("b")], { concurrency: "unbounded" })
      }).pipe(Effect.provide(layer(fetch, { taskType: "RETRIEVAL_DOCUMENT" })))
      const asked = sent.map(({ body }) =>
        (body["requests"] as ReadonlyArray<{ readonly taskType: string }>).map(({ taskType }) => taskType)
      )
      assert.deepStrictEqual(asked, [["RETRIEVAL_DOCUMENT", "RETRIEVAL_DOCUMENT"], ["RETRIEVAL_QUERY"]])
    }))

  it.effect("goes to a model by its full name", () =>
    Effect.gen(function*() {
      const { fetch, sent } = stub(embedded([[1]]))
      yield* Effect.provide(embedMany(["a"]), layer(fetch, {}, "tunedModels/mine"))
      assert.include(sent[0]?.url ?? "", "/v1beta/tunedModels/mine:batchEmbedContents")
      assert.include(JSON.stringify(sent[0]?.body), `"model":"tunedModels/mine"`)
    }))

  it.effect("has 100 texts at most", () =>
    Effect.gen(function*() {
      const inputs = Array.from({ length: 201 }, (_, at) => `${at}`)
      const vectors = inputs.map((_, at) => [at])
      const { fetch, sent } = stub(
        embedded(vectors.slice(0, 100), { promptTokenCount: 100 }),
        embedded(vectors.slice(100, 200), { promptTokenCount: 100 }),
        embedded(vectors.slice(200), { promptTokenCount: 1 })
      )
      const { embeddings, usage } = yield* Effect.provide(embedMany(inputs), layer(fetch, { concurrency: 1 }))
      assert.deepStrictEqual(sent.map(({ body }) => (body["requests"] as ReadonlyArray<unknown>).length), [100, 100, 1])
      assert.deepStrictEqual(embeddings.map(({ vector }) => vector), vectors)
      assert.strictEqual(usage.inputTokens, 201)
    }))
})

describe("what is wrong", () => {
  it.effect.each<readonly [string, unknown]>([
    ["too few vectors", { embeddings: [{ values: [1] }] }],
    ["too many", { embeddings: [{ values: [1] }, { values: [2] }, { values: [3] }] }],
    ["none", {}],
    ["an empty one", { embeddings: [{ values: [1] }, { values: [] }] }],
    ["one that is none", { embeddings: [{ values: [1] }, null] }],
    ["one with what is no number", { embeddings: [{ values: [1] }, { values: [null] }] }],
    ["one with a text", { embeddings: [{ values: [1] }, { values: ["NaN"] }] }]
  ])("%s", ([, answer]) =>
    Effect.gen(function*() {
      const error = yield* failing(json(answer))
      assert.strictEqual(ProviderError.kindOf(error), "InvalidOutput")
      assert.strictEqual(error.module, "GoogleEmbeddingModel")
    }))

  it.effect("is Google's own word, whatever the status", () =>
    Effect.gen(function*() {
      const details = [{ "@type": "type.googleapis.com/google.rpc.RetryInfo", retryDelay: "3s" }]
      const error = { error: { code: 429, message: "Slow down.", status: "RESOURCE_EXHAUSTED", details } }
      for (const status of [429, 200]) {
        const failure = yield* failing(json(error, { status }))
        assert.strictEqual(ProviderError.kindOf(failure), "RateLimited")
        assert.strictEqual(failure.retryAfter && Duration.toMillis(failure.retryAfter), 3000)
      }
      const missing = { error: { code: 404, message: "models/x is not found", status: "NOT_FOUND" } }
      assert.strictEqual(ProviderError.kindOf(yield* failing(json(missing, { status: 404 }))), "ModelNotFound")
    }))

  it.effect("counts that one answer leaves out are unknown in all", () =>
    Effect.gen(function*() {
      const { fetch } = stub(embedded([[1]]))
      const { usage } = yield* Effect.provide(embedMany(["a"]), layer(fetch))
      assert.isUndefined(usage.inputTokens)
    }))
})

describe("a model", () => {
  const read = <A>(effect: Effect.Effect<A>, name: string, dimensions?: number) =>
    effect.pipe(
      Effect.provide(GoogleEmbeddingModel.model(name, { dimensions })),
      Effect.provide(client(stub().fetch))
    )

  it.effect("knows the length of its vectors by name or by setting", () =>
    Effect.gen(function*() {
      const lengthOf = (name: string, dimensions?: number) =>
        read(
          Effect.map(
            Effect.context<never>(),
            (context) => Option.getOrUndefined(Context.getOption(context, EmbeddingModel.Dimensions))
          ),
          name,
          dimensions
        )
      assert.strictEqual(yield* lengthOf("gemini-embedding-001"), 3072)
      assert.strictEqual(yield* lengthOf("gemini-embedding-2"), 3072)
      assert.strictEqual(yield* lengthOf("gemini-embedding-001", 768), 768)
      assert.isUndefined(yield* lengthOf("gemini-embedding-9"))
    }))

  it.effect("has its name and its provider's for telemetry", () =>
    Effect.gen(function*() {
      const names = Effect.all([Model.ProviderName, Model.ModelName]).pipe(
        Effect.provide(GoogleEmbeddingModel.model("gemini-embedding-2")),
        Effect.provide(client(stub().fetch))
      )
      assert.deepStrictEqual(yield* names, ["google", "gemini-embedding-2"])
    }))
})
