import { at, type Json, listAt, numberAt, objectAt, stringAt } from "../json.ts"
import { readServerSentEvents } from "../sse.ts"
import { readToolArguments } from "./tool-arguments.ts"

/** A content block under way: as announced, with what its deltas added. */
interface Growing {
  readonly start: Json
  text: string
  thinking: string
  signature: string
  input: string
  compaction: string
  readonly citations: Array<Json>
}

const grow = (block: Growing, delta: Json | undefined): void => {
  switch (stringAt(delta, "type")) {
    case "text_delta":
      block.text += stringAt(delta, "text") ?? ""
      break
    case "thinking_delta":
      block.thinking += stringAt(delta, "thinking") ?? ""
      break
    case "signature_delta":
      block.signature += stringAt(delta, "signature") ?? ""
      break
    case "input_json_delta":
      block.input += stringAt(delta, "partial_json") ?? ""
      break
    case "compaction_delta":
      block.compaction += stringAt(delta, "content") ?? ""
      break
    case "citations_delta":
      block.citations.push(at(delta, "citation") ?? null)
      break
  }
}

/** Input that never became JSON stays the text it is. */
const blockOf = (grown: Growing): Json => {
  const start = objectAt(grown.start)
  const input = readToolArguments(grown.input)
  return {
    ...start,
    ...(grown.text === "" ? {} : { text: (stringAt(start, "text") ?? "") + grown.text }),
    ...(grown.thinking === "" ? {} : { thinking: (stringAt(start, "thinking") ?? "") + grown.thinking }),
    ...(grown.signature === "" ? {} : { signature: grown.signature }),
    ...(grown.compaction === "" ? {} : { content: grown.compaction }),
    ...(grown.citations.length === 0 ? {} : { citations: [...listAt(start, "citations"), ...grown.citations] }),
    ...(grown.input.trim() === "" ? {} : { input: input.kind === "json" ? input.value : grown.input })
  }
}

/** Later numbers replace earlier ones; what a later event leaves out or gives as null stays. */
const mergeUsage = (earlier: Json | undefined, later: Json | undefined): Json => ({
  ...objectAt(earlier),
  ...Object.fromEntries(Object.entries(objectAt(later)).filter(([, value]) => value !== null))
})

/**
 * The events of a stream, up to its `message_stop`, as the message they would have been; an `error` event as it came.
 * Nothing where the stream ends before that.
 */
export const foldMessageStream = (body: string): Json | undefined => {
  let message: Record<string, Json> = {}
  const blocks = new Map<number, Growing>()
  for (const { json } of readServerSentEvents(body)) {
    const index = numberAt(json, "index") ?? 0
    switch (stringAt(json, "type")) {
      case "error":
        return json
      case "message_start":
        message = { ...objectAt(json, "message") }
        break
      case "content_block_start": {
        const start = at(json, "content_block") ?? null
        blocks.set(index, { start, text: "", thinking: "", signature: "", input: "", compaction: "", citations: [] })
        break
      }
      case "content_block_delta": {
        const block = blocks.get(index)
        if (block !== undefined) grow(block, at(json, "delta"))
        break
      }
      case "message_delta":
        message = { ...message, ...objectAt(json, "delta"), usage: mergeUsage(message["usage"], at(json, "usage")) }
        break
      case "message_stop":
        return { ...message, content: [...listAt(message, "content"), ...[...blocks.values()].map(blockOf)] }
    }
  }
  return undefined
}
