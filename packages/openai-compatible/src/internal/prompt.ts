/** Encodes a prompt as the messages of a request. */
import * as Json from "@llm-layers/core/Json"
import * as Media from "@llm-layers/core/Media"
import * as Metadata from "@llm-layers/core/Metadata"
import * as ToolCallIds from "@llm-layers/core/ToolCallIds"
import * as Prompt from "effect/ai/Prompt"
import { customType } from "./calls.ts"
import { cacheMark, encodeContent, encodeSystem, isMarked, markLast } from "./content.ts"
import type { Encoding } from "./encoding.ts"
import type {
  AssistantMessage,
  Cacheable,
  ContentPart,
  Message,
  RefusalPart,
  TextPart,
  ToolCall,
  ToolMessage
} from "./wire.ts"

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
  // A rule that comes after the answer does not ask for another one.
  const last = messages.findLast(({ role }) => role !== "system" && role !== "developer")
  if (last?.role === "assistant" && !encoding.subject.capabilities.prefill) {
    encoding.refuse({
      capability: "prefill",
      asked: "an assistant message at the end of the prompt",
      parameter: "prompt"
    })
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
  const details = joinLists(last.reasoning_details, message.reasoning_details)
  const images = joinLists(last.images, message.images)
  messages[messages.length - 1] = {
    ...message,
    ...last,
    content: joinContent(last.content, message.content),
    ...(details === undefined ? undefined : { reasoning_details: details }),
    ...(images === undefined ? undefined : { images }),
    tool_calls: calls
  }
}

const joinLists = <A>(before: ReadonlyArray<A> | undefined, after: ReadonlyArray<A> | undefined) =>
  before === undefined || after === undefined ? before ?? after : [...before, ...after]

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
  const images: Array<AnswerImage> = []
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
      case "file": {
        const image = imageOf(encoding, part)
        if (image === undefined) audio = audioOf(encoding, part) ?? audio
        else images.push(image)
        break
      }
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
  markLastText(encoding, message, texts)
  if (texts.length + calls.length + images.length === 0 && audio === undefined && thought === undefined) {
    return message.content.length === 0 ? { role: "assistant", content: "" } : undefined
  }
  const { refusal, said } = withoutRefusals(encoding, texts)
  return {
    role: "assistant",
    content: answerContent(said, calls.length > 0 || audio !== undefined ? encoding.quirks.emptyContent : ""),
    ...(refusal === "" ? undefined : { refusal }),
    ...name(encoding, message),
    ...thought,
    ...(calls.length === 0 ? undefined : { tool_calls: calls }),
    ...(images.length === 0 ? undefined : { images }),
    ...(audio === undefined ? undefined : { audio })
  }
}

/** The refusals apart, where they have a member of their own. */
const withoutRefusals = (encoding: Encoding, texts: ReadonlyArray<TextPart | RefusalPart>) =>
  encoding.quirks.refusalMember
    ? {
      said: texts.filter((part) => part.type === "text"),
      refusal: texts.flatMap((part) => part.type === "refusal" ? [part.refusal] : []).join("")
    }
    : { said: texts, refusal: "" }

/** What is said of a message counts for its last text: nothing else of an answer can be marked. */
const markLastText = (
  encoding: Encoding,
  message: Prompt.AssistantMessage,
  texts: Array<TextPart | RefusalPart>
): void => {
  const mark = encoding.quirks.cacheControl ? cacheMark(encoding, message) : undefined
  if (mark === undefined) return
  const at = texts.findLastIndex((part) => part.type === "text")
  const last = texts[at]
  if (last === undefined) encoding.warn("prompt", "an assistant message without text cannot end a cached prefix")
  else texts[at] = { ...last, ...mark }
}

const answerContent = (texts: ReadonlyArray<TextPart | RefusalPart>, empty: "" | null): AssistantMessage["content"] => {
  if (texts.length === 0) return empty
  const plain = texts.every((part) => part.type === "text" && !isMarked(part))
  return plain ? texts.map((part) => part.type === "text" ? part.text : part.refusal).join("") : texts
}

const encodeAnswerText = (encoding: Encoding, part: Prompt.TextPart): TextPart | RefusalPart => {
  const options = encoding.optionsOf(part)
  const { refusalMember, refusalParts } = encoding.quirks
  if (options["refusal"] === true && (refusalParts || refusalMember)) return { type: "refusal", refusal: part.text }
  return { type: "text", text: part.text, ...(encoding.quirks.cacheControl ? cacheMark(encoding, part) : undefined) }
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

type AnswerImage = { readonly image_url: { readonly url: string } }

const imageOf = (encoding: Encoding, part: Prompt.FilePart): AnswerImage | undefined => {
  if (!encoding.quirks.answerImages) return undefined
  const media = Media.fromFilePart(part)
  if (media._tag === "Invalid" || media._tag === "FileId" || Media.kindOf(media.mediaType) !== "image") return undefined
  return { image_url: { url: media._tag === "Url" ? media.url : Media.toDataUrl(media) } }
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
  const last = out.at(-1)
  const mark = message.role === "tool" && encoding.quirks.cacheControl ? cacheMark(encoding, message) : undefined
  if (last !== undefined && mark !== undefined) {
    out[out.length - 1] = { ...last, content: markContent(encoding, last.content, mark) }
  }
  return out
}

const markContent = (
  encoding: Encoding,
  content: ToolMessage["content"],
  mark: Cacheable
): ReadonlyArray<ContentPart> =>
  typeof content === "string" ? [{ type: "text", text: content, ...mark }] : markLast(encoding, content, mark)

const encodeResult = (encoding: Encoding, part: Prompt.ToolResultPart): ToolMessage["content"] => {
  const mark = encoding.quirks.cacheControl ? cacheMark(encoding, part) : undefined
  const content = encodeOutput(encoding, part)
  return mark === undefined ? content : markContent(encoding, content, mark)
}

const encodeOutput = (encoding: Encoding, part: Prompt.ToolResultPart): ToolMessage["content"] => {
  const { modelOutput, result } = part
  if (modelOutput === undefined) return typeof result === "string" ? result : JSON.stringify(result ?? null)
  if (encoding.quirks.toolResultParts) return encodeContent(encoding, modelOutput)
  const files = modelOutput.filter((one) => one.type === "file").length
  if (files > 0) {
    encoding.warn("prompt", `${files} of the files in the result of ${part.name} were left out: results are text`)
  }
  return Prompt.toolModelOutputToText(modelOutput)
}
