import { at, type Json, type JsonObject, listAt, objectAt, stringAt } from "../json.ts"
import { address, jsonOrText, membersBut, type Outline, settingsIn, told } from "./outline.ts"

const blocksOf = (content: Json | undefined): ReadonlyArray<Json> =>
  typeof content === "string" ? [{ type: "text", text: content }] : Array.isArray(content) ? content : []

/** A document of several texts is sent as one: `effect/ai` has files, not lists of contents. */
const sourceOf = (block: JsonObject): JsonObject => {
  const source = objectAt(block["source"])
  if (source["type"] === "content") {
    const content = source["content"]
    const data = typeof content === "string"
      ? content
      : listAt(content).map((part) => stringAt(part, "text")).join("\n")
    return { type: "text", media_type: "text/plain", data }
  }
  const url = stringAt(source, "url")
  return { ...told(source), ...(url === undefined ? {} : { url: address(url) }) }
}

const enabled = (citations: Json | undefined): JsonObject =>
  at(citations, "enabled") === true ? { citations: { enabled: true } } : {}

/** Results are texts, or JSON as text, or blocks. */
const resultOf = (block: JsonObject): JsonObject => {
  const content = blocksOf(block["content"])
  const texts = content.every((part) => stringAt(part, "type") === "text")
  return {
    content: texts
      ? jsonOrText(content.map((part) => stringAt(part, "text") ?? "").join(""))
      : content.map((part) => blockOf(objectAt(part))),
    ...(block["is_error"] === true ? { is_error: true } : {})
  }
}

/** Citations have a member that requests do not have. */
const citationOf = (citation: Json): Json => membersBut(objectAt(citation), ["file_id"])

/** One block; what is not listed is compared as it is. */
const blockOf = (block: JsonObject): JsonObject => {
  const { type } = block
  switch (type) {
    // White space at the end of an assistant's text is refused, so a client may have cut it off, and so may a provider.
    case "text":
      return told({
        ...block,
        text: (stringAt(block, "text") ?? "").trimEnd(),
        citations: listAt(block, "citations").map(citationOf)
      })
    case "image":
      return told({ ...block, source: sourceOf(block) })
    case "document":
      return { ...membersBut(block, ["source", "citations"]), ...enabled(block["citations"]), source: sourceOf(block) }
    case "tool_result":
      return { ...membersBut(block, ["content", "is_error"]), ...resultOf(block) }
    default:
      return told(block)
  }
}

const entriesOf = (message: Json): ReadonlyArray<JsonObject> => {
  const role = stringAt(message, "role") ?? ""
  const blocks = blocksOf(at(message, "content")).map((block): JsonObject => ({ role, ...blockOf(objectAt(block)) }))
  const isResult = (block: JsonObject) => block["type"] === "tool_result"
  // The API wants results before all else.
  return [...blocks.filter(isResult), ...blocks.filter((block) => !isResult(block))].filter((block) =>
    block["type"] !== "text" || block["text"] !== ""
  )
}

/** The caller's tools have a schema; its type is always that of an object. */
const toolOf = (tool: Json): JsonObject => {
  const schema = at(tool, "input_schema")
  const members = told(objectAt(tool))
  if (schema === undefined) return members
  return {
    ...membersBut(members, ["type", "input_schema", "strict"]),
    ...(members["strict"] === true ? { strict: true } : {}),
    input_schema: { type: "object", properties: {}, ...objectAt(schema) }
  }
}

const choiceOf = (body: JsonObject): Json => {
  const { disable_parallel_tool_use: sole, type, ...choice } = objectAt(body["tool_choice"])
  const plain = { ...choice, ...(sole === true ? { disable_parallel_tool_use: true } : {}) }
  // What the API does without a word.
  return (type === "auto" || type === undefined) && sole !== true ? null : { type: type ?? "auto", ...plain }
}

/** The entries an answer is in the next request: its blocks as they were. Thinking without a signature cannot go back. */
export const answeredBlocks = (message: Json): ReadonlyArray<JsonObject> =>
  listAt(message, "content").flatMap((content): ReadonlyArray<JsonObject> => {
    const block = told(objectAt(content))
    const input = block["input"]
    if (block["type"] === "text" && (stringAt(block, "text") ?? "") === "") return []
    if (block["type"] === "thinking" && (stringAt(block, "signature") ?? "") === "") return []
    return [{
      role: "assistant",
      ...blockOf(block),
      // Arguments that never became JSON go back in an object, which the API wants.
      ...(typeof input === "string" ? { input: { value: input } } : {})
    }]
  })

const elsewhere = ["model", "messages", "system", "tools", "tool_choice", "stream", "mcp_servers", "output_format"]

/** What a Messages request says. */
export const messagesOutline = (body: Json | undefined): Outline => {
  const request = objectAt(body)
  const { format, ...output } = objectAt(request["output_config"])
  return {
    entries: [
      ...blocksOf(request["system"]).map((block) => ({ role: "system", ...blockOf(objectAt(block)) })),
      ...listAt(request, "messages").flatMap(entriesOf)
    ],
    tools: listAt(request, "tools").map(toolOf),
    choice: choiceOf(request),
    members: {
      ...settingsIn(request, [...elsewhere, "output_config"]),
      ...(Object.keys(output).length === 0 ? {} : { output_config: output }),
      ...(format === undefined && request["output_format"] === undefined ? {} : { format: true })
    }
  }
}
