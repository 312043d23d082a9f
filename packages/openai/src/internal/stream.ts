/**
 * A streamed answer as parts: State → initial → one handler per event, in the order of the wire → step → halt.
 *
 * Deltas are given out as they come. The end of an item repeats it whole, and what the deltas did not bring is given out
 * then, so that a stream says what the plain answer would have said.
 */
import type { JsonEvent } from "@llm-layers/core/EventStream"
import * as EventStream from "@llm-layers/core/EventStream"
import * as Json from "@llm-layers/core/Json"
import type { Metadata } from "@llm-layers/core/Metadata"
import * as PartStream from "@llm-layers/core/PartStream"
import * as ProviderError from "@llm-layers/core/ProviderError"
import type * as AiError from "effect/ai/AiError"
import { decodeAnnotation } from "./annotations.ts"
import { decodeBegin, decodeFinish } from "./finish.ts"
import { escaped, itemTypes, ranBy } from "./item-table.ts"
import { metadata } from "./namespace.ts"
import { contentId, decodeItem, nameOf, nothing, type Placed, reasoningId, type Summary } from "./output.ts"
import { type Context, isFailed, isResponse, notAResponse } from "./response.ts"

interface State {
  /** Whether the first part is out. */
  readonly begun: boolean
  readonly finished: boolean
  readonly blocks: PartStream.Blocks
  /** The block that text came for last, and how much of it. */
  readonly textKey: string
  readonly textLength: number
  /** The same of other blocks, where several take turns. */
  readonly lengths: { readonly [key: string]: number }
  /** Items under way, by their place in the output. */
  readonly items: { readonly [place: string]: Json.JsonRecord }
  /** Places and ids of items that are done. */
  readonly done: { readonly [place: string]: true }
  /** How many annotations of a content are out. */
  readonly sources: { readonly [key: string]: number }
  readonly summary: Summary
}

const initial: State = {
  begun: false,
  finished: false,
  blocks: PartStream.empty,
  textKey: "",
  textLength: 0,
  lengths: {},
  items: {},
  done: {},
  sources: {},
  summary: nothing
}

type Parts = ReadonlyArray<PartStream.Part>

type Step = readonly [State, Parts, AiError.AiError?]

const none: Parts = []

/** The place of an item in the output; its id, where a server does not number. */
const placeOf = (data: Json.JsonRecord): string =>
  typeof data["output_index"] === "number" ? String(data["output_index"]) : Json.string(data["item_id"]) ?? ""

const itemIdOf = (state: State, data: Json.JsonRecord): string =>
  Json.string(data["item_id"]) ?? Json.string(state.items[placeOf(data)]?.["id"]) ?? `item_${placeOf(data)}`

const contentKey = (data: Json.JsonRecord): string => `${placeOf(data)}.${Json.number(data["content_index"]) ?? 0}`

const withBlocks = (state: State, [blocks, parts]: PartStream.Result): Step =>
  blocks === state.blocks ? [state, parts] : [{ ...state, blocks }, parts]

/** Appends parts to those of a step. */
const then = ([state, parts]: Step, next: (state: State) => Step): Step => {
  const [after, more, error] = next(state)
  const all = parts.length === 0 ? more : more.length === 0 ? parts : [...parts, ...more]
  return error === undefined ? [after, all] : [after, all, error]
}

