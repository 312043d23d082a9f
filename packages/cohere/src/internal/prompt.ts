/** Encode: Prompt → messages, and the documents that its text files are. */
import * as Capability from "@llm-layers/core/Capability"
import * as Json from "@llm-layers/core/Json"
import * as ProviderError from "@llm-layers/core/ProviderError"
import type * as Prompt from "effect/ai/Prompt"
import * as Effect from "effect/Effect"
import { contentOf, encodeToolResult, encodeUserPart } from "./content.ts"
import { leaveOut, type PromptContext } from "./promptContext.ts"

export const encodePrompt = Effect.fnUntraced(function*(context: PromptContext, prompt: Prompt.Prompt) {
  const messages: Array<Json.JsonRecord> = []
  for (const message of prompt.content) {
    switch (message.role) {
      case "system":
        if (message.content !== "") messages.push({ role: "system", content: message.content })
        break
      case "user":
        messages.push(...yield* encodeUser(context, message))
        break
      case "assistant":
        messages.push(...yield* encodeAssistant(context, message))
        break
      case "tool":
        messages.push(...yield* encodeResults(context, message.content))
        break
    }
  }
  if (messages.length === 0) {
    return yield* ProviderError.make(context.subject.origin, "InvalidRequest", {
      description: "The prompt is empty; Cohere's API wants a message with content",
      parameter: "prompt"
    })
  }
  // A rule that comes after the answer does not ask for another one.
  const last = messages.findLast((message) => message["role"] !== "system")
  if (last?.["role"] === "assistant" && !context.subject.capabilities.prefill) {
    return yield* Capability.unsupportedPrompt(
      context.subject,
      "prefill",
      "an assistant message at the end of the prompt"
    )
  }
  return messages
})

const encodeUser = Effect.fnUntraced(function*(context: PromptContext, message: Prompt.UserMessage) {
  const blocks: Array<Json.JsonRecord> = []
  for (const part of message.content) blocks.push(...yield* encodeUserPart(context, part))
  return blocks.length === 0 ? [] : [{ role: "user", content: contentOf(blocks) }]
})

const encodeAssistant = Effect.fnUntraced(function*(context: PromptContext, message: Prompt.AssistantMessage) {
  const content: Array<Json.JsonRecord> = []
  const calls: Array<Json.JsonRecord> = []
  const plan: Array<string> = []
  const citations: Array<unknown> = []
  for (const part of message.content) {
    switch (part.type) {
      case "text":
        if (part.text !== "") content.push({ type: "text", text: part.text })
        citations.push(...part.options.cohere?.citations ?? [])
        break
      case "reasoning":
        encodeReasoning(context, part, content, plan)
        break
      case "tool-call":
        if (part.providerExecuted) anotherVendors(context, part.name)
        else calls.push(encodeToolCall(part))
        break
      case "file":
        leaveOut(
          context,
          `a file of the assistant (${part.mediaType}) was left out: the API takes files from users alone`
        )
        break
      case "tool-result":
      case "tool-approval-request":
        break
    }
  }
  const results = yield* encodeResults(context, message.content)
  if (content.length === 0 && calls.length === 0 && plan.length === 0) return results
  const assistant: Json.JsonRecord = {
    role: "assistant",
    ...(content.length === 0 ? undefined : { content: contentOf(content) }),
    ...(plan.length === 0 ? undefined : { tool_plan: plan.join("\n") }),
    ...(calls.length === 0 ? undefined : { tool_calls: calls }),
    ...(citations.length === 0 ? undefined : { citations })
  }
  return [assistant, ...results]
})

/** What it was says how it goes back. Reasoning of other vendors means nothing to the model. */
const encodeReasoning = (
  context: PromptContext,
  part: Prompt.ReasoningPart,
  content: Array<Json.JsonRecord>,
  plan: Array<string>
): void => {
  switch (part.options.cohere?.type) {
    case "thinking":
      content.push({ type: "thinking", thinking: part.text })
      return
    case "tool_plan":
      plan.push(part.text)
      return
    default:
      leaveOut(context, "reasoning of another provider was left out")
  }
}

const encodeToolCall = (part: Prompt.ToolCallPart): Json.JsonRecord => ({
  id: part.id,
  type: "function",
  function: { name: part.name, arguments: JSON.stringify(encodeInput(part.params)) }
})

/** Arguments are an object. Those that were no JSON go as the text they are. */
const encodeInput = (params: unknown): Json.JsonRecord => {
  if (Json.isRecord(params)) return params
  return params === undefined || params === null || params === "" ? {} : { value: params }
}

/** The results of the program's tools among the parts. */
const encodeResults = Effect.fnUntraced(function*(
  context: PromptContext,
  parts: ReadonlyArray<Prompt.AssistantMessagePart | Prompt.ToolMessagePart>
) {
  const results: Array<Json.JsonRecord> = []
  for (const part of parts) {
    if (part.type !== "tool-result") continue
    if (part.providerExecuted) anotherVendors(context, part.name)
    else results.push(yield* encodeToolResult(context, part))
  }
  return results
})

const anotherVendors = (context: PromptContext, name: string): void =>
  leaveOut(context, `${name} ran at another vendor, which cannot be sent; call and result were left out`)
