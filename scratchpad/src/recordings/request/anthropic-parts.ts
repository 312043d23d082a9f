import type * as Prompt from "effect/ai/Prompt"
import { at, type Json, listAt, stringAt } from "../json.ts"
import { replayedReasoning } from "../providers/anthropic-hosted.ts"
import { fileFrom, fileFromText } from "./media.ts"
import { resultFrom } from "./tool-results.ts"

const fileOf = (block: Json, mediaType: string): Prompt.FilePartEncoded => {
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

/**
 * A block of an assistant message. What a vendor's own tool did in an earlier turn, and summaries of a compacted context,
 * are left out: they would have to be replayed as the provider gave them, and the recording does not have that.
 */
export const assistantPartOf = (block: Json): ReadonlyArray<Prompt.AssistantMessagePartEncoded> => {
  switch (stringAt(block, "type")) {
    case "text":
      return [{ type: "text", text: stringAt(block, "text") ?? "" }]
    case "thinking":
    case "redacted_thinking":
      return [replayedReasoning(block)]
    case "tool_use":
      return [{
        type: "tool-call",
        id: stringAt(block, "id") ?? "",
        name: stringAt(block, "name") ?? "",
        params: at(block, "input") ?? {}
      }]
    default:
      return []
  }
}

/** The result of a tool; with files in it, it is what the model is shown that counts. */
export const toolResultOf = (block: Json, names: ReadonlyMap<string, string>): Prompt.ToolResultPartEncoded => {
  const id = stringAt(block, "tool_use_id") ?? ""
  const content = at(block, "content")
  const parts = typeof content === "string" ? [] : listAt(content)
  const text = typeof content === "string" ? content : parts.map((part) => stringAt(part, "text") ?? "").join("")
  const shown = parts.some((part) => stringAt(part, "type") !== "text")
  return {
    type: "tool-result",
    id,
    name: names.get(id) ?? "tool",
    isFailure: at(block, "is_error") === true,
    result: resultFrom(text),
    ...(shown ? { modelOutput: parts.flatMap(userPartOf) } : {})
  }
}
