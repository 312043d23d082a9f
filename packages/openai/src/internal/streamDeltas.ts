/** Handlers of the events that bring pieces, in the order of the wire. */
import * as Json from "@llm-layers/core/Json"
import * as PartStream from "@llm-layers/core/PartStream"
import { decodeAnnotation } from "./annotations.ts"
import { escaped } from "./itemTable.ts"
import { metadata } from "./namespace.ts"
import { contentId, reasoningId } from "./placed.ts"
import {
  blockIdOf,
  contentKey,
  followedBy,
  itemIdOf,
  none,
  placeOf,
  received,
  type State,
  type Step,
  withBlocks
} from "./streamState.ts"

/** A content begins. */
export const contentAdded = (state: State, data: Json.JsonRecord): Step => {
  const type = Json.record(data["part"])["type"]
  return type === "output_text" || type === "refusal" ? startText(state, data, type === "refusal") : [state, none]
}

const startText = (state: State, data: Json.JsonRecord, refusal: boolean): Step => {
  // What is late for an item that is done was given out with its end.
  if (state.done[placeOf(data)]) return [state, none]
  const id = contentId(blockIdOf(state, data), Json.number(data["content_index"]) ?? 0)
  const phase = state.items[placeOf(data)]?.["phase"] ?? undefined
  const own = metadata({ itemId: itemIdOf(state, data), phase, refusal: refusal || undefined })
  return withBlocks(state, PartStream.start(state.blocks, "text", contentKey(data), id, own))
}

/** The path of almost every event of an answer: one look-up, one part. */
export const textDelta = (state: State, data: Json.JsonRecord): Step => {
  const delta = data["delta"]
  if (typeof delta !== "string" || delta === "") return [state, none]
  const key = contentKey(data)
  const block = state.blocks[key]
  if (block === undefined) {
    const refusal = data["type"] === "response.refusal.delta"
    const [started, start] = startText(state, data, refusal)
    return started === state ? [state, none] : followedBy([started, start], (next) => textDelta(next, data))
  }
  return [received(state, key, delta.length), [{ type: "text-delta", id: block.id, delta }]]
}

/** A citation, which is a source. */
export const annotationAdded = (state: State, data: Json.JsonRecord): Step => {
  const key = contentKey(data)
  const out = state.sources[key] ?? []
  const index = Json.number(data["annotation_index"]) ?? out.length
  const itemId = blockIdOf(state, data)
  const id = `${contentId(itemId, Json.number(data["content_index"]) ?? 0)}:a${index}`
  const source = decodeAnnotation(Json.record(data["annotation"]), itemId, id)
  const next: State = { ...state, sources: { ...state.sources, [key]: [...out, index] } }
  return [next, source === undefined ? none : [source]]
}

/** A summary of the reasoning begins. */
export const summaryAdded = (state: State, data: Json.JsonRecord): Step =>
  startReasoning(state, data, "s", Json.number(data["summary_index"]) ?? 0)

const startReasoning = (state: State, data: Json.JsonRecord, kind: "s" | "r", index: number): Step => {
  if (state.done[placeOf(data)]) return [state, none]
  const own = metadata({ itemId: itemIdOf(state, data), full: kind === "r" || undefined })
  const id = reasoningId(blockIdOf(state, data), kind, index)
  return withBlocks(state, PartStream.start(state.blocks, "reasoning", `${placeOf(data)}.${kind}${index}`, id, own))
}

/** A piece of reasoning: of a summary (`s`), or of the reasoning itself (`r`). */
export const reasoningDelta = (state: State, data: Json.JsonRecord, kind: "s" | "r"): Step => {
  const delta = data["delta"]
  if (typeof delta !== "string" || delta === "") return [state, none]
  const index = Json.number(data[kind === "s" ? "summary_index" : "content_index"]) ?? 0
  const key = `${placeOf(data)}.${kind}${index}`
  const block = state.blocks[key]
  if (block === undefined) {
    const [started, start] = startReasoning(state, data, kind, index)
    return started === state ? [state, none] : followedBy([started, start], (next) => reasoningDelta(next, data, kind))
  }
  return [received(state, key, delta.length), [{ type: "reasoning-delta", id: block.id, delta }]]
}

/** A piece of the arguments of a call. */
export const argumentsDelta = (state: State, data: Json.JsonRecord): Step =>
  withBlocks(state, PartStream.toolDelta(state.blocks, placeOf(data), Json.string(data["delta"]) ?? ""))

/** A piece of code, which is a text inside the arguments. */
export const codeDelta = (state: State, data: Json.JsonRecord): Step =>
  withBlocks(state, PartStream.toolDelta(state.blocks, placeOf(data), escaped(Json.string(data["delta"]) ?? "")))

/** A picture on its way is a result that a later one replaces. */
export const partialImage = (state: State, data: Json.JsonRecord): Step => {
  const block = state.blocks[placeOf(data)]
  if (block === undefined || block.type !== "tool") return [state, none]
  const { type: _, sequence_number: __, item_id: ___, output_index: ____, ...result } = data
  return [state, [{
    type: "tool-result",
    id: block.id,
    name: block.name,
    result,
    isFailure: false,
    preliminary: true,
    providerExecuted: true
  }]]
}

/** Repetitions of what comes in pieces, and pieces that the end of their item has whole. */
const repeated = new RegExp(
  `^response\\.(?:${
    [
      "created",
      "queued",
      "in_progress",
      "output_text\\.done",
      "refusal\\.done",
      "content_part\\.done",
      "reasoning_(?:text|summary_text|summary_part)\\.done",
      "(?:function_call_arguments|mcp_call_arguments|custom_tool_call_input|code_interpreter_call_code)\\.done",
      "(?:shell_call_command|shell_call_output_content|apply_patch_call_operation_diff)\\.(?:added|delta|done)"
    ].join("|")
  })$`
)

/**
 * Steps of the vendor's own work and repetitions say nothing. Of an event nobody has heard of yet, what it has besides its
 * place is kept for the end.
 */
export const otherEvent = (state: State, data: Json.JsonRecord): Step => {
  const { type, sequence_number: _, item_id: __, output_index: ___, obfuscation: ____, ...more } = data
  if (repeated.test(Json.string(type) ?? "") || Object.values(more).every((value) => value === null)) {
    return [state, none]
  }
  const unknown = [...state.summary.unknown, { type, ...more }]
  return [{ ...state, summary: { ...state.summary, unknown } }, none]
}
