import { assert, describe, it } from "@effect/vitest"
import * as Metadata from "@llm-layers/core/Metadata"
import * as ProviderError from "@llm-layers/core/ProviderError"
import * as Warning from "@llm-layers/core/Warning"
import * as AnthropicTool from "../src/AnthropicTool.ts"
import {
  blockDelta,
  blockStart,
  blockStop,
  collect,
  context,
  decode,
  messageDelta,
  messageStart,
  messageStop
} from "./fixtures/events.ts"

const text = (value: string) => blockDelta(0, { type: "text_delta", text: value })
const types = (parts: ReadonlyArray<{ readonly type: string }>) => parts.map((part) => part.type)

describe("text", () => {
  it("metadata first, then the text, then one finish", () => {
    const decoded = decode(
      context([], { requestId: "req_1", warnings: [{ about: "temperature", message: "left out" }] }),
      [
        messageStart({ usage: { input_tokens: 7, output_tokens: 1 } }),
        { type: "ping" },
        blockStart(0, { type: "text", text: "" }),
        text("Hel"),
        text("lo"),
        blockStop(0),
        messageDelta({ stop_reason: "end_turn", stop_sequence: null }, { output_tokens: 3 }),
        messageStop
      ]
    )
    assert.isUndefined(decoded.error)
    assert.deepStrictEqual(decoded.parts, [
      {
        type: "response-metadata",
        id: "msg_1",
        modelId: "claude-sonnet-5-5",
        metadata: {
          anthropic: { requestId: "req_1" },
          llmLayers: {
            usage: { inputTokens: { uncached: 7, total: 7 }, outputTokens: { total: 1, text: 1 } },
            warnings: [{ about: "temperature", message: "left out" }]
          }
        }
      },
      { type: "text-start", id: "0" },
      { type: "text-delta", id: "0", delta: "Hel" },
      { type: "text-delta", id: "0", delta: "lo" },
      { type: "text-end", id: "0" },
      {
        type: "finish",
        reason: "stop",
        usage: { inputTokens: { uncached: 7, total: 7 }, outputTokens: { total: 3, text: 3 } },
        response: undefined,
        metadata: { anthropic: { stopReason: "end_turn", usage: { input_tokens: 7, output_tokens: 3 } } }
      }
    ])
    assert.deepStrictEqual(Warning.of(decoded.parts), [{ about: "temperature", message: "left out" }])
  })

  it("counts of the last event are totals; what it leaves out stays", () => {
    const usage = {
      input_tokens: 10,
      cache_read_input_tokens: 100,
      cache_creation_input_tokens: 5,
      output_tokens: 1,
      service_tier: "standard"
    }
    const { parts } = decode(context(), [
      messageStart({ usage }),
      messageDelta({ stop_reason: "end_turn" }, {
        input_tokens: null,
        output_tokens: 40,
        output_tokens_details: { thinking_tokens: 30 }
      }),
      messageStop
    ])
    const finish = parts.find((part) => part.type === "finish")
    assert.deepStrictEqual(finish?.usage, {
      inputTokens: { uncached: 10, total: 115, cacheRead: 100, cacheWrite: 5 },
      outputTokens: { total: 40, text: 10, reasoning: 30 }
    })
    assert.deepInclude(finish?.metadata?.anthropic?.usage, { service_tier: "standard" })
    assert.isUndefined(Metadata.get(finish?.metadata, "llmLayers", "cacheWriteHour"))
  })

  it("tokens that the cache keeps for an hour are told of, for their price", () => {
    const usage = {
      input_tokens: 1,
      cache_creation_input_tokens: 30,
      cache_creation: { ephemeral_5m_input_tokens: 10, ephemeral_1h_input_tokens: 20 },
      output_tokens: 1
    }
    const { parts } = decode(context(), [
      messageStart({ usage }),
      messageDelta({ stop_reason: "end_turn" }),
      messageStop
    ])
    const finish = parts.find((part) => part.type === "finish")
    assert.strictEqual(finish?.usage.inputTokens.cacheWrite, 30)
    assert.strictEqual(Metadata.get(finish?.metadata, "llmLayers", "cacheWriteHour"), 20)
  })

  it("citations are sources, and go with the text", () => {
    const web = {
      type: "web_search_result_location",
      url: "https://a.example/",
      title: "A",
      cited_text: "x",
      encrypted_index: "e"
    }
    const page = {
      type: "page_location",
      document_index: 1,
      document_title: null,
      cited_text: "y",
      start_page_number: 2
    }
    // Of a type that is not known: no source can be made of it.
    const newer = { type: "dream_location", url: "https://d.example/" }
    const { parts } = decode(context(), [
      messageStart(),
      blockStart(0, { type: "text", text: "", citations: [] }),
      blockDelta(0, { type: "citations_delta", citation: newer }),
      blockDelta(0, { type: "citations_delta", citation: web }),
      text("Both."),
      blockDelta(0, { type: "citations_delta", citation: page }),
      blockStop(0),
      messageDelta(),
      messageStop
    ])
    assert.deepStrictEqual(parts.filter((part) => part.type === "source"), [
      {
        type: "source",
        sourceType: "url",
        id: "msg_1-source-0",
        url: "https://a.example/",
        title: "A",
        metadata: { anthropic: { citation: web } }
      },
      {
        type: "source",
        sourceType: "document",
        id: "msg_1-source-1",
        mediaType: "application/pdf",
        title: "Document 2",
        metadata: { anthropic: { citation: page } }
      }
    ])
    assert.deepStrictEqual(collect(parts)[1], {
      type: "text",
      text: "Both.",
      metadata: { anthropic: { citations: [newer, web, page] } }
    })
  })
})

