import { assert, describe, it } from "@effect/vitest"
import * as LoopbackServer from "@llm-layers/testing/LoopbackServer"
import { Effect } from "effect"
import { join } from "node:path"
import * as Binary from "./binary.ts"
import { run } from "./inside.ts"

describe("count", () => {
  it.live("counts words, files and pipes, without a key or a network", () =>
    Effect.gen(function*() {
      const cwd = yield* Binary.place({ "a.txt": "one two three", "long.txt": "word ".repeat(130_000) })
      const [words, piped, files, json] = yield* Effect.all([
        run(["count", "-m", "gpt-4o", "Hello", "world"]),
        run(["count", "-m", "anthropic/claude-sonnet-4-5"], { stdin: "Hello world" }),
        Binary.run(["count", "-m", "openai/gpt-4o", "-f", "a.txt", "-f", "long.txt"], { cwd }),
        run(["count", "-m", "openai/gpt-4o", "--json", "-f", join(cwd, "a.txt")])
      ], { concurrency: 2 })
      assert.deepStrictEqual(words, { stdout: "9 tokens ± 1 (o200k_base)\n", stderr: "", code: 0 })
      assert.match(piped.stdout, /^\d+ tokens ± \d+ \(heuristic\)\n$/)
      const [titles, a, long] = files.stdout.split("\n")
      assert.match(titles ?? "", /^ *tokens +± +method +of$/)
      assert.match(a ?? "", /^ +\d+ +\d+ +o200k_base +a\.txt$/)
      assert.match(long ?? "", /^130,\d{3} .* long\.txt$/)
      assert.match(files.stderr, /^The long\.txt is too long for openai\/gpt-4o, which takes 128,000$/m)
      const [one] = JSON.parse(json.stdout)
      assert.deepInclude(one, {
        text: join(cwd, "a.txt"),
        model: "openai/gpt-4o",
        count: "Estimated",
        fit: "Fits",
        limit: 128_000
      })
    }))

  it.live("asks the vendor for an exact count", () =>
    Effect.gen(function*() {
      const server = yield* LoopbackServer.make(() => ({ body: JSON.stringify({ input_tokens: 12 }) }))
      const env = { ANTHROPIC_API_KEY: "sk-ant-secret", ANTHROPIC_BASE_URL: server.url }
      const exact = ["count", "--exact", "-m"]
      const [counted, keyless, without] = yield* Effect.all([
        run([...exact, "claude-sonnet-4-5", "Hello"], { env }),
        run([...exact, "anthropic/claude-sonnet-4-5", "Hello"]),
        run([...exact, "groq/llama-3.3-70b-versatile", "Hello"])
      ], { concurrency: 2 })
      assert.deepStrictEqual(counted, { stdout: "12 tokens (counted by the vendor)\n", stderr: "", code: 0 })
      assert.match(keyless.stderr, /ANTHROPIC_API_KEY/)
      assert.strictEqual(keyless.code, 3)
      assert.match(without.stderr, /groq has no endpoint that counts tokens/)
      assert.strictEqual(without.code, 2)
    }))

  it.live("says what is wrong with a name or a file", () =>
    Effect.gen(function*() {
      const cwd = yield* Binary.place({ "b.bin": "\0" })
      const twoKeys = { GROQ_API_KEY: "a", OPENROUTER_API_KEY: "b" }
      const fails = (args: ReadonlyArray<string>, message: RegExp, env = {}) =>
        Effect.map(run(["count", ...args], { env }), ({ code, stderr, stdout }) => {
          assert.match(stderr, message)
          assert.deepStrictEqual([code, stdout, stderr.trimEnd().split("\n").length], [2, "", 1])
        })
      yield* Effect.all([
        fails(["-m", "gtp-4o", "Hello"], /Did you mean .*openai\/gpt-4o/),
        fails(["-m", "qwen/qwen3-32b", "Hello"], /Several providers have a model .*groq\/qwen\/qwen3-32b/, twoKeys),
        fails(["-m", "gpt-4o", "-f", join(cwd, "none.txt")], /There is no file .*none\.txt/),
        fails(["-m", "gpt-4o", "-f", join(cwd, "b.bin")], /b\.bin is no text in UTF-8/),
        fails(["Hello"], /Say which model, with --model/)
      ], { concurrency: 2 })
    }))
})
