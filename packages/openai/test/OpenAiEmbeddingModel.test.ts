import { assert, describe, it } from "@effect/vitest"
import * as ProviderError from "@llm-layers/core/ProviderError"
import * as OpenAiClient from "@llm-layers/openai/OpenAiClient"
import * as OpenAiEmbeddingModel from "@llm-layers/openai/OpenAiEmbeddingModel"
import { Effect, Layer, Redacted } from "effect"
import { EmbeddingModel, type Model } from "effect/ai"

interface Body {
  readonly model: string
  readonly input: ReadonlyArray<string>
  readonly encoding_format: string
  readonly dimensions?: number
  readonly [key: string]: unknown
}

/** 32-bit floats, little-endian, as OpenAI sends them. */
const base64 = (vector: ReadonlyArray<number>) => Buffer.from(new Float32Array(vector).buffer).toString("base64")

/** The number in a text such as `input 17`, as a vector. */
const vectorOf = (input: string) => [Number(input.replace(/\D/g, "")), 0.5]

const item = (index: number, embedding: unknown) => ({ object: "embedding", index, embedding })

/** Answers as OpenAI does, the items in a wrong order. */
const respond = (body: Body): unknown => ({
  object: "list",
  data: body.input.map((input, index) =>
    item(index, body.encoding_format === "base64" ? base64(vectorOf(input)) : vectorOf(input))
  ).toReversed(),
  model: body.model,
  usage: { prompt_tokens: body.input.length, total_tokens: body.input.length }
})

const stub = (answer: (body: Body, at: number) => unknown = respond, status = 200) => {
  const sent: Array<Body> = []
  const fetch: typeof globalThis.fetch = async (_, init) => {
    const body: Body = JSON.parse(await new globalThis.Response(init?.body ?? null).text())
    sent.push(body)
    return new globalThis.Response(JSON.stringify(answer(body, sent.length - 1)), {
      status,
      headers: { "content-type": "application/json" }
    })
  }
  return { client: OpenAiClient.layer({ apiKey: Redacted.make("test"), fetch }), sent }
}

const inputs = (count: number) => Array.from({ length: count }, (_, at) => `input ${at}`)

const embedMany = (input: ReadonlyArray<string>) =>
  Effect.flatMap(EmbeddingModel.EmbeddingModel, (model) => model.embedMany(input))

const small = (options: OpenAiEmbeddingModel.Config = {}) =>
  OpenAiEmbeddingModel.model("text-embedding-3-small", options)

describe("a request", () => {
  it.effect("asks for base64 and reads it", () => {
    const { client, sent } = stub()
    return Effect.gen(function*() {
      const { embeddings, usage } = yield* embedMany(["input 1", "input 2"])
      assert.deepStrictEqual(sent, [
        { model: "text-embedding-3-small", input: ["input 1", "input 2"], encoding_format: "base64" }
      ])
      assert.deepStrictEqual(embeddings.map((one) => one.vector), [[1, 0.5], [2, 0.5]])
      assert.strictEqual(usage.inputTokens, 2)
    }).pipe(Effect.provide(Layer.provide(small(), client)))
  })

  it.effect("has the settings, and the caller's own members over them", () => {
    const { client, sent } = stub()
    const options = {
      dimensions: 2,
      encodingFormat: "float",
      user: "u1",
      extraBody: { user: "u2", priority: 1 }
    } as const
    return Effect.gen(function*() {
      const { embeddings } = yield* embedMany(["input 3"])
      assert.deepStrictEqual(sent, [{
        model: "text-embedding-3-small",
        input: ["input 3"],
        encoding_format: "float",
        dimensions: 2,
        user: "u2",
        priority: 1
      }])
      assert.deepStrictEqual(embeddings.map((one) => one.vector), [[3, 0.5]])
    }).pipe(Effect.provide(Layer.provide(small(options), client)))
  })
})

