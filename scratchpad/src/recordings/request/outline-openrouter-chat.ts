import { at, type Json, type JsonObject, listAt, objectAt, stringAt } from "../json.ts"
import { answeredMessage, chatOutline } from "./outline-openai-chat.ts"
import type { Outline } from "./outline.ts"

const reasoningOf = (message: Json | undefined): ReadonlyArray<JsonObject> => {
  const details = listAt(message, "reasoning_details")
  const text = stringAt(message, "reasoning") ?? ""
  if (details.length > 0) return [{ role: "assistant", reasoning_details: details }]
  return text === "" ? [] : [{ role: "assistant", reasoning: text }]
}

const imagesOf = (message: Json | undefined): ReadonlyArray<JsonObject> =>
  listAt(message, "images").map((image) => ({ role: "assistant", image: stringAt(image, "image_url", "url") ?? "" }))

const entriesOf = (message: Json): ReadonlyArray<JsonObject> => {
  const entries = chatOutline({ messages: [message] }).entries
  switch (stringAt(message, "role")) {
    case "assistant":
      return [...reasoningOf(message), ...entries, ...imagesOf(message)]
    case "tool": {
      const files = listAt(message, "content").filter((part) => stringAt(part, "type") !== "text")
      const asUser = chatOutline({ messages: [{ role: "user", content: files }] }).entries
      return [...entries, ...asUser.map((entry) => ({ ...entry, role: "tool" }))]
    }
    default:
      return entries
  }
}

/** Marks of a cached prefix, each by the message it is in: on a part, or on a message that has a text to carry it. */
const marksOf = (message: Json): ReadonlyArray<JsonObject> => {
  const content = at(message, "content")
  const onPart = listAt(content).map((part) => at(part, "cache_control")).find((control) => control !== undefined)
  const carried = content === undefined || content === null || content === "" ? undefined : at(message, "cache_control")
  const control = onPart ?? carried
  return control === undefined ? [] : [{ role: stringAt(message, "role") ?? "", control }]
}

const marked = (name: string, marks: ReadonlyArray<JsonObject>) => marks.length === 0 ? {} : { [name]: marks }

/** What a Chat Completions request of OpenRouter says. */
export const openrouterOutline = (body: Json | undefined): Outline => {
  const messages = listAt(body, "messages")
  const outline = chatOutline(body)
  return {
    ...outline,
    entries: messages.flatMap(entriesOf),
    members: {
      ...outline.members,
      ...marked("marks of messages", messages.flatMap(marksOf)),
      ...marked(
        "marks of tools",
        listAt(body, "tools").flatMap((tool) => {
          const control = at(tool, "cache_control")
          return control === undefined ? [] : [{ name: stringAt(tool, "function", "name") ?? "", control }]
        })
      )
    }
  }
}

/** The entries an answer is in the next request: its first choice, its reasoning first. */
export const answeredOpenRouter = (completion: Json): ReadonlyArray<JsonObject> => {
  const message = objectAt(completion, "choices", 0, "message")
  return [...reasoningOf(message), ...answeredMessage(completion), ...imagesOf(message)]
}
