import { assert, describe, it } from "@effect/vitest"
import * as Embedding from "@llm-layers/core/Embedding"
import * as ProviderError from "@llm-layers/core/ProviderError"
import * as Settings from "@llm-layers/core/Settings"
import { Context, Effect, Ref } from "effect"
import { withSpans } from "./fixtures/spans.ts"

const origin: ProviderError.Origin = { provider: "acme", module: "AcmeEmbeddingModel", method: "embedMany" }

const override = Settings.override<Embedding.Common>("acme/AcmeEmbeddingModel")

/** A model whose vectors hold the number that the text is; it keeps what was asked of it. */
const numbers = (
  given: Partial<Embedding.Driver<Embedding.Common>> = {}
) => {
  const sent: Array<ReadonlyArray<string>> = []
  const model = Embedding.make({
    origin,
    model: "numbers",
    limits: { inputs: 3, tokens: 40, tokensOfInput: 10 },
    settings: {},
    override,
    embed: (_, inputs) =>
      Effect.sync(() => {
        sent.push(inputs)
        return { vectors: inputs.map((text) => [Number(text)]), tokens: inputs.length }
      }),
    ...given
  })
  const embedMany = (inputs: ReadonlyArray<string>) => Effect.flatMap(model, (one) => one.embedMany(inputs))
  return { sent, model, embedMany }
}

describe("texts", () => {
  for (const count of [0, 1, 3, 4, 30]) {
    it.effect(`${count} come back in their order`, () =>
      Effect.gen(function*() {
        const { embedMany, sent } = numbers()
        const texts = Array.from({ length: count }, (_, at) => `${at}`)
        const { embeddings, usage } = yield* embedMany(texts)
        assert.deepStrictEqual(embeddings.map((one) => one.vector[0]), texts.map(Number))
        assert.deepStrictEqual(sent.flat().toSorted(), texts.toSorted())
        assert.isTrue(sent.every((group) => group.length <= 3))
        assert.strictEqual(usage.inputTokens, count === 0 ? undefined : count)
      }))
  }

  it.effect("that are long are split by their bytes, each counted as the limit of one at most", () =>
    Effect.gen(function*() {
      const { embedMany, sent } = numbers({ limits: { inputs: 100, tokens: 40, tokensOfInput: 10 } })
      yield* embedMany(Array.from({ length: 9 }, (_, at) => `${at}`.padStart(50, "0")))
      assert.deepStrictEqual(sent.map((group) => group.length), [4, 4, 1])
    }))

  it.effect("that are equal are sent once, in one request or another", () =>
    Effect.gen(function*() {
      const { embedMany, sent } = numbers()
      const { embeddings } = yield* embedMany(["1", "2", "1", "3", "4", "4", "1"])
      assert.deepStrictEqual(embeddings.map((one) => one.vector[0]), [1, 2, 1, 3, 4, 4, 1])
      assert.deepStrictEqual(sent, [["1", "2", "3"], ["4"]])
    }))

  it.effect("asked for one by one at the same time are one request", () =>
    Effect.gen(function*() {
      const { model, sent } = numbers()
      const service = yield* model
      yield* Effect.all([service.embed("1"), service.embed("2")], { concurrency: "unbounded" })
      assert.deepStrictEqual(sent, [["1", "2"]])
    }))

  it.effect("asked for with other settings are another request", () =>
    Effect.gen(function*() {
      const { model, sent } = numbers()
      const service = yield* model
      const other = override.withConfigOverride(service.embed("2"), { concurrency: 1 })
      yield* Effect.all([service.embed("1"), other, service.embed("3")], { concurrency: "unbounded" })
      assert.deepStrictEqual(sent, [["1", "3"], ["2"]])
    }))

  it.effect("that are refused fail before any request, with their place", () =>
    Effect.gen(function*() {
      const { embedMany, sent } = numbers({
        refuse: (input, index) =>
          input === "" ? ProviderError.make(origin, "InvalidRequest", { description: `Input ${index}` }) : undefined
      })
      const error = yield* Effect.flip(embedMany(["1", "2", "3", "4", ""]))
      assert.include(error.message, "Input 4")
      assert.lengthOf(sent, 0)
    }))

  it.effect("are sent in so many requests at once as the settings say", () =>
    Effect.gen(function*() {
      const most = yield* Ref.make(0)
      const running = yield* Ref.make(0)
      const { embedMany } = numbers({
        settings: { concurrency: 2 },
        embed: (_, inputs) =>
          Effect.gen(function*() {
            const now = yield* Ref.updateAndGet(running, (count) => count + 1)
            yield* Ref.update(most, (count) => Math.max(count, now))
            yield* Effect.yieldNow
            yield* Ref.update(running, (count) => count - 1)
            return { vectors: inputs.map(() => [0]), tokens: undefined }
          })
      })
      yield* embedMany(Array.from({ length: 30 }, (_, at) => `${at}`))
      assert.strictEqual(yield* Ref.get(most), 2)
    }))
})

