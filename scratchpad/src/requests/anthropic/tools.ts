/** Every tool of `AnthropicTool`. */
import * as AnthropicTool from "@llm-layers/anthropic/AnthropicTool"
import * as Tool from "effect/ai/Tool"
import * as Redacted from "effect/Redacted"
import * as Schema from "effect/Schema"
import { own, ownTool } from "../own-cases.ts"
import type { Check } from "../Vendor.ts"
import type { Messages } from "./api.ts"

const own1 = Tool.make("exchange_rate", {
  description: "Gives a rate.",
  parameters: Schema.Struct({ from: Schema.String, to: Schema.String }),
  success: Schema.Finite
})

const deferred = own1.annotate(AnthropicTool.Options, { defer_loading: true })

export const tools = (api: Messages): ReadonlyArray<Check> => [
  ...ownTool(api, AnthropicTool.WebSearch({}), {}),
  ...own(api, "a web search with all its arguments", {}, {
    tools: [
      AnthropicTool.WebSearch({
        max_uses: 3,
        allowed_domains: ["example.com"],
        user_location: { type: "approximate", city: "Lisbon", country: "PT", timezone: "Europe/Lisbon" },
        cache_control: { type: "ephemeral" }
      })
    ]
  }),
  ...own(api, "a later web search", {}, { tools: [AnthropicTool.WebSearch({ type: "web_search_20260209" })] }),
  ...ownTool(api, AnthropicTool.WebFetch({}), {}),
  ...own(api, "a web fetch with all its arguments", {}, {
    tools: [
      AnthropicTool.WebFetch({
        max_uses: 2,
        blocked_domains: ["example.org"],
        citations: { enabled: true },
        max_content_tokens: 10_001
      })
    ]
  }),
  ...ownTool(api, AnthropicTool.CodeExecution({}), {}),
  ...own(api, "a later code execution", {}, {
    tools: [AnthropicTool.CodeExecution({ type: "code_execution_20260120" })]
  }),
  ...ownTool(api, AnthropicTool.Advisor({ model: "claude-opus-5-5", max_uses: 2 }), {}),
  ...own(api, "a tool search by regular expression", {}, { tools: [AnthropicTool.ToolSearchRegex({}), deferred] }),
  ...own(api, "a tool search by words", {}, { tools: [AnthropicTool.ToolSearchBm25({}), deferred] }),
  ...ownTool(api, AnthropicTool.Mcp({ name: "docs", url: "https://mcp.example.com/mcp" }), {}),
  ...own(api, "an MCP server with all its arguments", {}, {
    tools: [
      AnthropicTool.Mcp({
        name: "docs",
        url: "https://mcp.example.com/mcp",
        authorization_token: Redacted.make("mcp-token"),
        default_config: { enabled: false },
        configs: { search: { enabled: true, defer_loading: false } },
        cache_control: { type: "ephemeral" }
      }),
      AnthropicTool.Mcp({ name: "wiki", url: "https://mcp.example.org/sse" })
    ],
    said: ["mcp-token"]
  }),
  ...ownTool(api, AnthropicTool.Bash({}), {}),
  ...ownTool(api, AnthropicTool.TextEditor({ max_characters: 10_001 }), {}),
  ...own(api, "an earlier text editor", {}, {
    model: "claude-haiku-4-5",
    tools: [AnthropicTool.TextEditor({ type: "text_editor_20250124", name: "str_replace_editor" })]
  }),
  ...ownTool(api, AnthropicTool.Memory({}), {}),
  ...ownTool(api, AnthropicTool.Computer({ display_width_px: 1023, display_height_px: 767, enable_zoom: true }), {}, {
    model: "claude-sonnet-5"
  }),
  ...own(api, "an earlier computer", {}, {
    model: "claude-haiku-4-5",
    tools: [AnthropicTool.Computer({ type: "computer_20250124", display_width_px: 1023, display_height_px: 767 })]
  }),
  ...ownTool(api, AnthropicTool.ComputerToolset({ configs: { key: { enabled: false } } }), {}),
  ...ownTool(api, AnthropicTool.BrowserToolset({}), {}),
  ...own(api, "a forced tool of Anthropic's", {}, {
    model: "claude-sonnet-5",
    tools: [AnthropicTool.Bash({}), own1],
    toolChoice: { tool: "AnthropicBash" }
  }),
  ...own(api, "tools of both", { parallelToolCalls: false }, {
    tools: [AnthropicTool.WebSearch({ max_uses: 5 }), AnthropicTool.Memory({}), own1]
  })
]
