import { at, type Json, listAt, objectAt, stringAt } from "../json.ts"
import type { ExpectedSource, ExpectedToolCall, HostedCall, Kept, ToolArguments } from "./Expectation.ts"
import { keptLeaves } from "./kept.ts"

/** What one content block adds to an answer. */
export interface BlockReading {
  readonly text?: string
  readonly reasoning?: string
  readonly toolCalls?: ReadonlyArray<ExpectedToolCall>
  readonly hosted?: ReadonlyArray<HostedCall>
  readonly sources?: ReadonlyArray<ExpectedSource>
  readonly kept?: ReadonlyArray<Kept>
}

/**
 * A citation as a source: of a web page by its address, of a document of the prompt by its title (if it has one). A
 * `search_result_location` may have any text as its source, so it can be either.
 */
const readCitation = (citation: Json): ReadonlyArray<ExpectedSource> => {
  const url = stringAt(citation, "url")
  if (url !== undefined) return URL.canParse(url) ? [{ type: "url", anyOf: [url, new URL(url).href] }] : []
  const title = stringAt(citation, "document_title") ?? stringAt(citation, "title")
  const source = stringAt(citation, "source")
  if (source !== undefined && URL.canParse(source)) return [{ type: "url", anyOf: [source, new URL(source).href] }]
  return [{ type: "document", anyOf: [title, source].filter((text) => text !== undefined && text !== "").map(String) }]
}

const readText = (block: Json): BlockReading => {
  const citations = listAt(block, "citations")
  return {
    text: stringAt(block, "text") ?? "",
    sources: citations.flatMap(readCitation),
    // Citations go back to the vendor in later turns, with the quoted text and the index it encrypted.
    kept: citations.flatMap((citation) => keptLeaves("citation", citation))
  }
}

/** Input that is a text is that of a stream, where it never became JSON. */
const argumentsOf = (input: Json): ToolArguments =>
  typeof input === "string" ? { kind: "broken", text: input } : { kind: "json", value: input }

const readToolUse = (block: Json): BlockReading => ({
  toolCalls: [{
    id: stringAt(block, "id"),
    name: stringAt(block, "name") ?? "",
    arguments: argumentsOf(at(block, "input") ?? {})
  }],
  kept: keptLeaves("tool_use.caller", at(block, "caller"))
})

const readServerToolUse = (block: Json, type: string): BlockReading => ({
  hosted: [{
    type: type === "mcp_tool_use" ? type : stringAt(block, "name") ?? type,
    ...(type === "mcp_tool_use" ? { server: stringAt(block, "server_name") ?? "" } : {}),
    ids: [stringAt(block, "id") ?? ""],
    ranAt: "vendor",
    input: at(block, "input") ?? {},
    hasResult: false
  }],
  kept: keptLeaves(type, { server_name: at(block, "server_name") ?? null, caller: at(block, "caller") ?? null })
})

/**
 * One content block. Results of server tools and blocks of later API versions must not be lost: all their texts are to be
 * found somewhere in the parts. A summary of a compacted context is no part of the answer's text.
 */
export const readBlock = (block: Json): BlockReading => {
  const type = stringAt(block, "type") ?? ""
  switch (type) {
    case "text":
      return readText(block)
    case "thinking":
      return {
        reasoning: stringAt(block, "thinking") ?? "",
        kept: keptLeaves("thinking.signature", at(block, "signature"))
      }
    case "tool_use":
      return readToolUse(block)
    case "server_tool_use":
    case "mcp_tool_use":
      return readServerToolUse(block, type)
    default:
      return { kept: keptLeaves(type, objectAt(block)) }
  }
}
