import { assert, describe, it } from "@effect/vitest"
import { Connection, Embedding, Pricing, ProviderError, Settings, TokenEstimate } from "@llm-layers/core"
import { LoopbackServer } from "@llm-layers/testing"
import { BigDecimal, Effect, Fiber, Layer, Metric, Redacted } from "effect"
import { EmbeddingModel, Model } from "effect/ai"
import * as Meters from "../src/internal/ledger/meters.ts"
import * as ResponseCache from "../src/ResponseCache.ts"
import * as UsageLedger from "../src/UsageLedger.ts"

const override = Settings.override<Embedding.Common>("acme/AcmeEmbeddingModel")
const origin = { provider: "acme", module: "AcmeEmbeddingModel", method: "embedMany" }

/** Two texts a request, and as many tokens as the server says. */
const layer = (url: string) =>
  Layer.effect(
    EmbeddingModel.EmbeddingModel,
    Effect.flatMap(
      Connection.make({ apiKey: Redacted.make("secret"), baseUrl: url }, {
        errors: { rows: [], decodeError: () => ({}) },
        baseUrl: url,
        keyHeaders: (key) => ({ authorization: `Bearer ${key}` })
      }),
      (connection) =>
        Embedding.make({
          origin,
          model: "acme-1",
          limits: { inputs: 2 },
          settings: { concurrency: 1 },
          override,
          embed: (_, inputs) =>
            Effect.map(connection.json({ origin, path: "/embed", body: inputs }), ({ json }) => {
              // What this test's server sends.
              const { tokens } = json as { readonly tokens?: number }
              return { vectors: inputs.map((text) => [text.length]), tokens }
            })
        })
    )
  )

const embedMany = (texts: ReadonlyArray<string>) =>
  Effect.flatMap(EmbeddingModel.EmbeddingModel, (model) => model.embedMany(texts))

const entries = Effect.flatMap(UsageLedger.UsageLedger, (ledger) => ledger.entries)

const facts = (entry: UsageLedger.Entry) => [
  entry.outcome,
  entry.kind,
  entry.status,
  entry.usage.inputTokens.total,
  entry.usage.outputTokens.total,
  entry.requests
]

const says = (tokens?: number): LoopbackServer.Plan => ({ body: JSON.stringify({ tokens }) })

const under = (plans: LoopbackServer.Plans, options?: UsageLedger.Options) =>
  Effect.map(LoopbackServer.make(plans), (server) => ({
    server,
    layer: Layer.provideMerge(UsageLedger.embeddings(layer(server.url)), UsageLedger.layer(options))
  }))

describe("embeddings", () => {
  it.effect("are booked by the request", () =>
    Effect.gen(function*() {
      const one = yield* under([says(5), says(2)])
      const perToken: Pricing.PriceList = ({ usage }) => BigDecimal.fromBigInt(BigInt(usage.inputTokens.total ?? 0))
      yield* Effect.gen(function*() {
        const [{ usage }, measured] = yield* UsageLedger.measure(embedMany(["a", "b", "c", "a"]))
        assert.strictEqual(usage.inputTokens, 7)
        assert.deepStrictEqual(measured.map(facts), [
          ["answered", undefined, "reported", 5, 0, 1],
          ["answered", undefined, "reported", 2, 0, 1]
        ])
        const [first] = yield* entries
        assert.deepStrictEqual([first?.provider, first?.model, first?.method], ["acme", "acme-1", "embedMany"])
        const [total] = yield* Effect.flatMap(UsageLedger.UsageLedger, (ledger) => ledger.totals)
        assert.strictEqual(BigDecimal.format(total?.cost ?? BigDecimal.fromBigInt(0n)), "7")
        const model = {
          "gen_ai.operation.name": "embeddings",
          "gen_ai.provider.name": "acme",
          "gen_ai.request.model": "acme-1"
        }
        const tokens = (type: string) => Metric.value(Meters.tokenUsage({ ...model, "gen_ai.token.type": type }))
        assert.deepStrictEqual([(yield* tokens("input")).sum, (yield* tokens("output")).count], [7, 0])
      }).pipe(
        Effect.provide(one.layer),
        Effect.provideService(Pricing.Prices, perToken),
        Effect.provideService(Metric.MetricRegistry, new Map())
      )
    }))

  it.effect("that were refused, interrupted or not counted by the vendor are booked, too", () =>
    Effect.gen(function*() {
      const one = yield* under([{ status: 500, body: "{}" }, says(), "silence"])
      yield* Effect.gen(function*() {
        assert.strictEqual(ProviderError.kindOf(yield* Effect.flip(embedMany(["some text"]))), "ProviderFailed")
        yield* embedMany(["some text"])
        const left = yield* Effect.forkChild(embedMany(["some text"]))
        yield* one.server.received(3)
        yield* Fiber.interrupt(left)
        const tokens = TokenEstimate.ofText("some text")
        assert.deepStrictEqual((yield* entries).map(facts), [
          ["failed", "ProviderFailed", "estimated", 0, 0, 1],
          ["answered", undefined, "estimated", tokens, 0, 1],
          ["interrupted", undefined, "estimated", tokens, 0, 1]
        ])
        yield* one.server.closed
      }).pipe(Effect.provide(one.layer))
    }))

  it.effect("that a cache outside knows are not", () =>
    Effect.gen(function*() {
      const server = yield* LoopbackServer.make([says(3)])
      const cached = ResponseCache.embeddings(UsageLedger.embeddings(layer(server.url)))
      yield* Effect.gen(function*() {
        yield* embedMany(["a"])
        yield* embedMany(["a"])
        assert.strictEqual((yield* entries).length, 1)
      }).pipe(Effect.provide(Layer.provideMerge(cached, UsageLedger.layer())))
    }))

  it.effect("of a model of others are booked by the call", () => {
    const foreign = Layer.effect(
      EmbeddingModel.EmbeddingModel,
      EmbeddingModel.make({
        embedMany: ({ inputs }) =>
          Effect.succeed({ results: inputs.map((text) => [text.length]), usage: { inputTokens: 4 } })
      })
    )
    const named = Model.make("others", "theirs", UsageLedger.embeddings(foreign))
    return Effect.gen(function*() {
      yield* embedMany(["a", "b"])
      yield* embedMany([])
      yield* Effect.flatMap(EmbeddingModel.EmbeddingModel, (model) => model.embed("some text"))
      assert.deepStrictEqual((yield* entries).map(facts), [
        ["answered", undefined, "reported", 4, 0, undefined],
        ["answered", undefined, "estimated", TokenEstimate.ofText("some text"), 0, undefined]
      ])
    }).pipe(Effect.provide(Layer.provideMerge(named, UsageLedger.layer())))
  })

  it.effect("are refused under options that cannot be used", () =>
    Effect.gen(function*() {
      const one = yield* under([], { keep: -1 })
      const error = yield* Effect.flip(Effect.provide(embedMany(["a"]), one.layer))
      assert.strictEqual(ProviderError.kindOf(error), "Unsupported")
      assert.include(error.message, "keep")
    }))
})
