/**
 * A streamed answer as parts: items that begin, pieces (`streamDeltas`), items that are done, the end → step → halt.
 *
 * Deltas are given out as they come. The end of an item repeats it whole, and what the deltas did not bring is given out
 * followedBy, so that a stream says what the plain answer would have said.
 */
import type { JsonEvent } from "@llm-layers/core/EventStream"
import * as EventStream from "@llm-layers/core/EventStream"
import * as Json from "@llm-layers/core/Json"
import type { Metadata } from "@llm-layers/core/Metadata"
import * as PartStream from "@llm-layers/core/PartStream"
import * as ProviderError from "@llm-layers/core/ProviderError"
import { nameOf } from "./calls.ts"
import { decodeBegin, decodeFinish } from "./finish.ts"
import { itemTypes, ranBy } from "./itemTable.ts"
import { decodeItem } from "./output.ts"
import type { Placed } from "./placed.ts"
import { type Context, isFailed, isResponse, notAResponse } from "./response.ts"
import {
  annotationAdded,
  argumentsDelta,
  codeDelta,
  contentAdded,
  otherEvent,
  partialImage,
  reasoningDelta,
  summaryAdded,
  textDelta
} from "./streamDeltas.ts"
import { followedBy, initial, lengthOf, none, placeOf, type State, type Step, withBlocks } from "./streamState.ts"

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

const itemDone = (context: Context, state: State, place: string, item: Json.JsonRecord): Step => {
  const id = Json.string(item["id"])
  if (state.done[place] || (id !== undefined && state.done[`id ${id}`])) return [state, none]
  const [placed, summary] = decodeItem(context.tools, item, state.summary)
  let step: Step = [{
    ...state,
    summary,
    done: { ...state.done, [place]: true, ...(id === undefined ? undefined : { [`id ${id}`]: true as const }) }
  }, none]
  for (const one of placed) step = followedBy(step, (next) => give(next, place, one))
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
      return state.sources[`${place}.${placed.at}`]?.includes(placed.annotation ?? 0) ? [state, none] : [state, [part]]
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
    step = followedBy(step, (next) => itemDone(context, next, String(index), Json.record(item)))
  }
  return followedBy(step, (next) => {
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

/** The first part, from whatever event is the first that says anything of the answer. */
const beginOf = (context: Context, data: Json.JsonRecord) =>
  decodeBegin(Json.isRecord(data["response"]) ? data["response"] : data, context.warnings)

/** Keep-alives and events nobody has heard of may come before the answer, and an error in place of it. */
const step = (context: Context, state: State, event: JsonEvent): Step => {
  if (state.finished || event.event === EventStream.doneEvent) return [state, none]
  const data = Json.record(event.data)
  const handled = handle(context, state, event, data)
  const [next, parts, error] = handled
  const silent = parts.length === 0 && !Json.isRecord(data["response"])
  if (state.begun || error !== undefined || silent) return handled
  return [{ ...next, begun: true }, [beginOf(context, data), ...parts]]
}

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
      return otherEvent(state, data)
  }
}

/** The decoder of one stream. */
export const decoder = (context: Context): PartStream.Decoder<State> => ({
  initial,
  step: (state, event) => step(context, state, event),
  halt: (state) =>
    state.finished ? [none] : [
      none,
      ProviderError.endedBefore(context.origin, "response.completed")
    ]
})
