/** Encodes a prompt as the messages of a request. */
import * as Json from "@llm-layers/core/Json"
import * as Metadata from "@llm-layers/core/Metadata"
import * as ToolCallIds from "@llm-layers/core/ToolCallIds"
import * as Prompt from "effect/ai/Prompt"
import { customType } from "./calls.ts"
import { encodeContent, encodeSystem } from "./content.ts"
import type { Encoding } from "./encoding.ts"
import type { AssistantMessage, Message, RefusalPart, TextPart, ToolCall, ToolMessage } from "./wire.ts"

/** The id of a tool call on the wire. */
type EncodeId = (id: string) => string

/** All messages. `toolName` gives the name a tool has on the wire. */
export const encodePrompt = (
  encoding: Encoding,
  prompt: Prompt.Prompt,
  toolName: (name: string) => string
): ReadonlyArray<Message> => {
  const encodeId = ToolCallIds.make(encoding.quirks.toolCallIds)
  const messages: Array<Message> = []
  for (const message of prompt.content) {
    switch (message.role) {
      case "system":
        messages.push({
          role: systemRole(encoding, message),
          content: encodeSystem(encoding, message),
          ...name(encoding, message)
        })
        break
      case "user":
        messages.push({
          role: "user",
          content: encodeContent(encoding, message.content, message),
          ...name(encoding, message)
        })
        break
      case "assistant":
        pushAssistant(messages, encodeAssistant(encoding, message, toolName, encodeId))
        messages.push(...resultsOf(encoding, message, encodeId))
        break
      case "tool":
        messages.push(...resultsOf(encoding, message, encodeId))
        break
    }
  }
  return messages
}

const systemRole = (encoding: Encoding, message: Prompt.SystemMessage): "system" | "developer" => {
  const own = encoding.optionsOf(message)["role"]
  return own === "system" || own === "developer" ? own : encoding.systemRole
}

const name = (encoding: Encoding, message: Prompt.Message): { readonly name: string } | undefined => {
  const given = encoding.optionsOf(message)["name"]
  return typeof given === "string" ? { name: given } : undefined
}

/**
 * Calls that were made at once must be in one message: the results have to follow the message with the calls, and a
 * history may have them one by one.
 */
const pushAssistant = (messages: Array<Message>, message: AssistantMessage | undefined): void => {
  if (message === undefined) return
  const last = messages.at(-1)
  if (last?.role !== "assistant" || last.tool_calls === undefined) {
    messages.push(message)
    return
  }
  const calls = [...last.tool_calls, ...message.tool_calls ?? []]
  messages[messages.length - 1] = {
    ...message,
    ...last,
    content: joinContent(last.content, message.content),
    tool_calls: calls
  }
}

const joinContent = (before: AssistantMessage["content"], after: AssistantMessage["content"]) => {
  if (after === null || after === "") return before
  if (before === null || before === "") return after
  if (typeof before === "string" && typeof after === "string") return before + after
  return [...asParts(before), ...asParts(after)]
}

const asParts = (content: string | ReadonlyArray<TextPart | RefusalPart>) =>
  typeof content === "string" ? [{ type: "text", text: content } as const] : content

const encodeAssistant = (
  encoding: Encoding,
  message: Prompt.AssistantMessage,
  toolName: (name: string) => string,
  encodeId: EncodeId
): AssistantMessage | undefined => {
  const texts: Array<TextPart | RefusalPart> = []
  const calls: Array<ToolCall> = []
  const reasoning: Array<Prompt.ReasoningPart> = []
  let audio: { readonly id: string } | undefined
  for (const part of message.content) {
    switch (part.type) {
      case "text":
        if (part.text !== "") texts.push(encodeAnswerText(encoding, part))
        break
      case "reasoning":
        reasoning.push(part)
        break
      case "tool-call":
        if (part.providerExecuted) {
          encoding.warn("prompt", `the call of ${part.name}, which another API ran itself, was left out`)
        } else calls.push(encodeToolCall(encoding, part, toolName, encodeId))
        break
      case "file":
        audio = audioOf(encoding, part) ?? audio
        break
      case "tool-result":
        if (part.providerExecuted) {
          encoding.warn("prompt", `the result of ${part.name}, which another API ran itself, was left out`)
        }
        break
      case "tool-approval-request":
        // Between the program and its user: the model is told of the result alone.
        break
    }
  }
  const thought = encodeReasoning(encoding, reasoning)
  if (texts.length === 0 && calls.length === 0 && audio === undefined && thought === undefined) {
    return message.content.length === 0 ? { role: "assistant", content: "" } : undefined
  }
  return {
    role: "assistant",
    content: answerContent(texts, calls.length > 0 || audio !== undefined ? encoding.quirks.emptyContent : ""),
    ...name(encoding, message),
    ...thought,
    ...(calls.length === 0 ? undefined : { tool_calls: calls }),
    ...(audio === undefined ? undefined : { audio })
  }
}

