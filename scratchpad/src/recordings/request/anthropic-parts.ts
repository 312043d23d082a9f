import type * as Prompt from "effect/ai/Prompt"
import { at, type Json, listAt, objectAt, stringAt } from "../json.ts"
import { fileFrom, fileFromText } from "./media.ts"
import { resultFrom } from "./tool-results.ts"

/** The caller's name for a tool of the vendor. */
export type CustomName = (providerName: string) => string

const sourceOf = (block: Json, mediaType: string): Prompt.FilePartEncoded => {
  const title = stringAt(block, "title")
  const source = at(block, "source")
  const stated = stringAt(source, "media_type") ?? mediaType
  switch (stringAt(source, "type")) {
    case "base64":
      return fileFrom(stringAt(source, "data") ?? "", stated, title)
    case "text":
      return fileFromText(stringAt(source, "data") ?? "", title)
    case "content":
      return fileFromText(listAt(source, "content").map((part) => stringAt(part, "text") ?? "").join("\n"), title)
    default:
      return fileFrom(stringAt(source, "url") ?? stringAt(source, "file_id") ?? "", stated, title)
  }
}

const fileOf = (block: Json, mediaType: string): Prompt.FilePartEncoded => ({
  ...sourceOf(block, mediaType),
  ...(at(block, "citations", "enabled") === true ? { options: { anthropic: { citations: { enabled: true } } } } : {})
})

/** A block of a user message that is no tool result. */
export const userPartOf = (block: Json): ReadonlyArray<Prompt.TextPartEncoded | Prompt.FilePartEncoded> => {
  switch (stringAt(block, "type")) {
    case "image":
      return [fileOf(block, "image/*")]
    case "document":
      return [fileOf(block, "application/pdf")]
    default:
      return [{ type: "text", text: stringAt(block, "text") ?? "" }]
  }
}

const callOf = (block: Json, customName: CustomName): Prompt.ToolCallPartEncoded => ({
  type: "tool-call",
  id: stringAt(block, "id") ?? "",
  name: customName(stringAt(block, "name") ?? ""),
  params: at(block, "input") ?? {}
})

/** A call of a tool that ran at the vendor, with the metadata it had when it came. */
const serverCallOf = (block: Json, customName: CustomName): Prompt.ToolCallPartEncoded => {
  const name = stringAt(block, "name") ?? ""
  const server = stringAt(block, "server_name")
  return {
    ...callOf(block, customName),
    ...(server === undefined ? {} : { name: customName(server) }),
    providerExecuted: true,
    options: {
      anthropic: {
        type: stringAt(block, "type") ?? "",
        name,
        ...(server === undefined ? {} : { serverName: server })
      }
    }
  }
}

const serverResultOf = (
  block: Json,
  names: ReadonlyMap<string, string>,
  customName: CustomName
): Prompt.ToolResultPartEncoded => {
  const id = stringAt(block, "tool_use_id") ?? ""
  return {
    type: "tool-result",
    id,
    name: customName(names.get(id) ?? "tool"),
    isFailure: at(block, "is_error") === true,
    result: at(block, "content") ?? null,
    providerExecuted: true,
    options: { anthropic: { type: stringAt(block, "type") ?? "" } }
  }
}

/** A block of an assistant message. */
export const assistantPartOf = (
  block: Json,
  names: ReadonlyMap<string, string>,
  customName: CustomName
): Prompt.AssistantMessagePartEncoded => {
  const type = stringAt(block, "type") ?? ""
  switch (type) {
    case "text":
      return { type: "text", text: stringAt(block, "text") ?? "" }
    case "thinking": {
      const signature = stringAt(block, "signature") ?? ""
      return { type: "reasoning", text: stringAt(block, "thinking") ?? "", options: { anthropic: { signature } } }
    }
    case "redacted_thinking":
      return { type: "reasoning", text: "", options: { anthropic: { redactedData: stringAt(block, "data") ?? "" } } }
    case "tool_use":
      return callOf(block, customName)
    case "server_tool_use":
    case "mcp_tool_use":
      return serverCallOf(block, customName)
    default:
      return type.endsWith("_tool_result")
        ? serverResultOf(block, names, customName)
        : { type: "reasoning", text: "", options: { anthropic: { block: objectAt(block) } } }
  }
}

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
  const shown = parts.some((part) => stringAt(part, "type") !== "text")
  return {
    type: "tool-result",
    id,
    name: customName(names.get(id) ?? "tool"),
    isFailure: at(block, "is_error") === true,
    result: resultFrom(text),
    ...(shown ? { modelOutput: parts.flatMap(userPartOf) } : {})
  }
}
