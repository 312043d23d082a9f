import { assert, describe, it } from "@effect/vitest"
import * as Usage from "@llm-layers/core/Usage"
import { Schema } from "effect"
import { Response } from "effect/ai"

describe("make", () => {
  it("takes the cached out of a total that has them", () =>
    assert.deepStrictEqual(Usage.make({ inputTotal: 100, cacheRead: 60, cacheWrite: 10, outputTotal: 5 }), {
      inputTokens: { uncached: 30, total: 100, cacheRead: 60, cacheWrite: 10 },
      outputTokens: { total: 5, text: 5 }
    }))

  it("adds the cached to a count that has them not", () =>
    assert.deepStrictEqual(
      Usage.make({ inputUncached: 30, cacheRead: 60, cacheWrite: 10, outputTotal: 9, reasoning: 4 }),
      {
        inputTokens: { uncached: 30, total: 100, cacheRead: 60, cacheWrite: 10 },
        outputTokens: { total: 9, text: 5, reasoning: 4 }
      }
    ))

  it("leaves out what is not known: it is not 0", () => {
    assert.deepStrictEqual(Usage.make({}), { inputTokens: {}, outputTokens: {} })
    assert.deepStrictEqual(Usage.make({ inputTotal: null, outputTotal: undefined, reasoning: "many" }), Usage.unknown)
    assert.deepStrictEqual(Usage.make({ inputTotal: 0, outputTotal: 0 }), {
      inputTokens: { uncached: 0, total: 0 },
      outputTokens: { total: 0, text: 0 }
    })
  })

  it("never counts below 0, whatever a vendor reports", () =>
    assert.deepStrictEqual(Usage.make({ inputTotal: 5, cacheRead: 9, outputTotal: 2, reasoning: 7 }), {
      inputTokens: { uncached: 0, total: 5, cacheRead: 9 },
      outputTokens: { total: 2, text: 0, reasoning: 7 }
    }))

  it.each([
    { inputTotal: 1.5, outputTotal: 2.4 },
    { inputTotal: "12", outputTotal: " 7 " },
    { inputTotal: -1, outputTotal: Number.NaN, cacheRead: Number.POSITIVE_INFINITY },
    { inputTotal: "", outputTotal: {}, cacheRead: [], reasoning: true },
    {}
  ])("is accepted by the framework: %j", (reported) => {
    const usage = Usage.make(reported)
    assert.doesNotThrow(() =>
      Schema.decodeUnknownSync(Response.FinishPart)({ type: "finish", reason: "stop", usage, metadata: {} })
    )
  })
})

describe("toCount", () => {
  it.each([
    [3, 3],
    [2.5, 3],
    [2.4, 2],
    ["12", 12],
    [" 7 ", 7],
    [0, 0],
    ["", undefined],
    [" ", undefined],
    ["x", undefined],
    [-1, undefined],
    [Number.NaN, undefined],
    [Number.POSITIVE_INFINITY, undefined],
    [null, undefined],
    [undefined, undefined],
    [{}, undefined]
  ])("%j is %j", (value, expected) => assert.strictEqual(Usage.toCount(value), expected))
})
