import { assert, describe, it } from "@effect/vitest"
import { readResponses } from "../../src/recordings/expectation/openai-responses.ts"
import type { Json } from "../../src/recordings/json.ts"
import { answer, answered, streamed } from "./exchange.ts"

const response = (output: ReadonlyArray<Json>, more: Record<string, Json> = {}): Json => ({
  id: "resp-1",
  model: "m",
  status: "completed",
  output,
  ...more
})

const message = (...content: ReadonlyArray<Json>): Json => ({ type: "message", id: "msg-1", content })

const call: Json = { type: "function_call", id: "fc-1", call_id: "call-1", name: "f", arguments: "{\"a\":1}" }

describe("readResponses", () => {
  it("reads text, sources and usage", () => {
    const cited = { type: "url_citation", url: "https://example.org/a", title: "A" }
    const read = answer(readResponses(answered(response(
      [message({ type: "output_text", text: "Hi", annotations: [cited] })],
      {
        usage: {
          input_tokens: 9,
          output_tokens: 5,
          input_tokens_details: { cached_tokens: 3 },
          output_tokens_details: { reasoning_tokens: 2 }
        }
      }
    ))))
    assert.strictEqual(read.text, "Hi")
    assert.deepStrictEqual(read.finishReasons, ["stop"])
    assert.deepStrictEqual(read.sources.map((source) => source.anyOf[0]), ["https://example.org/a"])
    assert.deepInclude(read.usage, { inputTotal: 9, inputUncached: 6, cacheRead: 3, outputTotal: 5, reasoning: 2 })
  })

  it("finishes for the calls left to the caller, for refusals and for limits", () => {
    const reasons = (output: ReadonlyArray<Json>, more?: Record<string, Json>) =>
      answer(readResponses(answered(response(output, more)))).finishReasons
    assert.deepStrictEqual(reasons([call]), ["tool-calls"])
    assert.deepStrictEqual(reasons([message({ type: "refusal", refusal: "No." })]), ["content-filter"])
    const incomplete = (reason: string) => ({ status: "incomplete", incomplete_details: { reason } })
    assert.deepStrictEqual(reasons([call], incomplete("max_output_tokens")), ["length"])
    assert.deepStrictEqual(reasons([], incomplete("content_filter")), ["content-filter"])
  })

  it("makes nothing of what it does not know", () => {
    const read = answer(readResponses(answered(response([
      { type: "reasoning", id: "rs-1", encrypted_content: "secret", summary: [{ type: "summary_text", text: "Hm" }] },
      { type: "invented_call", id: "inv-1", payload: { note: "unheard of" } }
    ]))))
    assert.strictEqual(read.reasoning, "Hm")
    assert.deepStrictEqual(read.order, [{ kind: "reasoning", text: "Hm" }])
    assert.deepStrictEqual(read.finishReasons, ["stop"])
  })

  it("tells the vendor's own tools from the caller's", () => {
    const read = answer(readResponses(answered(response([
      { type: "web_search_call", id: "ws-1", status: "completed", action: { type: "search", query: "q" } },
      { type: "local_shell_call", id: "lsh-1", call_id: "call-2", action: { command: ["ls"] } }
    ]))))
    assert.deepStrictEqual(read.toolCalls, [])
    assert.deepStrictEqual(read.hosted.map(({ type, ids, ranAt, hasResult }) => ({ type, ids, ranAt, hasResult })), [
      { type: "web_search_call", ids: ["ws-1"], ranAt: "vendor", hasResult: true },
      { type: "local_shell_call", ids: ["lsh-1", "call-2"], ranAt: "caller", hasResult: false }
    ])
    assert.deepStrictEqual(read.finishReasons, ["tool-calls", "stop"])
  })

  it("folds a stream, finished items as they were done and others from their deltas", () => {
    const read = answer(readResponses(streamed(
      { type: "response.created", response: { id: "resp-2" } },
      { type: "response.output_item.added", output_index: 0, item: { type: "message", id: "m", content: [] } },
      { type: "response.output_text.delta", output_index: 0, delta: "Par" },
      { type: "response.invented.event", output_index: 0 },
      {
        type: "response.output_item.done",
        output_index: 0,
        item: { type: "message", id: "m", content: [{ type: "output_text", text: "Paris" }] }
      },
      {
        type: "response.output_item.added",
        output_index: 1,
        item: { type: "function_call", call_id: "c", name: "f", arguments: "" }
      },
      { type: "response.function_call_arguments.delta", output_index: 1, delta: "{\"a\":" },
      {
        type: "response.incomplete",
        response: {
          id: "resp-2",
          model: "m",
          status: "incomplete",
          incomplete_details: { reason: "max_output_tokens" }
        }
      }
    )))
    assert.strictEqual(read.text, "Paris")
    assert.strictEqual(read.responseId, "resp-2")
    assert.deepStrictEqual(read.toolCalls, [{ id: "c", name: "f", arguments: { kind: "broken", text: "{\"a\":" } }])
    assert.deepStrictEqual(read.finishReasons, ["length"])
  })

  it("expects errors: of a failed response, an error event, a stream that breaks off", () => {
    const failed = { id: "r", status: "failed", error: { code: "server_error", message: "oops" }, output: [] }
    assert.deepInclude(readResponses(answered(failed)), { reasons: ["InternalProviderError"] })
    assert.deepInclude(readResponses(streamed({ type: "response.failed", response: failed })), {
      reasons: ["InternalProviderError"]
    })
    const events: ReadonlyArray<Json> = [
      { type: "error", code: "insufficient_quota", message: "m" },
      { type: "error", error: { type: "insufficient_quota", message: "m" } }
    ]
    for (const event of events) {
      assert.deepInclude(readResponses(streamed(event)), { reasons: ["QuotaExhaustedError"], retryable: false })
    }
    assert.strictEqual(readResponses(streamed({ type: "response.created", response: {} })).kind, "error")
  })
})
