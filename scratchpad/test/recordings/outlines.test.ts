import { assert, describe, it } from "@effect/vitest"
import type { Json } from "../../src/recordings/json.ts"
import { answeredBlocks, messagesOutline } from "../../src/recordings/request/outline-anthropic.ts"
import { answeredMessage, chatOutline } from "../../src/recordings/request/outline-openai-chat.ts"
import { answeredItems, responsesOutline } from "../../src/recordings/request/outline-openai-responses.ts"
import { compareOutlines, missingEntry } from "../../src/recordings/request/outline.ts"

type Body = { readonly [name: string]: Json }

const differ = (outline: typeof chatOutline) => (recorded: Body, sent: Body) =>
  compareOutlines(outline(recorded), outline(sent))

describe("a Chat Completions request", () => {
  const compare = differ(chatOutline)
  const messages = [
    { role: "user", content: [{ type: "text", text: "See " }, { type: "text", text: "this" }] },
    { role: "assistant", content: null, tool_calls: [{ id: "c", function: { name: "f", arguments: "{\"a\": 1}" } }] },
    { role: "tool", tool_call_id: "c", content: "{ \"b\": 2 }" }
  ]

  it("is the same in another form", () => {
    assert.deepStrictEqual(
      compare(
        { messages, max_tokens: 9, stop: "x", tool_choice: "auto", user: null },
        {
          messages: [
            { role: "user", content: "See this" },
            {
              role: "assistant",
              content: "",
              tool_calls: [{ id: "c", function: { name: "f", arguments: "{\"a\":1}" } }]
            },
            { role: "tool", tool_call_id: "c", content: "{\"b\":2}" }
          ],
          max_completion_tokens: 9,
          stop: ["x"]
        }
      ),
      []
    )
  })

  it("is another where anything differs", () => {
    const body = {
      messages,
      temperature: 0.5,
      tools: [{ type: "function", function: { name: "f", description: "d" } }]
    }
    const changes: ReadonlyArray<Body> = [
      { ...body, messages: messages.slice(1) },
      { ...body, messages: [...messages, { role: "user", content: "more" }] },
      { ...body, temperature: 0.6 },
      { ...body, tools: [{ type: "function", function: { name: "f", description: "other" } }] },
      { ...body, tool_choice: "required" },
      { ...body, messages: [messages[0], { role: "assistant", tool_calls: [] }, messages[2]] as ReadonlyArray<Json> }
    ]
    for (const sent of changes) assert.lengthOf(compare(body, sent), 1)
  })
})

describe("a Messages request", () => {
  const compare = differ(messagesOutline)

  it("keeps marks, signatures and citations", () => {
    const thought = { type: "thinking", thinking: "Hm", signature: "s" }
    const marked = { type: "text", text: "Hi", cache_control: { type: "ephemeral" } }
    const cited = { type: "text", text: "Hi", citations: [{ cited_text: "x", document_title: null }] }
    const body = (...content: ReadonlyArray<Json>): Body => ({ messages: [{ role: "assistant", content }] })
    assert.deepStrictEqual(compare(body(thought, marked), body(thought, marked)), [])
    assert.lengthOf(compare(body(thought), body({ ...thought, signature: "t" })), 1)
    assert.lengthOf(compare(body(marked), body({ type: "text", text: "Hi" })), 1)
    assert.lengthOf(compare(body(cited), body({ type: "text", text: "Hi" })), 1)
    assert.deepStrictEqual(compare(body(cited), body({ ...cited, citations: [{ cited_text: "x" }] })), [])
  })

  it("has results before all else, as texts or blocks, and failures", () => {
    const result = { type: "tool_result", tool_use_id: "t", content: "1", is_error: false }
    const text = { type: "text", text: "?" }
    const body = (...content: ReadonlyArray<Json>): Body => ({ messages: [{ role: "user", content }] })
    assert.deepStrictEqual(
      compare(body(text, result), body({ ...result, content: [{ type: "text", text: "1" }] }, text)),
      []
    )
    assert.lengthOf(compare(body({ ...result, is_error: true }), body(result)), 1)
  })
})

describe("a Responses request", () => {
  const compare = differ(responsesOutline)

  it("needs no ids of messages and calls, and all of everything else", () => {
    const call = { type: "function_call", call_id: "c", name: "f", arguments: "{}" }
    const reasoning = { type: "reasoning", id: "rs", encrypted_content: "e", summary: [] }
    assert.deepStrictEqual(compare({ input: [{ ...call, id: "fc", status: "completed" }] }, { input: [call] }), [])
    assert.lengthOf(compare({ input: [reasoning] }, { input: [{ ...reasoning, encrypted_content: "f" }] }), 1)
    const item = { type: "web_search_call", id: "ws", action: { query: "q" } }
    assert.lengthOf(compare({ input: [item] }, { input: [{ ...item, action: {} }] }), 1)
    assert.lengthOf(compare({ input: "Hi", include: ["x"] }, { input: "Hi" }), 1)
    assert.deepStrictEqual(compare({ input: "Hi" }, { input: [{ role: "user", content: "Hi" }], include: ["x"] }), [])
  })
})

describe("an answer in the next request", () => {
  const asked = [{ role: "user", text: "Hi" }]

  it("follows what was asked, whole", () => {
    const said = [{ role: "assistant", text: "Ho" }]
    assert.deepStrictEqual(missingEntry(asked, said, [...asked, ...said, { role: "user", text: "And?" }]), [])
    assert.lengthOf(missingEntry(asked, said, [...asked, { role: "user", text: "And?" }]), 1)
    assert.lengthOf(missingEntry(asked, said, [{ role: "user", text: "Other" }, ...said]), 1)
  })

  it("has blocks as they were, but for empty ones and thoughts without a signature", () => {
    const entries = answeredBlocks({
      content: [
        { type: "thinking", thinking: "Hm", signature: "" },
        { type: "text", text: "" },
        { type: "tool_use", id: "t", name: "f", input: "{\"a" },
        { type: "invented", x: 1, y: null }
      ]
    })
    assert.deepStrictEqual(entries, [
      { role: "assistant", type: "tool_use", id: "t", name: "f", input: { value: "{\"a" } },
      { role: "assistant", type: "invented", x: 1 }
    ])
  })

  it("has items the API takes back: no reasoning at the end or lost to it, no call nobody can answer", () => {
    const reasoning = (id: string, more: Body = {}): Body => ({ type: "reasoning", id, summary: [], ...more })
    const message = { type: "message", role: "assistant", content: [{ type: "output_text", text: "Hi" }] }
    const shell = { type: "local_shell_call", call_id: "l", id: "lsh" }
    const output = [reasoning("a"), reasoning("b", { encrypted_content: "e" }), message, shell, reasoning("c")]
    assert.deepStrictEqual(answeredItems({ output }, new Map(), false), [
      { reasoning: "b", encrypted_content: "e" },
      { role: "assistant", text: "Hi" }
    ])
    assert.lengthOf(answeredItems({ output }, new Map([["local_shell_call", []]]), true), 4)
  })

  it("is the first choice, whose call in the old form has any id", () => {
    const choice = (index: number, message: Body): Json => ({ index, message })
    const called = { content: null, function_call: { name: "f", arguments: "{}" } }
    const entries = answeredMessage({ choices: [choice(1, { content: "other" }), choice(0, called)] })
    assert.deepStrictEqual(entries, [{ role: "assistant", name: "f", arguments: {} }])
    assert.deepStrictEqual(
      missingEntry([], entries, [{ role: "assistant", call: "made-up", name: "f", arguments: {} }]),
      []
    )
  })
})
