/** Tools and tool choice of a request. */
import * as Capability from "@llm-layers/core/Capability"
import * as Json from "@llm-layers/core/Json"
import * as ProviderError from "@llm-layers/core/ProviderError"
import * as Redaction from "@llm-layers/core/Redaction"
import * as RequestSchema from "@llm-layers/core/RequestSchema"
import type { Warning } from "@llm-layers/core/Warning"
import * as OpenAiSchema from "@llm-layers/openai-compatible/OpenAiSchema"
import type * as AiError from "effect/ai/AiError"
import type * as LanguageModel from "effect/ai/LanguageModel"
import * as Tool from "effect/ai/Tool"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import type { Wire } from "./content.ts"
import { deferLoading } from "./deferLoading.ts"

/** What encoding tools needs of the settings. */
export interface ToolSettings {
  readonly strictTools?: boolean | undefined
  readonly unsupported?: "error" | "warn" | undefined
  readonly parallelToolCalls?: boolean | undefined
}

/** The members of the body about tools. What is left out of them is added to the warnings. */
export const encodeTools = (
  subject: Capability.Subject,
  settings: ToolSettings,
  options: Pick<LanguageModel.ProviderOptions, "tools" | "toolChoice">,
  warnings: Array<Warning>
): Effect.Effect<Wire, AiError.AiError> =>
  Effect.gen(function*() {
    if (options.tools.length === 0) {
      if (Capability.isForced(options.toolChoice)) {
        return yield* Capability.nothingToCall(subject.origin, options.toolChoice)
      }
      return {}
    }
    const tools: Array<Wire> = []
    for (const tool of options.tools) {
      tools.push(
        Tool.isProviderDefined(tool)
          ? yield* encodeOwn(subject, tool)
          : yield* encodeFunction(subject, settings, tool, warnings)
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
      parameter: "toolkit"
    }))
  }
  const args = Json.record(argsOf(tool).value)
  return Effect.succeed(
    isCustom(tool) ? { type: "custom", name: tool.name, ...args } : { type: tool.providerName, ...args }
  )
}

const argsOf = (tool: Tool.AnyProviderDefined) => {
  const { failureMode: _, ...args } = Json.record(tool.args)
  return Redaction.unwrap(args)
}

/** The tokens among the arguments of the tools. That of an MCP server is one, however it is given. */
export const secretsOf = (tools: ReadonlyArray<Tool.Any>): ReadonlyArray<Redacted.Redacted> =>
  tools.flatMap((tool) => {
    if (!Tool.isProviderDefined(tool)) return []
    const { secrets, value } = argsOf(tool)
    const token = tool.id === "openai.mcp" ? Json.string(Json.record(value)["authorization"]) : undefined
    return token === undefined ? secrets : [...secrets, Redacted.make(token)]
  })

const isCustom = (tool: Tool.AnyProviderDefined): boolean => /^openai\.custom(?:\.|$)/.test(tool.id)

const encodeFunction = (
  subject: Capability.Subject,
  settings: ToolSettings,
  tool: Tool.Any,
  warnings: Array<Warning>
): Effect.Effect<Wire, AiError.AiError> =>
  Effect.gen(function*() {
    const parameters = yield* RequestSchema.attempt(subject.origin, `the tool ${tool.name}`, () =>
      OpenAiSchema.parameters(tool, OpenAiSchema.codecTransformer))
    const description = Tool.getDescription(tool)
    const { refused, strict, warning } = OpenAiSchema.strictness({
      subject,
      tool,
      parameters,
      settings,
      byDefault: true
    })
    if (refused !== undefined) {
      return yield* refused
    }
    if (warning !== undefined) {
      warnings.push(warning)
    }
    return {
      type: "function",
      name: tool.name,
      ...(description === undefined ? undefined : { description }),
      parameters,
      strict,
      ...(Context.get(tool.annotations, deferLoading) ? { defer_loading: true } : undefined)
    }
  })

type Choice = LanguageModel.ToolChoice<string>

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
  if (tool === undefined) return Effect.fail(Capability.nothingToCall(subject.origin, choice))
  if (!Tool.isProviderDefined(tool)) return Effect.succeed({ type: "function", name: tool.name })
  if (isCustom(tool)) return Effect.succeed({ type: "custom", name: tool.name })
  if (tool.id === "openai.mcp") {
    return Effect.succeed({ type: "mcp", server_label: Json.record(tool.args)["server_label"] })
  }
  return Effect.succeed({ type: tool.providerName })
}
