/** Decode: the events of a stream → parts. */
import * as EventStream from "@llm-layers/core/EventStream"
import * as Json from "@llm-layers/core/Json"
import * as Metadata from "@llm-layers/core/Metadata"
import * as PartCollector from "@llm-layers/core/PartCollector"
import * as PartStream from "@llm-layers/core/PartStream"
import * as ProviderError from "@llm-layers/core/ProviderError"
import * as Warning from "@llm-layers/core/Warning"
import type * as AiError from "effect/ai/AiError"
import { decodeBlock, endBlock, sourcesOf } from "./blocks.ts"
import { decodeHour, decodeStopReason, decodeUsage, mergeUsage, withoutNulls } from "./finish.ts"
import { type Change, type DecodeContext, initial, type OpenBlock, type State } from "./state.ts"

type Step = readonly [State, ReadonlyArray<PartStream.Part>, AiError.AiError?]

const nothing: ReadonlyArray<PartStream.Part> = []

/** A message may come with content: blocks that were made before the stream began. */
const onMessageStart = (context: DecodeContext, state: State, data: Json.JsonRecord): Step => {
  const { content, usage, ...message } = Json.record(data["message"])
  const counts = Json.record(usage)
  const id = Json.string(message["id"])
  const modelId = Json.string(message["model"])
  const head: PartStream.Part = {
    type: "response-metadata",
    ...(id === undefined ? undefined : { id }),
    ...(modelId === undefined ? undefined : { modelId }),
    metadata: Metadata.merge(
      Metadata.make("anthropic", { requestId: context.requestId }),
      usage === undefined ? undefined : PartCollector.earlyUsage(decodeUsage(counts)),
      Warning.metadata(context.warnings)
    )
  }
  let next: State = { ...state, started: true, id, message, usage: counts }
  const parts: Array<PartStream.Part> = [head]
  for (const [index, block] of Json.list(content).entries()) {
    const [opened, first] = onBlockStart(context, next, { index: `message-${index}`, content_block: block })
    const [ended, rest] = onBlockStop(context, opened, { index: `message-${index}` })
    next = ended
    parts.push(...first, ...rest)
  }
  return [next, parts]
}

const onBlockStart = (context: DecodeContext, state: State, data: Json.JsonRecord): Step => {
  const key = String(data["index"])
  return apply(state, key, decodeBlock(context, state, key, Json.record(data["content_block"])))
}

const apply = (state: State, key: string, change: Change): Step => [{
  ...state,
  blocks: change.blocks,
  open: change.open === undefined ? state.open : { ...state.open, [key]: change.open },
  calls: change.call === undefined ? state.calls : new Map([...state.calls, change.call]),
  sources: state.sources + (change.sources ?? 0),
  unknown: change.unknown === undefined ? state.unknown : [...state.unknown, change.unknown]
}, change.parts]

const onBlockDelta = (state: State, data: Json.JsonRecord): Step => {
  const key = String(data["index"])
  const delta = Json.record(data["delta"])
  const open = state.open[key]
  switch (delta["type"]) {
    case "text_delta":
      return give(state, PartStream.delta(state.blocks, "text", key, Json.string(delta["text"]) ?? ""))
    case "input_json_delta": {
      const text = Json.string(delta["partial_json"]) ?? ""
      return open?.type === "member" || open?.type === "undeclared"
        ? [withOpen(state, key, { ...open, input: open.input + text }), nothing]
        : give(state, PartStream.toolDelta(state.blocks, key, text))
    }
    case "thinking_delta":
      return give(state, PartStream.delta(state.blocks, "reasoning", key, Json.string(delta["thinking"]) ?? ""))
    default:
      return open === undefined ? [unknownTo(state, data), nothing] : onRareDelta(state, key, open, delta, data)
  }
}

const give = (
  state: State,
  [blocks, parts]: PartStream.Result
): Step => [blocks === state.blocks ? state : { ...state, blocks }, parts]

const withOpen = (state: State, key: string, open: OpenBlock): State => ({
  ...state,
  open: { ...state.open, [key]: open }
})

const onRareDelta = (
  state: State,
  key: string,
  open: OpenBlock,
  delta: Json.JsonRecord,
  data: Json.JsonRecord
): Step => {
  const update = (changed: Partial<OpenBlock>): State => withOpen(state, key, { ...open, ...changed })
  switch (delta["type"]) {
    case "signature_delta":
      return [update({ signature: Json.string(delta["signature"]) }), nothing]
    case "citations_delta": {
      const cited = update({ citations: [...open.citations, delta["citation"]] })
      const sources = sourcesOf(state, [delta["citation"]])
      return [{ ...cited, sources: state.sources + sources.length }, sources]
    }
    // Its content comes in one piece: `BetaCompactionContentBlockDelta`.
    case "compaction_delta": {
      const { type: _, ...rest } = delta
      return [update({ block: { ...open.block, ...rest } }), nothing]
    }
    default:
      return open.type === "other"
        ? [update({ deltas: [...open.deltas, delta] }), nothing]
        : [unknownTo(state, data), nothing]
  }
}

