/** Encode: tools and tool choice → request. */
import * as Capability from "@llm-layers/core/Capability"
import * as Json from "@llm-layers/core/Json"
import * as ProviderError from "@llm-layers/core/ProviderError"
import * as Redaction from "@llm-layers/core/Redaction"
import * as RequestSchema from "@llm-layers/core/RequestSchema"
import * as ToolParameters from "@llm-layers/core/ToolParameters"
import type * as Warning from "@llm-layers/core/Warning"
import type * as LanguageModel from "effect/ai/LanguageModel"
import * as Tool from "effect/ai/Tool"
import * as Effect from "effect/Effect"
import type * as Redacted from "effect/Redacted"
import { definitions } from "./definitions.ts"
import { encodeSchema } from "./schema.ts"
import type { Config } from "./settings.ts"

/** What the tools add to a request. */
export interface EncodedTools {
  readonly tools?: ReadonlyArray<Json.JsonRecord>
  readonly toolConfig?: Json.JsonRecord
}

/** What the encoder needs to know. */
export interface ToolContext {
  readonly subject: Capability.Subject
  readonly api: "gemini" | "vertex"
  readonly codecTransformer: LanguageModel.CodecTransformer
  readonly settings: Config
  readonly warnings: Array<Warning.Warning>
}

export const encodeTools = Effect.fnUntraced(function*(
  context: ToolContext,
  options: Pick<LanguageModel.ProviderOptions, "tools" | "toolChoice">
) {
  yield* checkParallel(context)
  const { retrievalConfig } = context.settings
  const offered = callable(options)
  if (offered.length === 0) {
    if (Capability.isForced(options.toolChoice)) {
      return yield* Capability.nothingToCall(context.subject.origin, options.toolChoice)
    }
    const nothing: EncodedTools = retrievalConfig === undefined ? {} : { toolConfig: { retrievalConfig } }
    return nothing
  }
  const functions: Array<Json.JsonRecord> = []
  const hosted: Array<Json.JsonRecord> = []
  for (const tool of offered) {
    if (Tool.isProviderDefined(tool)) hosted.push(yield* encodeHosted(context, tool))
    else functions.push(yield* encodeFunction(context, tool))
  }
  const calling = yield* encodeToolChoice(context, options.toolChoice, offered)
  const shown = context.settings.includeServerSideToolInvocations ??
    (context.api === "gemini" && functions.length > 0 && hosted.length > 0 ? true : undefined)
  const toolConfig = Json.defined({
    functionCallingConfig: functions.length === 0 ? undefined : calling,
    includeServerSideToolInvocations: shown,
    retrievalConfig
  })
  const encoded: EncodedTools = {
    tools: [...hosted, ...(functions.length === 0 ? [] : [{ functionDeclarations: functions }])],
    ...(Object.keys(toolConfig).length === 0 ? undefined : { toolConfig })
  }
  return encoded
})

/** The mode `NONE` is about functions alone: what runs at Google is not called only where it is not offered. */
const callable = (options: Pick<LanguageModel.ProviderOptions, "tools" | "toolChoice">): ReadonlyArray<Tool.Any> => {
  const offered = Capability.offeredTools(options)
  return options.toolChoice === "none" ? offered.filter((tool) => !Tool.isProviderDefined(tool)) : offered
}

/** Gemini decides itself how many tools it calls at once. */
const checkParallel = Effect.fnUntraced(function*({ settings, subject, warnings }: ToolContext) {
  if (settings.parallelToolCalls !== false) return
  if (settings.unsupported !== "warn") {
    return yield* ProviderError.unsupported(subject.origin, {
      capability: "tools",
      asked: "the setting parallelToolCalls: false",
      model: subject.model,
      parameter: "parallelToolCalls"
    })
  }
  warnings.push({
    about: "parallelToolCalls",
    message: `${subject.model} does not support parallelToolCalls: false; it was left out`
  })
})

/** The description is demanded by the API's description, and may be empty. */
const encodeFunction = Effect.fnUntraced(function*(context: ToolContext, tool: Tool.Any) {
  const parametersJsonSchema = yield* encodeParameters(context, tool)
  return { name: tool.name, description: Tool.getDescription(tool) ?? "", parametersJsonSchema }
})

