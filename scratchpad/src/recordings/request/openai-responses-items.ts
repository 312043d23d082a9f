import type * as Prompt from "effect/ai/Prompt"
import { readToolArguments } from "../expectation/tool-arguments.ts"
import { at, type Json, listAt, stringAt } from "../json.ts"
import { fileFrom, mediaTypeOf } from "./media.ts"
import { openaiOptions } from "./openai-chat-messages.ts"
import { joinToolMessages, resultFrom } from "./tool-results.ts"

/** The input of a Responses request as messages. */
export const messagesOf = (input: Json | undefined): ReadonlyArray<Prompt.MessageEncoded> => {
  if (typeof input === "string") return [{ role: "user", content: input }]
  const names = new Map<string, string>()
  return joinToolMessages(joinAssistantItems(listAt(input).flatMap((item) => itemOf(item, names))))
}

/** Items of one turn follow each other; `effect/ai` keeps them as the parts of one assistant message. */
const joinAssistantItems = (
  messages: ReadonlyArray<Prompt.MessageEncoded>
): ReadonlyArray<Prompt.MessageEncoded> => {
  const joined: Array<Prompt.MessageEncoded> = []
  for (const message of messages) {
    const last = joined.at(-1)
    const both = message.role === "assistant" && last?.role === "assistant"
    if (both && typeof message.content !== "string" && typeof last.content !== "string") {
      joined[joined.length - 1] = { ...last, content: [...last.content, ...message.content] }
    } else joined.push(message)
  }
  return joined
}

const textOf = (content: Json | undefined): string =>
  typeof content === "string" ? content : listAt(content).map((part) => stringAt(part, "text") ?? "").join("")

/**
 * A reasoning item of an earlier turn, as the provider gave it: a part for each summary and each piece of the reasoning
 * itself, of which the last has what is encrypted.
 */
const reasoningOf = (item: Json): ReadonlyArray<Prompt.ReasoningPartEncoded> => {
  const pieces = [
    ...listAt(item, "summary").map((part) => ({ text: stringAt(part, "text") ?? "", full: undefined })),
    ...listAt(item, "content").map((part) => ({ text: stringAt(part, "text") ?? "", full: true }))
  ]
  if (pieces.length === 0) pieces.push({ text: "", full: undefined })
  return pieces.map(({ full, text }, index) => ({
    type: "reasoning",
    text,
    ...openaiOptions({
      itemId: at(item, "id"),
      full,
      encryptedContent: index < pieces.length - 1 ? undefined : at(item, "encrypted_content")
    })
  }))
}

/** A call with what it was marked with when it came. */
const callOf = (item: Json, params: unknown, type?: string): Prompt.ToolCallPartEncoded => ({
  type: "tool-call",
  id: stringAt(item, "call_id") ?? "",
  name: stringAt(item, "name") ?? "",
  params,
  ...openaiOptions({ itemId: at(item, "id"), type, namespace: at(item, "namespace"), caller: at(item, "caller") })
})

const resultOf = (item: Json, names: ReadonlyMap<string, string>): Prompt.ToolResultPartEncoded => {
  const id = stringAt(item, "call_id") ?? ""
  const output = at(item, "output")
  const parts = listAt(output)
  const shown = parts.some((part) => stringAt(part, "text") === undefined)
  return {
    type: "tool-result",
    id,
    name: names.get(id) ?? "tool",
    isFailure: false,
    result: resultFrom(textOf(output)),
    ...(shown ? { modelOutput: parts.map(userPartOf) } : {})
  }
}

/** An input item as a message. What is neither said, called nor answered goes along as it is. */
const itemOf = (item: Json, names: Map<string, string>): ReadonlyArray<Prompt.MessageEncoded> => {
  switch (stringAt(item, "type") ?? "message") {
    case "message":
      return messageOf(item)
    case "reasoning":
      return [{ role: "assistant", content: reasoningOf(item) }]
    case "function_call": {
      names.set(stringAt(item, "call_id") ?? "", stringAt(item, "name") ?? "")
      const args = readToolArguments(stringAt(item, "arguments") ?? "")
      return [{ role: "assistant", content: [callOf(item, args.kind === "json" ? args.value : args.text)] }]
    }
    case "custom_tool_call":
      names.set(stringAt(item, "call_id") ?? "", stringAt(item, "name") ?? "")
      return [{ role: "assistant", content: [callOf(item, stringAt(item, "input") ?? "", "custom_tool_call")] }]
    case "function_call_output":
    case "custom_tool_call_output":
      return [{ role: "tool", content: [resultOf(item, names)] }]
    default:
      return [{ role: "assistant", content: [{ type: "reasoning", text: "", ...openaiOptions({ item }) }] }]
  }
}

const answerTextsOf = (item: Json): ReadonlyArray<Prompt.TextPartEncoded> => {
  const content = at(item, "content")
  const parts: ReadonlyArray<Json> = typeof content === "string" ? [{ text: content }] : listAt(content)
  return parts.map((part) => {
    const refusal = stringAt(part, "refusal")
    return {
      type: "text",
      text: refusal ?? stringAt(part, "text") ?? "",
      ...openaiOptions({
        itemId: at(item, "id"),
        phase: at(item, "phase"),
        refusal: refusal === undefined ? undefined : true
      })
    }
  })
}

const messageOf = (item: Json): ReadonlyArray<Prompt.MessageEncoded> => {
  const content = at(item, "content")
  const role = stringAt(item, "role")
  switch (role) {
    case "system":
    case "developer":
      return [{ role: "system", content: textOf(content), ...openaiOptions({ role }) }]
    case "assistant":
      return [{ role: "assistant", content: answerTextsOf(item) }]
    default:
      return [{ role: "user", content: typeof content === "string" ? content : listAt(content).map(userPartOf) }]
  }
}

const userPartOf = (part: Json): Prompt.TextPartEncoded | Prompt.FilePartEncoded => {
  const promptCacheBreakpoint = at(part, "prompt_cache_breakpoint")
  const options = openaiOptions({ detail: at(part, "detail"), promptCacheBreakpoint })
  switch (stringAt(part, "type")) {
    case "input_image":
      return { ...fileFrom(stringAt(part, "image_url") ?? stringAt(part, "file_id") ?? "", "image/*"), ...options }
    case "input_file": {
      const name = stringAt(part, "filename")
      const url = stringAt(part, "file_url")
      const reference = stringAt(part, "file_data") ?? url ?? stringAt(part, "file_id") ?? ""
      return { ...fileFrom(reference, mediaTypeOf(name ?? url), name), ...options }
    }
    default:
      return { type: "text", text: stringAt(part, "text") ?? "", ...openaiOptions({ promptCacheBreakpoint }) }
  }
}
