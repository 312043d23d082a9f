/**
 * Encode: a prompt and its tools → the messages and functions whose tokens `gpt-tokenizer` counts: 3 tokens a message and 3
 * for the answer's beginning, functions as a TypeScript namespace.
 *
 * Source: https://cookbook.openai.com/examples/how_to_count_tokens_with_tiktoken
 */
import * as Json from "@llm-layers/core/Json"
import type * as LanguageModel from "effect/ai/LanguageModel"
import type * as Prompt from "effect/ai/Prompt"
import * as Tool from "effect/ai/Tool"
import {
  type ChatCompletionFunctionDefinition,
  type ChatMessage,
  computeChatCompletionTokenCount
} from "gpt-tokenizer/functionCalling"
import { resultText } from "./results.ts"
import type { Vocabulary } from "./vocabulary.ts"

/** What is counted. */
export interface Framed {
  readonly messages: ReadonlyArray<Prompt.Message>
  readonly tools: ReadonlyArray<Tool.Any>
  readonly toolChoice: LanguageModel.ToolChoice<string>
}

export const tokensOf = ({ messages, toolChoice, tools }: Framed, vocabulary: Vocabulary): number =>
  computeChatCompletionTokenCount({
    messages: messages.flatMap(encodeMessage),
    functions: tools.map(encodeTool),
    function_call: typeof toolChoice === "object" && "tool" in toolChoice ? { name: toolChoice.tool } : "auto"
  }, vocabulary.count)

/** A part that is a message of its own for the count: a call has one name, a result too. */
export const encodeMessage = (message: Prompt.Message): ReadonlyArray<ChatMessage> => {
  switch (message.role) {
    case "system":
      return [{ role: "system", content: message.content }]
    case "tool":
      return message.content.flatMap((part) =>
        part.type === "tool-result" ? [{ role: "function", name: part.name, content: contentOf(part) }] : []
      )
    default:
      return encodeParts(message.role, message.content)
  }
}

const encodeParts = (role: string, parts: ReadonlyArray<Prompt.Part>): ReadonlyArray<ChatMessage> => {
  const text = parts.map((part) => part.type === "text" ? part.text : "").join("")
  const calls = parts.flatMap((part) =>
    part.type === "tool-call" ? [{ name: part.name, arguments: JSON.stringify(part.params ?? {}) }] : []
  )
  const [first, ...others] = calls
  return [
    { role, content: text, ...(first === undefined ? undefined : { function_call: first }) },
    ...others.map((call) => ({ role, content: "", function_call: call }))
  ]
}

/** What the model is shown of a result, its files left out. */
const contentOf = (part: Prompt.ToolResultPart): string =>
  part.modelOutput === undefined
    ? resultText(part.result)
    : part.modelOutput.map((output) => output.type === "text" ? output.text : "").join("")

const encodeTool = (tool: Tool.Any): ChatCompletionFunctionDefinition => {
  const description = Tool.getDescription(tool)
  return {
    name: tool.name,
    ...(description === undefined ? undefined : { description }),
    // A JSON schema of an object. What of it the library does not know it counts as `any`.
    parameters: Json.record(schemaOf(tool)) as unknown as NonNullable<ChatCompletionFunctionDefinition["parameters"]>
  }
}

/** A schema that cannot be written fails the call where it is sent, with a reason; here it counts for nothing. */
const schemaOf = (tool: Tool.Any): unknown => {
  try {
    return Tool.getJsonSchema(tool)
  } catch {
    return {}
  }
}
