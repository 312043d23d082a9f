import { assert, describe, it } from "@effect/vitest"
import * as ProviderError from "@llm-layers/core/ProviderError"
import * as RerankModel from "@llm-layers/core/RerankModel"
import { Effect } from "effect"
import { withSpans } from "./fixtures/spans.ts"

const origin: ProviderError.Origin = { provider: "acme", module: "AcmeRerankModel", method: "rerank" }

/** A model that answers what it is told to, and keeps what was asked of it. */
const answering = (answer: RerankModel.Answer | Effect.Effect<never, ReturnType<typeof ProviderError.make>>) => {
  const asked: Array<RerankModel.Request> = []
  const model = RerankModel.make({
    origin,
    model: "acme-1",
    rerank: (request) =>
      Effect.suspend(() => {
        asked.push(request)
        return Effect.isEffect(answer) ? answer : Effect.succeed(answer)
      })
  })
  return { asked, model }
}

const [a, b, c] = [{ title: "a" }, { title: "b" }, { title: "c" }] as const
const documents = [a, b, c]
const scores = (...all: ReadonlyArray<readonly [number, number]>) => all.map(([index, score]) => ({ index, score }))

const kindOf = (effect: Effect.Effect<unknown, ReturnType<typeof ProviderError.make>>) =>
  Effect.map(Effect.flip(effect), (error) => ProviderError.kindOf(error))

describe("results", () => {
  it.effect("have the documents that were given, the best first", () =>
    Effect.gen(function*() {
      const { asked, model } = answering({
        id: "r1",
        results: scores([0, 0.1], [2, 0.9], [1, 0.5]),
        usage: { searchUnits: 1 }
      })
      const response = yield* model.rerank({ query: "q", documents })
      assert.deepStrictEqual(response, {
        id: "r1",
        results: [
          { index: 2, score: 0.9, document: c },
          { index: 1, score: 0.5, document: b },
          { index: 0, score: 0.1, document: a }
        ],
        usage: { searchUnits: 1 }
      })
      assert.deepStrictEqual(asked, [{ query: "q", documents }])
    }))

  it.effect("are no more than were asked for, and no fewer than there are", () =>
    Effect.gen(function*() {
      const { model } = answering({ results: scores([0, 0.1], [2, 0.9]) })
      const top = yield* model.rerank({ query: "q", documents, topN: 1 })
      assert.deepStrictEqual(top.results.map((one) => one.index), [2])
      assert.strictEqual(yield* kindOf(model.rerank({ query: "q", documents })), "InvalidOutput")
      const { results } = yield* model.rerank({ query: "q", documents: documents.slice(0, 3), topN: 2 })
      assert.lengthOf(results, 2)
    }))

  it.effect.each<readonly [string, RerankModel.Answer["results"]]>([
    ["of a document that is not there", scores([3, 1], [0, 1], [1, 1])],
    ["of one document twice", scores([0, 1], [0, 1], [1, 1])],
    ["without a place", [{ index: undefined, score: 1 }]],
    ["without a score", [{ index: 0, score: undefined }]],
    ["with a score that is none", scores([0, Number.NaN])]
  ])("%s are no answer", ([, results]) =>
    Effect.gen(function*() {
      const { model } = answering({ results })
      assert.strictEqual(yield* kindOf(model.rerank({ query: "q", documents })), "InvalidOutput")
    }))
})

describe("requests", () => {
  it.effect("none without documents", () =>
    Effect.gen(function*() {
      const { asked, model } = answering({ results: [] })
      const response = yield* model.rerank({ query: "q", documents: [] })
      assert.deepStrictEqual(response, { id: undefined, results: [], usage: {} })
      assert.lengthOf(asked, 0)
    }))

  it.effect("none for a number of results that is none", () =>
    Effect.gen(function*() {
      const { asked, model } = answering({ results: [] })
      for (const topN of [0, -1, 1.5, Number.NaN]) {
        assert.strictEqual(yield* kindOf(model.rerank({ query: "q", documents, topN })), "InvalidRequest")
      }
      assert.lengthOf(asked, 0)
    }))

  it.effect("go to the model that is provided", () =>
    Effect.gen(function*() {
      const { model } = answering({ results: scores([0, 1]) })
      const { results } = yield* RerankModel.rerank({ query: "q", documents: ["a"] }).pipe(
        Effect.provideService(RerankModel.RerankModel, model)
      )
      assert.deepStrictEqual(results.map((one) => one.document), ["a"])
    }))
})

describe("the span", () => {
  it.effect("has model and tokens, and no text", () =>
    Effect.gen(function*() {
      const { model } = answering({ id: "r1", results: scores([0, 1]), usage: { inputTokens: 7 } })
      const { spans } = yield* withSpans(model.rerank({ query: "a secret", documents: ["another secret"] }))
      assert.deepStrictEqual(spans.map((span) => [span.name, span.kind]), [["RerankModel.rerank", "client"]])
      assert.deepStrictEqual(Object.fromEntries(spans[0]?.attributes ?? []), {
        "gen_ai.provider.name": "acme",
        "gen_ai.operation.name": "rerank",
        "gen_ai.request.model": "acme-1",
        "gen_ai.response.id": "r1",
        "gen_ai.usage.input_tokens": 7
      })
    }))

  it.effect("says what kind of failure it was", () =>
    Effect.gen(function*() {
      const { model } = answering(Effect.fail(ProviderError.make(origin, "Overloaded")))
      const { spans } = yield* withSpans(model.rerank({ query: "q", documents: ["a"] }))
      assert.strictEqual(spans[0]?.attributes.get("error.type"), "Overloaded")
    }))
})
