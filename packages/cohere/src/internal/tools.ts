/** Encode: tools and tool choice → request. */
import * as Capability from "@llm-layers/core/Capability"
import * as Json from "@llm-layers/core/Json"
import * as ProviderError from "@llm-layers/core/ProviderError"
import * as RequestSchema from "@llm-layers/core/RequestSchema"
import type * as Warning from "@llm-layers/core/Warning"
import type * as LanguageModel from "effect/ai/LanguageModel"
import * as Tool from "effect/ai/Tool"
import * as Effect from "effect/Effect"

/** What the tools add to a request. */
export interface EncodedTools {
  readonly tools?: ReadonlyArray<Json.JsonRecord>
  readonly strict_tools?: boolean
  readonly tool_choice?: "REQUIRED" | "NONE"
}

/** What the encoder needs to know. */
export interface ToolContext {
  readonly subject: Capability.Subject
  readonly codecTransformer: LanguageModel.CodecTransformer
  readonly strictTools: boolean | undefined
  /** Whether what the model refuses is left out with a warning. */
  readonly lenient: boolean
  readonly warnings: Array<Warning.Warning>
}

export const encodeTools = Effect.fnUntraced(function*(
  context: ToolContext,
  options: Pick<LanguageModel.ProviderOptions, "tools" | "toolChoice">
) {
  const { toolChoice } = options
  const offered = offeredTools(context, options)
  const nothing: EncodedTools = {}
  if (offered.length === 0) {
    if (!Capability.isForced(toolChoice)) return nothing
    return yield* Capability.nothingToCall(context.subject.origin, toolChoice)
  }
  const strict = yield* strictness(context, offered)
  const encodeAll = (held: boolean) => Effect.forEach(offered, (tool) => encodeTool(context, tool, held))
  const asked = yield* encodeAll(strict === true)
  const loose = strict === true ? offered.find((_, at) => !hasRequired(asked[at])) : undefined
  if (loose !== undefined) {
    const message = `${loose.name} has no required parameter, without which Cohere holds no tools to their schemas`
    yield* refuseStrict(context, message, "none was sent strict")
  }
  const tools = loose === undefined ? asked : yield* encodeAll(false)
  const encoded: EncodedTools = {
    tools,
    ...(strict === undefined ? undefined : { strict_tools: strict && loose === undefined }),
    ...(Capability.isForced(toolChoice) ? { tool_choice: "REQUIRED" } : undefined),
    ...(toolChoice === "none" ? { tool_choice: "NONE" } : undefined)
  }
  return encoded
})

/** "You must specify at least one `required` parameter" (https://docs.cohere.com/docs/structured-outputs). */
const hasRequired = (tool: Json.JsonRecord | undefined): boolean =>
  Json.list(Json.record(Json.record(tool?.["function"])["parameters"])["required"]).length > 0

/**
 * The API forces "at least one of the tools" and cannot name one: where one is forced, no other is sent. Models without
 * `tool_choice` are kept from calling by being told of no tool.
 */
const offeredTools = (
  { subject, warnings }: ToolContext,
  { toolChoice, tools }: Pick<LanguageModel.ProviderOptions, "tools" | "toolChoice">
): ReadonlyArray<Tool.Any> => {
  if (toolChoice === "none") {
    if (subject.capabilities.forcedToolChoice) return tools
    notSent(warnings, `${subject.model} cannot be told to call no tool`, tools)
    return []
  }
  if (typeof toolChoice !== "object") return tools
  if ("oneOf" in toolChoice) return Capability.offeredTools({ toolChoice, tools })
  const others = tools.filter((tool) => tool.name !== toolChoice.tool)
  notSent(warnings, "Cohere cannot be told which tool to call", others)
  return tools.filter((tool) => tool.name === toolChoice.tool)
}

/** Says of tools that the model is not told of them. */
export const notSent = (warnings: Array<Warning.Warning>, why: string, tools: ReadonlyArray<Tool.Any>): void => {
  if (tools.length === 0) return
  const names = tools.map((tool) => tool.name).join(", ")
  warnings.push({ about: "toolChoice", message: `${why}, so ${names} ${tools.length === 1 ? "was" : "were"} not sent` })
}

/**
 * The API holds all tools of a request to their schemas, or none. A tool's own annotation wins over the setting, so that
 * tools which say opposite things cannot be sent together.
 */
const strictness = Effect.fnUntraced(function*(context: ToolContext, tools: ReadonlyArray<Tool.Any>) {
  const asked = tools.map((tool) => ({ name: tool.name, strict: Tool.getStrictMode(tool) ?? context.strictTools }))
  const held = asked.find(({ strict }) => strict === true)
  const free = asked.find(({ strict }) => strict === false)
  if (held === undefined) return free === undefined ? undefined : false
  if (free === undefined) return true
  const message =
    `${held.name} is to be strict and ${free.name} is not: Cohere holds all tools of a request to their ` +
    "schemas, or none"
  yield* refuseStrict(context, message, "all were sent strict")
  return true
})

/** What strictness cannot be had fails, or is spoken of in a warning that says what was done. */
const refuseStrict = Effect.fnUntraced(function*(context: ToolContext, message: string, done: string) {
  if (context.lenient) {
    context.warnings.push({ about: "strictTools", message: `${message}; ${done}` })
    return
  }
  return yield* ProviderError.make(context.subject.origin, "Unsupported", {
    description: message,
    parameter: "strictTools",
    facts: { capability: "strictTools", model: context.subject.model }
  })
})

const encodeTool = Effect.fnUntraced(function*(context: ToolContext, tool: Tool.Any, strict: boolean) {
  if (Tool.isProviderDefined(tool)) {
    return yield* ProviderError.unsupported(context.subject.origin, {
      capability: "tools",
      asked: `the tool ${tool.id}, which is another provider's`,
      model: context.subject.model,
      parameter: "toolkit"
    })
  }
  const description = Tool.getDescription(tool)
  const encoded: Json.JsonRecord = {
    type: "function",
    function: {
      name: tool.name,
      ...(description === undefined ? undefined : { description }),
      parameters: yield* RequestSchema.ofTool(context.subject.origin, tool, context.codecTransformer, strict)
    }
  }
  return encoded
})
