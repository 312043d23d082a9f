/** Names of tools: the program's own on one side, the wire's on the other. */
import * as Json from "@llm-layers/core/Json"
import * as Tool from "effect/ai/Tool"
import { definitions, mcpId } from "./definitions.ts"

export interface ToolNames {
  /** The wire's name of a tool of the program. */
  readonly encode: (name: string) => string
  /** The program's name for a `tool_use` block. */
  readonly decodeClient: (name: string, toolset: string | undefined) => string
  /** The program's name for a `server_tool_use` block, or for a result by its type. */
  readonly decodeServer: (name: string) => string
  /** The program's name for a tool of an MCP server. */
  readonly decodeMcp: (server: string | undefined, name: string) => string
  /** Whether the program declared a tool of Anthropic's by this name of its own. */
  readonly isDeclared: (name: string) => boolean
  /** Whether a handler of the program runs a tool whose results may be blocks. */
  readonly givesBlocks: (name: string) => boolean
}

export const make = (tools: ReadonlyArray<Tool.Any>): ToolNames => {
  const toWire = new Map<string, string>()
  const own = new Set<string>()
  const client = new Map<string, string>()
  const toolsets = new Map<string, string>()
  const server = new Map<string, string>()
  const mcp = new Map<string, string>()
  const blocks = new Set<string>()
  for (const tool of tools) {
    if (!Tool.isProviderDefined(tool)) {
      own.add(tool.name)
      continue
    }
    const definition = definitions[tool.id]
    toWire.set(tool.name, nameOf(tool.args) ?? definition?.name ?? tool.providerName)
    if (tool.requiresHandler) blocks.add(tool.name)
    if (tool.id === mcpId) mcp.set(tool.providerName, tool.name)
    else if (definition?.toolset !== undefined) toolsets.set(definition.toolset, tool.name)
    else if (tool.requiresHandler) client.set(nameOf(tool.args) ?? definition?.name ?? tool.providerName, tool.name)
    else for (const call of definition?.calls ?? [tool.providerName]) server.set(call, tool.name)
  }
  // What ran at Anthropic must not be taken for a call of a tool of the program that has the same name.
  const apart = (name: string): string => own.has(name) ? `anthropic.${name}` : name
  return {
    encode: (name) => toWire.get(name) ?? name,
    decodeClient: (name, toolset) =>
      (toolset === undefined ? undefined : toolsets.get(toolset)) ?? client.get(name) ?? name,
    decodeServer: (name) => server.get(name) ?? apart(name),
    decodeMcp: (name, tool) => (name === undefined ? undefined : mcp.get(name)) ?? apart(tool),
    isDeclared: (name) => toWire.has(name),
    givesBlocks: (name) => blocks.has(name)
  }
}

/** A name among a tool's arguments: earlier text editors had another one. */
export const nameOf = (args: unknown): string | undefined => Json.string(Json.record(args)["name"])
