/** What `npm start` shows, of every vendor, without its key. */
import { assert, it } from "@effect/vitest"
import { Effect } from "effect"
import { TestConsole } from "effect/testing"
import { onTestFinished, vi } from "vitest"
import * as Aimock from "../src/aimock.ts"
import { program, weatherLayer } from "../src/first-run/program.ts"
import { vendors } from "../src/first-run/vendors.ts"

/** What the program writes piece by piece, and keeps to itself here. */
const silent = Effect.sync(() => {
  const written: Array<string> = []
  const spy = vi.spyOn(process.stdout, "write").mockImplementation((piece) => {
    written.push(String(piece))
    return true
  })
  onTestFinished(() => spy.mockRestore())
  return written
})

it.live("the same program runs through every vendor", () =>
  Effect.gen(function*() {
    const server = yield* Aimock.Aimock
    const written = yield* silent
    const runs = yield* Effect.forEach(vendors, ({ mock }) =>
      Effect.gen(function*() {
        yield* program(undefined)
        return (yield* TestConsole.logLines).map(String)
      }).pipe(
        Effect.provide([mock(server), weatherLayer]),
        Effect.provide(TestConsole.layer)
      ), { concurrency: "unbounded" })

    assert.deepStrictEqual(runs.map(([title]) => title?.trim()), [
      "== openai/gpt-5.5",
      "== anthropic/claude-sonnet-5-5",
      "== google/gemini-3.5-flash",
      "== cohere/command-a-plus-05-2026",
      "== openrouter/anthropic/claude-sonnet-5",
      "== groq/openai/gpt-oss-120b"
    ])
    for (const [, ...lines] of runs) {
      assert.deepStrictEqual(lines.slice(0, -1).map((line) => line.trim()), [
        "1. Text, as it arrives:",
        "2. A tool call:",
        "the model calls get_weather({ city: \"Lisbon\" })",
        "the tool answers {\"celsius\":21,\"sky\":\"clear\"}",
        Aimock.answers.weather("{\"celsius\":21,\"sky\":\"clear\"}"),
        "3. A typed object:",
        "city: Lisbon, country: Portugal, population: 545796 (a number)",
        "4. A rate limit:",
        "rate limited; trying again in 1s",
        Aimock.answers.rateLimited
      ])
      assert.match(lines.at(-1) ?? "", /^-- 58 tokens in, 104 out/)
    }
    // Streams that are written at the same time mix.
    const letters = (text: string) => text.split("").toSorted().join("").trim()
    assert.strictEqual(letters(written.join("")), letters(Aimock.answers.text.repeat(vendors.length)))
    assert.deepStrictEqual([...new Set(yield* server.requests)].toSorted(), [
      "/api/v1/chat/completions",
      "/openai/v1/chat/completions",
      "/v1/messages",
      "/v1/responses",
      "/v1beta/models/gemini-3.5-flash:generateContent",
      "/v1beta/models/gemini-3.5-flash:streamGenerateContent?alt=sse",
      "/v2/chat"
    ])
  }).pipe(Effect.provide(Aimock.layer)))