/** "The schema must describe an object where the properties are the parameters to the function." */
const encodeParameters = Effect.fnUntraced(function*(context: ToolContext, tool: Tool.Any) {
  const what = `the tool ${tool.name}`
  const given = yield* RequestSchema.attempt(
    context.subject.origin,
    what,
    () => ToolParameters.jsonSchema(tool, context.codecTransformer)
  )
  // The schema of a dynamic tool comes from elsewhere and was not brought into Google's form.
  const schema = Tool.isDynamic(tool) ? encodeSchema(given) : given
  // A recursive schema points into itself, where its object is.
  const object = schema["$ref"] === undefined ? RequestSchema.asObject(schema) : schema
  return object ?? (yield* ProviderError.unsupportedSchema(
    context.subject.origin,
    what,
    "its parameters are not one object"
  ))
})

const encodeHosted = Effect.fnUntraced(function*(context: ToolContext, tool: Tool.AnyProviderDefined) {
  const definition = definitions[tool.id]
  if (definition === undefined) {
    return yield* ProviderError.unsupported(context.subject.origin, {
      capability: "tools",
      asked: `the tool ${tool.id}, which is another provider's or unknown`,
      model: context.subject.model,
      parameter: "toolkit"
    })
  }
  const encoded: Json.JsonRecord = { [definition.member]: readArgs(tool).value }
  return encoded
})

/** The arguments are the wire's own, but for what the framework keeps among them. */
const readArgs = (tool: Tool.AnyProviderDefined) => {
  const { failureMode: _, ...args } = Json.record(tool.args)
  return Redaction.unwrap(args)
}

/** The tokens among the arguments of the tools. */
export const secretsOf = (tools: ReadonlyArray<Tool.Any>): ReadonlyArray<Redacted.Redacted> =>
  tools.flatMap((tool) => Tool.isProviderDefined(tool) ? readArgs(tool).secrets : [])

/** `AUTO` is the API's default and is not sent; `VALIDATED` is the same with arguments that are held to their schema. */
const encodeToolChoice = Effect.fnUntraced(function*(
  context: ToolContext,
  choice: LanguageModel.ToolChoice<string>,
  offered: ReadonlyArray<Tool.Any>
) {
  if (choice === "none") return asConfig({ mode: "NONE" })
  if (!Capability.isForced(choice)) {
    return (yield* isStrict(context, offered)) ? asConfig({ mode: "VALIDATED" }) : undefined
  }
  const named = typeof choice === "object" ? ("tool" in choice ? [choice.tool] : choice.oneOf) : undefined
  const chosen = offered.filter((tool) => named === undefined || named.includes(tool.name))
  if (chosen.length === 0) return yield* Capability.nothingToCall(context.subject.origin, choice)
  const functions = chosen.filter((tool) => !Tool.isProviderDefined(tool))
  if (functions.length === 0) {
    return yield* ProviderError.unsupported(context.subject.origin, {
      capability: "forcedToolChoice",
      asked: `forcing ${chosen.map((tool) => tool.name).join(", ")}, which run at Google`,
      model: context.subject.model,
      parameter: "toolChoice"
    })
  }
  return asConfig({
    mode: "ANY",
    ...(named === undefined ? undefined : { allowedFunctionNames: functions.map((tool) => tool.name) })
  })
})

const asConfig = (config: { readonly mode: string; readonly allowedFunctionNames?: ReadonlyArray<string> }) => config

/** A tool's own annotation wins over the setting; the mode is one for all tools, so one strict tool makes all strict. */
const isStrict = Effect.fnUntraced(function*(context: ToolContext, offered: ReadonlyArray<Tool.Any>) {
  const { settings, subject, warnings } = context
  const strict = offered.some((tool) =>
    !Tool.isProviderDefined(tool) && (Tool.getStrictMode(tool) ?? settings.strictTools) === true
  )
  if (!strict) return false
  const error = Capability.checkSettings(subject, [{ flag: "strictTools", name: "strictTools", given: true }])
  if (error === undefined) return true
  if (settings.unsupported !== "warn") return yield* error
  warnings.push({
    about: "strictTools",
    message: `${subject.model} does not support strict tools; they are sent without`
  })
  return false
})
