import * as OpenAiTool from "@llm-layers/openai/OpenAiTool"
import type * as Tool from "effect/ai/Tool"
import type { HostedCall } from "../expectation/Expectation.ts"
import { type Json, type JsonObject, objectAt, stringAt } from "../json.ts"
import type { HostedTool } from "../request/tools.ts"

/**
 * The arguments of a definition from the wire, for a constructor that types them. They are what a client sent, so that
 * every member is one the vendor takes.
 */
const as = <A>(args: JsonObject): A => args as unknown as A

/** For each type of definition: the tool it is, and the types of the items its calls are. */
const hosted: Readonly<
  Record<string, readonly [make: (args: JsonObject) => Tool.Any, ...items: ReadonlyArray<string>]>
> = {
  web_search: [(args) => OpenAiTool.WebSearch(as(args)), "web_search_call"],
  web_search_preview: [(args) => OpenAiTool.WebSearchPreview(as(args)), "web_search_call"],
  file_search: [(args) => OpenAiTool.FileSearch(as(args)), "file_search_call"],
  code_interpreter: [(args) => OpenAiTool.CodeInterpreter(as(args)), "code_interpreter_call"],
  image_generation: [(args) => OpenAiTool.ImageGeneration(as(args)), "image_generation_call"],
  mcp: [(args) => OpenAiTool.Mcp(as(args)), "mcp_call", "mcp_list_tools", "mcp_approval_request"],
  tool_search: [(args) => OpenAiTool.ToolSearch(as(args)), "tool_search_call"],
  programmatic_tool_calling: [(args) => OpenAiTool.ProgrammaticToolCalling(as(args)), "program"],
  shell: [
    (args) =>
      (stringAt(args, "environment", "type") ?? "").startsWith("container")
        ? OpenAiTool.HostedShell(as(args))
        : OpenAiTool.Shell(as(args)),
    "shell_call"
  ],
  local_shell: [(args) => OpenAiTool.LocalShell(as(args)), "local_shell_call"],
  apply_patch: [(args) => OpenAiTool.ApplyPatch(as(args)), "apply_patch_call"],
  computer: [(args) => OpenAiTool.ComputerUse(as(args)), "computer_call"],
  computer_use_preview: [(args) => OpenAiTool.ComputerUsePreview(as(args)), "computer_call"]
}

/** Dated types (`web_search_2025_08_26`) are the undated ones as of a day. */
const undated = (type: string): string => type.replace(/_20\d\d_\d\d_\d\d$/, "")

/** The provider-defined tools for definitions of OpenAI's own tools; those no provider-defined tool exists for are left out. */
export const hostedTools = (definitions: ReadonlyArray<Json>): ReadonlyArray<HostedTool> =>
  definitions.flatMap((definition) => {
    const { type, ...args } = objectAt(definition)
    const [make, ...types] = hosted[undated(typeof type === "string" ? type : "")] ?? []
    return make === undefined ? [] : [{ tool: make(args), types }]
  })

/**
 * The tools that must have been declared for an answer to have calls of these types, besides those known to have been: a
 * response does not repeat all of them. A remote MCP server cannot be told from its calls and is always repeated.
 */
export const missingTools = (
  calls: ReadonlyArray<HostedCall>,
  known: ReadonlyArray<HostedTool>
): ReadonlyArray<HostedTool> => {
  const covered = new Set(known.flatMap((tool) => tool.types))
  const types = new Set(calls.filter((call) => !covered.has(call.type)).map((call) => call.type))
  return [...types].flatMap((type) => {
    const definition = Object.keys(hosted).find((one) => one !== "mcp" && hosted[one]?.includes(type))
    const contained = calls.some((call) => call.type === type && call.ranAt === "vendor")
    return definition === undefined
      ? []
      : hostedTools([{ type: definition, ...(type === "shell_call" && contained ? inContainer : {}) }])
  })
}

const inContainer = { environment: { type: "container_auto" } }

/** A tool that takes free text. */
export const customTool = (name: string, definition: Json): Tool.Any => {
  const { type: _, name: __, ...args } = objectAt(definition)
  return OpenAiTool.Custom(name, as(args))
}

/** Marks a tool the model is not shown until it searches for it. */
export const deferred = (tool: Tool.Any): Tool.Any => tool.annotate(OpenAiTool.DeferLoading, true)
