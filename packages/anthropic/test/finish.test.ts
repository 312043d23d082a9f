import { assert, it } from "@effect/vitest"
import { decodeStopReason, decodeUsage } from "../src/internal/finish.ts"

// Source: platform.claude.com/docs/en/build-with-claude/handling-stop-reasons
it("every stop reason", () => {
  const reasons = {
    end_turn: "stop",
    stop_sequence: "stop",
    max_tokens: "length",
    model_context_window_exceeded: "length",
    tool_use: "tool-calls",
    pause_turn: "pause",
    compaction: "pause",
    refusal: "content-filter",
    something_new: "other"
  }
  for (const [native, reason] of Object.entries(reasons)) assert.strictEqual(decodeStopReason(native), reason)
  assert.strictEqual(decodeStopReason(null), "unknown")
  assert.strictEqual(decodeStopReason(undefined), "unknown")
})

it("usage that was not reported is unknown, not zero", () => {
  assert.deepStrictEqual(decodeUsage({}), { inputTokens: {}, outputTokens: {} })
  assert.deepStrictEqual(decodeUsage({ input_tokens: 3, cache_read_input_tokens: null, output_tokens: "x" }), {
    inputTokens: { uncached: 3, total: 3 },
    outputTokens: {}
  })
})
