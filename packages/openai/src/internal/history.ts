/** An assistant message of the history as the items it was, or the nearest to them. */
import * as Json from "@llm-layers/core/Json"
import * as Media from "@llm-layers/core/Media"
import * as ProviderError from "@llm-layers/core/ProviderError"
import type * as Warning from "@llm-layers/core/Warning"
import type * as AiError from "effect/ai/AiError"
import type * as Prompt from "effect/ai/Prompt"
import * as Effect from "effect/Effect"
import type { Wire } from "./content.ts"
import type { Context } from "./context.ts"
import { read, readString } from "./namespace.ts"
import { encodeResult, resultText } from "./results.ts"

/** An item on its way, with its id apart: whether it may be sent is known at the end. */
interface Draft {
  readonly item: Wire
  readonly id?: string | undefined
  /** An item that was kept as it came, and goes back so. */
  readonly kept?: boolean
}

/** The items of an assistant message. */
export const encodeAssistant = (
  context: Context,
  message: Prompt.AssistantMessage
): Effect.Effect<ReadonlyArray<Wire>, AiError.AiError> =>
  Effect.gen(function*() {
    const drafts: Array<Draft> = []
    for (const [index, part] of message.content.entries()) {
      switch (part.type) {
        case "text":
          addText(drafts, part)
          break
        case "reasoning":
          addReasoning(drafts, part, context.warnings)
          break
        case "tool-call":
          drafts.push(...encodeCall(part, message, context.warnings))
          break
        case "tool-result":
          if (part.providerExecuted) drafts.push(...encodeHostedResult(part))
          else drafts.push({ item: yield* encodeResult(context, part) })
          break
        case "file":
          drafts.push(yield* encodeImage(context, part, index))
          break
        case "tool-approval-request":
          // One of an MCP server is an item with its call; one of a tool of the program has no form on the wire.
          break
      }
    }
    return settle(context, drafts)
  })

/** Texts of one message are its contents; so are texts without a message that follow each other. */
const addText = (drafts: Array<Draft>, part: Prompt.TextPart): void => {
  const id = readString(part.options, "itemId")
  const refused = read(part.options, "refusal") === true
  if (part.text === "" && id === undefined) return
  const phase = read(part.options, "phase")
  const content = refused
    ? { type: "refusal", refusal: part.text }
    : { type: "output_text", text: part.text, annotations: [], logprobs: [] }
  const last = drafts.at(-1)
  if (last?.item["type"] === "message" && last.id === id && last.item["phase"] === phase) {
    drafts[drafts.length - 1] = {
      ...last,
      item: { ...last.item, content: [...Json.list(last.item["content"]), content] }
    }
    return
  }
  drafts.push({
    item: {
      type: "message",
      role: "assistant",
      content: [content],
      ...(phase === undefined ? undefined : { phase })
    },
    id
  })
}

/** Parts of one reasoning item become that item again. */
const addReasoning = (drafts: Array<Draft>, part: Prompt.ReasoningPart, warnings: Array<Warning.Warning>): void => {
  const kept = read(part.options, "item")
  if (Json.isRecord(kept)) {
    drafts.push({ item: replayed(kept), kept: true })
    return
  }
  const id = readString(part.options, "itemId")
  const encrypted = readString(part.options, "encryptedContent")
  if (id === undefined && encrypted === undefined) {
    warnings.push({
      about: "reasoning",
      message: "Reasoning of another provider was left out: the Responses API takes its own alone"
    })
    return
  }
  const last = drafts.at(-1)
  const open = last?.item["type"] === "reasoning" && id !== undefined && last.item["id"] === id ? last.item : undefined
  const full = read(part.options, "full") === true
  const piece = full ? { type: "reasoning_text", text: part.text } : { type: "summary_text", text: part.text }
  const added = part.text === "" ? [] : [piece]
  const content = [...Json.list(open?.["content"]), ...(full ? added : [])]
  const item: Wire = {
    type: "reasoning",
    ...(id === undefined ? undefined : { id }),
    summary: [...Json.list(open?.["summary"]), ...(full ? [] : added)],
    ...(content.length === 0 ? undefined : { content }),
    ...(encrypted === undefined
      ? open?.["encrypted_content"] === undefined ? undefined : { encrypted_content: open["encrypted_content"] }
      : { encrypted_content: encrypted })
  }
  if (open === undefined) drafts.push({ item })
  else drafts[drafts.length - 1] = { item }
}

/** The vendor says who created an item but takes no such member. */
const replayed = (item: Json.JsonRecord): Wire => {
  const { created_by: _, ...rest } = item
  return rest
}