const onBlockStop = (context: DecodeContext, state: State, data: Json.JsonRecord): Step => {
  const key = String(data["index"])
  const open = state.open[key]
  if (open === undefined) return [unknownTo(state, data), nothing]
  const { [key]: _, ...rest } = state.open
  return apply({ ...state, open: rest }, key, endBlock(context, state, key, open))
}

const unknownTo = (state: State, data: unknown): State => ({ ...state, unknown: [...state.unknown, data] })

const onMessageDelta = (state: State, data: Json.JsonRecord): Step => {
  const { type: _, delta, usage, ...rest } = data
  return [{
    ...state,
    message: { ...state.message, ...withoutNulls(rest), ...withoutNulls(Json.record(delta)) },
    usage: mergeUsage(state.usage, usage)
  }, nothing]
}

const onMessageStop = (context: DecodeContext, state: State): Step => {
  const parts: Array<PartStream.Part> = []
  let ended = state
  for (const index of Object.keys(state.open)) {
    const [next, given] = onBlockStop(context, ended, { index })
    ended = next
    parts.push(...given)
  }
  return [{ ...ended, finished: true }, [...parts, finishOf(ended)]]
}

/** Members of a message that have a place of their own, or say nothing. */
const known = new Set([
  "id",
  "type",
  "role",
  "model",
  "stop_reason",
  "stop_sequence",
  "stop_details",
  "container",
  "context_management"
])

const finishOf = (state: State): PartStream.Part => {
  const message = withoutNulls(state.message)
  const more = Object.fromEntries(Object.entries(message).filter(([name]) => !known.has(name)))
  return {
    type: "finish",
    reason: decodeStopReason(message["stop_reason"]),
    usage: decodeUsage(state.usage),
    response: undefined,
    metadata: Metadata.merge(
      Metadata.make("anthropic", {
        stopReason: message["stop_reason"],
        stopSequence: message["stop_sequence"],
        stopDetails: message["stop_details"],
        container: message["container"],
        contextManagement: message["context_management"],
        usage: state.usage,
        more: Object.keys(more).length === 0 ? undefined : more,
        unknown: state.unknown.length === 0 ? undefined : state.unknown
      }),
      decodeHour(state.usage)
    )
  }
}

/** A whole message, where a server answers a wish for a stream with plain JSON. */
const onBody = (context: DecodeContext, state: State, data: Json.JsonRecord): Step => {
  if (data["type"] === "error") return [state, nothing, context.eventError(data)]
  // Some servers that speak the dialect say `null` of a message without content.
  if (!Array.isArray(data["content"]) && data["content"] !== null) return [unknownTo(state, data), nothing]
  const [begun, first] = onMessageStart(context, state, { message: data })
  const [ended, last] = onMessageStop(context, begun)
  return [ended, [...first, ...last]]
}

/** What comes after the last event is no part of the answer. */
export const step = (context: DecodeContext) => (state: State, event: EventStream.JsonEvent): Step => {
  if (state.finished) return [state, nothing]
  const data = Json.record(event.data)
  if (event.event === EventStream.bodyEvent) return onBody(context, state, data)
  switch (data["type"]) {
    case "content_block_delta":
      // One of a kind nobody has heard of begins no answer.
      return state.started || !isContent(data)
        ? onBlockDelta(state, data)
        : begin(context, state, (begun) => onBlockDelta(begun, data))
    case "message_start":
      return state.started ? [unknownTo(state, data), nothing] : onMessageStart(context, state, data)
    case "content_block_start":
      return begin(context, state, (begun) => onBlockStart(context, begun, data))
    case "content_block_stop":
      return onBlockStop(context, state, data)
    case "message_delta":
      return onMessageDelta(state, data)
    case "message_stop":
      return begin(context, state, (begun) => onMessageStop(context, begun))
    case "error":
      return [state, nothing, context.eventError(data)]
    case "ping":
      return [state, nothing]
    default:
      return event.event === EventStream.doneEvent ? [state, nothing] : [unknownTo(state, data), nothing]
  }
}

const isContent = (data: Json.JsonRecord): boolean =>
  ["text_delta", "thinking_delta", "input_json_delta"].includes(Json.string(Json.record(data["delta"])["type"]) ?? "")

/** The first part of an answer is its metadata, even where its event is missing. */
const begin = (context: DecodeContext, state: State, next: (begun: State) => Step): Step => {
  if (state.started) return next(state)
  const [begun, first] = onMessageStart(context, state, {})
  const [after, parts, error] = next(begun)
  return error === undefined ? [after, [...first, ...parts]] : [after, [...first, ...parts], error]
}

export const halt =
  (context: DecodeContext) => (state: State): readonly [ReadonlyArray<PartStream.Part>, AiError.AiError?] => {
    if (state.finished) return [nothing]
    return [
      nothing,
      !state.started && !context.isEventStream
        ? ProviderError.make(context.origin, "InvalidResponse", {
          description: "The answer is empty, not JSON, or was cut short"
        })
        : ProviderError.endedBefore(context.origin, "`message_stop`")
    ]
  }

export const decoder = (context: DecodeContext): PartStream.Decoder<State> => ({
  initial,
  step: step(context),
  halt: halt(context)
})
