/** Encode: tools and tool choice → request. */
import type * as Beta from "@anthropic-ai/sdk/resources/beta/messages/messages"
import * as Capability from "@llm-layers/core/Capability"
import * as Json from "@llm-layers/core/Json"
import * as ProviderError from "@llm-layers/core/ProviderError"
import * as Redaction from "@llm-layers/core/Redaction"
import * as RequestSchema from "@llm-layers/core/RequestSchema"
import type * as Warning from "@llm-layers/core/Warning"
import type * as LanguageModel from "effect/ai/LanguageModel"
import * as Tool from "effect/ai/Tool"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import * as AnthropicTool from "../AnthropicTool.ts"
import { type Definition, definitions, mcpBeta, mcpId } from "./definitions.ts"
import { nameOf, type ToolNames } from "./toolNames.ts"

/** What the tools add to a request. */
export interface EncodedTools {
  readonly tools?: Array<Beta.BetaToolUnion>
  readonly tool_choice?: Beta.BetaToolChoice
  readonly mcp_servers?: Array<Beta.BetaRequestMCPServerURLDefinition>
  readonly betas: ReadonlyArray<string>
}

/** What the encoder needs to know. */
export interface ToolContext {
  readonly subject: Capability.Subject
  readonly names: ToolNames
  readonly codecTransformer: LanguageModel.CodecTransformer
  readonly strictTools: boolean | undefined
  readonly parallelToolCalls: boolean | undefined
  /** Whether what the model refuses is left out with a warning. */
  readonly lenient: boolean
  readonly warnings: Array<Warning.Warning>
}

export const encodeTools = Effect.fnUntraced(function*(
  context: ToolContext,
  options: Pick<LanguageModel.ProviderOptions, "tools" | "toolChoice">
) {
  const offered = Capability.offeredTools(options)
  const nothing: EncodedTools = { betas: [] }
  if (offered.length === 0) {
    if (!Capability.isForced(options.toolChoice)) return nothing
    return yield* Capability.nothingToCall(context.subject.origin, options.toolChoice)
  }
  const tools: Array<Beta.BetaToolUnion> = []
  const servers: Array<Beta.BetaRequestMCPServerURLDefinition> = []
  const betas = new Set<string>()
  for (const tool of offered) {
    if (!Tool.isProviderDefined(tool)) {
      tools.push(yield* encodeOwn(context, tool))
      continue
    }
    if (!tool.id.startsWith("anthropic.")) return yield* foreign(context, tool)
    if (tool.id === mcpId) {
      const { server, toolset } = encodeMcp(tool)
      servers.push(server)
      tools.push(toolset)
      betas.add(mcpBeta)
      continue
    }
    const definition = definitions[tool.id]
    const { type, wire } = yield* encodeDefined(context, tool, definition)
    tools.push(wire)
    const beta = definition?.beta?.(type)
    if (beta !== undefined) betas.add(beta)
  }
  const choice = yield* encodeToolChoice(context, options.toolChoice, offered)
  const encoded: EncodedTools = {
    tools,
    ...(choice === undefined ? undefined : { tool_choice: choice }),
    ...(servers.length === 0 ? undefined : { mcp_servers: servers }),
    betas: [...betas]
  }
  return encoded
})

const encodeOwn = Effect.fnUntraced(function*(context: ToolContext, tool: Tool.Any) {
  const strict = yield* strictness(context, tool)
  const description = Tool.getDescription(tool)
  // The root must be an object: "input_schema.type: Field required".
  const schema = yield* RequestSchema.ofTool(context.subject.origin, tool, context.codecTransformer, strict === true)
  // The two types of a JSON schema, effect's and the SDK's, differ in nothing but their openness.
  const input_schema = schema as unknown as Beta.BetaTool.InputSchema
  const { cacheControl, ...options } = Context.get(tool.annotations, AnthropicTool.Options)
  // Readonly lists in our type, mutable ones in the SDK's; nothing writes to them.
  const annotated = options as Partial<Beta.BetaTool>
  const encoded: Beta.BetaTool = {
    name: tool.name,
    ...(description === undefined ? undefined : { description }),
    input_schema,
    ...(strict === undefined ? undefined : { strict }),
    ...(cacheControl === undefined ? undefined : { cache_control: cacheControl }),
    ...annotated
  }
  return encoded
})

/**
 * The tool's own annotation wins over the setting. Dynamic tools are strict only when annotated: their schema comes from
 * elsewhere, and nobody has brought it into the form that strictness demands.
 */
const strictness = Effect.fnUntraced(function*(context: ToolContext, tool: Tool.Any) {
  const strict = Tool.getStrictMode(tool) ?? (Tool.isDynamic(tool) ? undefined : context.strictTools)
  if (strict !== true) return strict
  const error = Capability.checkSettings(context.subject, [{ flag: "strictTools", name: "strictTools", given: true }])
  if (error === undefined) return true
  if (!context.lenient) return yield* error
  context.warnings.push({
    about: "strictTools",
    message: `${context.subject.model} does not support strict tools; ${tool.name} is sent without`
  })
  return undefined
})

