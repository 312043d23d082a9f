import { assert, it } from "@effect/vitest"
import { decodeBilled, decodeFinishReason, decodeUsage, isFailure } from "../src/internal/finish.ts"

// Source: https://docs.cohere.com/reference/chat, `finish_reason`
it("every finish reason", () => {
  const reasons = {
    COMPLETE: "stop",
    STOP_SEQUENCE: "stop",
    MAX_TOKENS: "length",
    TOOL_CALL: "tool-calls",
    SOMETHING_NEW: "other"
  }
  for (const [native, reason] of Object.entries(reasons)) {
    assert.strictEqual(decodeFinishReason(native), reason)
    assert.isFalse(isFailure(native), native)
  }
  assert.strictEqual(decodeFinishReason(undefined), "unknown")
})

it("reasons of an answer that failed", () => {
  for (const native of ["ERROR", "TIMEOUT", "ERROR_TOXIC", "ERROR_LIMIT"]) assert.isTrue(isFailure(native), native)
  assert.isFalse(isFailure(undefined))
})

it("counts are those of the model, not those that are charged", () => {
  const usage = {
    billed_units: { input_tokens: 12, output_tokens: 10 },
    tokens: { input_tokens: 614, output_tokens: 13, reasoning_tokens: 4 },
    cached_tokens: 480
  }
  assert.deepStrictEqual(decodeUsage(usage), {
    inputTokens: { uncached: 134, total: 614, cacheRead: 480 },
    outputTokens: { total: 13, text: 9, reasoning: 4 }
  })
  assert.deepStrictEqual(decodeBilled(usage), {
    llmLayers: { billed: { inputTokens: { uncached: 12, total: 12 }, outputTokens: { total: 10, text: 10 } } }
  })
  assert.isUndefined(decodeBilled({ billed_units: { input_tokens: 12 } }))
})

it("usage that was not reported is unknown, not zero", () => {
  assert.deepStrictEqual(decodeUsage(undefined), { inputTokens: {}, outputTokens: {} })
  assert.deepStrictEqual(decodeUsage({ billed_units: { input_tokens: 1 } }), { inputTokens: {}, outputTokens: {} })
})
