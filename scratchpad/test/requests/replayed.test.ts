import { assert, describe, it } from "@effect/vitest"
import { Effect, Schema } from "effect"
import { Tool } from "effect/ai"
import { messages } from "../../src/requests/anthropic/api.ts"
import { chat, chatMessage } from "../../src/requests/openai/api.ts"
import { conversation, results } from "../../src/requests/own-cases.ts"
import { replayed } from "../../src/requests/replayed.ts"
import { runCheck } from "../../src/requests/run-check.ts"
import type { Api, Check, Vendor } from "../../src/requests/Vendor.ts"

const rate = Tool.make("exchange_rate", { parameters: Schema.Struct({ from: Schema.String }), success: Schema.Finite })

const begun = conversation(chat, "a call in the history", {}, {
  tools: [rate],
  answer: chatMessage({
    content: "I look.",
    tool_calls: [{ id: "call_1", type: "function", function: { name: rate.name, arguments: `{"from":"EUR"}` } }]
  }, "tool_calls"),
  next: results(1.25),
  said: ["call_1"]
})

const vendor = (name: string, checks: ReadonlyArray<Check>, more: Partial<Api>): Vendor => ({
  name,
  file: `${name}.yaml`,
  apis: [{ name: "talk", operation: ({ path }) => path, checks, rules: [], ...more }],
  without: []
})

describe("a conversation", () => {
  it.effect("goes on with the API it began with", () =>
    Effect.gen(function*() {
      const [api] = vendor("a", [], {}).apis
      assert(api !== undefined)
      for (const check of begun) {
        const outcome = yield* runCheck(api, check, () => [])
        assert.strictEqual(outcome.kind, "passed", check.mode)
        assert.lengthOf(outcome.kind === "passed" ? outcome.sent : [], 2)
      }
    }))

  it.effect("goes on with each other, in its words", () =>
    Effect.gen(function*() {
      const [, other] = replayed([
        vendor("a", begun, {}),
        vendor("b", [], { language: messages(["claude-sonnet-5"]) })
      ])
      const [api] = other?.apis ?? []
      assert(api !== undefined)
      assert.deepStrictEqual(api.checks.map((check) => check.name), ["a talk: a call in the history"])
      const [check] = api.checks
      assert(check !== undefined)
      const outcome = yield* runCheck(api, check, () => [])
      assert(outcome.kind === "passed")
      assert.deepStrictEqual(outcome.leftOut, [])
      assert.include(JSON.stringify(outcome.sent[0]?.body), `"tool_use_id":"call_1","content":"1.25"`)
    }))

  it("goes nowhere without a language API", () => {
    const [one] = replayed([vendor("a", begun, {})])
    assert.strictEqual(one?.apis[0]?.checks.length, begun.length)
  })
})
