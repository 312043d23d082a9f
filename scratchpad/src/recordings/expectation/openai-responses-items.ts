import { at, type Json, listAt, stringAt } from "../json.ts"
import type { ExpectedFile, ExpectedSource, ExpectedToolCall, HostedCall, Kept } from "./Expectation.ts"
import { keptLeaves } from "./kept.ts"
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
  readonly files?: ReadonlyArray<ExpectedFile>
  readonly kept?: ReadonlyArray<Kept>
}

const keptField = (item: Json, type: string, field: string): ReadonlyArray<Kept> => {
  const value = stringAt(item, field)
  return value === undefined || value === "" ? [] : [{ what: `${type}.${field}`, value }]
}

const readMessageItem = (item: Json): ItemReading => {
  const content = listAt(item, "content")
  return {
    text: content.map((part) => stringAt(part, "text") ?? stringAt(part, "refusal") ?? "").join(""),
    refused: content.some((part) => stringAt(part, "type") === "refusal"),
    sources: content.flatMap((part) => listAt(part, "annotations").flatMap(readAnnotation)),
    // The vendor asks for `phase` back in later turns.
    kept: keptField(item, "message", "phase")
  }
}

const readReasoningItem = (item: Json): ItemReading => ({
  reasoning: [...listAt(item, "summary"), ...listAt(item, "content")].map((part) => stringAt(part, "text") ?? "").join(
    ""
  ),
  kept: [...keptField(item, "reasoning", "id"), ...keptField(item, "reasoning", "encrypted_content")]
})

const readFunctionCall = (item: Json): ItemReading => ({
  toolCalls: [{
    id: stringAt(item, "call_id") ?? stringAt(item, "id"),
    name: stringAt(item, "name") ?? "",
    arguments: readToolArguments(stringAt(item, "arguments") ?? "")
  }],
  kept: [...keptField(item, "function_call", "namespace"), ...keptLeaves("function_call.caller", at(item, "caller"))]
})

const readCustomToolCall = (item: Json): ItemReading => ({
  toolCalls: [{
    id: stringAt(item, "call_id") ?? stringAt(item, "id"),
    name: stringAt(item, "name") ?? "",
    arguments: { kind: "text", text: stringAt(item, "input") ?? "" }
  }]
})

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
  const written = at(item, inputs[type] ?? "")
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
  "mcp_call"
])

const idsOf = (item: Json): ReadonlyArray<string> =>
  [stringAt(item, "id"), stringAt(item, "call_id")].filter((id) => id !== undefined)

const readHosted = (item: Json, type: string, ranAt: HostedCall["ranAt"]): ItemReading => {
  const image = type === "image_generation_call" ? stringAt(item, "result") : undefined
  const { result: _, ...described } = { ...(item as Record<string, Json>) }
  return {
    hosted: [{ type, ids: idsOf(item), ranAt, input: inputOf(item, type), hasResult: resultInside.has(type) }],
    // An image comes out as a file or stays the result of its call, so it must be found in either place.
    kept: image === undefined
      ? argumentsApart(type, item)
      : [...argumentsApart(type, described), { what: "image", value: image }]
  }
}

/** Arguments are JSON inside a string, and may come out as a value: then it is their leaves that must be found. */
const argumentsApart = (type: string, item: Json): ReadonlyArray<Kept> => {
  const { arguments: written, ...rest } = { ...(item as Record<string, Json>) }
  const parsed = typeof written === "string" ? readToolArguments(written) : undefined
  return [
    ...keptLeaves(type, rest),
    ...(parsed?.kind === "json"
      ? keptLeaves(`${type}.arguments`, parsed.value)
      : keptLeaves(`${type}.arguments`, written))
  ]
}

const ranByVendor = new Set([
  "web_search_call",
  "file_search_call",
  "code_interpreter_call",
  "image_generation_call",
  "mcp_call",
  "mcp_list_tools",
  "program"
])

const leftToCaller = new Set(["local_shell_call", "apply_patch_call", "computer_call", "mcp_approval_request"])

/**
 * One item of `output`. What is not listed here (items of later API versions) must not be lost: all its texts are to be
 * found somewhere in the parts. A shell ran where its environment is: in a container of the vendor, else with the caller.
 */
export const readItem = (item: Json): ItemReading => {
  const type = stringAt(item, "type") ?? ""
  if (type === "message") return readMessageItem(item)
  if (type === "reasoning") return readReasoningItem(item)
  if (type === "function_call") return readFunctionCall(item)
  if (type === "custom_tool_call") return readCustomToolCall(item)
  if (ranByVendor.has(type)) return readHosted(item, type, "vendor")
  if (leftToCaller.has(type)) return readHosted(item, type, "caller")
  if (type === "shell_call") {
    const contained = (stringAt(item, "environment", "type") ?? "").startsWith("container")
    return readHosted(item, type, contained ? "vendor" : "caller")
  }
  if (type === "tool_search_call") {
    return readHosted(item, type, stringAt(item, "execution") === "client" ? "caller" : "vendor")
  }
  return { kept: argumentsApart(type, item) }
}
