import { assert, describe, it } from "@effect/vitest"
import * as ModelCatalog from "@llm-layers/registry/ModelCatalog"
import * as ModelFacts from "@llm-layers/registry/ModelFacts"
import { BigDecimal, Effect } from "effect"

const dollars = BigDecimal.fromStringUnsafe

const facts = (id: string, known: ModelFacts.Known, source: ModelFacts.Source = "user", provider = "acme") =>
  ModelFacts.make(provider, id, known, source)

const ids = (catalog: ModelCatalog.Catalog, query: ModelCatalog.Query) => catalog.find(query).map(({ id }) => id)

describe("get", () => {
  const catalog = ModelCatalog.make([
    facts("big", { name: "Big", aliases: ["large"], contextTokens: 100, prices: { input: dollars("1") } })
  ])

  it("finds a model by its id and by another name of it", () => {
    assert.strictEqual(catalog.get("acme", "big")?.name, "Big")
    assert.strictEqual(catalog.get("acme", "large")?.id, "big")
    assert.isUndefined(catalog.get("other", "big"))
    assert.isUndefined(catalog.get("acme", "bigger"))
  })

  it.each(["big-2026-01-31", "big-20260131", "big-001", "big-latest", "big@20260131"])(
    "has the limits of the model for its version %s, by rule, and no prices",
    (id) => {
      const found = catalog.get("acme", id)
      assert.strictEqual(found?.id, id)
      assert.strictEqual(found?.contextTokens, 100)
      assert.strictEqual(found?.sources.contextTokens, "rule")
      assert.isUndefined(found?.prices)
    }
  )
})

describe("rules", () => {
  const catalog = (...more: ReadonlyArray<ModelFacts.ModelFacts>) =>
    ModelCatalog.make([
      facts("big", { contextTokens: 100, tools: true, prices: { input: dollars("1") } }, "generated"),
      ...more
    ])

  it("fill what a vendor or the program does not say of a version, and nothing of one that the list has", () => {
    const released = facts("big-2026-01-31", { released: "2026-01-31" }, "vendor")
    const model = catalog(released).get("acme", "big-2026-01-31")
    assert.deepStrictEqual([model?.contextTokens, model?.released], [100, "2026-01-31"])
    assert.deepStrictEqual(model?.sources, { contextTokens: "rule", tools: "rule", released: "vendor" })
    assert.isUndefined(model?.prices)
    assert.deepStrictEqual(ids(catalog(released), { tools: true }), ["big", "big-2026-01-31"])
    const listed = facts("big-2026-01-31", { contextTokens: 50 }, "generated")
    assert.isUndefined(catalog(listed).get("acme", "big-2026-01-31")?.tools)
  })

  it("know the names of OpenRouter that choose among its hosts, and not those of other models", () => {
    assert.strictEqual(catalog().get("acme", "big:nitro")?.contextTokens, 100)
    for (const name of ["big:free", "big:extended", "big:thinking"]) assert.isUndefined(catalog().get("acme", name))
  })

  it.effect("are for a model's own name as well", () =>
    Effect.gen(function*() {
      const model = yield* catalog().resolve("big-2026-01-31")
      assert.deepStrictEqual([ModelCatalog.nameOf(model), model.sources.tools], ["acme/big-2026-01-31", "rule"])
    }))
})

describe("resolve", () => {
  const catalog = ModelCatalog.make([
    facts("big", {}),
    facts("big", {}, "user", "other"),
    facts("small", {}),
    facts("acme/small", {}, "user", "router")
  ])
  const resolved = (name: string) =>
    Effect.match(catalog.resolve(name), { onFailure: (error) => error.message, onSuccess: ModelCatalog.nameOf })

  it.effect("takes a name with its provider, and one that a single provider has", () =>
    Effect.gen(function*() {
      assert.strictEqual(yield* resolved("other/big"), "other/big")
      assert.strictEqual(yield* resolved("small"), "acme/small")
      assert.strictEqual(yield* resolved("router/acme/small"), "router/acme/small")
    }))

  it.effect("takes a model that names itself among its other names, and an id before another's other name", () =>
    Effect.gen(function*() {
      const catalog = ModelCatalog.make([facts("a", { aliases: ["a", "b"] }), facts("b", {})])
      assert.strictEqual((yield* catalog.resolve("a")).id, "a")
      assert.strictEqual((yield* catalog.resolve("b")).id, "b")
    }))

  it("takes a part of a name for like it, the shorter names first", () => {
    const catalog = ModelCatalog.make([facts("claude-sonnet-4-5", {}), facts("claude-sonnet-5", {}), facts("big", {})])
    assert.deepStrictEqual(catalog.nearest("Sonnet"), ["acme/claude-sonnet-5", "acme/claude-sonnet-4-5"])
    assert.deepStrictEqual(catalog.nearest("acme/claude-s"), ["acme/claude-sonnet-5", "acme/claude-sonnet-4-5"])
    assert.deepStrictEqual(catalog.nearest("so"), [])
  })

  it.effect("looks for names like a very long one at once", () =>
    Effect.gen(function*() {
      const list = yield* ModelCatalog.generated
      const catalog = ModelCatalog.make(list)
      const before = performance.now()
      assert.deepStrictEqual(catalog.nearest("gpt ".repeat(100_000)), [])
      assert.isBelow(performance.now() - before, 200)
    }))

  it.effect("says what is ambiguous, and what is like an unknown name", () =>
    Effect.gen(function*() {
      assert.strictEqual(
        yield* resolved("big"),
        `Several providers have a model "big": say which, as in acme/big, other/big`
      )
      assert.strictEqual(
        yield* resolved("smal"),
        `The catalogue has no model "smal". Did you mean acme/small, router/acme/small?`
      )
      assert.strictEqual(yield* resolved("nothing like it"), `The catalogue has no model "nothing like it".`)
    }))
})

