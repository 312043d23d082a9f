import { assert, it } from "@effect/vitest"
import { BigDecimal } from "effect"
import * as Figures from "../src/figures.ts"

it("tokens have three digits", () => {
  const short = [0, 999, 1_000, 4_096, 32_768, 131_072, 200_000, 999_499, 999_500, 1_048_576, 10_000_000].map(
    Figures.short
  )
  assert.deepStrictEqual(
    short,
    ["0", "999", "1k", "4.1k", "32.8k", "131k", "200k", "999k", "1M", "1.05M", "10M"]
  )
  assert.strictEqual(Figures.short(undefined), "")
})

it("dollars have all their digits, and unknown is not 0", () => {
  assert.strictEqual(Figures.dollars(BigDecimal.fromStringUnsafe("0.0000004")), "$0.0000004")
  assert.strictEqual(Figures.dollars(undefined), "unknown")
})