describe("thinking", () => {
  it("has its signature at the end; what is encrypted whole has no text", () => {
    const { parts } = decode(context(), [
      messageStart(),
      blockStart(0, { type: "thinking", thinking: "", signature: "" }),
      blockDelta(0, { type: "thinking_delta", thinking: "Hm" }),
      blockDelta(0, { type: "signature_delta", signature: "sig" }),
      blockStop(0),
      blockStart(1, { type: "redacted_thinking", data: "enc" }),
      blockStop(1),
      messageDelta(),
      messageStop
    ])
    assert.deepStrictEqual(collect(parts).slice(1, 3), [
      { type: "reasoning", text: "Hm", metadata: { anthropic: { signature: "sig" } } },
      { type: "reasoning", text: "", metadata: { anthropic: { redactedData: "enc" } } }
    ])
  })
})

describe("tool calls", () => {
  it("arguments in pieces, split anywhere; none are {}", () => {
    const { parts } = decode(context(), [
      messageStart(),
      blockStart(0, { type: "tool_use", id: "toolu_1", name: "weather", input: {}, caller: { type: "direct" } }),
      blockDelta(0, { type: "input_json_delta", partial_json: "" }),
      blockDelta(0, { type: "input_json_delta", partial_json: "{\"city\": \"S\\u00" }),
      blockDelta(0, { type: "input_json_delta", partial_json: "e3o\"}" }),
      blockStop(0),
      blockStart(1, { type: "tool_use", id: "toolu_2", name: "clock", input: {} }),
      blockDelta(1, { type: "input_json_delta", partial_json: "" }),
      blockStop(1),
      messageDelta({ stop_reason: "tool_use" }),
      messageStop
    ])
    assert.deepStrictEqual(parts.slice(1, -1), [
      { type: "tool-params-start", id: "toolu_1", name: "weather" },
      { type: "tool-params-delta", id: "toolu_1", delta: "{\"city\": \"S\\u00" },
      { type: "tool-params-delta", id: "toolu_1", delta: "e3o\"}" },
      { type: "tool-params-end", id: "toolu_1" },
      {
        type: "tool-call",
        id: "toolu_1",
        name: "weather",
        params: { city: "São" },
        metadata: { anthropic: { caller: { type: "direct" } } }
      },
      { type: "tool-params-start", id: "toolu_2", name: "clock" },
      { type: "tool-params-end", id: "toolu_2" },
      { type: "tool-call", id: "toolu_2", name: "clock", params: {}, metadata: {} }
    ])
  })

  it("arguments that were cut off stay the text they are", () => {
    const { parts } = decode(context(), [
      messageStart(),
      blockStart(0, { type: "tool_use", id: "toolu_1", name: "weather", input: {} }),
      blockDelta(0, { type: "input_json_delta", partial_json: "{\"city\": \"Li" }),
      blockStop(0),
      messageDelta({ stop_reason: "max_tokens" }),
      messageStop
    ])
    assert.strictEqual(parts.find((part) => part.type === "tool-call")?.params, "{\"city\": \"Li")
    assert.strictEqual(parts.find((part) => part.type === "finish")?.reason, "length")
  })

  it("a member of a toolset is a call of the toolset, its action among the arguments", () => {
    const { parts } = decode(context([AnthropicTool.ComputerToolset({})]), [
      messageStart(),
      blockStart(0, { type: "tool_use", id: "toolu_1", name: "key", toolset_name: "computer", input: {} }),
      blockDelta(0, { type: "input_json_delta", partial_json: "{\"text\":" }),
      blockDelta(0, { type: "input_json_delta", partial_json: "\"Return\"}" }),
      blockStop(0),
      messageDelta({ stop_reason: "tool_use" }),
      messageStop
    ])
    assert.deepStrictEqual(parts.slice(1, -1), [
      { type: "tool-params-start", id: "toolu_1", name: "AnthropicComputerToolset" },
      { type: "tool-params-delta", id: "toolu_1", delta: "{\"action\":\"key\",\"text\":\"Return\"}" },
      { type: "tool-params-end", id: "toolu_1" },
      {
        type: "tool-call",
        id: "toolu_1",
        name: "AnthropicComputerToolset",
        params: { action: "key", text: "Return" },
        metadata: { anthropic: { name: "key", toolset: "computer" } }
      }
    ])
  })
})

