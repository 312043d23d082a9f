import { assert, describe, it } from "@effect/vitest"
import * as Pricing from "@llm-layers/core/Pricing"
import * as Usage from "@llm-layers/core/Usage"
import * as Cost from "@llm-layers/registry/Cost"
import * as ModelCatalog from "@llm-layers/registry/ModelCatalog"
import * as ModelFacts from "@llm-layers/registry/ModelFacts"
import { BigDecimal, Effect, Layer } from "effect"

const dollars = BigDecimal.fromStringUnsafe

const prices: ModelFacts.Prices = {
  input: dollars("3"),
  output: dollars("15"),
  cacheRead: dollars("0.3"),
  cacheWrite: dollars("3.75")
}

const shown = (cost: Cost.Cost | undefined) =>
  cost && Object.fromEntries(Object.entries(cost).map(([item, amount]) => [item, Cost.format(amount)]))

const total = (prices: ModelFacts.Prices | undefined, reported: Usage.Reported, options?: Cost.Options) => {
  const cost = Cost.ofUsage(prices, Usage.make(reported), options)
  return cost && Cost.format(cost.total)
}

describe("ofUsage", () => {
  it("counts each sort of tokens at its price, without a rounding error", () => {
    const usage = Usage.make({ inputUncached: 1, cacheRead: 1, cacheWrite: 1, outputTotal: 1 })
    assert.deepStrictEqual(shown(Cost.ofUsage(prices, usage)), {
      input: "$0.000003",
      cacheRead: "$0.0000003",
      cacheWrite: "$0.00000375",
      output: "$0.000015",
      total: "$0.00002205"
    })
  })

  it("counts what a cache keeps for an hour at its own price, and does not know it where there is none", () => {
    const usage = { inputUncached: 0, cacheWrite: 1_000_000, outputTotal: 0 }
    const hourly = { ...prices, cacheWriteHour: dollars("6") }
    assert.strictEqual(total(hourly, usage, { cacheWriteHour: 400_000 }), "$4.65")
    assert.strictEqual(total(hourly, usage), "$3.75")
    assert.isUndefined(total(prices, usage, { cacheWriteHour: 1 }))
    assert.isUndefined(total(hourly, usage, { cacheWriteHour: 1_000_001 }))
  })

  it("counts reasoning with the output, unless it has a price of its own", () => {
    const usage = { inputTotal: 0, outputTotal: 1_000_000, reasoning: 250_000 }
    assert.strictEqual(total(prices, usage), "$15.00")
    assert.strictEqual(total({ ...prices, reasoning: dollars("60") }, usage), "$26.25")
  })

  it("takes the tier of all input tokens, cached ones included", () => {
    const tiered = {
      ...prices,
      tiers: [
        { above: 200_000, input: dollars("6"), cacheRead: dollars("0.6"), output: dollars("22.5") },
        { above: 500_000, input: dollars("12"), cacheRead: dollars("1.2"), output: dollars("45") }
      ]
    }
    const usage = (cacheRead: number) => ({ inputUncached: 100_000, cacheRead, outputTotal: 0 })
    assert.strictEqual(total(tiered, usage(100_000)), "$0.33")
    assert.strictEqual(total(tiered, usage(100_001)), "$0.6600006")
    assert.strictEqual(total(tiered, usage(400_001)), "$1.6800012")
  })

  it("takes batch prices for a batch, and knows none where there are none", () => {
    const usage = { inputTotal: 1_000_000, outputTotal: 0 }
    assert.strictEqual(
      total({ ...prices, batch: { input: dollars("1.5"), output: dollars("7.5") } }, usage, {
        batch: true
      }),
      "$1.50"
    )
    assert.isUndefined(total(prices, usage, { batch: true }))
  })

  it("does not know what a price or a count is missing for", () => {
    assert.isUndefined(total(undefined, { inputTotal: 1, outputTotal: 1 }))
    assert.isUndefined(total(prices, { inputTotal: 1 }))
    assert.isUndefined(total(prices, { outputTotal: 1 }))
    assert.isUndefined(total({ input: dollars("3"), output: dollars("15") }, {
      inputUncached: 1,
      cacheRead: 1,
      outputTotal: 1
    }))
    assert.strictEqual(total({ input: dollars("3") }, { inputTotal: 1, outputTotal: 0 }), "$0.000003")
    assert.strictEqual(total({ input: dollars("0"), output: dollars("0") }, { inputTotal: 9, outputTotal: 9 }), "$0.00")
  })
})

describe("estimate", () => {
  it("rounds parts of a token, and does not know what no count of tokens costs", () => {
    const cost = Cost.estimate(prices, { inputTokens: 999.6, outputTokens: 0 })
    assert.strictEqual(cost && Cost.format(cost.total), "$0.003")
    assert.isUndefined(Cost.estimate(prices, { inputTokens: Number.NaN, outputTokens: 0 }))
    assert.isUndefined(Cost.estimate(prices, { inputTokens: 1, outputTokens: -1 }))
    assert.isUndefined(Cost.ofUsage(prices, {
      inputTokens: { total: 1, cacheRead: 2 },
      outputTokens: { total: 0 }
    }))
  })

  it("is the cost of tokens that no cache has", () => {
    assert.deepStrictEqual(shown(Cost.estimate(prices, { inputTokens: 1_000, outputTokens: 100 })), {
      input: "$0.003",
      output: "$0.0015",
      total: "$0.0045"
    })
  })
})

describe("sum", () => {
  it("adds what is known and counts what is not", () => {
    const { total, unknown } = Cost.sum([{ cost: dollars("0.1") }, { cost: undefined }, { cost: dollars("0.2") }])
    assert.strictEqual(BigDecimal.format(total), "0.3")
    assert.strictEqual(unknown, 1)
  })
})

describe("format", () => {
  it.each([["0", "$0.00"], ["1.5", "$1.50"], ["0.0000000001", "$0.0000000001"], ["-2", "-$2.00"], [
    "1e21",
    "$1000000000000000000000.00"
  ]])(
    "%s is %s",
    (amount, text) => assert.strictEqual(Cost.format(dollars(amount)), text)
  )
})

describe("layer", () => {
  it.effect("prices calls by the catalogue", () =>
    Effect.gen(function*() {
      const list = yield* Pricing.Prices
      const usage = Usage.make({ inputTotal: 1_000_000, outputTotal: 0 })
      const cost = list({ provider: "acme", model: "acme-1", usage })
      assert.strictEqual(cost && Cost.format(cost), "$3.00")
      assert.isUndefined(list({ provider: "acme", model: "acme-2", usage }))
      const cached = Usage.make({ inputUncached: 0, cacheWrite: 1, outputTotal: 0 })
      assert.isUndefined(list({ provider: "acme", model: "acme-1", usage: cached, cacheWriteHour: 1 }))
    }).pipe(
      Effect.provide(Cost.layer.pipe(Layer.provide(
        ModelCatalog.layer({ facts: [ModelFacts.make("acme", "acme-1", { prices }, "user")], generated: false })
      )))
    ))
})
