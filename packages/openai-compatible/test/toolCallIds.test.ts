import { assert, describe, it } from "@effect/vitest"
import { ToolCallIds } from "../src/internal/toolCallIds.ts"

// Mistral's rule; OpenAI's is 40 characters at most.
const rule = { pattern: /^[a-zA-Z0-9]{9}$/, length: 9 }

describe("ids of tool calls", () => {
  it("pass where the server has no rule, and where they keep to it", () => {
    assert.strictEqual(new ToolCallIds(undefined).encode("toolu_01|fc_2"), "toolu_01|fc_2")
    assert.strictEqual(new ToolCallIds(rule).encode("D681PevKs"), "D681PevKs")
  })

  it("are replaced by ones that keep to it, the same for the call and its result, in every request", () => {
    const ids = new ToolCallIds(rule)
    const first = ids.encode("call_8ElDxJj6u7IUDEwQIrwFbveM")
    assert.match(first, rule.pattern)
    assert.strictEqual(ids.encode("call_8ElDxJj6u7IUDEwQIrwFbveM"), first)
    assert.strictEqual(new ToolCallIds(rule).encode("call_8ElDxJj6u7IUDEwQIrwFbveM"), first)
  })

  it("never become one", () => {
    const ids = new ToolCallIds(rule)
    const mapped = Array.from({ length: 5000 }, (_, at) => ids.encode(`call_${at}`))
    assert.strictEqual(new Set(mapped).size, 5000)
    const narrow = new ToolCallIds({ pattern: /^\d$/, length: 1 })
    const few = Array.from({ length: 20 }, (_, at) => narrow.encode(`call_${at}`))
    assert.strictEqual(new Set(few).size, 20)
  })

  it("an id that keeps to the rule gives way to one that was made before and is the same", () => {
    const ids = new ToolCallIds(rule)
    const made = ids.encode("call_1")
    assert.notStrictEqual(ids.encode(made), made)
  })
})
