import { assert, describe, it } from "@effect/vitest"
import { compare } from "../../src/recordings/compare.ts"
import type { Heard } from "../../src/recordings/heard.ts"
import type { Json } from "../../src/recordings/json.ts"
import { observe } from "../../src/recordings/observe.ts"
import { findApi } from "../../src/recordings/providers.ts"
import type { RecordedExchange } from "../../src/recordings/record.ts"

const exchange = (provider: string, api: string, request: Json, answer: Json, path = ""): RecordedExchange => ({
  id: "a",
  provider,
  api,
  stream: false,
  conversation: undefined,
  turn: 1,
  request: { path, headers: {}, body: request },
  response: { status: 200, headers: {}, body: JSON.stringify(answer) }
})

const asked = { declared: new Map(), customName: (name: string) => name, form: { spared: [], takenApart: [] } }

/** How an outcome, and a request, differ from what was recorded. */
const differences = (recorded: RecordedExchange, heard: Heard, sent: Json) => {
  const found = findApi(recorded.provider, recorded.api)
  if (found.kind !== "found") throw new Error(found.reason)
  const expected = found.api.read(recorded)
  const attempt = found.api.attempt(recorded, expected)
  return [
    ...compare(expected, observe(heard), asked),
    ...attempt.compareAsked({ path: recorded.request?.path ?? "", headers: {}, body: sent })
  ]
}

describe("counts of tokens", () => {
  const body = { model: "claude-sonnet-5", messages: [{ role: "user", content: "Hi" }] }
  const recorded = exchange("anthropic", "count-tokens", body, { input_tokens: 20 })

  it("the count and the request are what was recorded, or it is said", () => {
    assert.deepStrictEqual(differences(recorded, { kind: "tokens", tokens: 20 }, body), [])
    assert.lengthOf(differences(recorded, { kind: "tokens", tokens: 21 }, body), 1)
    const other = { ...body, messages: [{ role: "user", content: "Ho" }] }
    assert.lengthOf(differences(recorded, { kind: "tokens", tokens: 20 }, other), 1)
    assert.lengthOf(differences(recorded, { kind: "tokens", tokens: 20 }, { ...body, model: "claude" }), 1)
  })

  it("Google's is of the body, or of a member of it", () => {
    const content = { contents: [{ role: "user", parts: [{ text: "Hi" }] }] }
    const path = "/v1beta/models/gemini-3.5-flash:countTokens"
    for (const request of [content, { generateContentRequest: content }]) {
      const google = exchange("google", "count-tokens", request, { totalTokens: 11 }, path)
      assert.deepStrictEqual(differences(google, { kind: "tokens", tokens: 11 }, content), [])
      const none = { generateContentRequest: { contents: [] } }
      assert.lengthOf(differences(google, { kind: "tokens", tokens: 11 }, none), 1)
    }
  })
})

describe("compaction", () => {
  const said = { type: "message", role: "user", content: [{ type: "input_text", text: "Hi" }] }
  const compaction = { type: "compaction", id: "cmp_1", encrypted_content: "gAAA" }
  const body = { model: "gpt-5.1", input: [{ role: "user", content: "Hi" }] }
  const usage = { input_tokens: 9, input_tokens_details: { cached_tokens: 0 }, output_tokens: 5 }
  const recorded = exchange("openai", "responses-compact", body, {
    id: "resp_1",
    output: [said, compaction],
    usage
  })
  const heard = (next: Json, inputTokens = 9): Heard => ({
    kind: "compaction",
    id: "resp_1",
    usage: { inputTokens: { total: inputTokens, cacheRead: 0 }, outputTokens: { total: 5 } },
    next
  })
  const more = { role: "user", content: "And then?" }

  it("all items come back in the next request, in their order, or it is said", () => {
    assert.deepStrictEqual(differences(recorded, heard([said, compaction, more]), body), [])
    for (const next of [[said, more], [compaction, said, more], [said, { ...compaction, encrypted_content: "gAAB" }]]) {
      assert.lengthOf(differences(recorded, heard(next), body), 1)
    }
    assert.lengthOf(differences(recorded, heard([said, compaction], 8), body), 1)
    assert.lengthOf(differences(recorded, heard([said, compaction]), { ...body, input: [] }), 1)
  })
})
