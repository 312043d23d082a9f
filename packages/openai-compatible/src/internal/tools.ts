/** Encodes tools, tool choice and response format. */
import * as Capability from "@llm-layers/core/Capability"
import type * as Json from "@llm-layers/core/Json"
import * as ProviderError from "@llm-layers/core/ProviderError"
import type * as LanguageModel from "effect/ai/LanguageModel"
import * as Tool from "effect/ai/Tool"
import * as OpenAiSchema from "../OpenAiSchema.ts"
import type { Encoding } from "./encoding.ts"
import type { ChatSettings } from "./settings.ts"

/** How a vendor's own tools are written on the wire; `undefined` for those the API does not have. */
export type EncodeProviderTool = (tool: Tool.AnyProviderDefined) => Json.JsonRecord | undefined

/** Members a vendor has beside `type` and `function` in the definition of a tool of the program. */
export type EncodeToolMembers = (tool: Tool.Any) => Json.JsonRecord

/** What the encoders below are given besides the request. */
export interface ToolContext {
  readonly encoding: Encoding
  readonly settings: ChatSettings
  readonly transformer: LanguageModel.CodecTransformer
  readonly names: Tool.NameMapper<ReadonlyArray<Tool.Any>>
  readonly encodeProviderTool: EncodeProviderTool | undefined
  readonly encodeToolMembers: EncodeToolMembers | undefined
}

/** `tools`, `tool_choice` and `parallel_tool_calls`. The last is refused by OpenAI in a request without tools. */
export const encodeTools = (context: ToolContext, request: LanguageModel.ProviderOptions): Json.JsonRecord => {
  const offered = offer(context, request)
  const choice = encodeChoice(context, request.toolChoice, offered)
  if (offered.length === 0) return {}
  const parallel = context.settings.parallelToolCalls
  return {
    tools: offered.map((tool) => encodeTool(context, tool)),
    ...(choice === undefined ? undefined : { tool_choice: choice }),
    ...(parallel === undefined ? undefined : { parallel_tool_calls: parallel })
  }
}

/** The model can only call what it is told of: this is what enforces `oneOf`. */
const offer = (
  { encoding }: ToolContext,
  { toolChoice, tools }: LanguageModel.ProviderOptions
): ReadonlyArray<Tool.Any> => {
  if (typeof toolChoice === "object" && "tool" in toolChoice && !encoding.quirks.namedToolChoice) {
    return tools.filter((tool) => tool.name === toolChoice.tool)
  }
  return Capability.offeredTools({ toolChoice, tools })
}

const encodeTool = (context: ToolContext, tool: Tool.Any): Json.JsonRecord => {
  if (Tool.isProviderDefined(tool)) return encodeOwnTool(context, tool)
  const parameters = schemaOf(
    context,
    `the tool ${tool.name}`,
    () => OpenAiSchema.parameters(tool, context.transformer)
  )
  const description = Tool.getDescription(tool)
  return {
    type: "function",
    function: {
      name: tool.name,
      ...(description === undefined ? undefined : { description }),
      parameters,
      ...(isStrict(context, tool, parameters) ? { strict: true } : undefined)
    },
    ...context.encodeToolMembers?.(tool)
  }
}

const encodeOwnTool = (context: ToolContext, tool: Tool.AnyProviderDefined): Json.JsonRecord => {
  const encoded = context.encodeProviderTool?.(tool)
  if (encoded !== undefined) return encoded
  context.encoding.refuse({
    capability: "tools",
    asked: `the tool ${tool.id} in Chat Completions`,
    parameter: "toolkit"
  })
  return {}
}

const isStrict = ({ encoding, settings }: ToolContext, tool: Tool.Any, parameters: unknown): boolean => {
  const { subject } = encoding
  const byDefault = encoding.quirks.strictTools
  const { refused, strict, warning } = OpenAiSchema.strictness({ subject, tool, parameters, settings, byDefault })
  if (refused !== undefined) encoding.fail(refused)
  if (warning !== undefined) encoding.warnings.push(warning)
  return strict
}

const encodeChoice = (
  context: ToolContext,
  choice: LanguageModel.ToolChoice<string>,
  offered: ReadonlyArray<Tool.Any>
): unknown => {
  if (typeof choice === "object" && "tool" in choice) {
    const tool = offered.find((one) => one.name === choice.tool)
    if (tool === undefined) return nothingToCall(context, choice)
    return context.encoding.quirks.namedToolChoice ? encodeNamed(context, tool) : "required"
  }
  const mode = typeof choice === "string" ? choice : choice.mode ?? "auto"
  // Without a toolkit, `effect/ai` asks for "none"; a forced choice with nothing to choose from is the caller's own.
  if (mode === "required" && offered.length === 0) return nothingToCall(context, choice)
  return mode === "auto" ? undefined : mode
}

const encodeNamed = (context: ToolContext, tool: Tool.Any): Json.JsonRecord => {
  const name = context.names.getProviderName(tool.name)
  const { type } = Tool.isProviderDefined(tool) ? encodeOwnTool(context, tool) : { type: "function" }
  return type === "function" || type === "custom" ? { type, [type]: { name } } : { type }
}

const nothingToCall = ({ encoding }: ToolContext, choice: LanguageModel.ToolChoice<string>): undefined => {
  encoding.fail(Capability.nothingToCall(encoding.subject.origin, choice))
}

/** `response_format`, and the instructions that stand in for a schema the server does not take. */
export const encodeFormat = (
  context: ToolContext,
  format: LanguageModel.ProviderOptions["responseFormat"]
): { readonly response_format?: Json.JsonRecord; readonly instructions?: string } => {
  if (format.type === "text") return {}
  const schema = schemaOf(context, format.objectName, () => context.transformer(format.schema).jsonSchema)
  if (context.encoding.quirks.structuredOutput === "json_object") {
    return {
      response_format: { type: "json_object" },
      instructions: `Answer with one JSON document that fits this JSON Schema, and nothing else:\n${
        JSON.stringify(schema)
      }`
    }
  }
  return {
    response_format: {
      type: "json_schema",
      json_schema: { name: OpenAiSchema.formatName(format.objectName), schema, strict: OpenAiSchema.isStrict(schema) }
    }
  }
}

const schemaOf = ({ encoding }: ToolContext, what: string, make: () => Json.JsonRecord): Json.JsonRecord => {
  try {
    return make()
  } catch (thrown) {
    encoding.fail(ProviderError.unsupportedSchema(encoding.subject.origin, what, thrown))
    return {}
  }
}
