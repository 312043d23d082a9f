import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { join } from "node:path"
import * as Binary from "./binary.ts"
import { run } from "./inside.ts"

describe("cost", () => {
  it.live("is a table with the cheapest first, and what is not known last", () =>
    Effect.gen(function*() {
      const models = "-m openai/gpt-9 -m openai/gpt-4 -m openai/gpt-4o-mini"
      const args = `cost ${models} --input 1234567 --output 89`.split(" ")
      const { code, stderr, stdout } = yield* Binary.run(args)
      const rows = stdout.trimEnd().split("\n").map((line) => line.split(/ {2,}/))
      assert.deepStrictEqual(rows, [
        ["model", "input tokens", "output tokens", "input", "output", "total"],
        ["openai/gpt-4o-mini", "1,234,567", "89", "$0.18518505", "$0.0000534", "$0.18523845"],
        ["openai/gpt-4", "1,234,567", "89", "$37.03701", "$0.00534", "$37.04235"],
        ["openai/gpt-9", "1,234,567", "89", "unknown"]
      ])
      assert.match(stderr, /^The catalogue has no prices of openai\/gpt-9\. Did you mean openai\//)
      assert.strictEqual(code, 0)
    }))

  it.live("counts a file, or what is piped in", () =>
    Effect.gen(function*() {
      const cwd = yield* Binary.place({ "a.txt": "word ".repeat(1_000) })
      const [file, piped, batch] = yield* Effect.all([
        run(["cost", "-m", "openai/gpt-4o", "-f", join(cwd, "a.txt"), "--json"]),
        run(["cost", "-m", "openai/gpt-4o"], { stdin: "word ".repeat(1_000) }),
        run(["cost", "-m", "openai/gpt-4o", "--batch", "--input", "1000", "--json"])
      ], { concurrency: 2 })
      const [{ inputTokens, usd, ...others }] = JSON.parse(file.stdout)
      assert.deepStrictEqual(others, { model: "openai/gpt-4o", outputTokens: 0, estimated: true })
      assert.isTrue(inputTokens >= 1_000 && inputTokens < 1_050)
      assert.strictEqual(Number(usd), inputTokens * 2.5 / 1_000_000)
      assert.include(piped.stdout, `≈${inputTokens.toLocaleString("en-US")}`)
      assert.isNull(JSON.parse(batch.stdout)[0].usd)
    }))

  it.live("needs numbers that can be", () =>
    Effect.gen(function*() {
      const { code, stderr } = yield* run(["cost", "-m", "openai/gpt-4o", "--input", "-5"])
      assert.strictEqual(code, 2)
      assert.include(stderr, "it must be 0 or more, and is -5")
    }))
})
