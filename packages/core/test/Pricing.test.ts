import { assert, describe, it } from "@effect/vitest"
import * as Metadata from "@llm-layers/core/Metadata"
import * as Pricing from "@llm-layers/core/Pricing"
import * as Usage from "@llm-layers/core/Usage"
import { BigDecimal } from "effect"
import type { Response } from "effect/ai"

const model = { provider: "acme", model: "acme-1" }

const perToken: Pricing.PriceList = ({ usage }) => BigDecimal.fromNumberUnsafe((usage.outputTokens.total ?? 0) / 100)

const answer = (metadata?: ReturnType<typeof Pricing.reported>): ReadonlyArray<Response.PartEncoded> => [
  { type: "text", text: "Hi" },
  { type: "finish", reason: "stop", usage: Usage.make({ outputTotal: 7 }), ...(metadata && { metadata }) }
]

const shown = (cost: BigDecimal.BigDecimal | undefined) => cost && BigDecimal.format(cost)

describe("ofAnswer", () => {
  it("believes the vendor before the price list", () => {
    assert.strictEqual(shown(Pricing.ofAnswer(perToken, model, answer())), "0.07")
    assert.strictEqual(shown(Pricing.ofAnswer(perToken, model, answer(Pricing.reported(0.5)))), "0.5")
    assert.strictEqual(shown(Pricing.ofAnswer(perToken, model, answer(Pricing.reported(0)))), "0")
  })

  it("tells the price list which tokens a cache keeps for an hour", () => {
    const hourly: Pricing.PriceList = ({ cacheWriteHour = 0 }) => BigDecimal.fromNumberUnsafe(cacheWriteHour)
    assert.strictEqual(shown(Pricing.ofAnswer(hourly, model, answer({ llmLayers: { cacheWriteHour: 5 } }))), "5")
    assert.strictEqual(shown(Pricing.ofAnswer(hourly, model, answer())), "0")
  })

  it("takes the tokens that are charged, where the vendor says which", () => {
    const charged = Metadata.make("llmLayers", { billed: Usage.make({ inputTotal: 1, outputTotal: 3 }) })
    assert.strictEqual(shown(Pricing.ofAnswer(perToken, model, answer(charged))), "0.03")
  })

  it("says nothing where nothing is known", () => {
    assert.isUndefined(Pricing.ofAnswer(() => undefined, model, answer()))
    assert.isUndefined(Pricing.ofAnswer(perToken, model, []))
  })
})

describe("reported", () => {
  it.each([Number.NaN, -1, Number.POSITIVE_INFINITY, "0.5", null, undefined])("leaves out %s", (cost) => {
    assert.deepStrictEqual(Pricing.reported(cost), {})
  })
})
