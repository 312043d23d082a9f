import { assert, describe, it } from "@effect/vitest"
import { interleave } from "../src/measure/interleave.ts"
import { comparisonOf, median, ratioOf, sampleOf } from "../src/measure/statistics.ts"

describe("statistics", () => {
  it("takes the middle, or the mean of the two in the middle", () => {
    assert.strictEqual(median([9, 1, 5]), 5)
    assert.strictEqual(median([9, 1, 5, 6]), 5.5)
    assert.throws(() => median([]))
  })

  it("keeps the spread", () => {
    assert.deepStrictEqual(sampleOf([3, 1, 2]), { median: 2, min: 1, max: 3 })
  })

  it("compares medians", () => {
    const results = new Map([["ours", [4, 6, 5]], ["theirs", [10, 2, 90]]])
    const comparison = comparisonOf(results, (value) => value * 2)
    assert.strictEqual(ratioOf(comparison, "ours", "theirs"), 0.5)
    assert.throws(() => ratioOf(comparison, "ours", "nobody"))
  })
})

describe("interleave", () => {
  it("lets each entrant run once per round, first in turns, and does not count the warm-up", async () => {
    const order: Array<string> = []
    const entrant = (name: "a" | "b" | "c") =>
      [name, async () => {
        order.push(name)
        return order.length
      }] as const
    const results = await interleave([entrant("a"), entrant("b"), entrant("c")], { warmUps: 1, repetitions: 2 })
    assert.strictEqual(order.join(""), "abcbcacab")
    assert.deepStrictEqual(results.get("a"), [6, 8])
  })
})
