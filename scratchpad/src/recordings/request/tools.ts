import type * as LanguageModel from "effect/ai/LanguageModel"
import * as Tool from "effect/ai/Tool"
import type { AnswerExpectation } from "../expectation/Expectation.ts"
import { type Json, objectAt } from "../json.ts"

/** A tool of the vendor, with the type names its calls have in an answer. */
export interface HostedTool {
  readonly tool: Tool.Any
  readonly types: ReadonlyArray<string>
}

/** The tools of one call, and how a tool choice names them. */
export interface ToolSet {
  readonly tools: ReadonlyArray<Tool.Any>
  readonly declared: ReadonlySet<string>
}

/** A tool of the caller, with the JSON schema it was recorded with. */
export const declareTool = (name: string, description: string | undefined, parameters: Json | undefined): Tool.Any =>
  Tool.dynamic(name, {
    parameters: { type: "object", ...objectAt(parameters) },
    ...(description === undefined ? {} : { description })
  })

/**
 * The tools of the request and, because an answer may call what its request does not show (a namespace, a search for
 * tools, a request that was not recorded), a tool for each name the answer calls.
 */
export const toolSet = (
  declaredTools: ReadonlyArray<Tool.Any>,
  hosted: ReadonlyArray<HostedTool>,
  answer: AnswerExpectation | undefined
): ToolSet => {
  const tools = new Map<string, Tool.Any>()
  for (const tool of [...declaredTools, ...hosted.map((one) => one.tool)]) tools.set(tool.name, tool)
  for (const call of answer?.toolCalls ?? []) {
    if (!tools.has(call.name)) tools.set(call.name, declareTool(call.name, undefined, undefined))
  }
  return { tools: [...tools.values()], declared: new Set(hosted.flatMap((one) => one.types)) }
}

/** The choice of one tool, by the name the caller has for it; no choice where that tool is not declared. */
export const chooseTool = (
  tools: ReadonlyArray<Tool.Any>,
  providerName: string
): LanguageModel.ToolChoice<string> | undefined => {
  const found = tools.find((tool) =>
    tool.name === providerName || (Tool.isProviderDefined(tool) && tool.providerName === providerName)
  )
  return found === undefined ? undefined : { tool: found.name }
}
