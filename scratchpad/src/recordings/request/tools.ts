import type * as LanguageModel from "effect/ai/LanguageModel"
import * as Tool from "effect/ai/Tool"
import type { AnswerExpectation } from "../expectation/Expectation.ts"
import { at, type Json, objectAt, stringAt } from "../json.ts"

/** A tool of the vendor, with the type names its calls have in an answer. */
export interface HostedTool {
  readonly tool: Tool.Any
  readonly types: ReadonlyArray<string>
  /** Its name in the request, where that is not the vendor's present one. */
  readonly name?: string | undefined
}

/** The tools of one call, and how a tool choice names them. */
export interface ToolSet {
  readonly tools: ReadonlyArray<Tool.Any>
  readonly declared: ReadonlyMap<string, ReadonlyArray<string>>
  /** The caller's name for a tool the vendor knows by another. */
  readonly customName: (providerName: string) => string
}

/** A tool of the caller, with the JSON schema it was recorded with. */
export const declareTool = (name: string, description?: string, parameters?: Json): Tool.Any =>
  Tool.dynamic(name, {
    parameters: { type: "object", ...objectAt(parameters) },
    ...(description === undefined ? {} : { description })
  })

/** The same, from a definition; `parameters` is the member that is the schema. */
export const toolFrom = (definition: Json | undefined, parameters = "parameters"): Tool.Any => {
  const tool = declareTool(
    stringAt(definition, "name") ?? "",
    stringAt(definition, "description"),
    at(definition, parameters)
  )
  return at(definition, "strict") === true ? tool.annotate(Tool.Strict, true) : tool
}

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
  const names = new Tool.NameMapper([...tools.values()])
  const renamed = new Map(hosted.flatMap(({ name, tool }) => name === undefined ? [] : [[name, tool.name] as const]))
  const customName = (providerName: string): string => renamed.get(providerName) ?? names.getCustomName(providerName)
  for (const call of answer?.toolCalls ?? []) {
    const name = customName(call.name)
    if (!tools.has(name)) tools.set(name, declareTool(name))
  }
  return { tools: [...tools.values()], declared: declaredNames(hosted), customName }
}

const declaredNames = (hosted: ReadonlyArray<HostedTool>): ReadonlyMap<string, ReadonlyArray<string>> => {
  const names = new Map<string, ReadonlyArray<string>>()
  for (const { tool, types } of hosted) {
    for (const type of types) names.set(type, [...names.get(type) ?? [], tool.name])
  }
  return names
}

/** The choice of one tool; no choice where it is not declared. */
export const chooseTool = (
  tools: ReadonlyArray<Tool.Any>,
  name: string
): LanguageModel.ToolChoice<string> | undefined => {
  const found = tools.find((tool) => tool.name === name)
  return found === undefined ? undefined : { tool: found.name }
}

/** The choice among some tools, of those that are declared. */
export const chooseAmong = (
  tools: ReadonlyArray<Tool.Any>,
  names: ReadonlyArray<string>,
  recordedMode: string | undefined
): LanguageModel.ToolChoice<string> => {
  const mode = recordedMode === "required" ? "required" : "auto"
  const oneOf = names.filter((name) => tools.some((tool) => tool.name === name))
  return oneOf.length === 0 ? mode : { mode, oneOf }
}
