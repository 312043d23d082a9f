/** Anthropic's own tools on the wire, as data. */

/** One tool of `AnthropicTool`. */
export interface Definition {
  /** The `type` that is sent where the program names none. */
  readonly type: string
  /** Absent for toolsets, whose members have names of their own. */
  readonly name?: string
  /** The names its calls have: of `server_tool_use` blocks, and of results without `_tool_result`. */
  readonly calls?: ReadonlyArray<string>
  /** The `toolset_name` of its calls. */
  readonly toolset?: string
  /** The beta header that a version needs. Source: the headers `@anthropic-ai/sdk` 1.11 lists for its beta tools. */
  readonly beta?: (type: string) => string | undefined
}

/** The header for the advisor. */
export const advisorBeta = "advisor-tool-2026-03-01"

export const definitions: { readonly [id: string]: Definition } = {
  "anthropic.web_search": { type: "web_search_20250305", name: "web_search", calls: ["web_search"] },
  "anthropic.web_fetch": { type: "web_fetch_20250910", name: "web_fetch", calls: ["web_fetch"] },
  "anthropic.code_execution": {
    type: "code_execution_20250825",
    name: "code_execution",
    calls: ["code_execution", "bash_code_execution", "text_editor_code_execution"]
  },
  "anthropic.advisor": {
    type: "advisor_20260301",
    name: "advisor",
    calls: ["advisor"],
    beta: () => advisorBeta
  },
  "anthropic.tool_search_regex": {
    type: "tool_search_tool_regex_20251119",
    name: "tool_search_tool_regex",
    calls: ["tool_search_tool_regex", "tool_search"]
  },
  "anthropic.tool_search_bm25": {
    type: "tool_search_tool_bm25_20251119",
    name: "tool_search_tool_bm25",
    calls: ["tool_search_tool_bm25", "tool_search"]
  },
  "anthropic.bash": { type: "bash_20250124", name: "bash" },
  "anthropic.text_editor": { type: "text_editor_20250728", name: "str_replace_based_edit_tool" },
  "anthropic.memory": { type: "memory_20250818", name: "memory" },
  "anthropic.computer": {
    type: "computer_20251124",
    name: "computer",
    beta: (type) =>
      ({ computer_20251124: "computer-use-2025-11-24", computer_20250124: "computer-use-2025-01-24" })[type]
  },
  "anthropic.computer_toolset": { type: "computer_toolset_20260801", toolset: "computer" },
  "anthropic.browser_toolset": { type: "browser_toolset_20260801", toolset: "browser" }
}

/** The id of `AnthropicTool.Mcp`, which is a server and a toolset on the wire. */
export const mcpId = "anthropic.mcp"

/** The header for MCP servers whose tools are configured by toolsets. */
export const mcpBeta = "mcp-client-2025-11-20"
