import { assert, describe, it } from "@effect/vitest"
import * as ProviderError from "@llm-layers/core/ProviderError"
import { Effect, Schema } from "effect"
import type { Prompt } from "effect/ai"
import { encode, messages } from "./fixtures/request.ts"

const refusal = (prompt: Prompt.RawInput) =>
  Effect.map(Effect.flip(encode({ prompt })), (error) => ProviderError.kindOf(error))

const user = (...content: ReadonlyArray<Prompt.UserMessagePartEncoded>): Prompt.RawInput => [{ role: "user", content }]

it.effect("system messages stay where they are", () =>
  Effect.gen(function*() {
    const prompt: Prompt.RawInput = [
      { role: "system", content: "Be short." },
      { role: "user", content: "Hi" },
      { role: "system", content: "Be long." }
    ]
    assert.deepStrictEqual<unknown>(yield* messages({ prompt }), [
      { role: "system", content: "Be short." },
      { role: "user", content: "Hi" },
      { role: "system", content: "Be long." }
    ])
  }))

describe("user messages", () => {
  it.effect("images by address and as bytes", () =>
    Effect.gen(function*() {
      const prompt = user(
        { type: "text", text: "Compare" },
        { type: "file", mediaType: "image/*", data: new URL("https://example.com/a.png") },
        {
          type: "file",
          mediaType: "image/png",
          data: new Uint8Array([137, 80, 78, 71]),
          options: { cohere: { detail: "low" } }
        }
      )
      assert.deepStrictEqual<unknown>(yield* messages({ prompt }), [{
        role: "user",
        content: [
          { type: "text", text: "Compare" },
          { type: "image_url", image_url: { url: "https://example.com/a.png" } },
          { type: "image_url", image_url: { url: "data:image/png;base64,iVBORw==", detail: "low" } }
        ]
      }])
    }))

  it.effect("files the API does not take", () =>
    Effect.gen(function*() {
      const file = (mediaType: string, data: string | URL | Uint8Array) => user({ type: "file", mediaType, data })
      assert.strictEqual(yield* refusal(file("image/tiff", new Uint8Array([1]))), "Unsupported")
      assert.strictEqual(yield* refusal(file("text/plain", new URL("https://example.com/a.txt"))), "Unsupported")
      assert.strictEqual(yield* refusal(file("application/zip", new Uint8Array([1]))), "Unsupported")
      assert.strictEqual(yield* refusal(file("image/png", "no base64!")), "InvalidRequest")
    }))

  it.effect("a text file is a part of its message where an object is asked for", () =>
    Effect.gen(function*() {
      const { body } = yield* encode({
        prompt: user(
          { type: "file", mediaType: "text/plain", fileName: "a.txt", data: new TextEncoder().encode("One.") },
          { type: "text", text: "Read" }
        ),
        responseFormat: { type: "json", objectName: "o", schema: Schema.Struct({ a: Schema.String }) }
      })
      assert.isUndefined(body["documents"])
      assert.deepStrictEqual<unknown>(body["messages"], [{
        role: "user",
        content: [{ type: "text", text: "a.txt:\nOne." }, { type: "text", text: "Read" }]
      }])
    }))
})

