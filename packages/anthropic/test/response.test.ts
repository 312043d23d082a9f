import { assert, describe, it } from "@effect/vitest"
import * as ProviderError from "@llm-layers/core/ProviderError"
import { Effect } from "effect"
import { AiError, Prompt, Response } from "effect/ai"
import * as AnthropicTool from "../src/AnthropicTool.ts"
import { decodeAnswer } from "../src/internal/response.ts"
import { context, message } from "./fixtures/events.ts"
import { messages } from "./fixtures/request.ts"

const parts = (answer: unknown, ...rest: Parameters<typeof context>) => {
  const decoded = decodeAnswer(context(...rest), answer)
  if (AiError.isAiError(decoded)) throw decoded
  return decoded
}

describe("a whole answer", () => {
  it("is its blocks in order, between metadata and finish", () => {
    const answer = message([
      { type: "thinking", thinking: "Hm", signature: "s" },
      { type: "text", text: "Hello" },
      { type: "tool_use", id: "toolu_1", name: "weather", input: { city: "Lima" } }
    ], { stop_reason: "tool_use", context_management: { applied_edits: [] } })
    assert.deepStrictEqual(parts(answer), [
      {
        type: "response-metadata",
        id: "msg_1",
        modelId: "claude-sonnet-5-5",
        metadata: {
          llmLayers: { usage: { inputTokens: { uncached: 10, total: 10 }, outputTokens: { total: 5, text: 5 } } }
        }
      },
      { type: "reasoning", text: "Hm", metadata: { anthropic: { signature: "s" } } },
      { type: "text", text: "Hello", metadata: {} },
      { type: "tool-call", id: "toolu_1", name: "weather", params: { city: "Lima" }, metadata: {} },
      {
        type: "finish",
        reason: "tool-calls",
        usage: { inputTokens: { uncached: 10, total: 10 }, outputTokens: { total: 5, text: 5 } },
        response: undefined,
        metadata: {
          anthropic: {
            stopReason: "tool_use",
            contextManagement: { applied_edits: [] },
            usage: { input_tokens: 10, output_tokens: 5 }
          }
        }
      }
    ])
  })

  it("says why it was refused", () => {
    const details = { type: "refusal", category: "cyber", explanation: "No." }
    const finish = parts(message([], { stop_reason: "refusal", stop_details: details })).at(-1)
    assert.strictEqual(finish?.type === "finish" && finish.reason, "content-filter")
    assert.deepStrictEqual(finish?.type === "finish" && finish.metadata?.anthropic?.stopDetails, details)
  })

  it("has the arguments of a call as they are, whether they are an object or not", () => {
    const params = (input: unknown, more = {}) => {
      const call = parts(message([{ type: "tool_use", id: "toolu_1", name: "weather", input, ...more }]))
        .find((part) => part.type === "tool-call")
      return call?.type === "tool-call" ? call.params : "no call"
    }
    for (const input of ["Lima", "{", null, [], ["Lima"], 0, { city: "Lima" }, {}]) {
      assert.deepStrictEqual(params(input), input)
    }
    assert.deepStrictEqual(params(undefined), {})
    assert.deepStrictEqual(params(["Lima"], { toolset_name: "maps" }), ["Lima"])
    assert.deepStrictEqual(params({}, { toolset_name: "maps" }), { action: "weather" })
  })

  it("whose content is null has none", () => {
    const types = parts({ ...message([]), content: null }).map((part) => part.type)
    assert.deepStrictEqual(types, ["response-metadata", "finish"])
  })

  it("with another shape is a typed error", () => {
    for (const answer of [{ choices: [] }, null, [], "text"]) {
      const decoded = decodeAnswer(context([], { isEventStream: false }), answer)
      assert.strictEqual(AiError.isAiError(decoded) && ProviderError.kindOf(decoded), "InvalidResponse")
    }
  })

  it("with an error in it is that error", () => {
    const decoded = decodeAnswer(context(), { type: "error", error: { type: "api_error", message: "Oops" } })
    assert.isTrue(AiError.isAiError(decoded) && decoded.message.includes("Oops"))
  })
})

describe("the way back", () => {
  const tools = [
    AnthropicTool.WebSearch({}),
    AnthropicTool.CodeExecution({}),
    AnthropicTool.Mcp({ name: "docs", url: "https://mcp.example.com" })
  ]

  const content = [
    { type: "compaction", content: "So far." },
    { type: "thinking", thinking: "Hm", signature: "s" },
    { type: "redacted_thinking", data: "enc" },
    {
      type: "server_tool_use",
      id: "srvtoolu_1",
      name: "web_search",
      input: { query: "x" },
      caller: { type: "code_execution_20260120", tool_id: "srvtoolu_0" }
    },
    {
      type: "web_search_tool_result",
      tool_use_id: "srvtoolu_1",
      content: [{
        type: "web_search_result",
        url: "https://a.example",
        title: "A",
        encrypted_content: "e",
        page_age: null
      }],
      caller: { type: "code_execution_20260120", tool_id: "srvtoolu_0" }
    },
    { type: "server_tool_use", id: "srvtoolu_2", name: "text_editor_code_execution", input: { command: "view" } },
    {
      type: "text_editor_code_execution_tool_result",
      tool_use_id: "srvtoolu_2",
      content: { type: "text_editor_code_execution_tool_result_error", error_code: "file_not_found" }
    },
    { type: "mcp_tool_use", id: "mcptoolu_1", name: "search", server_name: "docs", input: { q: "x" } },
    { type: "mcp_tool_result", tool_use_id: "mcptoolu_1", is_error: false, content: [{ type: "text", text: "y" }] },
    { type: "server_tool_use", id: "srvtoolu_3", name: "advisor", input: {} },
    { type: "advisor_tool_result", tool_use_id: "srvtoolu_3", content: { type: "advisor_result", text: "Ship it." } },
    {
      type: "text",
      text: "Done.",
      citations: [{
        type: "web_search_result_location",
        url: "https://a.example",
        title: "A",
        cited_text: "x",
        encrypted_index: "i"
      }]
    },
    { type: "tool_use", id: "toolu_1", name: "weather", input: { city: "Lima" }, caller: { type: "direct" } },
    { type: "container_upload", file_id: "file_1" }
  ]

  it.effect("through Prompt.fromResponseParts each block is what it was, declared or not", () =>
    Effect.gen(function*() {
      // Parts as the framework decodes them have the same fields.
      const decoded = parts(message(content), tools).map((part) =>
        part.type === "tool-result"
          ? Response.makePart("tool-result", {
            id: part.id,
            name: part.name,
            isFailure: false,
            result: part.result,
            encodedResult: part.result,
            providerExecuted: true,
            preliminary: false,
            metadata: part.metadata ?? {}
          })
          : { ...part, metadata: part.metadata ?? {} } as Response.AnyPart
      ).filter((part) => !("name" in part) || part.name !== "advisor")
      const prompt = Prompt.concat(Prompt.concat(Prompt.make("Go"), Prompt.fromResponseParts(decoded)), "On")
      assert.deepStrictEqual((yield* messages({ prompt, tools }))[1]?.content, content)
    }))
})
