import type * as Prompt from "effect/ai/Prompt"
import { at, type Json, listAt, objectAt, stringAt } from "../json.ts"
import { fileFrom, fileFromText } from "./media.ts"
import { resultFrom } from "./tool-results.ts"

/** The caller's name for a tool of the vendor. */
export type CustomName = (providerName: string) => string

/** Options of a part or a message, if it has any. */
export const optionsOf = (fields: Readonly<Record<string, Json | undefined>>) => {
  const given = Object.entries(fields).flatMap(([key, value]) =>
    value === undefined || value === null ? [] : [[key, value] as const]
  )
  return given.length === 0 ? {} : { options: { anthropic: Object.fromEntries(given) } }
}

const cacheOf = (block: Json) => ({ cacheControl: at(block, "cache_control") })

/** A system message with the mark of its block. */
export const systemOf = (block: Json): Prompt.SystemMessageEncoded => ({
  role: "system",
  content: stringAt(block, "text") ?? "",
  ...optionsOf(cacheOf(block))
})

const sourceOf = (block: Json, mediaType: string): Prompt.FilePartEncoded => {
  const source = at(block, "source")
  const stated = stringAt(source, "media_type") ?? mediaType
  switch (stringAt(source, "type")) {
    case "base64":
      return fileFrom(stringAt(source, "data") ?? "", stated)
    case "text":
      return fileFromText(stringAt(source, "data") ?? "")
    case "content": {
      const content = at(source, "content")
      return fileFromText(
        typeof content === "string" ? content : listAt(content).map((part) => stringAt(part, "text") ?? "").join("\n")
      )
    }
    default:
      return fileFrom(stringAt(source, "url") ?? stringAt(source, "file_id") ?? "", stated)
  }
}

const fileOf = (block: Json, mediaType: string): Prompt.FilePartEncoded => ({
  ...sourceOf(block, mediaType),
  ...optionsOf({
    title: at(block, "title"),
    context: at(block, "context"),
    citations: at(block, "citations", "enabled") === true ? { enabled: true } : undefined,
    ...cacheOf(block)
  })
})

const searchResultOf = (block: Json): Prompt.TextPartEncoded => ({
  type: "text",
  text: listAt(block, "content").map((part) => stringAt(part, "text") ?? "").join("\n"),
  ...optionsOf({
    searchResult: {
      source: stringAt(block, "source") ?? "",
      title: stringAt(block, "title") ?? "",
      ...(at(block, "citations", "enabled") === true ? { citations: true } : {})
    },
    ...cacheOf(block)
  })
})

const containerUploadOf = (block: Json): Prompt.FilePartEncoded => ({
  ...fileFrom(stringAt(block, "file_id") ?? "", "application/octet-stream"),
  ...optionsOf({ containerUpload: true, ...cacheOf(block) })
})

/** A block of a user message that is no tool result. */
export const userPartOf = (block: Json): Prompt.TextPartEncoded | Prompt.FilePartEncoded => {
  switch (stringAt(block, "type")) {
    case "image":
      return fileOf(block, "image/*")
    case "document":
      return fileOf(block, "application/pdf")
    case "search_result":
      return searchResultOf(block)
    case "container_upload":
      return containerUploadOf(block)
    default:
      return { type: "text", text: stringAt(block, "text") ?? "", ...optionsOf(cacheOf(block)) }
  }
}

/** A call, with the metadata it had when it came: a call of the vendor's own tools has the block it was. */
const callOf = (block: Json, customName: CustomName): Prompt.ToolCallPartEncoded => {
  const type = stringAt(block, "type") ?? ""
  const name = stringAt(block, "name") ?? ""
  const own = type !== "tool_use"
  const serverName = stringAt(block, "server_name")
  const toolset = stringAt(block, "toolset_name")
  return {
    type: "tool-call",
    id: stringAt(block, "id") ?? "",
    name: customName(serverName ?? toolset ?? name),
    params: at(block, "input") ?? {},
    ...(own ? { providerExecuted: true } : {}),
    ...optionsOf({
      ...(own || toolset !== undefined ? { name } : {}),
      ...(own ? { type, serverName } : {}),
      toolset,
      caller: at(block, "caller"),
      ...cacheOf(block)
    })
  }
}

const serverResultOf = (
  block: Json,
  names: ReadonlyMap<string, string>,
  customName: CustomName
): Prompt.ToolResultPartEncoded => {
  const { cache_control: _, caller, content, tool_use_id: __, type, ...more } = objectAt(block)
  const id = stringAt(block, "tool_use_id") ?? ""
  return {
    type: "tool-result",
    id,
    name: customName(names.get(id) ?? "tool"),
    isFailure: more["is_error"] === true,
    result: content ?? null,
    providerExecuted: true,
    ...optionsOf({
      type,
      caller,
      more: Object.keys(more).length === 0 ? undefined : more,
      ...cacheOf(block)
    })
  }
}

/** A block of an assistant message. What is neither said, called nor answered goes along as it is. */
export const assistantPartOf = (
  block: Json,
  names: ReadonlyMap<string, string>,
  customName: CustomName
): Prompt.AssistantMessagePartEncoded => {
  const type = stringAt(block, "type") ?? ""
  switch (type) {
    case "text": {
      const citations = listAt(block, "citations")
      const text = stringAt(block, "text") ?? ""
      const cited = citations.length === 0 ? undefined : citations
      return { type: "text", text, ...optionsOf({ citations: cited, ...cacheOf(block) }) }
    }
    case "thinking":
      return {
        type: "reasoning",
        text: stringAt(block, "thinking") ?? "",
        ...optionsOf({ signature: at(block, "signature") })
      }
    case "redacted_thinking":
      return { type: "reasoning", text: "", ...optionsOf({ redactedData: at(block, "data") }) }
    case "tool_use":
    case "server_tool_use":
    case "mcp_tool_use":
      return callOf(block, customName)
    default:
      return type.endsWith("_tool_result")
        ? serverResultOf(block, names, customName)
        : { type: "reasoning", text: "", ...optionsOf({ block }) }
  }
}

/** Blocks that are parts of what the model is shown; others are sent as they are. */
const shownTypes = new Set(["text", "image", "document", "search_result"])

/** The result of a tool; with files in it, it is what the model is shown that counts. */
export const toolResultOf = (
  block: Json,
  names: ReadonlyMap<string, string>,
  customName: CustomName
): Prompt.ToolResultPartEncoded => {
  const id = stringAt(block, "tool_use_id") ?? ""
  const content = at(block, "content")
  const parts = typeof content === "string" ? [] : listAt(content)
  const text = typeof content === "string" ? content : parts.map((part) => stringAt(part, "text") ?? "").join("")
  const shown = parts.some((part) => stringAt(part, "type") !== "text" || at(part, "cache_control") !== undefined)
  const newer = parts.some((part) => !shownTypes.has(stringAt(part, "type") ?? ""))
  return {
    type: "tool-result",
    id,
    name: customName(names.get(id) ?? "tool"),
    isFailure: at(block, "is_error") === true,
    result: resultFrom(text),
    ...(shown && !newer ? { modelOutput: parts.map(userPartOf) } : {}),
    ...optionsOf({ ...(newer ? { content: parts } : {}), ...cacheOf(block) })
  }
}