const encodeCall = (
  part: Prompt.ToolCallPart,
  message: Prompt.AssistantMessage,
  warnings: Array<Warning.Warning>
): ReadonlyArray<Draft> => {
  const item = read(part.options, "item")
  if (Json.isRecord(item)) return [{ item: replayed(item) }]
  const id = readString(part.options, "itemId")
  const type = readString(part.options, "type")
  if (type === "image_generation_call") return []
  const origin = {
    ...(read(part.options, "namespace") === undefined ? undefined : { namespace: read(part.options, "namespace") }),
    ...(read(part.options, "caller") === undefined ? undefined : { caller: read(part.options, "caller") })
  }
  if (type === "custom_tool_call") {
    return [{
      item: { type, call_id: part.id, name: part.name, input: argumentsOf(part.params), ...origin },
      id
    }]
  }
  const call: Draft = {
    item: { type: "function_call", call_id: part.id, name: part.name, arguments: argumentsOf(part.params), ...origin },
    id
  }
  if (!part.providerExecuted) return [call]
  const result = message.content.find((other): other is Prompt.ToolResultPart =>
    other.type === "tool-result" && other.id === part.id
  )
  if (result !== undefined) {
    return [call, { item: { type: "function_call_output", call_id: part.id, output: resultText(result.result) } }]
  }
  warnings.push({
    about: part.name,
    message: `The call ${part.id} of ${part.name}, a tool of another provider, was left out: it has no result`
  })
  return []
}

/** Arguments that never were JSON are kept as the text they are. */
const argumentsOf = (params: unknown): string => typeof params === "string" ? params : JSON.stringify(params ?? {})

/** Of a hosted tool. The result of a call in one item is in the item; one of another provider went with its call. */
const encodeHostedResult = (part: Prompt.ToolResultPart): ReadonlyArray<Draft> => {
  const item = read(part.options, "item")
  return Json.isRecord(item) ? [{ item: replayed(item) }] : []
}

const encodeImage = (
  context: Context,
  part: Prompt.FilePart,
  index: number
): Effect.Effect<Draft, AiError.AiError> => {
  const call = read(part.options, "item")
  const media = Media.fromFilePart(part)
  if (Json.isRecord(call) && media._tag === "Bytes") {
    return Effect.succeed({ item: { ...replayed(call), result: media.base64 } })
  }
  return Effect.fail(ProviderError.unsupported(context.subject.origin, {
    capability: "assistantFiles",
    asked: `a file of type ${part.mediaType} in an assistant message that OpenAI did not generate (part ${index})`,
    model: context.subject.model,
    parameter: "prompt"
  }))
}

const isReasoning = (draft: Draft): boolean => draft.item["type"] === "reasoning"

/**
 * Holds the items to two rules of the vendor: a reasoning item needs the item that followed it, and one that is not stored
 * needs its encrypted content. An id is sent only after reasoning: the vendor looks up the reasoning that belongs to it,
 * and refuses the item where that is not sent, too.
 */
const settle = (context: Context, drafts: ReadonlyArray<Draft>): ReadonlyArray<Wire> => {
  const usable = drafts.filter((draft) => {
    const lost = isReasoning(draft) && !context.stored && draft.item["encrypted_content"] === undefined
    if (lost) warn(context, "it is not stored at OpenAI and has no encrypted content")
    return !lost
  })
  const last = usable.findLastIndex((draft) => !isReasoning(draft))
  if (last < usable.length - 1) warn(context, "nothing followed it, and OpenAI refuses such reasoning")
  let reasoned = false
  return usable.slice(0, last + 1).map((draft) => {
    if (isReasoning(draft)) reasoned = true
    if (draft.kept === true) return draft.item
    if (draft.item["type"] === "message") return settleMessage(draft, reasoned)
    return reasoned && draft.id !== undefined ? { id: draft.id, ...draft.item } : draft.item
  })
}

/** A message with an id is an output item, with all the members of one; without, its text is enough. */
const settleMessage = ({ id, item }: Draft, reasoned: boolean): Wire => {
  const { content: contents, type, ...rest } = item
  const texts = Json.list(contents).map((content) => Json.string(Json.record(content)["text"]))
  const plain = texts.every((text) => text !== undefined)
  if (id !== undefined && (reasoned || !plain || texts.length > 1)) return { type, id, status: "completed", ...item }
  // A refusal that came through another API has no id, and an item has to have one.
  return { ...rest, content: Json.list(contents).map(textOf).join("") }
}

const textOf = (content: unknown): string => {
  const { refusal, text } = Json.record(content)
  return Json.string(text) ?? Json.string(refusal) ?? ""
}

const warn = (context: Context, why: string): void => {
  context.warnings.push({ about: "reasoning", message: `Reasoning of an earlier answer was left out: ${why}` })
}
