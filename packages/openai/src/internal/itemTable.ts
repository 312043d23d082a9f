/**
 * The output items that are calls of OpenAI's own tools: which tool made them, who runs it, and what of the item is the
 * call and what its result.
 *
 * Shapes: https://developers.openai.com/api/reference/resources/responses
 */
import * as Json from "@llm-layers/core/Json"
import * as ToolParameters from "@llm-layers/core/ToolParameters"
import type * as Tool from "effect/ai/Tool"

/** What is known of items of one type. */
export interface ItemType {
  /** Ids of the tools that make such items. The name of the first, less `openai.`, stands in where none is declared. */
  readonly tools: readonly [string, ...ReadonlyArray<string>]
  /** Which of several tools with the same id it was. */
  readonly isOf?: (item: Json.JsonRecord, args: Json.JsonRecord) => boolean
  readonly ranBy: "vendor" | "caller" | ((item: Json.JsonRecord) => "vendor" | "caller")
  /** The member that is the id of the call. Default: `id`. */
  readonly callId?: "id" | "call_id"
  readonly params: (item: Json.JsonRecord) => unknown
  /** The arguments as JSON text, where it is not simply that of `params`: pieces of it stream. */
  readonly text?: (item: Json.JsonRecord) => string
  /** What comes before the pieces. */
  readonly textStart?: (item: Json.JsonRecord) => string
  /** Absent where the result is an item of its own, or the caller's. */
  readonly result?: (item: Json.JsonRecord) => { readonly result: Json.JsonRecord; readonly isFailure: boolean }
}

/** Some members of a record, those that are there. */
const pick = (item: Json.JsonRecord, names: ReadonlyArray<string>): Json.JsonRecord =>
  Object.fromEntries(names.filter((name) => item[name] !== undefined).map((name) => [name, item[name]]))

const omit = (item: Json.JsonRecord, names: ReadonlyArray<string>): Json.JsonRecord =>
  Object.fromEntries(Object.entries(item).filter(([name, value]) => !names.includes(name) && value !== undefined))

const failed = (item: Json.JsonRecord): boolean =>
  item["status"] === "failed" || (item["error"] !== undefined && item["error"] !== null)

const resultOf = (...names: ReadonlyArray<string>) => (item: Json.JsonRecord) => ({
  result: pick(item, names),
  isFailure: failed(item)
})

const isServer = (item: Json.JsonRecord, args: Json.JsonRecord): boolean =>
  item["server_label"] === args["server_label"]

const isContainer = (environment: unknown): boolean =>
  (Json.string(Json.record(environment)["type"]) ?? "").startsWith("container")

const mcpArguments = (item: Json.JsonRecord): string => {
  const text = Json.string(item["arguments"])
  return text === undefined || text.trim() === "" ? "{}" : text
}

const mcpStart = (item: Json.JsonRecord): string =>
  `{"type":"call","server_label":${JSON.stringify(item["server_label"] ?? "")},"name":${
    JSON.stringify(item["name"] ?? "")
  },"arguments":`

const mcpCall = {
  tools: ["openai.mcp"],
  isOf: isServer,
  ranBy: "vendor",
  params: (item) => ({
    type: "call",
    server_label: item["server_label"] ?? "",
    name: item["name"] ?? "",
    arguments: ToolParameters.parse(mcpArguments(item)).params
  }),
  textStart: mcpStart,
  text: (item) => `${mcpStart(item)}${mcpArguments(item)}}`
} as const satisfies ItemType

const codeStart = (item: Json.JsonRecord): string =>
  `{"container_id":${JSON.stringify(item["container_id"] ?? null)},"code":"`

/** The table, by the type of the item. */
export const itemTypes: { readonly [type: string]: ItemType } = {
  web_search_call: {
    tools: ["openai.web_search", "openai.web_search_preview"],
    ranBy: "vendor",
    params: (item) => pick(item, ["action"]),
    result: (item) => ({ result: omit(item, ["id", "type"]), isFailure: failed(item) })
  },
  file_search_call: {
    tools: ["openai.file_search"],
    ranBy: "vendor",
    params: (item) => pick(item, ["queries"]),
    result: (item) => ({ result: omit(item, ["id", "type"]), isFailure: failed(item) })
  },
  code_interpreter_call: {
    tools: ["openai.code_interpreter"],
    ranBy: "vendor",
    params: (item) => ({ container_id: item["container_id"] ?? null, code: item["code"] ?? "" }),
    textStart: codeStart,
    text: (item) => `${codeStart(item)}${escaped(Json.string(item["code"]) ?? "")}"}`,
    result: resultOf("outputs", "status")
  },
  image_generation_call: {
    tools: ["openai.image_generation"],
    ranBy: "vendor",
    params: () => ({}),
    result: (item) => ({ result: omit(item, ["id", "type", "result"]), isFailure: failed(item) })
  },
  mcp_call: { ...mcpCall, result: resultOf("output", "error", "status") },
  mcp_approval_request: mcpCall,
  mcp_list_tools: {
    tools: ["openai.mcp"],
    isOf: isServer,
    ranBy: "vendor",
    params: (item) => ({ type: "list_tools", server_label: item["server_label"] ?? "" }),
    result: resultOf("tools", "error")
  },
  tool_search_call: {
    tools: ["openai.tool_search"],
    isOf: (item, args) => (item["execution"] === "client") === (args["execution"] === "client"),
    ranBy: (item) => item["execution"] === "client" ? "caller" : "vendor",
    params: (item) => pick(item, ["arguments"])
  },
  program: {
    tools: ["openai.programmatic_tool_calling"],
    ranBy: "vendor",
    callId: "call_id",
    params: (item) => pick(item, ["code"])
  },
  shell_call: {
    tools: ["openai.shell"],
    isOf: (item, args) => isContainer(item["environment"]) === isContainer(args["environment"]),
    ranBy: (item) => isContainer(item["environment"]) ? "vendor" : "caller",
    callId: "call_id",
    params: (item) => Json.record(item["action"])
  },
  local_shell_call: {
    tools: ["openai.local_shell"],
    ranBy: "caller",
    callId: "call_id",
    params: (item) => Json.record(item["action"])
  },
  apply_patch_call: {
    tools: ["openai.apply_patch"],
    ranBy: "caller",
    callId: "call_id",
    params: (item) => Json.record(item["operation"])
  },
  computer_call: {
    tools: ["openai.computer", "openai.computer_use_preview"],
    ranBy: "caller",
    callId: "call_id",
    params: (item) => pick(item, ["action", "actions", "pending_safety_checks"])
  }
}

/** Items that are the result of a call, by the type of the call. */
export const resultTypes: { readonly [type: string]: string } = {
  shell_call_output: "shell_call",
  tool_search_output: "tool_search_call",
  program_output: "program"
}

/** Text as it stands inside a JSON string. */
export const escaped = (text: string): string => JSON.stringify(text).slice(1, -1)

/** The arguments of a call as JSON text. */
export const argumentsText = (type: ItemType, item: Json.JsonRecord): string =>
  type.text === undefined ? JSON.stringify(type.params(item)) : type.text(item)

/** Who runs the tool of an item. */
export const ranBy = (type: ItemType, item: Json.JsonRecord): "vendor" | "caller" =>
  typeof type.ranBy === "function" ? type.ranBy(item) : type.ranBy

/** Whether a declared tool is the one that made an item. */
export const madeBy = (tool: Tool.AnyProviderDefined, type: ItemType, item: Json.JsonRecord): boolean =>
  type.tools.includes(tool.id) && (type.isOf === undefined || type.isOf(item, Json.record(tool.args)))
