import { assert, describe, it } from "@effect/vitest"
import { readChatCompletion } from "../../src/recordings/expectation/openai-chat.ts"
import { at, type Json, stringAt } from "../../src/recordings/json.ts"
import { answer, answered, streamed } from "./exchange.ts"

const completion = (message: Json, finish: string, usage?: Json): Json => ({
  id: "chat-1",
  model: "m-2",
  choices: [{ index: 0, message, finish_reason: finish }],
  ...(usage === undefined ? {} : { usage })
})

describe("readChatCompletion", () => {
  it("reads text, ids and usage", () => {
    const read = answer(readChatCompletion(answered(completion({ content: "Hi" }, "stop", {
      prompt_tokens: 10,
      completion_tokens: 7,
      prompt_tokens_details: { cached_tokens: 4, cache_write_tokens: 1 },
      completion_tokens_details: { reasoning_tokens: 3 }
    }))))
    assert.strictEqual(read.text, "Hi")
    assert.deepStrictEqual([read.responseId, read.model], ["chat-1", "m-2"])
    assert.deepStrictEqual(read.finishReasons, ["stop"])
    assert.deepStrictEqual(read.usage, {
      inputTotal: 10,
      inputUncached: 5,
      cacheRead: 4,
      cacheWrite: 1,
      outputTotal: 7,
      reasoning: 3
    })
  })

  it("gives a refusal as text and a content filter", () => {
    const read = answer(readChatCompletion(answered(completion({ content: null, refusal: "No." }, "stop"))))
    assert.strictEqual(read.text, "No.")
    assert.deepStrictEqual(read.finishReasons, ["content-filter"])
  })

  it("reads a call in the old form, which has no id", () => {
    const read = answer(readChatCompletion(answered(
      completion({ content: null, function_call: { name: "f", arguments: "{\"a\":1}" } }, "function_call")
    )))
    assert.deepStrictEqual(read.toolCalls, [{ id: undefined, name: "f", arguments: { kind: "json", value: { a: 1 } } }])
    assert.deepStrictEqual(read.finishReasons, ["tool-calls"])
  })

  it("takes `stop` with calls for either reason", () => {
    const call = { id: "c", type: "function", function: { name: "f", arguments: "" } }
    const read = answer(readChatCompletion(answered(completion({ content: null, tool_calls: [call] }, "stop"))))
    assert.deepStrictEqual(read.finishReasons, ["stop", "tool-calls"])
    assert.deepStrictEqual(read.toolCalls[0]?.arguments, { kind: "json", value: {} })
  })

  it("folds a stream: the first choice, calls by index, usage from a chunk without choices", () => {
    const delta = (value: Json, index = 0, finish: string | null = null): Json => ({
      id: "chat-2",
      model: "m",
      choices: [{ index, delta: value, finish_reason: finish }]
    })
    const read = answer(readChatCompletion(streamed(
      delta({ role: "assistant", content: "A" }),
      delta({ content: "other" }, 1),
      delta({ content: "B" }),
      delta({ tool_calls: [{ index: 0, id: "c0", function: { name: "f", arguments: "{\"x\":" } }] }),
      delta({ tool_calls: [{ index: 1, id: "c1", function: { name: "g", arguments: "" } }] }),
      delta({ tool_calls: [{ index: 0, function: { arguments: "\"\\u00e9\"}" } }] }),
      delta({}, 0, "tool_calls"),
      { id: "chat-2", choices: [], usage: { prompt_tokens: 1, completion_tokens: 2 } },
      "[DONE]"
    )))
    assert.strictEqual(read.text, "AB")
    assert.deepStrictEqual(read.toolCalls, [
      { id: "c0", name: "f", arguments: { kind: "json", value: { x: "é" } } },
      { id: "c1", name: "g", arguments: { kind: "json", value: {} } }
    ])
    assert.strictEqual(read.usage.outputTotal, 2)
    assert.strictEqual(stringAt(read.whole, "choices", 1, "message", "content"), "other")
  })

  it("folds audio, log probabilities and what it does not know", () => {
    const delta = (value: Json, more: Record<string, Json> = {}): Json => ({
      id: "chat-3",
      choices: [{ index: 0, delta: value, ...more }]
    })
    const read = answer(readChatCompletion(streamed(
      delta({ audio: { id: "audio-1", data: Buffer.from("ab").toString("base64"), transcript: "Hel" } }),
      delta({ audio: { data: Buffer.from("cd").toString("base64"), transcript: "lo" } }),
      delta({ content: "x", mood: "bright" }, { logprobs: { content: [{ token: "x" }] } }),
      { id: "chat-3", choices: [{ index: 0, delta: {}, finish_reason: "stop" }], weather: "fair" },
      "[DONE]"
    )))
    assert.deepStrictEqual(read.files, [{ mediaType: "audio/", base64: Buffer.from("abcd").toString("base64") }])
    assert.strictEqual(read.spoken, "Hello")
    assert.deepInclude(read.whole, { weather: "fair", rest: [{ mood: "bright" }] })
    assert.deepStrictEqual(at(read.whole, "choices", 0, "logprobs"), { content: [{ token: "x" }], refusal: [] })
  })

  it("expects an error of a stream that breaks off and of one with an error in it", () => {
    const cut = readChatCompletion(streamed({ id: "x", choices: [{ index: 0, delta: { content: "A" } }] }))
    assert.strictEqual(cut.kind, "error")
    const failed = readChatCompletion(streamed({ error: { code: "rate_limit_exceeded", message: "slow" } }))
    assert.deepInclude(failed, { kind: "error", reasons: ["RateLimitError"], retryable: true })
  })
})
