/** Encode: parts of assistant messages → parts. */
import * as Json from "@llm-layers/core/Json"
import type * as Prompt from "effect/ai/Prompt"
import * as Effect from "effect/Effect"
import { encodeSignature, leaveOut, type Part, type PromptContext } from "./promptContext.ts"
import { encodeFile, encodeText } from "./userParts.ts"

/** Parts of the history but for results of the program's tools, which the API wants in a content of the user's. */
export type AssistantPart = Exclude<Prompt.AssistantMessagePart, Prompt.ToolResultPart>

export const encodeAssistantPart = Effect.fnUntraced(function*(context: PromptContext, part: AssistantPart) {
  switch (part.type) {
    case "text":
      return encodeText(part)
    case "reasoning":
      return encodeReasoning(context, part)
    case "tool-call":
      return part.providerExecuted ? encodeHosted(context, part) : [encodeFunctionCall(part)]
    case "file":
      return [yield* encodeFile(context, part)]
    case "tool-approval-request":
      return []
  }
})

/** Summaries of thoughts, and parts that travelled on reasoning, as they came. Reasoning of other vendors stays behind. */
const encodeReasoning = (context: PromptContext, part: Prompt.ReasoningPart): ReadonlyArray<Part> => {
  const kept = part.options.google
  // What the vendor gave, given back.
  if (Json.isRecord(kept?.part)) return [kept.part]
  if (kept?.thought === true || kept?.thoughtSignature !== undefined) {
    return [{ text: part.text, thought: true, ...encodeSignature(kept) }]
  }
  leaveOut(context, "reasoning that is not Google's cannot be sent back; it was left out")
  return []
}

const encodeFunctionCall = (part: Prompt.ToolCallPart): Part => ({
  functionCall: { id: part.id, name: part.name, args: encodeArgs(part.params) },
  ...encodeSignature(part.options.google)
})

/** The API takes objects alone. Arguments that were no JSON go as the text they are. */
const encodeArgs = (params: unknown): Json.JsonRecord => {
  if (Json.isRecord(params)) return params
  return params === undefined || params === null || params === "" ? {} : { value: params }
}

/** A call or a result of a tool that ran at Google: the part as it came. */
export const encodeHosted = (
  context: PromptContext,
  part: Prompt.ToolCallPart | Prompt.ToolResultPart
): ReadonlyArray<Part> => {
  const kept = part.options.google?.part
  if (Json.isRecord(kept)) return [kept]
  leaveOut(context, `${part.name} ran at another vendor, which cannot be sent; call and result were left out`)
  return []
}
