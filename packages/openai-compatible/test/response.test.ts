import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import type { Response } from "effect/ai"
import { answer, finish, refusal, whole } from "./fixtures/dialect.ts"

describe("a whole answer", () => {
  it.effect("reasoning, text, calls and the finish, in this order", () =>
    Effect.gen(function*() {
      const parts = yield* whole(answer({
        content: "Adding.",
        reasoning_content: "Hm.",
        tool_calls: [
          { id: "a", type: "function", function: { name: "add", arguments: `{"n":1}` } },
          { id: "b", type: "function", function: { name: "now", arguments: "" } }
        ]
      }, { finish_reason: "tool_calls" }))
      assert.deepStrictEqual(parts.slice(1, -1), [
        { type: "reasoning", text: "Hm.", metadata: { acme: { field: "reasoning_content" } } },
        { type: "text", text: "Adding.", metadata: {} },
        { type: "tool-call", id: "a", name: "add", params: { n: 1 } },
        { type: "tool-call", id: "b", name: "now", params: {} }
      ])
      assert.strictEqual(parts[0]?.type, "response-metadata")
      assert.deepStrictEqual(finish(parts), {
        reason: "tool-calls",
        usage: { inputTokens: { uncached: 7, total: 7 }, outputTokens: { total: 3, text: 3 } },
        acme: { finishReason: "tool_calls", usage: { prompt_tokens: 7, completion_tokens: 3, total_tokens: 10 } }
      })
    }))

  it.effect("no content is no part, and no counts are unknown ones", () =>
    Effect.gen(function*() {
      const parts = yield* whole(
        answer({ content: null, refusal: null, annotations: [], tool_calls: null }, {}, { usage: null })
      )
      assert.deepStrictEqual(parts.map((part) => part.type), ["response-metadata", "finish"])
      assert.deepStrictEqual(finish(parts).usage, { inputTokens: {}, outputTokens: {} })
    }))

  it.effect("the first of several choices is the answer, wherever it stands; the others are kept", () =>
    Effect.gen(function*() {
      const choice = (index: number, content: string) => ({
        index,
        message: { role: "assistant", content },
        finish_reason: "stop"
      })
      const parts = yield* whole({ id: "c1", choices: [choice(1, "B"), choice(0, "A")] })
      assert.deepStrictEqual(parts.flatMap((part) => part.type === "text" ? [part.text] : []), ["A"])
      assert.deepStrictEqual(finish(parts).acme["choices"], [choice(1, "B")])
      // Servers that count from one.
      const counted = yield* whole({ id: "c1", choices: [choice(1, "A")] })
      assert.deepStrictEqual(counted.flatMap((part) => part.type === "text" ? [part.text] : []), ["A"])
    }))

  it.effect("warnings of the request are on the first part", () =>
    Effect.gen(function*() {
      const warnings = [{ about: "temperature", message: "left out" }]
      const [first] = yield* whole(answer({ content: "x" }), false, { warnings })
      assert.deepStrictEqual(first?.metadata, { llmLayers: { warnings } })
    }))

  it.effect("that is whole but gives no reason has calls that run", () =>
    Effect.gen(function*() {
      const call = { id: "a", function: { name: "add", arguments: "{}" } }
      const parts = yield* whole(answer({ tool_calls: [call] }, { finish_reason: null }))
      assert.strictEqual(finish(parts).reason, "tool-calls")
    }))

  it.effect("an error in a good response, and no answer at all", () =>
    Effect.gen(function*() {
      assert.strictEqual((yield* refusal(whole({ error: { message: "No.", code: 429 } }))).kind, "ProviderFailed")
      for (const body of [{}, [], null, "text", { choices: [] }]) {
        assert.strictEqual((yield* refusal(whole(body))).kind, "StreamInterrupted")
      }
    }))
})

describe("structured output", () => {
  it.effect("is taken out of fences", () =>
    Effect.gen(function*() {
      const fenced = answer({ content: "```json\n{\"a\":1}\n```" })
      const text = (parts: ReadonlyArray<Response.PartEncoded>) => parts.find((part) => part.type === "text")
      assert.deepStrictEqual(text(yield* whole(fenced, true)), { type: "text", text: `{"a":1}`, metadata: {} })
      assert.deepStrictEqual(text(yield* whole(fenced)), {
        type: "text",
        text: "```json\n{\"a\":1}\n```",
        metadata: {}
      })
    }))
})
