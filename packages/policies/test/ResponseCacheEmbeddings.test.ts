import { assert, describe, it } from "@effect/vitest"
import { Embedding, ProviderError, Settings } from "@llm-layers/core"
import { Effect, Layer } from "effect"
import { type AiError, EmbeddingModel } from "effect/ai"
import { Persistence } from "effect/persistence"
import { TestClock } from "effect/testing"
import * as ResponseCache from "../src/ResponseCache.ts"

const override = Settings.override<Embedding.Common>("acme/AcmeEmbeddingModel")

/** A model whose vectors hold the length of the text and the number of the request. */
const make = (options: { readonly failing?: AiError.AiError; readonly model?: string } = {}) => {
  const asked: Array<ReadonlyArray<string>> = []
  const layer = Layer.effect(
    EmbeddingModel.EmbeddingModel,
    Embedding.make({
      origin: { provider: "acme", module: "AcmeEmbeddingModel", method: "embedMany" },
      model: options.model ?? "acme-1",
      limits: { inputs: 100 },
      settings: {},
      override,
      embed: (_, inputs) =>
        Effect.suspend(() => {
          asked.push(inputs)
          const vectors = inputs.map((text) => [text.length / 3, asked.length])
          return options.failing === undefined
            ? Effect.succeed({ vectors, tokens: inputs.length })
            : Effect.fail(options.failing)
        })
    })
  )
  return { asked, layer }
}

const embedMany = (texts: ReadonlyArray<string>) =>
  Effect.flatMap(EmbeddingModel.EmbeddingModel, (model) => model.embedMany(texts))

const vectorsOf = (response: EmbeddingModel.EmbedManyResponse) => response.embeddings.map(({ vector }) => [...vector])

describe("texts", () => {
  it.effect("that are known are not asked for, and vectors come in the order of the texts", () => {
    const { asked, layer } = make()
    return Effect.gen(function*() {
      yield* embedMany(["a", "bb"])
      const response = yield* embedMany(["ccc", "bb", "a", "ccc"])
      assert.deepStrictEqual(asked, [["a", "bb"], ["ccc"]])
      assert.deepStrictEqual(vectorsOf(response), [[1, 2], [2 / 3, 1], [1 / 3, 1], [1, 2]])
      assert.strictEqual(response.usage.inputTokens, 1)
      assert.strictEqual((yield* embedMany(["a"])).usage.inputTokens, 0)
      const one = yield* Effect.flatMap(EmbeddingModel.EmbeddingModel, (model) => model.embed("bb"))
      assert.deepStrictEqual([...one.vector], [2 / 3, 1])
      assert.strictEqual(asked.length, 2)
    }).pipe(Effect.provide(ResponseCache.embeddings(layer)))
  })

  it.effect("of other settings, and after the time to live, are asked for again", () => {
    const { asked, layer } = make()
    return Effect.gen(function*() {
      yield* embedMany(["a"])
      yield* override.withConfigOverride(embedMany(["a"]), { extraBody: { dimensions: 2 } })
      assert.strictEqual(asked.length, 2)
      yield* TestClock.adjust("1 minute")
      yield* embedMany(["a"])
      assert.strictEqual(asked.length, 3)
      yield* Effect.provideService(embedMany(["a"]), ResponseCache.Mode, "bypass")
      yield* Effect.provideService(embedMany(["a"]), ResponseCache.Mode, "refresh")
      assert.deepStrictEqual(vectorsOf(yield* embedMany(["a"])), [[1 / 3, 5]])
    }).pipe(Effect.provide(ResponseCache.embeddings(layer, { timeToLive: "1 minute" })))
  })

  it.effect("single ones that are gathered are kept apart by their settings", () => {
    const { asked, layer } = make()
    return Effect.gen(function*() {
      const embed = Effect.flatMap(EmbeddingModel.EmbeddingModel, (model) => model.embed("a"))
      yield* Effect.all([embed, override.withConfigOverride(embed, { extraBody: { dimensions: 2 } })], {
        concurrency: 2
      })
      assert.strictEqual(asked.length, 2)
    }).pipe(Effect.provide(ResponseCache.embeddings(layer)))
  })

  it.effect("of another model are others in a store that both share", () => {
    const one = make()
    const other = make({ model: "acme-2" })
    const again = make()
    return Effect.gen(function*() {
      for (const { layer } of [one, other, again]) {
        yield* Effect.provide(embedMany(["a"]), ResponseCache.embeddingsShared(layer))
      }
      assert.deepStrictEqual([one, other, again].map(({ asked }) => asked.length), [1, 1, 0])
    }).pipe(Effect.provide(ResponseCache.layerMemory()))
  })

  it.effect("whose request fails are not kept", () => {
    const failing = ProviderError.make({ provider: "acme", module: "Acme", method: "embedMany" }, "Overloaded")
    const { asked, layer } = make({ failing })
    return Effect.gen(function*() {
      assert.strictEqual(ProviderError.kindOf(yield* Effect.flip(embedMany(["a"]))), "Overloaded")
      yield* Effect.flip(embedMany(["a"]))
      assert.strictEqual(asked.length, 2)
    }).pipe(Effect.provide(ResponseCache.embeddings(layer)))
  })
})

describe("a store that fails", () => {
  const error = new Persistence.PersistenceError({ message: "Failed to get key" })
  const failing = Effect.fail(error)
  const store = Layer.succeed(Persistence.BackingPersistence, {
    make: () =>
      Effect.succeed({
        get: () => failing,
        getMany: () => failing,
        set: () => failing,
        setMany: () => failing,
        remove: () => failing,
        clear: failing
      })
  })

  it.effect("leaves the vectors to the model, or fails the call", () => {
    const { asked, layer } = make()
    const under = (onStoreFailure: "open" | "closed") =>
      Effect.provide(
        embedMany(["a"]),
        ResponseCache.embeddingsShared(layer, { onStoreFailure }).pipe(Layer.provide(store))
      )
    return Effect.gen(function*() {
      assert.deepStrictEqual(vectorsOf(yield* under("open")), [[1 / 3, 1]])
      assert.strictEqual(ProviderError.kindOf(yield* Effect.flip(under("closed"))), "StoreFailed")
      assert.strictEqual(asked.length, 1)
    })
  })
})

it.effect("a model of others, whose settings are not known, is not cached", () => {
  const asked: Array<ReadonlyArray<string>> = []
  const layer = Layer.effect(
    EmbeddingModel.EmbeddingModel,
    EmbeddingModel.make({
      embedMany: ({ inputs }) =>
        Effect.sync(() => (asked.push(inputs), { results: inputs.map(() => [1]), usage: { inputTokens: 1 } }))
    })
  )
  return Effect.gen(function*() {
    yield* embedMany(["a"])
    yield* embedMany(["a"])
    assert.strictEqual(asked.length, 2)
  }).pipe(Effect.provide(ResponseCache.embeddings(layer)))
})

it.effect("options that cannot be used are told per call", () =>
  Effect.gen(function*() {
    const { layer } = make()
    const error = yield* Effect.flip(
      Effect.provide(embedMany(["a"]), ResponseCache.embeddings(layer, { maxEntries: 0 }))
    )
    assert.strictEqual(ProviderError.kindOf(error), "Unsupported")
  }))
