import { at, type Json, listAt, objectAt, stringAt } from "../json.ts"
import type { ExpectedSource, ExpectedToolCall, HostedCall, Step, ToolArguments } from "./Expectation.ts"

/** What one content block adds to an answer. */
export interface BlockReading {
  readonly text?: string
  readonly reasoning?: string
  readonly toolCalls?: ReadonlyArray<ExpectedToolCall>
  readonly hosted?: ReadonlyArray<HostedCall>
  readonly sources?: ReadonlyArray<ExpectedSource>
  readonly steps?: ReadonlyArray<Step>
}

const known = new Set([
  "char_location",
  "page_location",
  "content_block_location",
  "search_result_location",
  "web_search_result_location"
])

/**
 * A citation as a source: of a web page by its address, of a document of the prompt by its title (if it has one). A
 * `search_result_location` may have any text as its source, so it can be either. One of an unknown type need not be one.
 */
const readCitation = (citation: Json): ReadonlyArray<ExpectedSource> => {
  if (!known.has(stringAt(citation, "type") ?? "")) return []
  const [title, source] = [
    stringAt(citation, "document_title") ?? stringAt(citation, "title"),
    stringAt(citation, "source")
  ]
  const url = [stringAt(citation, "url"), source].find((text) => text !== undefined && URL.canParse(text))
  if (url !== undefined) return [{ type: "url", anyOf: [new URL(url).href], title, citation }]
  return [{
    type: "document",
    anyOf: [title, source].filter((text) => text !== undefined && text !== "").map(String),
    title,
    citation
  }]
}

const readText = (block: Json): BlockReading => {
  const text = stringAt(block, "text") ?? ""
  return { text, sources: listAt(block, "citations").flatMap(readCitation), steps: [{ kind: "text", text }] }
}

/** Input that is a text is that of a stream, where it never became JSON. */
const argumentsOf = (input: Json): ToolArguments =>
  typeof input === "string" ? { kind: "broken", text: input } : { kind: "json", value: input }

/** A call of a member of a toolset has the member's name among its parameters, as its action. */
const readToolUse = (block: Json): BlockReading => {
  const name = stringAt(block, "name") ?? ""
  const toolset = stringAt(block, "toolset_name")
  const input = at(block, "input") ?? {}
  const member = toolset !== undefined && typeof input !== "string"
  return {
    toolCalls: [{
      id: stringAt(block, "id"),
      name: toolset ?? name,
      arguments: argumentsOf(member ? { action: name, ...objectAt(input) } : input)
    }],
    steps: [{ kind: "call", ids: [stringAt(block, "id") ?? ""] }]
  }
}

const readServerToolUse = (block: Json, type: string): BlockReading => {
  const ids = [stringAt(block, "id") ?? ""]
  return {
    hosted: [{
      type: type === "mcp_tool_use" ? type : stringAt(block, "name") ?? type,
      ...(type === "mcp_tool_use" ? { server: stringAt(block, "server_name") ?? "" } : {}),
      ids,
      ranAt: "vendor",
      input: at(block, "input") ?? {},
      hasResult: false
    }],
    steps: [{ kind: "call", ids }]
  }
}

/**
 * One content block. Results of server tools and blocks of later API versions are no text, reasoning or call: they are
 * looked for with the answer as a whole. A summary of a compacted context is no part of the answer's text.
 */
export const readBlock = (block: Json): BlockReading => {
  const type = stringAt(block, "type") ?? ""
  switch (type) {
    case "text":
      return readText(block)
    case "thinking": {
      const reasoning = stringAt(block, "thinking") ?? ""
      return { reasoning, steps: [{ kind: "reasoning", text: reasoning }] }
    }
    case "tool_use":
      return readToolUse(block)
    case "server_tool_use":
    case "mcp_tool_use":
      return readServerToolUse(block, type)
    default:
      return type.endsWith("_tool_result")
        ? { steps: [{ kind: "result", ids: [stringAt(block, "tool_use_id") ?? ""] }] }
        : {}
  }
}