const answerContent = (texts: ReadonlyArray<TextPart | RefusalPart>, empty: "" | null): AssistantMessage["content"] => {
  if (texts.length === 0) return empty
  const plain = texts.every((part) => part.type === "text" && part.prompt_cache_breakpoint === undefined)
  return plain ? texts.map((part) => part.type === "text" ? part.text : part.refusal).join("") : texts
}

const encodeAnswerText = (encoding: Encoding, part: Prompt.TextPart): TextPart | RefusalPart => {
  const options = encoding.optionsOf(part)
  if (options["refusal"] === true && encoding.quirks.refusalParts) return { type: "refusal", refusal: part.text }
  return { type: "text", text: part.text }
}

const encodeToolCall = (
  encoding: Encoding,
  part: Prompt.ToolCallPart,
  toolName: (name: string) => string,
  encodeId: EncodeId
): ToolCall => {
  const [id, name] = [encodeId(part.id), toolName(part.name)]
  const { more, type } = encoding.optionsOf(part)
  if (type === customType && typeof part.params === "string") {
    return { id, type: "custom", custom: { name, input: part.params } }
  }
  // The signature of the thought that led to the call, which Google's endpoint demands back.
  const { extra_content } = Json.record(more)
  return {
    id,
    type: "function",
    function: { name, arguments: JSON.stringify(part.params ?? {}) },
    ...(extra_content === undefined ? undefined : { extra_content })
  }
}

const audioOf = (encoding: Encoding, part: Prompt.FilePart): { readonly id: string } | undefined => {
  const id = encoding.optionsOf(part)["audioId"]
  if (typeof id === "string") return { id }
  encoding.warn(
    "prompt",
    `a file of the assistant (${part.mediaType}) was left out: the API takes files from users alone`
  )
  return undefined
}

/**
 * Reasoning of this provider stays out where the server wants it so; of another provider it is always left out with a
 * warning, unless the server takes reasoning as text.
 */
const encodeReasoning = (
  encoding: Encoding,
  parts: ReadonlyArray<Prompt.ReasoningPart>
): Pick<AssistantMessage, "reasoning" | "reasoning_content" | "reasoning_details"> | undefined => {
  const field = encoding.quirks.reasoningField
  const details = parts.flatMap((part) => {
    const own = encoding.optionsOf(part)["reasoningDetails"]
    return Array.isArray(own) ? own : []
  })
  if (field === "reasoning_details" && details.length > 0) return { reasoning_details: details }
  const text = parts.map((part) => part.text).join("\n")
  if (field !== undefined && text.trim() !== "") return { [field === "reasoning_details" ? "reasoning" : field]: text }
  const foreign = parts.filter((part) => Metadata.get(part.options, encoding.provider, "field") === undefined)
  if (foreign.length > 0) encoding.warn("prompt", "reasoning of another provider was left out")
  return undefined
}

const resultsOf = (
  encoding: Encoding,
  message: Prompt.AssistantMessage | Prompt.ToolMessage,
  encodeId: EncodeId
): ReadonlyArray<ToolMessage> => {
  const out: Array<ToolMessage> = []
  for (const part of message.content) {
    if (part.type !== "tool-result" || part.providerExecuted) continue
    out.push({ role: "tool", tool_call_id: encodeId(part.id), content: encodeResult(encoding, part) })
  }
  return out
}

const encodeResult = (encoding: Encoding, part: Prompt.ToolResultPart): ToolMessage["content"] => {
  const { modelOutput, result } = part
  if (modelOutput === undefined) return typeof result === "string" ? result : JSON.stringify(result ?? null)
  if (encoding.quirks.toolResultParts) return encodeContent(encoding, modelOutput)
  const files = modelOutput.filter((one) => one.type === "file").length
  if (files > 0) {
    encoding.warn("prompt", `${files} of the files in the result of ${part.name} were left out: results are text`)
  }
  return Prompt.toolModelOutputToText(modelOutput)
}
