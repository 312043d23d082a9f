import * as AnthropicTool from "@llm-layers/anthropic/AnthropicTool"
import type * as Tool from "effect/ai/Tool"
import type { HostedCall } from "../expectation/Expectation.ts"
import { type Json, type JsonObject, objectAt, stringAt } from "../json.ts"
import type { HostedTool } from "../request/tools.ts"

/**
 * The arguments of a definition from the wire, for a constructor that types them. They are what a client sent, so that
 * every member is one the vendor takes.
 */
const as = <A>(args: JsonObject): A => args as unknown as A

const codeExecution = ["code_execution", "bash_code_execution", "text_editor_code_execution"]

/** For each type of definition less its date: the tool it is, and the names its calls have. */
const hosted: Readonly<
  Record<string, readonly [make: (args: JsonObject) => Tool.Any, ...names: ReadonlyArray<string>]>
> = {
  web_search: [(args) => AnthropicTool.WebSearch(as(args)), "web_search"],
  web_fetch: [(args) => AnthropicTool.WebFetch(as(args)), "web_fetch"],
  code_execution: [(args) => AnthropicTool.CodeExecution(as(args)), ...codeExecution],
  advisor: [(args) => AnthropicTool.Advisor(as(args)), "advisor"],
  tool_search_tool_regex: [(args) => AnthropicTool.ToolSearchRegex(as(args)), "tool_search_tool_regex"],
  tool_search_tool_bm25: [(args) => AnthropicTool.ToolSearchBm25(as(args)), "tool_search_tool_bm25"],
  bash: [(args) => AnthropicTool.Bash(as(args))],
  text_editor: [(args) => AnthropicTool.TextEditor(as(args))],
  memory: [(args) => AnthropicTool.Memory(as(args))],
  computer: [(args) => AnthropicTool.Computer(as(args))],
  computer_toolset: [(args) => AnthropicTool.ComputerToolset(as(args))],
  browser_toolset: [(args) => AnthropicTool.BrowserToolset(as(args))]
}

const undated = (type: string): string => type.replace(/_20\d{6}$/, "")

const mcp = (server: JsonObject): HostedTool => ({
  tool: AnthropicTool.Mcp({ ...as<AnthropicTool.McpArgs>(server), name: stringAt(server, "name") ?? "server" }),
  types: ["mcp_tool_use"]
})

/** The provider-defined tools for a request's definitions of Anthropic's own tools, and for its MCP servers. */
export const hostedTools = (
  definitions: ReadonlyArray<Json>,
  mcpServers: ReadonlyArray<Json>
): ReadonlyArray<HostedTool> => [
  ...definitions.flatMap((definition) => {
    const [make, ...types] = hosted[undated(stringAt(definition, "type") ?? "")] ?? []
    return make === undefined ? [] : [{ tool: make(objectAt(definition)), types, name: stringAt(definition, "name") }]
  }),
  ...mcpServers.map((server) => {
    const { type: _, tool_configuration: __, ...args } = objectAt(server)
    const toolset = definitions.find((one) =>
      stringAt(one, "type") === "mcp_toolset" && stringAt(one, "mcp_server_name") === args["name"]
    )
    const { mcp_server_name: ___, type: ____, ...configuration } = objectAt(toolset)
    return mcp({ ...args, ...configuration })
  })
]

/** The tools that must have been declared for an answer to make these calls, where the request was not recorded. */
export const hostedToolsFor = (calls: ReadonlyArray<HostedCall>): ReadonlyArray<HostedTool> => {
  const types = new Set(calls.map((call) => codeExecution.includes(call.type) ? "code_execution" : call.type))
  const servers = new Set(calls.flatMap((call) => call.type === "mcp_tool_use" ? call.server ?? [] : []))
  return [
    ...[...types].flatMap((type) => {
      const [make, ...names] = hosted[type] ?? []
      return make === undefined
        ? []
        : [{ tool: make(type === "advisor" ? { model: "claude-opus-5" } : {}), types: names }]
    }),
    ...[...servers].map((name) => mcp({ name, url: "https://mcp.example.com" }))
  ]
}

/** What Anthropic takes for a tool of the caller besides its schema. */
export const withOptions = (tool: Tool.Any, definition: Json): Tool.Any => {
  const { cache_control, description: _, input_schema: __, name: ___, strict: ____, type: _____, ...more } = objectAt(
    definition
  )
  const options = { ...more, ...(cache_control === undefined ? {} : { cacheControl: cache_control }) }
  // What a client sent, so that every member is one the vendor takes.
  return Object.keys(options).length === 0
    ? tool
    : tool.annotate(AnthropicTool.Options, options as AnthropicTool.ToolOptions)
}