/** Items that begin: calls are announced at once. */
const itemAdded = (context: Context, state: State, data: Json.JsonRecord): Step => {
  const item = Json.record(data["item"])
  const place = placeOf(data)
  const next: State = { ...state, items: { ...state.items, [place]: item } }
  const type = Json.string(item["type"]) ?? ""
  const callId = Json.string(item["call_id"])
  if (type === "function_call" || type === "custom_tool_call") {
    const id = callId ?? Json.string(item["id"]) ?? "item"
    return withBlocks(next, PartStream.toolStart(next.blocks, place, { id, name: Json.string(item["name"]) ?? "" }))
  }
  const call = itemTypes[type]
  if (call === undefined) return [next, none]
  const { declared, name } = nameOf(context.tools, call, item)
  // What nobody declared leaves the stream further up; its arguments would stay behind.
  if (!declared) return [next, none]
  const providerExecuted = ranBy(call, item) === "vendor"
  const id = Json.string(item[providerExecuted ? call.callId ?? "id" : "call_id"]) ?? Json.string(item["id"]) ?? "item"
  const [blocks, parts] = PartStream.toolStart(next.blocks, place, { id, name, providerExecuted })
  if (call.textStart === undefined) return [{ ...next, blocks }, parts]
  const [begun, start] = PartStream.toolDelta(blocks, place, call.textStart(item))
  return [{ ...next, blocks: begun }, [...parts, ...start]]
}

const contentAdded = (state: State, data: Json.JsonRecord): Step => {
  const type = Json.record(data["part"])["type"]
  return type === "output_text" || type === "refusal" ? startText(state, data, type === "refusal") : [state, none]
}

const startText = (state: State, data: Json.JsonRecord, refusal: boolean): Step => {
  const itemId = itemIdOf(state, data)
  const id = contentId(itemId, Json.number(data["content_index"]) ?? 0)
  const phase = state.items[placeOf(data)]?.["phase"] ?? undefined
  const own = metadata({ itemId: Json.string(data["item_id"]) ?? itemId, phase, refusal: refusal || undefined })
  return withBlocks(state, PartStream.start(state.blocks, "text", contentKey(data), id, own))
}

/** The path of almost every event of an answer: one look-up, one part. */
const textDelta = (state: State, data: Json.JsonRecord): Step => {
  const delta = data["delta"]
  if (typeof delta !== "string" || delta === "") return [state, none]
  const key = contentKey(data)
  const block = state.blocks[key]
  if (block === undefined) {
    const refusal = data["type"] === "response.refusal.delta"
    return then(startText(state, data, refusal), (started) => textDelta(started, data))
  }
  return [received(state, key, delta.length), [{ type: "text-delta", id: block.id, delta }]]
}

const received = (state: State, key: string, length: number): State =>
  state.textKey === key ? { ...state, textLength: state.textLength + length } : {
    ...state,
    lengths: { ...state.lengths, [state.textKey]: state.textLength },
    textKey: key,
    textLength: (state.lengths[key] ?? 0) + length
  }

const lengthOf = (state: State, key: string): number =>
  state.textKey === key ? state.textLength : state.lengths[key] ?? 0

const annotationAdded = (state: State, data: Json.JsonRecord): Step => {
  const key = contentKey(data)
  const index = Json.number(data["annotation_index"]) ?? state.sources[key] ?? 0
  const itemId = itemIdOf(state, data)
  const id = `${contentId(itemId, Json.number(data["content_index"]) ?? 0)}:a${index}`
  const source = decodeAnnotation(Json.record(data["annotation"]), itemId, id)
  const next: State = { ...state, sources: { ...state.sources, [key]: Math.max(state.sources[key] ?? 0, index + 1) } }
  return [next, source === undefined ? none : [source]]
}

const summaryAdded = (state: State, data: Json.JsonRecord): Step =>
  startReasoning(state, data, "s", Json.number(data["summary_index"]) ?? 0)

const startReasoning = (state: State, data: Json.JsonRecord, kind: "s" | "r", index: number): Step => {
  const itemId = itemIdOf(state, data)
  const own = metadata({ itemId, full: kind === "r" || undefined })
  const key = `${placeOf(data)}.${kind}${index}`
  return withBlocks(state, PartStream.start(state.blocks, "reasoning", key, reasoningId(itemId, kind, index), own))
}