describe("assistant messages", () => {
  it.effect("a turn goes back as it came: thinking, text, plan, calls, citations", () =>
    Effect.gen(function*() {
      const citations = [{ start: 0, end: 1, text: "I", sources: [] }]
      const prompt: Prompt.RawInput = [
        { role: "user", content: "Look" },
        {
          role: "assistant",
          content: [
            { type: "reasoning", text: "Hm", options: { cohere: { type: "thinking" } } },
            { type: "text", text: "I look.", options: { cohere: { citations } } },
            { type: "reasoning", text: "First this.", options: { cohere: { type: "tool_plan" } } },
            { type: "tool-call", id: "look_1", name: "look", params: { at: "x" } }
          ]
        },
        {
          role: "tool",
          content: [{ type: "tool-result", id: "look_1", name: "look", isFailure: false, result: { seen: 1 } }]
        }
      ]
      assert.deepStrictEqual<unknown>(yield* messages({ prompt }), [
        { role: "user", content: "Look" },
        {
          role: "assistant",
          content: [{ type: "thinking", thinking: "Hm" }, { type: "text", text: "I look." }],
          tool_plan: "First this.",
          tool_calls: [{ id: "look_1", type: "function", function: { name: "look", arguments: `{"at":"x"}` } }],
          citations
        },
        { role: "tool", tool_call_id: "look_1", content: `{"seen":1}` }
      ])
    }))

  it.effect("what means nothing here is left out with a warning", () =>
    Effect.gen(function*() {
      const { body, warnings } = yield* encode({
        prompt: [
          {
            role: "assistant",
            content: [
              { type: "reasoning", text: "Of another" },
              { type: "tool-call", id: "s1", name: "web", params: {}, providerExecuted: true },
              { type: "file", mediaType: "image/png", data: "aGk=" },
              { type: "text", text: "Hello" }
            ]
          },
          { role: "user", content: "Hi" }
        ]
      })
      assert.lengthOf(warnings, 3)
      assert.deepStrictEqual<unknown>(body["messages"], [
        { role: "assistant", content: "Hello" },
        { role: "user", content: "Hi" }
      ])
    }))

  it.effect("arguments that were no JSON are an object, too", () =>
    Effect.gen(function*() {
      const prompt: Prompt.RawInput = [
        { role: "assistant", content: [{ type: "tool-call", id: "a", name: "look", params: `{"at":` }] },
        { role: "user", content: "Hi" }
      ]
      const [assistant] = (yield* messages({ prompt })) as ReadonlyArray<{ readonly tool_calls: unknown }>
      assert.deepStrictEqual<unknown>(assistant?.tool_calls, [
        { id: "a", type: "function", function: { name: "look", arguments: JSON.stringify({ value: `{"at":` }) } }
      ])
    }))

  it.effect("none at the end, which the model would have to go on with", () =>
    Effect.gen(function*() {
      const ends: Prompt.RawInput = [{ role: "user", content: "Hi" }, { role: "assistant", content: "Once" }]
      assert.strictEqual(yield* refusal(ends), "Unsupported")
      assert.strictEqual(yield* refusal([...ends, { role: "system", content: "Go on." }]), "Unsupported")
    }))
})

describe("results of tools", () => {
  const result = (more: Partial<Prompt.ToolResultPartEncoded>): Prompt.RawInput => [{
    role: "tool",
    content: [{ type: "tool-result", id: "look_1", name: "look", isFailure: false, result: "seen", ...more }]
  }]
  const contentOf = (more: Partial<Prompt.ToolResultPartEncoded>) =>
    Effect.map(messages({ prompt: result(more) }), (all) => (all as ReadonlyArray<{ content: unknown }>)[0]?.content)

  it.effect("texts as they are, all else as JSON", () =>
    Effect.gen(function*() {
      assert.strictEqual(yield* contentOf({}), "seen")
      assert.strictEqual(yield* contentOf({ result: [1] }), "[1]")
      assert.strictEqual(yield* contentOf({ result: null }), "null")
    }))

  it.effect("what a tool shows: texts, documents, text files", () =>
    Effect.gen(function*() {
      const modelOutput: Prompt.ToolResultPartEncoded["modelOutput"] = [
        { type: "text", text: "A" },
        { type: "text", text: "B", options: { cohere: { document: { id: "d", data: { snippet: "B!" } } } } },
        { type: "file", mediaType: "text/plain", fileName: "c.txt", data: new TextEncoder().encode("C") }
      ]
      assert.deepStrictEqual<unknown>(yield* contentOf({ modelOutput }), [
        { type: "text", text: "A" },
        { type: "document", document: { id: "d", data: { snippet: "B!" } } },
        { type: "document", document: { id: "c.txt", data: { title: "c.txt", text: "C" } } }
      ])
    }))

  it.effect("no images", () =>
    Effect.gen(function*() {
      const modelOutput: Prompt.ToolResultPartEncoded["modelOutput"] = [
        { type: "file", mediaType: "image/png", data: "aGk=" }
      ]
      assert.strictEqual(yield* refusal(result({ modelOutput })), "Unsupported")
    }))
})

it.effect("an empty prompt is an invalid request", () =>
  Effect.gen(function*() {
    assert.strictEqual(yield* refusal([]), "InvalidRequest")
    assert.strictEqual(yield* refusal(user({ type: "text", text: "" })), "InvalidRequest")
  }))