describe("find", () => {
  const catalog = ModelCatalog.make([
    facts("a", { tools: true, input: ["text", "image"], contextTokens: 10, prices: { input: dollars("2") } }),
    facts("b", { tools: true, input: ["text"], contextTokens: 20, released: "2026-03-01" }),
    facts("c", { tools: false, reasoning: true, output: ["audio"], status: "deprecated" }),
    facts("d", {}, "user", "other")
  ])

  it("gives the models of which all is known that is asked for", () => {
    assert.deepStrictEqual(ids(catalog, {}), ["a", "b", "d"])
    assert.deepStrictEqual(ids(catalog, { tools: true }), ["a", "b"])
    assert.deepStrictEqual(ids(catalog, { input: ["image", "text"] }), ["a"])
    assert.deepStrictEqual(ids(catalog, { minContextTokens: 11 }), ["b"])
    assert.deepStrictEqual(ids(catalog, { maxPrice: { input: 2 } }), ["a"])
    assert.deepStrictEqual(ids(catalog, { maxPrice: { input: 1.99 } }), [])
    assert.deepStrictEqual(ids(catalog, { releasedSince: "2026-03" }), ["b"])
    assert.deepStrictEqual(ids(catalog, { provider: "other" }), ["d"])
    assert.deepStrictEqual(ids(catalog, { deprecated: true, reasoning: true, output: ["audio"] }), ["c"])
  })
})

describe("merge", () => {
  it("takes each fact from the strongest source, in whatever order they come", () => {
    const all = [
      facts("a", { name: "generated", contextTokens: 1, outputTokens: 1, tools: true }, "generated"),
      facts("a", { contextTokens: 2, outputTokens: 2 }, "vendor"),
      facts("a", { contextTokens: 3 }, "user")
    ]
    for (const order of [all, all.toReversed()]) {
      const model = ModelCatalog.make(order).get("acme", "a")
      assert.deepStrictEqual(
        [model?.name, model?.contextTokens, model?.outputTokens, model?.tools],
        ["generated", 3, 2, true]
      )
      assert.deepStrictEqual(model?.sources, {
        name: "generated",
        contextTokens: "user",
        outputTokens: "vendor",
        tools: "generated"
      })
    }
  })

  it("takes what a vendor lists, and no count that is none", () => {
    const [listed] = ModelCatalog.fromListed("acme", [
      { id: "a", name: "A", contextTokens: 0, outputTokens: 5, released: new Date("2026-01-02T03:04:05Z") }
    ])
    assert.deepStrictEqual(
      listed,
      ModelFacts.make("acme", "a", { name: "A", outputTokens: 5, released: "2026-01-02" }, "vendor")
    )
  })
})

describe("layer", () => {
  it.effect("has the list that comes with the package, which decodes whole", () =>
    Effect.gen(function*() {
      const { date } = yield* ModelCatalog.generatedAt
      assert.match(date, /^\d{4}-\d{2}-\d{2}$/)
      const catalog = yield* ModelCatalog.ModelCatalog
      assert.isAbove(catalog.models.length, 500)
      const model = catalog.get("anthropic", "claude-sonnet-4-5")
      assert.strictEqual(model?.sources.contextTokens, "generated")
      assert.strictEqual(model?.prices?.input && BigDecimal.format(model.prices.input), "3")
      assert.include(catalog.nearest("claude-sonet-4-5"), "anthropic/claude-sonnet-4-5")
    }).pipe(Effect.provide(ModelCatalog.layer())))

  it.effect("puts the program's own facts above it, or has them alone", () =>
    Effect.gen(function*() {
      const own = [facts("claude-sonnet-4-5", { contextTokens: 7 }, "user", "anthropic")]
      const read = Effect.map(ModelCatalog.ModelCatalog, (catalog) => catalog)
      const above = yield* Effect.provide(read, ModelCatalog.layer({ facts: own }))
      assert.strictEqual(above.get("anthropic", "claude-sonnet-4-5")?.contextTokens, 7)
      assert.strictEqual(above.get("anthropic", "claude-sonnet-4-5")?.tools, true)
      const alone = yield* Effect.provide(read, ModelCatalog.layer({ facts: own, generated: false }))
      assert.lengthOf(alone.models, 1)
    }))
})