describe("tools that run at Anthropic", () => {
  const found = [{
    type: "web_search_result",
    url: "https://a.example",
    title: "A",
    encrypted_content: "e",
    page_age: null
  }]
  const search = [
    messageStart(),
    blockStart(0, { type: "server_tool_use", id: "srvtoolu_1", name: "web_search", input: {} }),
    blockDelta(0, { type: "input_json_delta", partial_json: "{\"query\":\"x\"}" }),
    blockStop(0),
    blockStart(1, {
      type: "web_search_tool_result",
      tool_use_id: "srvtoolu_1",
      content: found,
      caller: { type: "direct" }
    }),
    blockStop(1),
    messageDelta(),
    messageStop
  ]

  it("call and result under the tool's own name, with what sends them back", () => {
    const { parts } = decode(context([AnthropicTool.WebSearch({})]), search)
    assert.deepStrictEqual(collect(parts).slice(1, -1), [
      {
        type: "tool-call",
        id: "srvtoolu_1",
        name: "AnthropicWebSearch",
        params: { query: "x" },
        providerExecuted: true,
        metadata: { anthropic: { type: "server_tool_use", name: "web_search" } }
      },
      {
        type: "tool-result",
        id: "srvtoolu_1",
        name: "AnthropicWebSearch",
        isFailure: false,
        result: found,
        providerExecuted: true,
        metadata: { anthropic: { type: "web_search_tool_result", caller: { type: "direct" } } }
      }
    ])
  })

  it("of tools nobody declared, the blocks travel on reasoning without text", () => {
    const { parts } = decode(context(), search)
    // The call is told of at the end; nothing announces it.
    assert.isUndefined(parts.find((part) => part.type.startsWith("tool-params")))
    assert.deepStrictEqual(parts.find((part) => part.type === "tool-call"), {
      type: "tool-call",
      id: "srvtoolu_1",
      name: "web_search",
      params: { query: "x" },
      providerExecuted: true,
      metadata: { anthropic: { type: "server_tool_use", name: "web_search" } }
    })
    const carried = collect(parts).filter((part) => part.type === "reasoning")
    assert.deepStrictEqual(carried, [
      {
        type: "reasoning",
        text: "",
        metadata: {
          anthropic: { block: { type: "server_tool_use", id: "srvtoolu_1", name: "web_search", input: { query: "x" } } }
        }
      },
      {
        type: "reasoning",
        text: "",
        metadata: {
          anthropic: {
            block: {
              type: "web_search_tool_result",
              tool_use_id: "srvtoolu_1",
              content: found,
              caller: { type: "direct" }
            }
          }
        }
      }
    ])
  })

  it("the three kinds of code execution are one tool; errors are failures", () => {
    const error = { type: "bash_code_execution_tool_result_error", error_code: "unavailable" }
    const { parts } = decode(context([AnthropicTool.CodeExecution({})]), [
      messageStart(),
      blockStart(0, { type: "server_tool_use", id: "s1", name: "bash_code_execution", input: { command: "ls" } }),
      blockStop(0),
      blockStart(1, { type: "bash_code_execution_tool_result", tool_use_id: "s1", content: error }),
      blockStop(1),
      messageDelta(),
      messageStop
    ])
    const [call, result] = collect(parts).slice(1, -1)
    assert.deepStrictEqual(call?.type === "tool-call" && [call.name, call.params, call.metadata?.anthropic?.name], [
      "AnthropicCodeExecution",
      { command: "ls" },
      "bash_code_execution"
    ])
    assert.deepStrictEqual(result?.type === "tool-result" && [result.name, result.isFailure, result.result], [
      "AnthropicCodeExecution",
      true,
      error
    ])
  })

  it("MCP: the server's tool is in the metadata", () => {
    const { parts } = decode(context([AnthropicTool.Mcp({ name: "docs", url: "https://mcp.example.com" })]), [
      messageStart(),
      blockStart(0, { type: "mcp_tool_use", id: "m1", name: "search", server_name: "docs", input: { q: "x" } }),
      blockStop(0),
      blockStart(1, {
        type: "mcp_tool_result",
        tool_use_id: "m1",
        is_error: true,
        content: [{ type: "text", text: "no" }]
      }),
      blockStop(1),
      messageDelta(),
      messageStop
    ])
    const [call, result] = collect(parts).slice(1, -1)
    assert.deepStrictEqual(call?.type === "tool-call" && [call.name, call.metadata], [
      "AnthropicMcp_docs",
      { anthropic: { type: "mcp_tool_use", name: "search", serverName: "docs" } }
    ])
    assert.deepStrictEqual(result?.type === "tool-result" && [result.name, result.isFailure, result.metadata], [
      "AnthropicMcp_docs",
      true,
      { anthropic: { type: "mcp_tool_result", more: { is_error: true } } }
    ])
  })

  it("a result may come a turn after its call", () => {
    const tool = AnthropicTool.ToolSearchRegex({})
    const { parts } = decode(context([tool], { earlierCalls: new Map([["s1", tool.name]]) }), [
      messageStart(),
      blockStart(0, { type: "tool_search_tool_result", tool_use_id: "s1", content: {} }),
      blockStop(0),
      messageDelta(),
      messageStop
    ])
    assert.strictEqual(parts.find((part) => part.type === "tool-result")?.name, tool.name)
  })
})

