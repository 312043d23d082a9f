/** A count by characters, and by what is known of the vendor. */
import * as Capability from "@llm-layers/core/Capability"
import type * as Provider from "@llm-layers/core/Provider"
import * as TokenEstimate from "@llm-layers/core/TokenEstimate"
import * as Prompt from "effect/ai/Prompt"
import * as Tool from "effect/ai/Tool"
import { familyOf } from "./families.ts"

/** A count by characters, and what it leaves out. */
export interface Heuristic {
  readonly tokens: number
  readonly errorBound: number
  /** What of the request no one can count but the vendor. */
  readonly missing: string | undefined
}

export const count = (model: string, request: Provider.CountRequest): Heuristic => {
  const family = familyOf(model)
  const prompt = withoutFiles(Prompt.make(request.prompt))
  const toolChoice = request.toolChoice ?? "auto"
  const offered = Capability.offeredTools({ tools: request.tools ?? [], toolChoice })
  const tools = offered.filter((tool) => !Tool.isProviderDefined(tool))
  const messages = TokenEstimate.ofPrompt(prompt.text)
  const ofTools = TokenEstimate.ofRequest({
    prompt: Prompt.empty,
    tools,
    toolChoice: "auto",
    responseFormat: { type: "text" }
  })
  const framed = family.base + family.messages * messages +
    (tools.length === 0 ? 0 : family.toolsBase + family.tools * ofTools)
  const tokens = Math.max(1, Math.round(framed))
  const [least, share] = family.bound
  return {
    tokens,
    errorBound: Math.ceil(least + (share + (prompt.text.content.some(reasons) ? hidden : 0)) * tokens),
    missing: prompt.files ? "its files" : tools.length < offered.length ? "the vendor's own tools" : undefined
  }
}

/** Reasoning that is given back is partly hidden, or not counted: in recordings it made up to so much of a request. */
const hidden = 0.7

const reasons = (message: Prompt.Message): boolean =>
  message.role === "assistant" && message.content.some((part) => part.type === "reasoning")

/** The prompt as it is where it has no files, so that what is remembered of its messages is found. */
const withoutFiles = (prompt: Prompt.Prompt): { readonly text: Prompt.Prompt; readonly files: boolean } => {
  if (!prompt.content.some(hasFile)) return { text: prompt, files: false }
  const messages = prompt.content.map((message): Prompt.Message =>
    message.role === "user"
      ? Prompt.userMessage({ content: message.content.filter((part) => part.type !== "file") })
      : message.role === "assistant"
      ? Prompt.assistantMessage({ content: message.content.filter((part) => part.type !== "file") })
      : message.role === "tool"
      ? Prompt.toolMessage({ content: message.content.filter((part) => !isFile(part)) })
      : message
  )
  return { text: Prompt.fromMessages(messages), files: true }
}

const hasFile = (message: Prompt.Message): boolean => message.role !== "system" && message.content.some(isFile)

const isFile = (part: Prompt.Part): boolean =>
  part.type === "file" ||
  (part.type === "tool-result" && part.modelOutput?.some((output) => output.type === "file") === true)