const reasoningDelta = (state: State, data: Json.JsonRecord, kind: "s" | "r"): Step => {
  const delta = data["delta"]
  if (typeof delta !== "string" || delta === "") return [state, none]
  const index = Json.number(data[kind === "s" ? "summary_index" : "content_index"]) ?? 0
  const key = `${placeOf(data)}.${kind}${index}`
  const block = state.blocks[key]
  if (block === undefined) {
    return then(startReasoning(state, data, kind, index), (started) => reasoningDelta(started, data, kind))
  }
  return [received(state, key, delta.length), [{ type: "reasoning-delta", id: block.id, delta }]]
}

const argumentsDelta = (state: State, data: Json.JsonRecord): Step =>
  withBlocks(state, PartStream.toolDelta(state.blocks, placeOf(data), Json.string(data["delta"]) ?? ""))

const codeDelta = (state: State, data: Json.JsonRecord): Step =>
  withBlocks(state, PartStream.toolDelta(state.blocks, placeOf(data), escaped(Json.string(data["delta"]) ?? "")))

/** A picture on its way is a result that a later one replaces. */
const partialImage = (state: State, data: Json.JsonRecord): Step => {
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

const itemDone = (context: Context, state: State, place: string, item: Json.JsonRecord): Step => {
  const id = Json.string(item["id"])
  if (state.done[place] || (id !== undefined && state.done[`id ${id}`])) return [state, none]
  const [placed, summary] = decodeItem(context.tools, item, state.summary)
  let step: Step = [{
    ...state,
    summary,
    done: { ...state.done, [place]: true, ...(id === undefined ? undefined : { [`id ${id}`]: true as const }) }
  }, none]
  for (const one of placed) step = then(step, (next) => give(next, place, one))
  return step
}

/** A part of an item that is done, less what is out already. */
const give = (state: State, place: string, placed: Placed): Step => {
  const { part } = placed
  switch (part.type) {
    case "text":
    case "reasoning":
      return giveText(state, `${place}.${placed.at}`, part.type, placed.id ?? place, part.text, part.metadata)
    case "tool-call":
      return giveCall(state, place, part, placed.text ?? "")
    case "source":
      return (placed.annotation ?? 0) < (state.sources[`${place}.${placed.at}`] ?? 0) ? [state, none] : [state, [part]]
    // Deltas are no parts of a plain answer; the type of its parts lists two of them.
    case "reasoning-delta":
    case "reasoning-end":
      return [state, none]
    default:
      return [state, [part]]
  }
}

const giveText = (
  state: State,
  key: string,
  type: "text" | "reasoning",
  id: string,
  text: string,
  own: PartMetadata
): Step => {
  const [started, start] = PartStream.start(state.blocks, type, key, id, asMetadata(own))
  const missing = text.slice(lengthOf(state, key))
  const [filled, delta] = missing === "" ? [started, none] : PartStream.delta(started, type, key, missing)
  const [blocks, end] = PartStream.end(filled, key, { metadata: asMetadata(own) })
  return [{ ...state, blocks }, [...start, ...delta, ...end]]
}

type PartMetadata = NonNullable<Placed["part"]["metadata"]> | undefined

// Parts type their metadata by provider; every value of it is JSON, which is what `Metadata` says.
const asMetadata = (own: PartMetadata): Metadata | undefined => own as Metadata | undefined

const giveCall = (
  state: State,
  place: string,
  part: Extract<PartStream.Part, { type: "tool-call" }>,
  text: string
): Step => {
  const open = state.blocks[place]
  const undeclared = open === undefined && part.providerExecuted === true
  if (undeclared) return [state, [part]]
  const [started, start] = PartStream.toolStart(state.blocks, place, {
    id: part.id,
    name: part.name,
    providerExecuted: part.providerExecuted === true
  })
  const before = open !== undefined && open.type === "tool" ? open.text : ""
  const missing = text.startsWith(before) ? text.slice(before.length) : ""
  const [filled, delta] = PartStream.toolDelta(started, place, missing)
  const [blocks, end] = PartStream.end(filled, place, { params: part.params, metadata: asMetadata(part.metadata) })
  return [{ ...state, blocks }, [...start, ...delta, ...end]]
}

/** The last event: what of the output did not come before, then the end. */
const ended = (context: Context, state: State, response: Json.JsonRecord): Step => {
  let step: Step = [state, none]
  for (const [index, item] of Json.list(response["output"]).entries()) {
    step = then(step, (next) => itemDone(context, next, String(index), Json.record(item)))
  }
  return then(step, (next) => {
    const [blocks, parts] = PartStream.endAll(next.blocks)
    return [{ ...next, blocks, finished: true }, [...parts, decodeFinish(response, next.summary)]]
  })
}

/** A server that does not stream sends the whole answer as it is. */
const body = (context: Context, state: State, data: Json.JsonRecord): Step => {
  if (isFailed(data)) return [state, none, context.fail(data)]
  if (!isResponse(data)) return [state, none, notAResponse(context.origin, data)]
  return ended(context, state, data)
}

/** Gives out the first part with whatever event is the first. */
const begin = (context: Context, state: State, data: Json.JsonRecord): Step => [
  { ...state, begun: true },
  [decodeBegin(Json.isRecord(data["response"]) ? data["response"] : data, context.warnings)]
]

const step = (context: Context, state: State, event: JsonEvent): Step => {
  if (state.finished || event.event === EventStream.doneEvent) return [state, none]
  const data = Json.record(event.data)
  if (state.begun) return handle(context, state, event, data)
  if (isError(event, data)) return handle(context, state, event, data)
  return then(begin(context, state, data), (begun) => handle(context, begun, event, data))
}

/** Whether an event ends the stream with an error, before which no part is given out. */
const isError = (event: JsonEvent, data: Json.JsonRecord): boolean =>
  data["type"] === "error" || data["type"] === "response.failed" || event.event === "error" ||
  (event.event === EventStream.bodyEvent && !isResponse(data))

const handle = (context: Context, state: State, event: JsonEvent, data: Json.JsonRecord): Step => {
  if (event.event === EventStream.bodyEvent) return body(context, state, data)
  switch (Json.string(data["type"]) ?? event.event) {
    case "response.output_text.delta":
    case "response.refusal.delta":
      return textDelta(state, data)
    case "response.reasoning_summary_text.delta":
      return reasoningDelta(state, data, "s")
    case "response.reasoning_text.delta":
      return reasoningDelta(state, data, "r")
    case "response.function_call_arguments.delta":
    case "response.custom_tool_call_input.delta":
    case "response.mcp_call_arguments.delta":
      return argumentsDelta(state, data)
    case "response.code_interpreter_call_code.delta":
      return codeDelta(state, data)
    case "response.output_item.added":
      return itemAdded(context, state, data)
    case "response.content_part.added":
      return contentAdded(state, data)
    case "response.output_text.annotation.added":
      return annotationAdded(state, data)
    case "response.reasoning_summary_part.added":
      return summaryAdded(state, data)
    case "response.image_generation_call.partial_image":
      return partialImage(state, data)
    case "response.output_item.done":
      return itemDone(context, state, placeOf(data), Json.record(data["item"]))
    case "response.completed":
    case "response.incomplete":
    case "response.cancelled":
      return ended(context, state, Json.record(data["response"]))
    case "response.failed":
    case "error":
      return [state, none, context.fail(data)]
    default:
      // Steps of the vendor's own work, repetitions of what came in pieces, and events nobody has heard of yet.
      return [state, none]
  }
}

/** The decoder of one stream. */
export const decoder = (context: Context): PartStream.Decoder<State> => ({
  initial,
  step: (state, event) => step(context, state, event),
  halt: (state) =>
    state.finished ? [none] : [
      none,
      ProviderError.make(context.origin, "StreamInterrupted", {
        description: "The stream ended before response.completed"
      })
    ]
})
