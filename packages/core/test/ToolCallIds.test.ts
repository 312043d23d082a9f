import { assert, describe, it } from "@effect/vitest"
import * as ToolCallIds from "@llm-layers/core/ToolCallIds"

// Mistral's rule; OpenAI's is 40 characters at most.
const rule = { pattern: /^[a-zA-Z0-9]{9}$/, length: 9 }

describe("ToolCallIds", () => {
  it("pass where the server has no rule, and where they keep to it", () => {
    assert.strictEqual(ToolCallIds.make(undefined)("toolu_01|fc_2"), "toolu_01|fc_2")
    assert.strictEqual(ToolCallIds.make(rule)("D681PevKs"), "D681PevKs")
  })

  it("are replaced by ones that keep to it, the same for the call and its result, in every request", () => {
    const ids = ToolCallIds.make(rule)
    const first = ids("call_8ElDxJj6u7IUDEwQIrwFbveM")
    assert.match(first, rule.pattern)
    assert.strictEqual(ids("call_8ElDxJj6u7IUDEwQIrwFbveM"), first)
    assert.strictEqual(ToolCallIds.make(rule)("call_8ElDxJj6u7IUDEwQIrwFbveM"), first)
  })

  it("never become one", () => {
    const ids = ToolCallIds.make(rule)
    const mapped = Array.from({ length: 5000 }, (_, at) => ids(`call_${at}`))
    assert.strictEqual(new Set(mapped).size, 5000)
    const narrow = ToolCallIds.make({ pattern: /^\d$/, length: 1 })
    const few = Array.from({ length: 20 }, (_, at) => narrow(`call_${at}`))
    assert.strictEqual(new Set(few).size, 20)
  })

  it("an id that keeps to the rule gives way to one that was made before and is the same", () => {
    const ids = ToolCallIds.make(rule)
    const made = ids("call_1")
    assert.notStrictEqual(ids(made), made)
  })
})
