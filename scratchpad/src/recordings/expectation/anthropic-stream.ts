import { at, type Json, type JsonObject, listAt, numberAt, objectAt, stringAt } from "../json.ts"
import { readServerSentEvents } from "../sse.ts"
import type { StreamForm } from "../truncate.ts"
import { readToolArguments } from "./tool-arguments.ts"

/** How streams of messages end. */
export const messageStreams: StreamForm = {
  isLast: ({ json, name }) => ["message_stop", "error"].includes(stringAt(json, "type") ?? name ?? ""),
  ending: `data: {"type":"message_stop"}\n\n`
}

/** A content block under way: as announced, with what its deltas added, and deltas nobody knows. */
interface Growing {
  readonly start: Json
  readonly deltas: Array<Json>
  text: string
  thinking: string
  signature: string
  input: string
  more: JsonObject
  readonly citations: Array<Json>
}

/** Whether the delta has a place in the block. */
const grow = (block: Growing, delta: Json | undefined): boolean => {
  switch (stringAt(delta, "type")) {
    case "text_delta":
      block.text += stringAt(delta, "text") ?? ""
      return true
    case "thinking_delta":
      block.thinking += stringAt(delta, "thinking") ?? ""
      return true
    case "signature_delta":
      block.signature += stringAt(delta, "signature") ?? ""
      return true
    case "input_json_delta":
      block.input += stringAt(delta, "partial_json") ?? ""
      return true
    case "compaction_delta": {
      const { type: _, ...members } = objectAt(delta)
      block.more = { ...block.more, ...members }
      return true
    }
    case "citations_delta":
      block.citations.push(at(delta, "citation") ?? null)
      return true
    default:
      return false
  }
}

/** Input that never became JSON stays the text it is. */
const blockOf = (grown: Growing): Json => {
  const start = objectAt(grown.start)
  const input = readToolArguments(grown.input)
  return {
    ...start,
    ...grown.more,
    ...(grown.text === "" ? {} : { text: (stringAt(start, "text") ?? "") + grown.text }),
    ...(grown.thinking === "" ? {} : { thinking: (stringAt(start, "thinking") ?? "") + grown.thinking }),
    ...(grown.signature === "" ? {} : { signature: grown.signature }),
    ...(grown.citations.length === 0 ? {} : { citations: [...listAt(start, "citations"), ...grown.citations] }),
    ...(grown.input.trim() === "" ? {} : { input: input.kind === "json" ? input.value : grown.input })
  }
}

/** Later values replace earlier ones; what a later event leaves out or gives as null stays. */
const merge = (earlier: Json | undefined, later: Json | undefined): JsonObject => ({
  ...objectAt(earlier),
  ...Object.fromEntries(Object.entries(objectAt(later)).filter(([, value]) => value !== null))
})

/** A `message_delta`: its members are the message's own, the counts are totals so far. */
const mergeDelta = (message: JsonObject, event: Json): JsonObject => {
  const { delta, type: _, usage, ...members } = objectAt(event)
  return { ...merge(merge(message, members), delta), usage: merge(message["usage"], usage) }
}

/** Blocks that are whole without deltas nobody knows. */
const known = new Set(["text", "thinking", "redacted_thinking", "tool_use", "server_tool_use", "mcp_tool_use"])

/** A block of an unknown kind cannot be put together from deltas nobody knows: it is an event, with them. */
const messageOf = (message: Json | undefined, blocks: ReadonlyArray<Growing>, events: ReadonlyArray<Json>): Json => {
  const isTorn = ({ deltas, start }: Growing) => deltas.length > 0 && !known.has(stringAt(start, "type") ?? "")
  const rest: ReadonlyArray<Json> = [
    ...events,
    ...blocks.flatMap((block): ReadonlyArray<Json> =>
      isTorn(block) ? [{ content_block: block.start, deltas: block.deltas }] : block.deltas
    )
  ]
  return {
    ...objectAt(message),
    content: [...listAt(message, "content"), ...blocks.filter((block) => !isTorn(block)).map(blockOf)],
    ...(rest.length === 0 ? {} : { events: rest })
  }
}

/**
 * The events of a stream, up to its `message_stop`, as the message they would have been, with events that have no place
 * in one as `events`; an `error` event as it came. Nothing where the stream ends before that.
 */
export const foldMessageStream = (body: string): Json | undefined => {
  let message: JsonObject | undefined
  const blocks = new Map<number, Growing>()
  const events: Array<Json> = []
  for (const { json, name } of readServerSentEvents(body)) {
    if (json === undefined) return undefined
    const index = numberAt(json, "index") ?? 0
    switch (stringAt(json, "type") ?? name) {
      case "error":
        return json
      case "ping":
        break
      case "message_start":
        if (message === undefined) message = objectAt(json, "message")
        else events.push(json)
        break
      case "content_block_start": {
        const start = at(json, "content_block") ?? null
        const nothing = { text: "", thinking: "", signature: "", input: "", more: {} }
        blocks.set(index, { start, ...nothing, citations: [], deltas: [] })
        break
      }
      case "content_block_delta": {
        const block = blocks.get(index)
        if (block === undefined) events.push(json)
        else if (!grow(block, at(json, "delta"))) block.deltas.push(at(json, "delta") ?? null)
        break
      }
      case "content_block_stop":
        break
      case "message_delta":
        message = mergeDelta(message ?? {}, json)
        break
      case "message_stop":
        return messageOf(message, [...blocks.values()], events)
      default:
        events.push(json)
    }
  }
  return undefined
}
