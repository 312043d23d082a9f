/** An output item as parts, the same for plain answers and at the end of an item in a stream. */
import * as Json from "@llm-layers/core/Json"
import type * as Tool from "effect/ai/Tool"
import { decodeAnnotation } from "./annotations.ts"
import { decodeCall, decodeCustomCall, decodeFunctionCall, decodeResult } from "./calls.ts"
import { itemTypes, resultTypes } from "./itemTable.ts"
import { metadata } from "./namespace.ts"
import { carrier, contentId, type Decoded, idOf, type Placed, reasoningId, type Summary, unplaced } from "./placed.ts"

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

const messageMembers = new Set(["type", "id", "status", "role", "content", "phase"])
const contentMembers = new Set(["type", "text", "refusal", "annotations", "logprobs"])
const reasoningMembers = new Set(["type", "id", "status", "summary", "content", "encrypted_content"])

/** What a message has is told with its first content. */
const moreOf = (item: Json.JsonRecord, content: Json.JsonRecord): Json.JsonRecord | undefined => {
  const [ofMessage, ofContent] = [unplaced(item, messageMembers), unplaced(content, contentMembers)]
  return ofMessage === undefined ? ofContent : { ...ofMessage, ...ofContent }
}

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
          annotations: others.length === 0 ? undefined : others,
          more: index === 0 ? moreOf(item, content) : unplaced(content, contentMembers)
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
        encryptedContent: place === pieces.length - 1 ? item["encrypted_content"] ?? undefined : undefined,
        more: place === 0 ? unplaced(item, reasoningMembers) : undefined
      })
    },
    at: `${kind}${index}`,
    id: reasoningId(itemId, kind, index)
  }))
}
