/** Items that are calls and results of tools, as parts. */
import * as Json from "@llm-layers/core/Json"
import * as Metadata from "@llm-layers/core/Metadata"
import * as ToolParameters from "@llm-layers/core/ToolParameters"
import type * as Response from "effect/ai/Response"
import * as Tool from "effect/ai/Tool"
import { argumentsText, type ItemType, madeBy, ranBy } from "./itemTable.ts"
import { metadata } from "./namespace.ts"
import { carrier, type Decoded, idOf, type Placed, type Summary, unplaced } from "./placed.ts"

/** The name of a call, and whether a tool of the request has it. */
export const nameOf = (
  tools: ReadonlyArray<Tool.Any>,
  type: ItemType,
  item: Json.JsonRecord
): { readonly name: string; readonly declared: boolean } => {
  for (const tool of tools) {
    if (Tool.isProviderDefined(tool) && madeBy(tool, type, item)) return { name: tool.name, declared: true }
  }
  return { name: type.tools[0].slice("openai.".length), declared: false }
}

/** Members of calls of the program's tools. */
const callMembers = new Set(["type", "id", "status", "call_id", "name", "arguments", "input", "namespace", "caller"])

/** A call of a function of the program. */
export const decodeFunctionCall = (item: Json.JsonRecord): Placed => {
  const text = Json.string(item["arguments"]) ?? ""
  const parsed = ToolParameters.parse(text)
  const own = metadata({
    itemId: item["id"],
    namespace: item["namespace"] ?? undefined,
    caller: item["caller"] ?? undefined,
    more: unplaced(item, callMembers)
  })
  return {
    part: {
      type: "tool-call",
      id: Json.string(item["call_id"]) ?? idOf(item),
      name: Json.string(item["name"]) ?? "",
      params: parsed.params,
      metadata: parsed.metadata === undefined ? own : Metadata.merge(own, parsed.metadata)
    },
    at: "call",
    text
  }
}

/** A call of a tool that takes free text. */
export const decodeCustomCall = (tools: ReadonlyArray<Tool.Any>, item: Json.JsonRecord): Placed => {
  const text = Json.string(item["input"]) ?? ""
  const name = Json.string(item["name"]) ?? ""
  return {
    part: {
      type: "tool-call",
      id: Json.string(item["call_id"]) ?? idOf(item),
      name: new Tool.NameMapper(tools).getCustomName(name),
      params: text,
      metadata: metadata({
        itemId: item["id"],
        type: "custom_tool_call",
        namespace: item["namespace"] ?? undefined,
        caller: item["caller"] ?? undefined,
        more: unplaced(item, callMembers)
      })
    },
    at: "call",
    text
  }
}

/** A call of a tool of OpenAI, with its result where the item has it. */
export const decodeCall = (
  tools: ReadonlyArray<Tool.Any>,
  type: ItemType,
  item: Json.JsonRecord,
  summary: Summary
): Decoded => {
  const { declared, name } = nameOf(tools, type, item)
  const byVendor = ranBy(type, item) === "vendor"
  // Nobody can answer it, and it must not go back without an answer.
  if (!byVendor && !declared) return [[], { ...summary, unknown: [...summary.unknown, item] }]
  const itemId = idOf(item)
  const id = Json.string(item[byVendor ? type.callId ?? "id" : "call_id"]) ?? itemId
  const executed = byVendor ? { providerExecuted: true } : undefined
  const image = item["type"] === "image_generation_call" ? decodeImage(item) : undefined
  const placed: Array<Placed> = [{
    part: {
      type: "tool-call",
      id,
      name,
      params: type.params(item),
      ...executed,
      // The image of a call carries the call in the history.
      metadata: image === undefined
        ? metadata({ itemId, type: item["type"], item })
        : metadata({ itemId, type: item["type"] })
    },
    at: "call",
    text: argumentsText(type, item)
  }]
  const result = byVendor ? type.result?.(item) : undefined
  if (result !== undefined) {
    placed.push({
      part: { type: "tool-result", id, name, ...result, ...executed, metadata: metadata({ itemId }) },
      at: "result"
    })
  }
  if (image !== undefined) placed.push({ part: image, at: "file" })
  if (item["type"] === "mcp_approval_request") {
    placed.push({ part: { type: "tool-approval-request", approvalId: itemId, toolCallId: itemId }, at: "approval" })
  }
  // What nobody declared leaves the parts further up, yet reasoning before it is refused without it.
  if (byVendor && !declared && image === undefined) placed.push(carrier(item))
  return [placed, {
    ...summary,
    called: summary.called || !byVendor,
    searchId: item["type"] === "tool_search_call" ? id : summary.searchId
  }]
}

const imageTypes: { readonly [format: string]: string } = {
  png: "image/png",
  jpeg: "image/jpeg",
  webp: "image/webp",
  gif: "image/gif",
  svg: "image/svg+xml"
}

/** The image of a call; `undefined` where there is none, or what there is would fail the answer as broken base64. */
const decodeImage = (item: Json.JsonRecord): Response.FilePartEncoded | undefined => {
  const { result, ...call } = item
  const data = Json.string(result)
  if (data === undefined || data === "" || data.length % 4 !== 0 || !/^[A-Za-z0-9+/]+={0,2}$/.test(data)) {
    return undefined
  }
  return {
    type: "file",
    mediaType: imageTypes[Json.string(item["output_format"]) ?? "png"] ?? "image/png",
    data,
    metadata: metadata({ item: call })
  }
}

/** A result that is an item of its own. */
export const decodeResult = (
  tools: ReadonlyArray<Tool.Any>,
  of: ItemType,
  item: Json.JsonRecord,
  summary: Summary
): ReadonlyArray<Placed> => {
  const { id: _, type, ...result } = item
  // The output of a shell does not say where it ran; only the vendor's own comes in an answer.
  const { declared, name } = nameOf(tools, of, { ...item, environment: { type: "container_reference" } })
  const callId = Json.string(item["call_id"]) ?? (type === "tool_search_output" ? summary.searchId : undefined)
  const placed: Placed = {
    part: {
      type: "tool-result",
      id: callId ?? idOf(item),
      name,
      result,
      isFailure: false,
      providerExecuted: true,
      metadata: metadata({ itemId: item["id"], item })
    },
    at: "result"
  }
  return declared ? [placed] : [placed, carrier(item)]
}
