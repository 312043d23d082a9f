/** Encode: parts of assistant messages → blocks. */
import type * as Beta from "@anthropic-ai/sdk/resources/beta/messages/messages"
import * as Capability from "@llm-layers/core/Capability"
import * as Json from "@llm-layers/core/Json"
import type * as Prompt from "effect/ai/Prompt"
import * as Effect from "effect/Effect"
import { type Block, encodeCache, isNothing, leaveOut, type PromptContext } from "./promptContext.ts"

/** Parts of the history but for results of the program's tools, which the API wants in the next user message. */
export type AssistantPart = Exclude<Prompt.AssistantMessagePart, Prompt.ToolResultPart>

export const encodeAssistantPart = Effect.fnUntraced(function*(context: PromptContext, part: AssistantPart) {
  switch (part.type) {
    case "text":
      return encodeText(part)
    case "reasoning":
      return encodeReasoning(context, part)
    case "tool-call":
      return part.providerExecuted ? encodeServerCall(context, part) : encodeToolUse(context, part)
    case "file":
      return yield* Capability.unsupportedPrompt(context.subject, "fileOutput", "a file in an assistant message")
    case "tool-approval-request":
      return undefined
  }
})

const encodeText = (part: Prompt.TextPart): Beta.BetaTextBlockParam | undefined => {
  if (isNothing(part.text)) return undefined
  const citations = part.options.anthropic?.citations
  return {
    type: "text",
    text: part.text,
    ...(citations === undefined || citations.length === 0 ? undefined : { citations: citations.map(encodeCitation) }),
    ...encodeCache(part.options.anthropic)
  }
}

/** As it came, but for `file_id`, which requests do not have (the `…Param` types of `@anthropic-ai/sdk`). */
const encodeCitation = (citation: unknown): Beta.BetaTextCitationParam => {
  const { file_id: _, ...rest } = Json.record(citation)
  // What the vendor gave, given back.
  return rest as unknown as Beta.BetaTextCitationParam
}

/** Unmodified and in order: the vendor checks it against its signature. Reasoning of other vendors has none. */
const encodeReasoning = (context: PromptContext, part: Prompt.ReasoningPart): Block | undefined => {
  const kept = part.options.anthropic
  if (typeof kept?.signature === "string" && kept.signature !== "") {
    return { type: "thinking", thinking: part.text, signature: kept.signature }
  }
  if (typeof kept?.redactedData === "string") return { type: "redacted_thinking", data: kept.redactedData }
  // What the vendor gave, given back.
  if (Json.isRecord(kept?.block)) return kept.block as unknown as Block
  leaveOut(context, "reasoning without Anthropic's signature cannot be sent back; it was left out")
  return undefined
}

const encodeToolUse = (context: PromptContext, part: Prompt.ToolCallPart): Beta.BetaToolUseBlockParam => {
  const kept = part.options.anthropic
  const toolset = kept?.toolset
  const input = encodeInput(part.params)
  const { action: _, ...member } = input
  return {
    type: "tool_use",
    id: context.encodeId(part.id),
    name: kept?.name ?? context.names.encode(part.name),
    input: toolset === undefined ? input : member,
    ...(toolset === undefined ? undefined : { toolset_name: toolset }),
    ...encodeCaller(kept?.caller),
    ...encodeCache(kept)
  }
}

/** The API takes objects alone. Arguments that were no JSON go as the text they are. */
const encodeInput = (params: unknown): Json.JsonRecord => {
  if (Json.isRecord(params)) return params
  return params === undefined || params === null || params === "" ? {} : { value: params }
}

const encodeCaller = (caller: unknown): { caller?: Beta.BetaToolUseCaller } =>
  // What the vendor gave, given back.
  Json.isRecord(caller) ? { caller: caller as unknown as Beta.BetaToolUseCaller } : {}

const encodeServerCall = (context: PromptContext, part: Prompt.ToolCallPart): Block | undefined => {
  const kept = part.options.anthropic
  const common = { id: part.id, input: encodeInput(part.params), ...encodeCache(kept) }
  switch (kept?.type) {
    case "mcp_tool_use":
      return { type: "mcp_tool_use", name: kept.name ?? part.name, server_name: kept.serverName ?? "", ...common }
    case "server_tool_use": {
      // The name as the vendor gave it.
      const name = (kept.name ?? context.names.encode(part.name)) as Beta.BetaServerToolUseBlockParam["name"]
      return { type: "server_tool_use", name, ...common, ...encodeCaller(kept.caller) }
    }
    default:
      return anotherVendors(context, part.name)
  }
}

/** The result of a tool that ran at Anthropic. */
export const encodeServerResult = (context: PromptContext, part: Prompt.ToolResultPart): Block | undefined => {
  const kept = part.options.anthropic
  if (kept?.type === undefined) return anotherVendors(context, part.name)
  const block = {
    type: kept.type,
    tool_use_id: part.id,
    content: part.result,
    ...encodeCaller(kept.caller),
    ...Json.record(kept.more),
    ...encodeCache(kept)
  }
  // What the vendor gave, given back.
  return block as unknown as Block
}

const anotherVendors = (context: PromptContext, name: string): undefined => {
  leaveOut(context, `${name} ran at another vendor, which cannot be sent; call and result were left out`)
  return undefined
}