describe("what is new or rare", () => {
  it("a compaction travels on reasoning without text, and the answer may pause after it", () => {
    const { parts } = decode(context(), [
      messageStart(),
      blockStart(0, { type: "compaction", content: null }),
      blockDelta(0, { type: "compaction_delta", content: "So far.", encrypted_content: "e" }),
      blockStop(0),
      messageDelta({ stop_reason: "compaction" }),
      messageStop
    ])
    assert.deepStrictEqual(collect(parts)[1], {
      type: "reasoning",
      text: "",
      metadata: { anthropic: { block: { type: "compaction", content: "So far.", encrypted_content: "e" } } }
    })
    const finish = parts.at(-1)
    assert.strictEqual(finish?.type === "finish" && finish.reason, "pause")
  })

  it("nothing unknown fails or is lost", () => {
    const { error, parts } = decode(context(), [
      { type: "dawn", at: 5 } as { type: string },
      messageStart({ mood: "fine" }),
      blockStart(0, { type: "hologram", size: 3 }),
      blockStop(0),
      blockStart(1, { type: "melody" }),
      blockDelta(1, { type: "note_delta", note: "c" }),
      blockStop(1),
      blockStart(2, { type: "text", text: "" }),
      blockDelta(2, { type: "smell_delta", smell: "rose" }),
      blockDelta(2, { type: "text_delta", text: "Hi" }),
      blockStop(2),
      messageDelta({ stop_reason: "moonrise", container: { id: "c1" }, weather: "mild" }),
      messageStop
    ])
    assert.isUndefined(error)
    const finish = parts.at(-1)
    assert.strictEqual(finish?.type === "finish" && finish.reason, "other")
    const metadata = finish?.type === "finish" ? finish.metadata?.anthropic : undefined
    assert.deepStrictEqual<unknown>(metadata, {
      stopReason: "moonrise",
      container: { id: "c1" },
      usage: { input_tokens: 10, output_tokens: 5 },
      more: { mood: "fine", weather: "mild" },
      unknown: [
        { type: "dawn", at: 5 },
        { type: "hologram", size: 3 },
        { content_block: { type: "melody" }, deltas: [{ type: "note_delta", note: "c" }] },
        { type: "content_block_delta", index: 2, delta: { type: "smell_delta", smell: "rose" } }
      ]
    })
    assert.strictEqual(collect(parts).map((part) => part.type === "text" ? part.text : "").join(""), "Hi")
  })

  it("a delta nobody has heard of, before the message, does not take the place of its start", () => {
    const { parts } = decode(context(), [
      blockDelta(7, { type: "smell_delta", smell: "rose" }),
      messageStart(),
      blockStart(0, { type: "text", text: "" }),
      text("Hi"),
      blockStop(0),
      messageDelta({ stop_reason: "end_turn" }, { output_tokens: 3 }),
      messageStop
    ])
    assert.deepInclude(parts[0], { type: "response-metadata", id: "msg_1" })
    const finish = parts.at(-1)
    assert.strictEqual(finish?.type === "finish" ? finish.usage.inputTokens.total : undefined, 10)
  })

  it("a message may start with content, and end without a message_delta", () => {
    const { error, parts } = decode(context(), [
      messageStart({
        content: [{ type: "tool_use", id: "toolu_1", name: "roll", input: { sides: 6 } }],
        stop_reason: "tool_use"
      }),
      messageStop
    ])
    assert.isUndefined(error)
    assert.deepStrictEqual(types(parts), [
      "response-metadata",
      "tool-params-start",
      "tool-params-delta",
      "tool-params-end",
      "tool-call",
      "finish"
    ])
    const finish = parts.at(-1)
    assert.strictEqual(finish?.type === "finish" && finish.reason, "tool-calls")
  })

  it("what comes after the last event is no part of the answer", () => {
    const { parts } = decode(context(), [messageStart(), messageDelta(), messageStop, messageStart(), messageStop])
    assert.deepStrictEqual(types(parts), ["response-metadata", "finish"])
  })

  it("blocks that were not stopped are stopped with the message", () => {
    const { parts } = decode(context(), [
      messageStart(),
      blockStart(0, { type: "text", text: "" }),
      text("Hi"),
      messageDelta(),
      messageStop
    ])
    assert.deepStrictEqual(types(parts), ["response-metadata", "text-start", "text-delta", "text-end", "finish"])
  })
})

describe("errors", () => {
  it("an error event ends the stream, whatever came before", () => {
    const { error, parts } = decode(context(), [
      messageStart(),
      blockStart(0, { type: "text", text: "" }),
      text("Hi"),
      { type: "error", error: { type: "overloaded_error", message: "Overloaded" } } as { type: string },
      messageStop
    ])
    assert.deepStrictEqual(types(parts), ["response-metadata", "text-start", "text-delta"])
    assert.include(error?.message, "overloaded_error")
  })

  it("a stream without message_stop was cut", () => {
    const { error, parts } = decode(context(), [messageStart(), messageDelta()])
    assert.deepStrictEqual(types(parts), ["response-metadata"])
    assert.strictEqual(error === undefined ? undefined : ProviderError.kindOf(error), "StreamInterrupted")
  })

  it("nothing at all is no stream where the server did not say it was one", () => {
    const kind = (isEventStream: boolean) => {
      const { error } = decode(context([], { isEventStream }), [])
      return error === undefined ? undefined : ProviderError.kindOf(error)
    }
    assert.strictEqual(kind(false), "InvalidResponse")
    assert.strictEqual(kind(true), "StreamInterrupted")
  })
})
