import { assert, describe, it } from "@effect/vitest"
import * as Prompt from "effect/ai/Prompt"
import { messagesCall } from "../../src/recordings/request/anthropic-messages.ts"
import type { Call } from "../../src/recordings/request/Call.ts"
import { objectSchema } from "../../src/recordings/request/object-schema.ts"
import { chatCall } from "../../src/recordings/request/openai-chat.ts"
import { responsesCall } from "../../src/recordings/request/openai-responses.ts"
import { answered, asking } from "./exchange.ts"

/** Roles and types of parts, in the order they are in. */
const outline = (call: Call) =>
  Prompt.make(call.prompt).content.map((message) => [
    message.role,
    ...(typeof message.content === "string" ? [message.content] : message.content.map((part) => part.type))
  ])

const parameters = { type: "object", properties: { a: { type: "number" } } }

describe("requests as calls", () => {
  it("reads Chat Completions", () => {
    const call = chatCall(
      asking({
        model: "m",
        stream: true,
        messages: [
          { role: "developer", content: "Be brief." },
          {
            role: "user",
            content: [{ type: "text", text: "See" }, {
              type: "image_url",
              image_url: { url: "data:image/png;base64,aGk=" }
            }]
          },
          {
            role: "assistant",
            content: null,
            tool_calls: [{ id: "c", function: { name: "f", arguments: "{\"a\":1}" } }]
          },
          { role: "tool", tool_call_id: "c", content: "{\"b\":2}" },
          { role: "tool", tool_call_id: "d", content: "text" }
        ],
        tools: [{ type: "function", function: { name: "f", parameters } }],
        tool_choice: { type: "function", function: { name: "f" } }
      }),
      undefined
    )
    assert.deepStrictEqual(outline(call), [
      ["system", "Be brief."],
      ["user", "text", "file"],
      ["assistant", "tool-call"],
      ["tool", "tool-result", "tool-result"]
    ])
    assert.deepStrictEqual([call.model, call.stream, call.toolChoice], ["m", true, { tool: "f" }])
  })

  it("reads Responses, and the tools a response repeats where there is no request", () => {
    const call = responsesCall(
      asking({
        model: "m",
        instructions: "Be brief.",
        input: [
          { role: "user", content: "Hi" },
          { type: "reasoning", id: "rs", encrypted_content: "secret", summary: [] },
          { type: "function_call", call_id: "c", name: "f", arguments: "{}" },
          { type: "function_call_output", call_id: "c", output: "1" },
          { type: "compaction", id: "cmp", encrypted_content: "secret" }
        ],
        tools: [{ type: "web_search" }, { type: "function", name: "f", parameters }, { type: "custom", name: "g" }],
        tool_choice: { type: "allowed_tools", mode: "required", tools: [{ type: "function", name: "f" }] }
      }),
      undefined
    )
    assert.deepStrictEqual(outline(call), [
      ["user", "text"],
      ["assistant", "reasoning", "tool-call"],
      ["tool", "tool-result"],
      ["assistant", "reasoning"]
    ])
    assert.deepStrictEqual(call.tools.map((tool) => tool.name), ["f", "g", "OpenAiWebSearch"])
    assert.deepStrictEqual(call.toolChoice, { mode: "required", oneOf: ["f"] })
    assert.deepStrictEqual(call.declared.get("web_search_call"), ["OpenAiWebSearch"])
    assert.deepStrictEqual(call.settings, { instructions: "Be brief." })

    const unasked = responsesCall(
      answered({ output: [], tools: [{ type: "code_interpreter", container: "c" }] }),
      undefined
    )
    assert.deepStrictEqual(unasked.tools.map((tool) => tool.name), ["OpenAiCodeInterpreter"])
    assert.deepStrictEqual(outline(unasked), [["user", "text"]])
  })

  it("reads Messages", () => {
    const call = messagesCall(
      asking({
        model: "m",
        system: [{ type: "text", text: "Be brief." }],
        messages: [
          { role: "user", content: [{ type: "document", source: { type: "text", data: "Words" }, title: "Notes" }] },
          {
            role: "assistant",
            content: [
              { type: "thinking", thinking: "Hm", signature: "sig" },
              { type: "server_tool_use", id: "s", name: "web_search", input: { query: "q" } },
              { type: "web_search_tool_result", tool_use_id: "s", content: [] },
              { type: "tool_use", id: "t", name: "f", input: {} }
            ]
          },
          {
            role: "user",
            content: [{ type: "tool_result", tool_use_id: "t", content: "1" }, { type: "text", text: "?" }]
          }
        ],
        tools: [{ type: "web_search_20250305", name: "web_search" }, { name: "f", input_schema: parameters }],
        tool_choice: { type: "any" }
      }),
      undefined
    )
    assert.deepStrictEqual(outline(call), [
      ["system", "Be brief."],
      ["user", "file"],
      ["assistant", "reasoning", "tool-call", "tool-result", "tool-call"],
      ["tool", "tool-result"],
      ["user", "text"]
    ])
    assert.deepStrictEqual(call.tools.map((tool) => tool.name), ["f", "AnthropicWebSearch"])
    assert.strictEqual(call.toolChoice, "required")
    assert.strictEqual(call.customName("web_search"), "AnthropicWebSearch")
  })

  it("makes a schema of closed objects alone", () => {
    const closed = { ...parameters, required: ["a"], additionalProperties: false }
    assert.isDefined(objectSchema(closed))
    assert.isUndefined(objectSchema(parameters))
    assert.isUndefined(objectSchema({ ...closed, required: [] }))
  })
})
