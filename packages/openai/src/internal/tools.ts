/** Tools and tool choice of a request. */
import type * as Capability from "@llm-layers/core/Capability"
import * as Json from "@llm-layers/core/Json"
import * as ProviderError from "@llm-layers/core/ProviderError"
import * as ToolParameters from "@llm-layers/core/ToolParameters"
import * as OpenAiSchema from "@llm-layers/openai-compatible/OpenAiSchema"
import * as AiError from "effect/ai/AiError"
import type * as LanguageModel from "effect/ai/LanguageModel"
import * as Tool from "effect/ai/Tool"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import { DeferLoading } from "../OpenAiTool.ts"
import type { Wire } from "./content.ts"

/** What encoding tools needs of the settings. */
export interface ToolSettings {
  readonly strictTools?: boolean | undefined
  readonly parallelToolCalls?: boolean | undefined
}

/** The members of the body about tools. */
export const encodeTools = (
  subject: Capability.Subject,
  settings: ToolSettings,
  options: Pick<LanguageModel.ProviderOptions, "tools" | "toolChoice">
): Effect.Effect<Wire, AiError.AiError> =>
  Effect.gen(function*() {
    if (options.tools.length === 0) {
      if (isForced(options.toolChoice)) return yield* nothingToCall(subject, options.toolChoice)
      return {}
    }
    const tools: Array<Wire> = []
    for (const tool of options.tools) {
      tools.push(
        Tool.isProviderDefined(tool) ? yield* encodeOwn(subject, tool) : yield* encodeFunction(subject, settings, tool)
      )
    }
    const choice = yield* encodeChoice(subject, options)
    return {
      tools,
      ...(choice === undefined ? undefined : { tool_choice: choice }),
      ...(settings.parallelToolCalls === undefined ? undefined : { parallel_tool_calls: settings.parallelToolCalls })
    }
  })

/** A tool of OpenAI. Its arguments are those of the wire. */
const encodeOwn = (
  subject: Capability.Subject,
  tool: Tool.AnyProviderDefined
): Effect.Effect<Wire, AiError.AiError> => {
  if (!tool.id.startsWith("openai.")) {
    return Effect.fail(ProviderError.unsupported(subject.origin, {
      capability: "tools",
      asked: `${tool.name}, which is a tool of another provider (${tool.id})`,
      model: subject.model,
      parameter: "tools"
    }))
  }
  const { failureMode: _, ...args } = Json.record(tool.args)
  return Effect.succeed(
    isCustom(tool) ? { type: "custom", name: tool.name, ...args } : { type: tool.providerName, ...args }
  )
}

const isCustom = (tool: Tool.AnyProviderDefined): boolean => /^openai\.custom(?:\.|$)/.test(tool.id)

const encodeFunction = (
  subject: Capability.Subject,
  settings: ToolSettings,
  tool: Tool.Any
): Effect.Effect<Wire, AiError.AiError> =>
  Effect.map(
    encodeSchema(subject, `the parameters of ${tool.name}`, () =>
      ToolParameters.jsonSchema(tool, OpenAiSchema.codecTransformer)),
    (parameters) => {
      const description = Tool.getDescription(tool)
      return {
        type: "function",
        name: tool.name,
        ...(description === undefined ? undefined : { description }),
        parameters,
        strict: isStrict(subject, settings, tool, parameters),
        ...(Context.get(tool.annotations, DeferLoading) ? { defer_loading: true } : undefined)
      }
    }
  )

/**
 * A tool's own choice wins, then the setting, then what its schema allows. A dynamic tool has a schema that somebody else
 * wrote; it is strict only where that was asked for.
 */
const isStrict = (
  subject: Capability.Subject,
  settings: ToolSettings,
  tool: Tool.Any,
  parameters: unknown
): boolean => {
  const own = Tool.getStrictMode(tool)
  if (own !== undefined) return own
  if (!subject.capabilities.strictTools) return false
  return (settings.strictTools ?? !Tool.isDynamic(tool)) && OpenAiSchema.isStrict(parameters)
}

/** Runs a schema's transformation, which throws on what cannot be expressed. */
export const encodeSchema = <A>(
  subject: Capability.Subject,
  what: string,
  transform: () => A
): Effect.Effect<A, AiError.AiError> =>
  Effect.try({
    try: transform,
    catch: (thrown) =>
      AiError.make({
        module: subject.origin.module,
        method: subject.origin.method,
        reason: new AiError.UnsupportedSchemaError({
          description: `OpenAI cannot take the schema of ${what}: ${
            thrown instanceof Error ? thrown.message : String(thrown)
          }`
        })
      })
  })

type Choice = LanguageModel.ToolChoice<string>

const isForced = (choice: Choice): boolean =>
  choice === "required" || (typeof choice === "object" && ("tool" in choice || choice.mode === "required"))

/** `oneOf` needs no form of its own: only the tools it names are sent. */
const encodeChoice = (
  subject: Capability.Subject,
  { toolChoice, tools }: Pick<LanguageModel.ProviderOptions, "tools" | "toolChoice">
): Effect.Effect<unknown, AiError.AiError> => {
  // The framework types the names of the tools as anything.
  const choice: Choice = toolChoice
  if (choice === "auto") return Effect.succeed(undefined)
  if (typeof choice === "string") return Effect.succeed(choice)
  if ("oneOf" in choice) return Effect.succeed(choice.mode === "required" ? "required" : undefined)
  const tool = tools.find((one) => one.name === choice.tool)
  if (tool === undefined) return Effect.fail(nothingToCall(subject, choice))
  if (!Tool.isProviderDefined(tool)) return Effect.succeed({ type: "function", name: tool.name })
  if (isCustom(tool)) return Effect.succeed({ type: "custom", name: tool.name })
  if (tool.id === "openai.mcp") {
    return Effect.succeed({ type: "mcp", server_label: Json.record(tool.args)["server_label"] })
  }
  return Effect.succeed({ type: tool.providerName })
}

const nothingToCall = (subject: Capability.Subject, choice: Choice): AiError.AiError =>
  ProviderError.make(subject.origin, "InvalidRequest", {
    description: `The tool choice ${JSON.stringify(choice)} names no tool of the request`,
    parameter: "toolChoice"
  })
