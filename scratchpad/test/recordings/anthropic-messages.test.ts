import { assert, describe, it } from "@effect/vitest"
import { readMessages } from "../../src/recordings/expectation/anthropic-messages.ts"
import type { Json } from "../../src/recordings/json.ts"
import { answer, answered, streamed } from "./exchange.ts"

const message = (content: ReadonlyArray<Json>, stop: string, more: Record<string, Json> = {}): Json => ({
  type: "message",
  id: "msg-1",
  model: "m",
  content,
  stop_reason: stop,
  ...more
})

describe("readMessages", () => {
  it("adds the cache to the input", () => {
    const read = answer(readMessages(answered(message([{ type: "text", text: "Hi" }], "end_turn", {
      usage: {
        input_tokens: 4,
        cache_read_input_tokens: 30,
        cache_creation_input_tokens: 6,
        output_tokens: 8,
        output_tokens_details: { thinking_tokens: 5 }
      }
    }))))
    assert.strictEqual(read.text, "Hi")
    assert.deepStrictEqual(read.usage, {
      inputTotal: 40,
      inputUncached: 4,
      cacheRead: 30,
      cacheWrite: 6,
      outputTotal: 8,
      reasoning: 5
    })
  })

  it("maps every stop reason", () => {
    const reasons = [
      ["end_turn", "stop"],
      ["stop_sequence", "stop"],
      ["max_tokens", "length"],
      ["model_context_window_exceeded", "length"],
      ["tool_use", "tool-calls"],
      ["pause_turn", "pause"],
      ["refusal", "content-filter"]
    ] as const
    for (const [native, reason] of reasons) {
      assert.deepStrictEqual(answer(readMessages(answered(message([], native)))).finishReasons, [reason])
    }
  })

  it("tells the caller's tools from the vendor's, with their results", () => {
    const read = answer(readMessages(answered(message([
      { type: "thinking", thinking: "Hm", signature: "sig" },
      { type: "server_tool_use", id: "srv-1", name: "web_search", input: { query: "q" } },
      {
        type: "web_search_tool_result",
        tool_use_id: "srv-1",
        content: [{ type: "web_search_result", url: "https://example.org", encrypted_content: "enc" }]
      },
      { type: "tool_use", id: "toolu-1", name: "f", input: {} }
    ], "tool_use"))))
    assert.strictEqual(read.reasoning, "Hm")
    assert.deepStrictEqual(read.toolCalls.map((call) => call.id), ["toolu-1"])
    assert.deepStrictEqual(read.hosted, [{
      type: "web_search",
      ids: ["srv-1"],
      ranAt: "vendor",
      input: { query: "q" },
      hasResult: true,
      failed: false,
      output: [{ type: "web_search_result", url: "https://example.org", encrypted_content: "enc" }]
    }])
    assert.deepStrictEqual(read.order, [
      { kind: "reasoning", text: "Hm" },
      { kind: "call", ids: ["srv-1"] },
      { kind: "result", ids: ["srv-1"] },
      { kind: "call", ids: ["toolu-1"] }
    ])
  })

  it("knows results that failed", () => {
    const failed = (content: Json, more: Record<string, Json> = {}) =>
      answer(readMessages(answered(message([
        { type: "mcp_tool_use", id: "m-1", name: "f", server_name: "s", input: {} },
        { type: "mcp_tool_result", tool_use_id: "m-1", content, ...more }
      ], "end_turn")))).hosted[0]?.failed
    assert.isTrue(failed([], { is_error: true }))
    assert.isTrue(failed({ type: "web_fetch_tool_result_error", error_code: "unavailable" }))
    assert.isFalse(failed([{ type: "text", text: "ok" }]))
  })

  it("reads citations of documents and of pages", () => {
    const read = answer(readMessages(answered(message([{
      type: "text",
      text: "x",
      citations: [
        { type: "char_location", document_title: "Notes", cited_text: "quoted" },
        { type: "page_location", document_title: null, cited_text: "page" },
        { type: "web_search_result_location", url: "https://example.org/p", title: "P", encrypted_index: "idx" }
      ]
    }], "end_turn"))))
    assert.deepStrictEqual(read.sources.map((source) => [source.type, source.anyOf[0]]), [
      ["document", "Notes"],
      ["document", undefined],
      ["url", "https://example.org/p"]
    ])
    assert.deepStrictEqual(read.sources.map((source) => source.title), ["Notes", undefined, "P"])
  })

  it("folds a stream", () => {
    const read = answer(readMessages(streamed(
      {
        type: "message_start",
        message: { id: "msg-2", model: "m", content: [], usage: { input_tokens: 5, output_tokens: 1 } }
      },
      { type: "content_block_start", index: 0, content_block: { type: "thinking", thinking: "", signature: "" } },
      { type: "content_block_delta", index: 0, delta: { type: "thinking_delta", thinking: "Hm" } },
      { type: "content_block_delta", index: 0, delta: { type: "signature_delta", signature: "sig" } },
      { type: "content_block_stop", index: 0 },
      { type: "ping" },
      { type: "invented_event" },
      { type: "content_block_start", index: 1, content_block: { type: "tool_use", id: "t-1", name: "f", input: {} } },
      { type: "content_block_delta", index: 1, delta: { type: "input_json_delta", partial_json: "" } },
      { type: "content_block_delta", index: 1, delta: { type: "input_json_delta", partial_json: "{\"a\":\"\\u00" } },
      { type: "content_block_delta", index: 1, delta: { type: "input_json_delta", partial_json: "e9\"}" } },
      { type: "content_block_stop", index: 1 },
      {
        type: "message_delta",
        delta: { stop_reason: "tool_use" },
        usage: { input_tokens: null, output_tokens: 9 }
      },
      { type: "message_stop" },
      { type: "message_start", message: { id: "another" } }
    )))
    assert.strictEqual(read.reasoning, "Hm")
    assert.deepInclude(read.whole, {
      content: [
        { type: "thinking", thinking: "Hm", signature: "sig" },
        { type: "tool_use", id: "t-1", name: "f", input: { a: "é" } }
      ],
      events: [{ type: "invented_event" }]
    })
    assert.deepStrictEqual(read.toolCalls, [
      { id: "t-1", name: "f", arguments: { kind: "json", value: { a: "é" } } }
    ])
    assert.deepInclude(read.usage, { inputTotal: 5, outputTotal: 9 })
    assert.strictEqual(read.responseId, "msg-2")
  })

  it("tells arguments that never became JSON", () => {
    const read = answer(readMessages(streamed(
      { type: "message_start", message: { id: "msg-3", content: [] } },
      { type: "content_block_start", index: 0, content_block: { type: "tool_use", id: "t-1", name: "f", input: {} } },
      { type: "content_block_delta", index: 0, delta: { type: "input_json_delta", partial_json: "{\"a\":" } },
      { type: "message_delta", delta: { stop_reason: "max_tokens" } },
      { type: "message_stop" }
    )))
    assert.deepStrictEqual(read.toolCalls[0]?.arguments, { kind: "broken", text: "{\"a\":" })
    assert.deepStrictEqual(read.finishReasons, ["length"])
  })

  it("expects errors: by type, by spend limit, inside a stream, of a stream that breaks off", () => {
    const error = (type: string, more: Record<string, Json> = {}): Json => ({ type: "error", error: { type, ...more } })
    const read = (status: number, body: Json) => readMessages(answered(body, status))
    assert.deepInclude(read(404, error("not_found_error")), { reasons: ["InvalidRequestError"], retryable: false })
    assert.deepInclude(read(429, error("rate_limit_error")), { reasons: ["RateLimitError"], retryable: true })
    assert.deepInclude(
      read(429, error("rate_limit_error", { details: { error_code: "enforced_spend_limit_reached" } })),
      { reasons: ["QuotaExhaustedError"], retryable: false }
    )
    assert.deepInclude(readMessages(streamed(error("overloaded_error"))), {
      reasons: ["InternalProviderError"],
      retryable: true
    })
    assert.strictEqual(readMessages(streamed({ type: "message_start", message: {} })).kind, "error")
  })
})
