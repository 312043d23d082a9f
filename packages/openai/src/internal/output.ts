/** An output item as parts, the same for plain answers and at the end of an item in a stream. */
import * as Json from "@llm-layers/core/Json"
import * as Metadata from "@llm-layers/core/Metadata"
import * as ToolParameters from "@llm-layers/core/ToolParameters"
import type * as Response from "effect/ai/Response"
import * as Tool from "effect/ai/Tool"
import { decodeAnnotation } from "./annotations.ts"
import { argumentsText, type ItemType, itemTypes, madeBy, ranBy, resultTypes } from "./item-table.ts"
import { metadata } from "./namespace.ts"

/** What the items so far mean for the end of the answer. */
export interface Summary {
  /** The model refused. */
  readonly refused: boolean
  /** A call waits for the caller. */
  readonly called: boolean
  /** Items and contents that are no part. */
  readonly unknown: ReadonlyArray<unknown>
  /** The last search for tools: its result may not name it. */
  readonly searchId: string | undefined
}

/** Nothing has come yet. */
export const nothing: Summary = { refused: false, called: false, unknown: [], searchId: undefined }

/** A part, and what a stream has to know of it. */
export interface Placed {
  readonly part: Response.PartEncoded
  /** Which piece of the item it is, in the keys of a stream's blocks. */
  readonly at: string
  /** Of texts: the id of the block. */
  readonly id?: string
  /** Of calls: the arguments as text. */
  readonly text?: string
  /** Of sources: which annotation of the content it is. */
  readonly annotation?: number
}

type Decoded = readonly [ReadonlyArray<Placed>, Summary]

/** The id of the text block of a content. */
export const contentId = (itemId: string, index: number): string => index === 0 ? itemId : `${itemId}:${index}`

/** The id of the block of a summary, or of a piece of the reasoning itself. */
export const reasoningId = (itemId: string, kind: "s" | "r", index: number): string => `${itemId}:${kind}${index}`

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

/** The parts of an item. */
export const decodeItem = (tools: ReadonlyArray<Tool.Any>, item: Json.JsonRecord, summary: Summary): Decoded => {
  const type = Json.string(item["type"]) ?? ""
  switch (type) {
    case "message":
      return decodeMessage(item, summary)
    case "reasoning":
      return [decodeReasoning(item), summary]
    case "function_call":
      return [[decodeFunctionCall(item)], { ...summary, called: true }]
    case "custom_tool_call":
      return [[decodeCustomCall(tools, item)], { ...summary, called: true }]
    case "compaction":
    case "additional_tools":
      return [[carrier(item)], summary]
  }
  const call = itemTypes[type]
  if (call !== undefined) return decodeCall(tools, call, item, summary)
  const of = itemTypes[resultTypes[type] ?? ""]
  if (of !== undefined) return [decodeResult(tools, of, item, summary), summary]
  // OpenAI takes its own items back, and may refuse what came before without them.
  return [type === "" ? [] : [carrier(item)], { ...summary, unknown: [...summary.unknown, item] }]
}

const idOf = (item: Json.JsonRecord): string => Json.string(item["id"]) ?? Json.string(item["call_id"]) ?? "item"

const decodeMessage = (item: Json.JsonRecord, summary: Summary): Decoded => {
  const itemId = idOf(item)
  const placed: Array<Placed> = []
  const unknown: Array<unknown> = []
  let refused = summary.refused
  for (const [index, value] of Json.list(item["content"]).entries()) {
    const content = Json.record(value)
    const at = String(index)
    const id = contentId(itemId, index)
    const refusal = content["type"] === "refusal"
    const text = Json.string(refusal ? content["refusal"] : content["text"])
    if (text === undefined || !(refusal || content["type"] === "output_text")) {
      unknown.push(value)
      continue
    }
    if (refusal) refused = true
    const sources: Array<Placed> = []
    const others: Array<unknown> = []
    for (const [annotation, said] of Json.list(content["annotations"]).entries()) {
      const source = decodeAnnotation(Json.record(said), itemId, `${id}:a${annotation}`)
      if (source === undefined) others.push(said)
      else sources.push({ part: source, at, annotation })
    }
    const logprobs = Json.list(content["logprobs"])
    placed.push({
      part: {
        type: "text",
        text,
        metadata: metadata({
          itemId: item["id"],
          phase: item["phase"] ?? undefined,
          refusal: refusal || undefined,
          logprobs: logprobs.length === 0 ? undefined : logprobs,
          annotations: others.length === 0 ? undefined : others
        })
      },
      at,
      id
    }, ...sources)
  }
  if (!refused && unknown.length === 0) return [placed, summary]
  return [placed, { ...summary, refused, unknown: [...summary.unknown, ...unknown] }]
}

/**
 * One part a summary, and one a piece of the reasoning itself. An item with neither is one part without text, because its
 * id and what is encrypted in it have to go back with the history.
 */
const decodeReasoning = (item: Json.JsonRecord): ReadonlyArray<Placed> => {
  const itemId = idOf(item)
  const piece = (kind: "s" | "r") => (value: unknown, index: number) => ({
    kind,
    index,
    text: Json.string(Json.record(value)["text"]) ?? ""
  })
  const pieces = [...Json.list(item["summary"]).map(piece("s")), ...Json.list(item["content"]).map(piece("r"))]
  if (pieces.length === 0) pieces.push({ kind: "s", index: 0, text: "" })
  return pieces.map(({ index, kind, text }, place) => ({
    part: {
      type: "reasoning",
      text,
      metadata: metadata({
        itemId: item["id"],
        full: kind === "r" || undefined,
        encryptedContent: place === pieces.length - 1 ? item["encrypted_content"] ?? undefined : undefined
      })
    },
    at: `${kind}${index}`,
    id: reasoningId(itemId, kind, index)
  }))
}

/** An item that is nothing to the caller but has to go back with the history. */
const carrier = (item: Json.JsonRecord): Placed => ({
  part: { type: "reasoning", text: "", metadata: metadata({ item }) },
  at: "item",
  id: idOf(item)
})

const decodeFunctionCall = (item: Json.JsonRecord): Placed => {
  const text = Json.string(item["arguments"]) ?? ""
  const parsed = ToolParameters.parse(text)
  const own = metadata({
    itemId: item["id"],
    namespace: item["namespace"] ?? undefined,
    caller: item["caller"] ?? undefined
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

const decodeCustomCall = (tools: ReadonlyArray<Tool.Any>, item: Json.JsonRecord): Placed => {
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
        caller: item["caller"] ?? undefined
      })
    },
    at: "call",
    text
  }
}

const decodeCall = (
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

const decodeResult = (
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