describe("any number of inputs", () => {
  // Source: API reference, `input`: 2048 at most in one request.
  it.effect.each<readonly [number, ReadonlyArray<number>]>([
    [0, []],
    [1, [1]],
    [2048, [2048]],
    [2049, [2048, 1]],
    [20_480, Array.from({ length: 10 }, () => 2048)]
  ])("%i inputs are requests of %j, in order", ([count, sizes]) => {
    const { client, sent } = stub()
    return Effect.gen(function*() {
      const { embeddings, usage } = yield* embedMany(inputs(count))
      assert.deepStrictEqual(sent.map((body) => body.input.length), sizes)
      assert.isTrue(embeddings.every((one, at) => one.vector[0] === at))
      assert.strictEqual(embeddings.length, count)
      assert.strictEqual(usage.inputTokens, count === 0 ? undefined : count)
    }).pipe(Effect.provide(Layer.provide(small({ concurrency: 1 }), client)))
  })

  it.effect("long ones are split below 300,000 tokens, counted as bytes and 8,192 at most each", () => {
    const { client, sent } = stub()
    return Effect.gen(function*() {
      // 36 times 8,192 is the most that fits.
      yield* embedMany(Array.from({ length: 100 }, (_, at) => "é".repeat(5000 + at)))
      assert.deepStrictEqual(sent.map((body) => body.input.length), [36, 36, 28])
      sent.length = 0
      yield* embedMany(Array.from({ length: 301 }, (_, at) => `${at}`.padEnd(1000)))
      assert.deepStrictEqual(sent.map((body) => body.input.length), [300, 1])
    }).pipe(Effect.provide(Layer.provide(small({ concurrency: 1 }), client)))
  })

  it.effect("equal ones are sent once", () => {
    const { client, sent } = stub()
    return Effect.gen(function*() {
      const { embeddings } = yield* embedMany(["1", "0", "1", "1"])
      assert.deepStrictEqual(sent.map((body) => body.input), [["1", "0"]])
      assert.deepStrictEqual(embeddings.map((one) => one.vector[0]), [1, 0, 1, 1])
    }).pipe(Effect.provide(Layer.provide(small(), client)))
  })

  it.effect("keep their order when requests overlap", () => {
    const { client, sent } = stub()
    return Effect.gen(function*() {
      const { embeddings } = yield* embedMany(inputs(5000))
      assert.strictEqual(sent.length, 3)
      assert.isTrue(embeddings.every((one, at) => one.vector[0] === at))
    }).pipe(Effect.provide(Layer.provide(small(), client)))
  })

  it.effect("single calls at once are one request; other settings are another", () => {
    const { client, sent } = stub()
    return Effect.gen(function*() {
      const model = yield* EmbeddingModel.EmbeddingModel
      const short = OpenAiEmbeddingModel.withConfigOverride({ dimensions: 2 })
      yield* Effect.all(
        [model.embed("input 1"), short(model.embed("input 2")), model.embed("input 3"), short(model.embed("input 4"))],
        { concurrency: "unbounded" }
      )
      assert.deepStrictEqual(sent.map(({ dimensions, input }) => [dimensions, input]), [
        [undefined, ["input 1", "input 3"]],
        [2, ["input 2", "input 4"]]
      ])
    }).pipe(Effect.provide(Layer.provide(small(), client)))
  })
})

describe("what is wrong", () => {
  const failing = (data: (body: Body) => ReadonlyArray<unknown>) => {
    const { client } = stub((body) => ({ data: data(body), usage: { prompt_tokens: 1 } }))
    return Effect.flip(embedMany(["input 1", "input 2"])).pipe(Effect.provide(Layer.provide(small(), client)))
  }

  it.effect("in an answer is an error of a type: count, place, numbers", () =>
    Effect.gen(function*() {
      const good = base64([1, 2])
      const answers: ReadonlyArray<ReadonlyArray<unknown>> = [
        [item(0, good)],
        [item(0, good), item(0, good)],
        [item(0, good), item(2, good)],
        [item(0, good), item(1, base64([1, Number.NaN]))],
        [item(0, good), item(1, [1, null])],
        [item(0, good), item(1, [])],
        [item(0, good), item(1, Buffer.from("abcde").toString("base64"))],
        [item(0, good), {}]
      ]
      for (const data of answers) {
        const error = yield* failing(() => data)
        assert.strictEqual(ProviderError.kindOf(error), "InvalidOutput", JSON.stringify(data))
        assert.strictEqual(error.module, "OpenAiEmbeddingModel")
      }
    }))

  it.effect("with the request is OpenAI's own word, and an empty input is not sent", () => {
    const error = { error: { message: "The model `x` does not exist.", code: "model_not_found", param: null } }
    const unknown = stub(() => error, 404)
    const inside = stub(() => error)
    const empty = stub()
    const kindWith = (client: typeof empty.client, input: ReadonlyArray<string>) =>
      Effect.flip(embedMany(input)).pipe(
        Effect.map(ProviderError.kindOf),
        Effect.provide(Layer.provide(small(), client))
      )
    return Effect.gen(function*() {
      assert.strictEqual(yield* kindWith(unknown.client, ["input 1"]), "ModelNotFound")
      assert.strictEqual(yield* kindWith(inside.client, ["input 1"]), "ModelNotFound")
      assert.strictEqual(yield* kindWith(empty.client, ["input 1", ""]), "InvalidRequest")
      assert.deepStrictEqual(empty.sent, [])
    })
  })

  it.effect("counts that one answer leaves out are unknown in all", () => {
    const { client } = stub((body, at) => at === 0 ? respond(body) : { ...respond(body) as object, usage: undefined })
    return Effect.gen(function*() {
      const { usage } = yield* embedMany(inputs(2049))
      assert.isUndefined(usage.inputTokens)
    }).pipe(Effect.provide(Layer.provide(small({ concurrency: 1 }), client)))
  })
})

describe("the length of the vectors", () => {
  it.effect("is known from the name or from what was asked for", () => {
    const { client } = stub()
    const dimensions = (
      model: Model.Model<"openai", EmbeddingModel.EmbeddingModel | EmbeddingModel.Dimensions, OpenAiClient.OpenAiClient>
    ) => Effect.provide(EmbeddingModel.Dimensions, Layer.provide(model, client))
    return Effect.gen(function*() {
      assert.strictEqual(yield* dimensions(OpenAiEmbeddingModel.model("text-embedding-3-large")), 3072)
      assert.strictEqual(
        yield* dimensions(OpenAiEmbeddingModel.model("text-embedding-3-large", { dimensions: 256 })),
        256
      )
      assert.strictEqual(yield* dimensions(OpenAiEmbeddingModel.model("acme-embed" as string, { dimensions: 64 })), 64)
      const named = "acme-embed" as string
      // @ts-expect-error the length is not known
      assert.isTrue(Effect.isEffect(dimensions(OpenAiEmbeddingModel.model(named))))
    })
  })
})