const foreign = (context: ToolContext, tool: Tool.AnyProviderDefined) =>
  ProviderError.unsupported(context.subject.origin, {
    capability: "tools",
    asked: `the tool ${tool.id}, which is another provider's`,
    model: context.subject.model,
    parameter: "toolkit"
  })

/** The arguments are the wire's own, but for what the framework keeps among them. */
const readArgs = (tool: Tool.AnyProviderDefined) => {
  const { failureMode: _, ...args } = Json.record(tool.args)
  return Redaction.unwrap(args)
}

const argsOf = (tool: Tool.AnyProviderDefined): Json.JsonRecord => Json.record(readArgs(tool).value)

/** The tokens among the arguments of the tools. That of an MCP server is one, however it is given. */
export const secretsOf = (tools: ReadonlyArray<Tool.Any>): ReadonlyArray<Redacted.Redacted> =>
  tools.flatMap((tool) => {
    if (!Tool.isProviderDefined(tool)) return []
    const { secrets, value } = readArgs(tool)
    const token = tool.id === mcpId ? Json.string(Json.record(value)["authorization_token"]) : undefined
    return token === undefined ? secrets : [...secrets, Redacted.make(token)]
  })

const encodeDefined = Effect.fnUntraced(function*(
  context: ToolContext,
  tool: Tool.AnyProviderDefined,
  definition: Definition | undefined
) {
  const args = argsOf(tool)
  const type = args["type"] ?? definition?.type
  if (typeof type !== "string") {
    return yield* ProviderError.unsupported(context.subject.origin, {
      capability: "tools",
      asked: `the tool ${tool.id} without a \`type\` among its arguments`,
      model: context.subject.model,
      parameter: "toolkit"
    })
  }
  const name = definition?.toolset === undefined ? { name: nameOf(args) ?? definition?.name ?? tool.providerName } : {}
  // Written by the program under the types of `AnthropicTool`, which are the SDK's.
  const wire = { type, ...name, ...args } as Beta.BetaToolUnion
  return { type, wire }
})

/** One declaration is two things on the wire: the server, and the toolset that offers it to the model. */
const encodeMcp = (tool: Tool.AnyProviderDefined): {
  readonly server: Beta.BetaRequestMCPServerURLDefinition
  readonly toolset: Beta.BetaMCPToolset
} => {
  // Written by the program under this very type, but for the token, which is a text by now.
  const args = argsOf(tool) as
    & Omit<Beta.BetaRequestMCPServerURLDefinition, "type" | "name">
    & Omit<Beta.BetaMCPToolset, "type" | "mcp_server_name">
  const { cache_control, configs, default_config, tools, ...server } = args
  return {
    server: {
      ...server,
      type: "url",
      name: tool.providerName
    },
    toolset: {
      type: "mcp_toolset",
      mcp_server_name: tool.providerName,
      ...(cache_control === undefined ? undefined : { cache_control }),
      ...(configs === undefined ? undefined : { configs }),
      ...(default_config === undefined ? undefined : { default_config }),
      ...(tools === undefined ? undefined : { tools })
    }
  }
}

/** `auto` is the API's default and is sent only to say that calls must not be parallel. */
const encodeToolChoice = Effect.fnUntraced(function*(
  context: ToolContext,
  choice: LanguageModel.ToolChoice<string>,
  offered: ReadonlyArray<Tool.Any>
) {
  const parallel = context.parallelToolCalls === undefined
    ? undefined
    : { disable_parallel_tool_use: !context.parallelToolCalls }
  if (choice === "none") return asChoice({ type: "none" })
  if (typeof choice === "object" && "tool" in choice) {
    const tool = offered.find((one) => one.name === choice.tool)
    if (tool === undefined) return yield* Capability.nothingToCall(context.subject.origin, choice)
    if (Tool.isProviderDefined(tool) && isToolset(tool)) {
      return yield* ProviderError.unsupported(context.subject.origin, {
        capability: "forcedToolChoice",
        asked: `forcing ${tool.name}, which stands for several tools`,
        model: context.subject.model,
        parameter: "toolChoice"
      })
    }
    return asChoice({ type: "tool", name: context.names.encode(choice.tool), ...parallel })
  }
  if (Capability.isForced(choice)) return asChoice({ type: "any", ...parallel })
  return parallel === undefined ? undefined : asChoice({ type: "auto", ...parallel })
})

const asChoice = (choice: Beta.BetaToolChoice): Beta.BetaToolChoice => choice

const isToolset = (tool: Tool.AnyProviderDefined): boolean =>
  tool.id === mcpId || definitions[tool.id]?.toolset !== undefined
