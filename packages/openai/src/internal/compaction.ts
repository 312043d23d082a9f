/** Compaction: a prompt → its request, and the answer → the prompt that goes on from it. */
import * as Json from "@llm-layers/core/Json"
import * as Prompt from "effect/ai/Prompt"
import { metadata } from "./namespace.ts"

/**
 * System messages at the start of a prompt, and the rest. They are sent as instructions: the answer has what was said, and
 * not the instructions, so that they are the caller's to send again.
 */
export const splitInstructions = (
  prompt: Prompt.Prompt
): readonly [ReadonlyArray<Prompt.SystemMessage>, Prompt.Prompt] => {
  const at = prompt.content.findIndex(({ role }) => role !== "system")
  const end = at < 0 ? prompt.content.length : at
  return [
    prompt.content.slice(0, end).filter((message) => message.role === "system"),
    Prompt.fromMessages(prompt.content.slice(end))
  ]
}

/**
 * The items of an answer as messages: what users said as their messages, everything else as items that go back as they
 * came. What cannot be said in a message without a loss is such an item, too.
 */
export const decodeItems = (items: ReadonlyArray<unknown>): ReadonlyArray<Prompt.Message> => {
  const messages: Array<Prompt.Message> = []
  let kept: Array<Prompt.ReasoningPart> = []
  const close = () => {
    if (kept.length > 0) messages.push(Prompt.assistantMessage({ content: kept }))
    kept = []
  }
  for (const value of items) {
    const item = Json.record(value)
    const message = decodeMessage(item)
    if (message === undefined) {
      kept.push(Prompt.reasoningPart({ text: "", options: metadata({ item }) }))
    } else {
      close()
      messages.push(message)
    }
  }
  close()
  return messages
}

const decodeMessage = (item: Json.JsonRecord): Prompt.Message | undefined => {
  if (item["type"] !== "message" && item["type"] !== undefined) return undefined
  const role = item["role"]
  const content = item["content"]
  const contents = typeof content === "string" ? [{ type: "input_text", text: content }] : Json.list(content)
  const parts = contents.map((one) => decodeContent(Json.record(one)))
  if (!parts.every((part) => part !== undefined) || parts.length === 0) return undefined
  if (role === "user") return Prompt.userMessage({ content: parts })
  const [first] = parts
  if ((role !== "system" && role !== "developer") || parts.length > 1 || first?.type !== "text") return undefined
  return Prompt.systemMessage({ content: first.text, options: metadata({ role }) })
}

/** Texts, images, and files whose bytes are there: what says all that the content says. */
const decodeContent = (content: Json.JsonRecord): Prompt.TextPart | Prompt.FilePart | undefined => {
  switch (content["type"]) {
    case "input_text": {
      const text = Json.string(content["text"])
      return text === undefined ? undefined : Prompt.textPart({ text })
    }
    case "input_image": {
      const data = Json.string(content["image_url"]) ?? Json.string(content["file_id"])
      const detail = Json.string(content["detail"])
      return data === undefined ? undefined : Prompt.filePart({
        mediaType: /^data:([^;,]+)/.exec(data)?.[1] ?? "image/*",
        data,
        ...(detail === undefined ? undefined : { options: metadata({ detail }) })
      })
    }
    case "input_file": {
      const data = Json.string(content["file_data"])
      const mediaType = data === undefined ? undefined : /^data:([^;,]+)/.exec(data)?.[1]
      const fileName = Json.string(content["filename"])
      if (data === undefined || mediaType === undefined || fileName === undefined) return undefined
      return Prompt.filePart({ mediaType, data, fileName })
    }
    default:
      return undefined
  }
}
