import { assert, describe, it } from "@effect/vitest"
import * as LoopbackServer from "@llm-layers/testing/LoopbackServer"
import { Effect } from "effect"
import * as Binary from "./binary.ts"
import { run } from "./inside.ts"

interface Listed {
  readonly provider: string
  readonly id: string
  readonly tools?: boolean
  readonly input?: ReadonlyArray<string>
  readonly contextTokens?: number
  readonly prices?: { readonly input?: number; readonly output?: number }
}

const json = (args: ReadonlyArray<string>) =>
  Effect.map(run(["models", "--json", ...args]), ({ stdout }): ReadonlyArray<Listed> => JSON.parse(stdout))

describe("models", () => {
  it.live("is a table, plain in a pipe, and finds by every filter", () =>
    Effect.gen(function*() {
      const [table, filtered] = yield* Effect.all([
        Binary.run(["models", "sonnet", "4-5", "--provider", "anthropic"]),
        json([
          "--tools",
          "--input",
          "image",
          "--input",
          "pdf",
          "--max-price",
          "5",
          "--min-context",
          "300000",
          "--no-reasoning"
        ])
      ], { concurrency: 2 })
      const [titles = "", ...rows] = table.stdout.trimEnd().split("\n")
      assert.match(titles, /^model +context +output +\$ in\/M +\$ out\/M +can$/)
      assert.isTrue(
        rows.length > 0 && rows.every((row) => /^anthropic\/claude-sonnet-4-5\S* +200k +64k +3 +15 +tools/.test(row))
      )
      assert.isFalse(table.stdout.includes("\u001B"))

      assert.isAbove(filtered.length, 0)
      for (const { contextTokens = 0, input = [], prices, tools } of filtered) {
        assert.isTrue(tools === true && input.includes("image") && input.includes("pdf") && contextTokens >= 300_000)
        assert.isTrue((prices?.input ?? 6) <= 5 && (prices?.output ?? 6) <= 5)
      }
    }))

  it.live("fits a terminal of 40 columns", () =>
    Effect.gen(function*() {
      const screen = yield* Binary.terminal(["models", "-p", "anthropic", "sonnet-5"], { columns: 40 })
      assert.strictEqual(yield* screen.exit, 0)
      const lines = screen.text().trimEnd().split("\n")
      assert.isAbove(lines.length, 1)
      for (const line of lines) assert.isAtMost(line.length, 40)
      assert.match(lines[0] ?? "", /^model +\$ out\/M$/)
    }))

  it.live("asks the vendors, and shows the others where one fails", () =>
    Effect.gen(function*() {
      const server = yield* LoopbackServer.make((request) =>
        request.path.startsWith("/groq")
          ? { body: JSON.stringify({ data: [{ id: "llama-3.3-70b-versatile" }, { id: "brand-new" }] }) }
          : { status: 401, body: JSON.stringify({ error: { message: "no such key" } }) }
      )
      const env = {
        GROQ_API_KEY: "gsk_secret",
        GROQ_BASE_URL: `${server.url}/groq/v1`,
        MISTRAL_API_KEY: "mistral_secret",
        MISTRAL_BASE_URL: `${server.url}/mistral/v1`
      }
      const live = yield* run(["models", "--live"], { env })
      const names = live.stdout.trimEnd().split("\n").slice(1).map((line) => line.split(" ")[0])
      assert.deepStrictEqual(names, ["groq/brand-new", "groq/llama-3.3-70b-versatile"])
      assert.match(live.stdout, /llama-3\.3-70b-versatile +\d+k/)
      // Nothing of Ollama and its like, which nobody has set up.
      const [failed, notAsked, ...others] = live.stderr.trimEnd().split("\n")
      assert.match(failed ?? "", /^mistral: /)
      assert.match(notAsked ?? "", /keys are not set: openai, anthropic, google/)
      assert.deepStrictEqual(others, [])
      assert.notMatch(live.stderr, /secret/)
      assert.strictEqual(live.code, 0)

      const one = yield* run(["models", "--live", "-p", "mistral"], { env })
      assert.deepStrictEqual([one.stdout, one.code], ["", 3])

      const nobody = yield* run(["models", "--live"])
      assert.match(nobody.stderr, /^llm-layers: No key is set/)
      assert.strictEqual(nobody.code, 3)
    }))

  it.live("says what there is in place of what there is not", () =>
    Effect.gen(function*() {
      const [provider, word, mocked] = yield* Effect.all([
        run(["models", "--provider", "antropic"]),
        run(["models", "claude-sonet-4-5"]),
        run(["models", "--live", "--mock"])
      ], { concurrency: 2 })
      assert.match(provider.stderr, /There is no provider "antropic".*anthropic/)
      assert.strictEqual(provider.code, 2)
      assert.match(word.stderr, /Did you mean .*claude-sonnet-4-5/)
      assert.deepStrictEqual([word.stdout, word.code], ["", 0])
      assert.strictEqual(mocked.stdout, "model\nmock/echo\nmock/embed\n")
    }))
})
