import { at, type Json, listAt, stringAt } from "../json.ts"
import type { ExpectedSource, ExpectedToolCall, HostedCall, Step } from "./Expectation.ts"
import { readAnnotation } from "./openai-annotations.ts"
import { readToolArguments } from "./tool-arguments.ts"

/** What one output item adds to an answer. */
export interface ItemReading {
  readonly text?: string
  readonly refused?: boolean
  readonly reasoning?: string
  readonly toolCalls?: ReadonlyArray<ExpectedToolCall>
  readonly hosted?: ReadonlyArray<HostedCall>
  readonly sources?: ReadonlyArray<ExpectedSource>
  readonly steps?: ReadonlyArray<Step>
}

const readMessageItem = (item: Json): ItemReading => {
  const content = listAt(item, "content")
  const texts = content.map((part) =>
    stringAt(part, "type") === "refusal"
      ? stringAt(part, "refusal") ?? ""
      : stringAt(part, "type") === "output_text"
      ? stringAt(part, "text") ?? ""
      : ""
  )
  return {
    text: texts.join(""),
    refused: content.some((part) => stringAt(part, "type") === "refusal"),
    sources: content.flatMap((part) => listAt(part, "annotations").flatMap(readAnnotation)),
    steps: texts.map((text) => ({ kind: "text", text }))
  }
}

const readReasoningItem = (item: Json): ItemReading => {
  const texts = [...listAt(item, "summary"), ...listAt(item, "content")].map((part) => stringAt(part, "text") ?? "")
  return { reasoning: texts.join(""), steps: texts.map((text) => ({ kind: "reasoning", text })) }
}

const idsOf = (item: Json): ReadonlyArray<string> =>
  [stringAt(item, "id"), stringAt(item, "call_id")].filter((id) => id !== undefined)

const calling = (item: Json, call: Omit<ExpectedToolCall, "id" | "name">): ItemReading => {
  const id = stringAt(item, "call_id") ?? stringAt(item, "id")
  return {
    toolCalls: [{ id, name: stringAt(item, "name") ?? "", ...call }],
    steps: id === undefined ? [] : [{ kind: "call", ids: [id] }]
  }
}

/** The member that is what the model asked for. */
const inputs: Readonly<Record<string, string>> = {
  web_search_call: "action",
  file_search_call: "queries",
  code_interpreter_call: "code",
  mcp_call: "arguments",
  mcp_approval_request: "arguments",
  tool_search_call: "arguments",
  program: "code",
  shell_call: "action",
  local_shell_call: "action",
  apply_patch_call: "operation",
  computer_call: "action"
}

const inputOf = (item: Json, type: string): Json | undefined => {
  const written = at(item, inputs[type] ?? "") ?? undefined
  if (inputs[type] !== "arguments" || typeof written !== "string") return written
  const parsed = readToolArguments(written)
  return parsed.kind === "json" ? parsed.value : written
}

/** Calls that hold their own result. */
const resultInside = new Set([
  "web_search_call",
  "file_search_call",
  "code_interpreter_call",
  "image_generation_call",
  "mcp_call",
  "mcp_list_tools"
])

/** The member that is what came of it. */
const outputs: Readonly<Record<string, string>> = {
  // With what was found, where that was asked for.
  web_search_call: "action",
  file_search_call: "results",
  code_interpreter_call: "outputs",
  mcp_call: "output",
  mcp_list_tools: "tools",
  shell_call_output: "output",
  tool_search_output: "tools",
  program_output: "result"
}

/** What a caller finds in the result of a call, from the call or from the item that is its result. */
export const outputOf = (item: Json): Json => at(item, outputs[stringAt(item, "type") ?? ""] ?? "") ?? null

const readHosted = (item: Json, type: string, ranAt: HostedCall["ranAt"]): ItemReading => {
  const ids = idsOf(item)
  const hasResult = resultInside.has(type)
  const error = at(item, "error") ?? undefined
  return {
    hosted: [{
      type,
      ids,
      ranAt,
      input: inputOf(item, type),
      hasResult,
      ...(type === "mcp_list_tools" ? { server: stringAt(item, "server_label") ?? "" } : {}),
      ...(hasResult
        ? { failed: stringAt(item, "status") === "failed" || error !== undefined, output: outputOf(item) }
        : {})
    }],
    steps: [{ kind: "call", ids }, ...(hasResult ? [{ kind: "result" as const, ids }] : [])]
  }
}

const ranByVendor = new Set([
  "web_search_call",
  "file_search_call",
  "code_interpreter_call",
  "image_generation_call",
  "mcp_call",
  "mcp_list_tools",
  // Runs at the vendor once the caller has agreed.
  "mcp_approval_request",
  "program"
])

const leftToCaller = new Set(["local_shell_call", "apply_patch_call", "computer_call"])

/** The items that are results, apart from their calls. */
export const resultItems = new Set(["shell_call_output", "tool_search_output", "program_output"])

/**
 * One item of `output`. What is not listed here (items of later API versions) must not be lost: it is looked for with the
 * answer as a whole. A shell ran where its environment is: in a container of the vendor, else with the caller.
 */
export const readItem = (item: Json): ItemReading => {
  const type = stringAt(item, "type") ?? ""
  if (type === "message") return readMessageItem(item)
  if (type === "reasoning") return readReasoningItem(item)
  if (type === "function_call") {
    return calling(item, { arguments: readToolArguments(stringAt(item, "arguments") ?? "") })
  }
  if (type === "custom_tool_call") {
    return calling(item, { arguments: { kind: "text", text: stringAt(item, "input") ?? "" } })
  }
  if (resultItems.has(type)) return { steps: [{ kind: "result", ids: idsOf(item) }] }
  if (ranByVendor.has(type)) return readHosted(item, type, "vendor")
  if (leftToCaller.has(type)) return readHosted(item, type, "caller")
  if (type === "shell_call") {
    const contained = (stringAt(item, "environment", "type") ?? "").startsWith("container")
    return readHosted(item, type, contained ? "vendor" : "caller")
  }
  if (type === "tool_search_call") {
    return readHosted(item, type, stringAt(item, "execution") === "client" ? "caller" : "vendor")
  }
  return {}
}