describe("an answer that is none is a typed error:", () => {
  for (
    const [name, vectors] of [
      ["too few", []],
      ["too many", [[1], [2]]],
      ["empty", [[]]],
      ["not a number", [[Number.NaN]]],
      ["infinite", [[1, Number.POSITIVE_INFINITY]]],
      // What a decoder could hand on of an answer that is wrong.
      ["a text", [["1" as unknown as number]]]
    ] as const
  ) {
    it.effect(name, () =>
      Effect.gen(function*() {
        const { embedMany } = numbers({
          embed: () => Effect.succeed({ vectors: vectors.map((vector) => [...vector]), tokens: 1 })
        })
        const error = yield* Effect.flip(embedMany(["1"]))
        assert.strictEqual(error.reason._tag, "InvalidOutputError")
        assert.strictEqual(error.module, "AcmeEmbeddingModel")
      }))
  }
})

it.effect("each request is made inside of what is put around the model, which depends on the same", () =>
  Effect.gen(function*() {
    const { model, sent } = numbers()
    const inner = yield* model
    const seen: Array<Embedding.Request> = []
    const outer = yield* Embedding.around(inner, (request, answer) => {
      seen.push(request)
      return Effect.map(answer, ({ vectors }) => ({ vectors, tokens: 7 }))
    }) ?? Effect.die("not made by Embedding.make")
    const { usage } = yield* outer.embedMany(["1", "2", "3", "4"])
    assert.deepStrictEqual(seen.map(({ inputs }) => inputs), sent)
    assert.deepStrictEqual([seen[0]?.provider, seen[0]?.model, usage.inputTokens], ["acme", "numbers", 14])
    const context = Context.empty()
    assert.deepStrictEqual(Embedding.identityOf(outer)?.(context), Embedding.identityOf(inner)?.(context))
    assert.isUndefined(Embedding.around({ ...inner }, (_, answer) => answer))
  }))

it.effect("tokens are unknown where one request does not say them", () =>
  Effect.gen(function*() {
    const { embedMany } = numbers({
      embed: (_, inputs) =>
        Effect.succeed({ vectors: inputs.map(() => [0]), tokens: inputs.length === 3 ? 3 : undefined })
    })
    assert.strictEqual((yield* embedMany(["1", "2", "3"])).usage.inputTokens, 3)
    assert.isUndefined((yield* embedMany(["1", "2", "3", "4"])).usage.inputTokens)
  }))

describe("inOrder", () => {
  const item = (index: number | undefined, value: number) => ({ index, vector: [value] })

  it.effect("puts items in their places; one without a place has that at which it came", () =>
    Effect.gen(function*() {
      assert.deepStrictEqual(yield* Embedding.inOrder(origin, [item(1, 1), item(0, 0)], 2), [[0], [1]])
      assert.deepStrictEqual(yield* Embedding.inOrder(origin, [item(undefined, 0), item(undefined, 1)], 2), [[0], [1]])
    }))

  for (const [name, items] of [["twice", [0, 0]], ["out of range", [0, 2]], ["below", [-1, 0]]] as const) {
    it.effect(`refuses a place that is there ${name}`, () =>
      Effect.map(
        Effect.flip(Embedding.inOrder(origin, items.map((index) => item(index, 0)), 2)),
        (error) => assert.strictEqual(error.reason._tag, "InvalidOutputError")
      ))
  }
})

describe("decodeFloats", () => {
  it("reads 32-bit floats", () => {
    const floats = Float32Array.of(0.5, -2, 1e10)
    assert.deepStrictEqual(Embedding.decodeFloats(Buffer.from(floats.buffer).toString("base64")), [...floats])
  })

  it("has no number for what was torn", () =>
    assert.deepStrictEqual(Embedding.decodeFloats(Buffer.from([0, 0, 0, 63, 1]).toString("base64")), [0.5, Number.NaN]))
})

it.effect("the span says model, provider and tokens", () =>
  Effect.gen(function*() {
    const { spans } = yield* withSpans(numbers().embedMany(["1", "2"]))
    const attributes = Object.fromEntries(spans.flatMap((span) => [...span.attributes]))
    assert.strictEqual(attributes["gen_ai.request.model"], "numbers")
    assert.strictEqual(attributes["gen_ai.usage.input_tokens"], 2)
  }))

it.effect("what the vectors depend on is known: model, address and the settings around the call", () =>
  Effect.gen(function*() {
    const model = yield* numbers({ baseUrl: "https://api.acme.example", settings: { concurrency: 1 } }).model
    const identity = Embedding.identityOf(model)
    const context = Context.make(override.reference, { extraBody: { dimensions: 2 } })
    assert.deepStrictEqual(identity?.(context), {
      provider: "acme",
      module: "AcmeEmbeddingModel",
      model: "numbers",
      baseUrl: "https://api.acme.example",
      settings: { concurrency: 1, extraBody: { dimensions: 2 } }
    })
    assert.isUndefined(Embedding.identityOf({ ...model }))
  }))
