/** Answers as Anthropic gives them, given back with the next question. */
import * as AnthropicTool from "@llm-layers/anthropic/AnthropicTool"
import * as Tool from "effect/ai/Tool"
import * as Schema from "effect/Schema"
import { conversation, results } from "../own-cases.ts"
import type { Check } from "../Vendor.ts"
import { blocks, type Messages } from "./api.ts"

const thinking = { type: "thinking", thinking: "Lisbon is at a river's mouth.", signature: "EqQBCkYIARgC" }
const redacted = { type: "redacted_thinking", data: "EmwKAhgBEgy3va3pzix" }
const text = (said: string, more = {}) => ({ type: "text", text: said, citations: null, ...more })

const rate = Tool.make("exchange_rate", {
  description: "Gives a rate.",
  parameters: Schema.Struct({ from: Schema.String }),
  success: Schema.Finite
})
const call = { type: "tool_use", id: "toolu_01A", name: rate.name, input: { from: "EUR" } }

export const conversations = (api: Messages): ReadonlyArray<Check> => [
  ...conversation(api, "thinking in the history", { thinking: { type: "adaptive" } }, {
    answer: blocks([thinking, redacted, text("The Tagus.")]),
    said: [thinking.signature, thinking.thinking, redacted.data]
  }),
  ...conversation(api, "thinking before a call in the history", { thinking: { type: "adaptive" } }, {
    tools: [rate],
    answer: blocks([thinking, text("I look."), call], "tool_use"),
    next: results(1.25),
    said: [thinking.signature, "toolu_01A", "1.25"]
  }),
  ...conversation(api, "thinking that is not shown in the history", {
    thinking: { type: "adaptive", display: "omitted" }
  }, {
    answer: blocks([{ ...thinking, thinking: "" }, text("The Tagus.")]),
    said: [thinking.signature]
  }),
  ...conversation(api, "an answer of white space and a call in the history", {}, {
    tools: [rate],
    answer: blocks([text("\n\n"), call], "tool_use"),
    next: results(1.25, { isFailure: true })
  }),
  ...conversation(api, "a web search with citations in the history", {}, {
    tools: [AnthropicTool.WebSearch({})],
    answer: blocks([
      {
        type: "server_tool_use",
        id: "srvtoolu_01A",
        name: "web_search",
        input: { query: "Tagus" },
        caller: { type: "direct" }
      },
      {
        type: "web_search_tool_result",
        tool_use_id: "srvtoolu_01A",
        caller: { type: "direct" },
        content: [{
          type: "web_search_result",
          url: "https://example.com/tagus",
          title: "The Tagus",
          encrypted_content: "EqgfCioIARgB",
          page_age: "April 30, 2026"
        }]
      },
      text("It is 1,007 km long.", {
        citations: [{
          type: "web_search_result_location",
          url: "https://example.com/tagus",
          title: "The Tagus",
          encrypted_index: "Eo8BCioIAhgB",
          cited_text: "1,007 km"
        }]
      })
    ]),
    said: ["EqgfCioIARgB", "Eo8BCioIAhgB", "srvtoolu_01A"]
  }),
  ...conversation(api, "a failed web search in the history", {}, {
    tools: [AnthropicTool.WebSearch({})],
    answer: blocks([
      { type: "server_tool_use", id: "srvtoolu_01A", name: "web_search", input: { query: "Tagus" } },
      {
        type: "web_search_tool_result",
        tool_use_id: "srvtoolu_01A",
        content: { type: "web_search_tool_result_error", error_code: "max_uses_exceeded" }
      },
      text("I cannot search.")
    ]),
    said: ["max_uses_exceeded"]
  }),
  ...conversation(api, "a web search nobody offers any more in the history", {}, {
    answer: blocks([
      { type: "server_tool_use", id: "srvtoolu_01A", name: "web_search", input: { query: "Tagus" } },
      {
        type: "web_search_tool_result",
        tool_use_id: "srvtoolu_01A",
        content: [{
          type: "web_search_result",
          url: "https://example.com/tagus",
          title: "The Tagus",
          encrypted_content: "EqgfCioIARgB",
          page_age: null
        }]
      },
      text("It is long.")
    ]),
    said: ["EqgfCioIARgB"]
  }),
  ...conversation(api, "a web fetch in the history", {}, {
    tools: [AnthropicTool.WebFetch({ citations: { enabled: true } })],
    answer: blocks([
      { type: "server_tool_use", id: "srvtoolu_01B", name: "web_fetch", input: { url: "https://example.com/a" } },
      {
        type: "web_fetch_tool_result",
        tool_use_id: "srvtoolu_01B",
        content: {
          type: "web_fetch_result",
          url: "https://example.com/a",
          retrieved_at: "2026-08-25T10:30:00Z",
          content: {
            type: "document",
            source: { type: "text", media_type: "text/plain", data: "The Tagus is long." },
            title: "Rivers",
            citations: { enabled: true }
          }
        }
      },
      text("Long.", {
        citations: [{
          type: "char_location",
          document_index: 0,
          document_title: "Rivers",
          start_char_index: 0,
          end_char_index: 9,
          cited_text: "The Tagus",
          file_id: null
        }]
      })
    ]),
    said: ["The Tagus is long.", "char_location"]
  }),
  ...conversation(api, "code execution in the history", {}, {
    tools: [AnthropicTool.CodeExecution({})],
    answer: blocks([
      { type: "server_tool_use", id: "srvtoolu_01C", name: "bash_code_execution", input: { command: "ls" } },
      {
        type: "bash_code_execution_tool_result",
        tool_use_id: "srvtoolu_01C",
        content: { type: "bash_code_execution_result", stdout: "a.txt", stderr: "", return_code: 0, content: [] }
      },
      {
        type: "server_tool_use",
        id: "srvtoolu_01D",
        name: "text_editor_code_execution",
        input: { command: "view", path: "a.txt" }
      },
      {
        type: "text_editor_code_execution_tool_result",
        tool_use_id: "srvtoolu_01D",
        content: {
          type: "text_editor_code_execution_view_result",
          file_type: "text",
          content: "one line",
          num_lines: 1,
          start_line: 1,
          total_lines: 1
        }
      },
      text("There is a file.")
    ]),
    said: ["a.txt", "one line", "bash_code_execution", "text_editor_code_execution"]
  }),
  ...conversation(api, "a call made by code in the history", {}, {
    tools: [AnthropicTool.CodeExecution({ type: "code_execution_20260120" }), rate],
    answer: blocks([
      { type: "server_tool_use", id: "srvtoolu_01E", name: "code_execution", input: { code: "await rate()" } },
      { ...call, caller: { type: "code_execution_20260120", tool_id: "srvtoolu_01E" } }
    ], "tool_use"),
    next: results(1.25),
    said: ["srvtoolu_01E", "code_execution_20260120"]
  }),
  ...conversation(api, "an MCP call in the history", {}, {
    tools: [AnthropicTool.Mcp({ name: "docs", url: "https://mcp.example.com/mcp" })],
    answer: blocks([
      { type: "mcp_tool_use", id: "mcptoolu_01A", name: "echo", server_name: "docs", input: { text: "hello" } },
      {
        type: "mcp_tool_result",
        tool_use_id: "mcptoolu_01A",
        is_error: false,
        content: [{ type: "text", text: "hello again", citations: null }]
      },
      text("It says hello.")
    ]),
    said: ["mcptoolu_01A", "hello again", "echo"]
  }),
  ...conversation(api, "a tool search in the history", {}, {
    tools: [AnthropicTool.ToolSearchBm25({}), rate.annotate(AnthropicTool.Options, { defer_loading: true })],
    answer: blocks([
      { type: "server_tool_use", id: "srvtoolu_01F", name: "tool_search_tool_bm25", input: { query: "rate" } },
      {
        type: "tool_search_tool_result",
        tool_use_id: "srvtoolu_01F",
        content: {
          type: "tool_search_tool_search_result",
          tool_references: [{ type: "tool_reference", tool_name: rate.name }]
        }
      },
      call
    ], "tool_use"),
    next: results(1.25),
    said: ["tool_reference"]
  }),
  ...conversation(api, "the advisor in the history", {}, {
    tools: [AnthropicTool.Advisor({ model: "claude-opus-5-5" })],
    answer: blocks([
      { type: "server_tool_use", id: "srvtoolu_01G", name: "advisor", input: {} },
      {
        type: "advisor_tool_result",
        tool_use_id: "srvtoolu_01G",
        content: { type: "advisor_result", text: "Say it is the Tagus.", stop_reason: "end_turn" }
      },
      text("The Tagus.")
    ]),
    said: ["Say it is the Tagus."]
  }),
  ...conversation(api, "an action of a computer in the history", {}, {
    tools: [AnthropicTool.ComputerToolset({})],
    answer: blocks([
      {
        type: "tool_use",
        id: "toolu_01H",
        name: "left_click",
        toolset_name: "computer",
        input: { coordinate: [401, 301] }
      }
    ], "tool_use"),
    next: results([{
      type: "image",
      source: { type: "base64", media_type: "image/png", data: "iVBORw0KGgo=" }
    }]),
    said: ["left_click", "401", "iVBORw0KGgo="]
  }),
  ...conversation(api, "a command in the history", {}, {
    tools: [AnthropicTool.Bash({})],
    answer: blocks([{ type: "tool_use", id: "toolu_01I", name: "bash", input: { command: "ls" } }], "tool_use"),
    next: results("a.txt"),
    said: ["a.txt"]
  }),
  ...conversation(api, "a compaction in the history", {
    contextManagement: { edits: [{ type: "compact_20260112" }] }
  }, {
    answer: blocks([{ type: "compaction", content: "They spoke of rivers.", encrypted_content: "EqAB" }, text("Yes.")]),
    said: ["They spoke of rivers."]
  }),
  ...conversation(api, "a turn that was paused", {}, {
    tools: [AnthropicTool.WebSearch({})],
    answer: blocks([
      text("I search."),
      { type: "server_tool_use", id: "srvtoolu_01J", name: "web_search", input: { query: "Tagus" } }
    ], "pause_turn"),
    next: () => [],
    said: ["srvtoolu_01J"]
  })
]
