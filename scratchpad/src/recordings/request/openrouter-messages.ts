import type * as Prompt from "effect/ai/Prompt"
import { at, type Json, listAt, objectAt, stringAt } from "../json.ts"
import { fileFrom } from "./media.ts"
import { messageOf } from "./openai-chat-messages.ts"

type Part = { readonly options?: unknown }

/** A part or message with options of OpenAI's, and more, as OpenRouter's. */
const own = <A extends Part>(part: A, more: Readonly<Record<string, Json | undefined>> = {}): A => {
  const { openai } = objectAt(part.options as Json | undefined)
  const given = Object.entries({ ...objectAt(openai), ...more }).filter(([, value]) =>
    value !== undefined && value !== null
  )
  return given.length === 0 ? part : { ...part, options: { openrouter: Object.fromEntries(given) } }
}

const controlOf = (value: Json | undefined): Json | undefined => at(value, "cache_control")

/** The mark of a message whose content is one text here: its own, or that of any of its parts. */
const anyControl = (message: Json): Json | undefined =>
  controlOf(message) ?? listAt(message, "content").map(controlOf).find((control) => control !== undefined)

const reasoningOf = (message: Json): ReadonlyArray<Prompt.ReasoningPartEncoded> => {
  const details = listAt(message, "reasoning_details")
  const text = stringAt(message, "reasoning") ??
    details.map((one) => stringAt(one, "text") ?? stringAt(one, "summary") ?? "").join("")
  if (details.length === 0 && text === "") return []
  const options = { field: "reasoning", ...(details.length === 0 ? {} : { reasoningDetails: details }) }
  return [{ type: "reasoning", text, options: { openrouter: options } }]
}

/** Images and other files of a result, after its texts. */
const withFiles = (part: Prompt.ToolResultPartEncoded, message: Json): Prompt.ToolResultPartEncoded => {
  const content = listAt(message, "content")
  if (!content.some((one) => stringAt(one, "type") !== "text")) return part
  const [asUser] = messageOf({ role: "user", content: [...content] }, new Map())
  return asUser?.role !== "user" || typeof asUser.content === "string"
    ? part
    : { ...part, modelOutput: asUser.content.map((one) => own(one)) }
}

const userPart = (part: Prompt.UserMessagePartEncoded, wire: Json): Prompt.UserMessagePartEncoded =>
  stringAt(wire, "type") === "video_url"
    ? own(fileFrom(stringAt(wire, "video_url", "url") ?? "", "video/mp4"), { cacheControl: controlOf(wire) })
    : own(part, { cacheControl: controlOf(wire) })

/** A message of OpenRouter: one of OpenAI's dialect with reasoning, marks of a cache, videos, and files in results. */
export const openrouterMessage = (message: Json, names: Map<string, string>): ReadonlyArray<Prompt.MessageEncoded> => {
  const [made] = messageOf(message, names)
  const reasoning = reasoningOf(message)
  if (made === undefined) return reasoning.length === 0 ? [] : [{ role: "assistant", content: reasoning }]
  switch (made.role) {
    case "system":
      return [own(made, { cacheControl: anyControl(message) })]
    case "user": {
      const wires = listAt(message, "content")
      const content = typeof made.content === "string"
        ? made.content
        : made.content.map((part, index) => userPart(part, wires[index] ?? null))
      return [own({ ...made, content }, { cacheControl: controlOf(message) })]
    }
    case "assistant": {
      const parts = typeof made.content === "string" ? [{ type: "text" as const, text: made.content }] : made.content
      const text = parts.some((part) => part.type === "text")
      return [own(
        { ...made, content: [...reasoning, ...parts.map((part) => own(part))] },
        { cacheControl: text ? anyControl(message) : undefined }
      )]
    }
    case "tool":
      return [{
        ...made,
        content: made.content.map((part) =>
          part.type === "tool-result" ? own(withFiles(part, message), { cacheControl: anyControl(message) }) : part
        )
      }]
  }
}
