import type * as Response from "effect/ai/Response"
import { at, type Json, listAt, numberAt, objectAt, parseJson, stringAt } from "../json.ts"
import type { RecordedExchange } from "../record.ts"
import { readServerSentEvents } from "../sse.ts"
import { readBlock } from "./anthropic-blocks.ts"
import { readAnthropicError, readErrorObject } from "./anthropic-errors.ts"
import { type AnswerExpectation, brokenAnswer, type Expectation, type ExpectedUsage } from "./Expectation.ts"
import { keptLeaves } from "./kept.ts"
import { readToolArguments } from "./tool-arguments.ts"

/**
 * Messages. A stream is folded into the message it would have been, and read as that; it ends at its `message_stop`.
 *
 * - `input_tokens` leaves out what was read from or written to the cache: the three add up to the total. The numbers of
 *   `message_delta` are totals so far and replace those of `message_start`.
 * - `end_turn` and `stop_sequence` are `stop`, `max_tokens` and `model_context_window_exceeded` are `length`, `tool_use` is
 *   `tool-calls`, `pause_turn` (and a stop after compaction) is `pause`, `refusal` is `content-filter`.
 */
export const readMessages = (exchange: RecordedExchange): Expectation => {
  const { response } = exchange
  if (response.status >= 400) return readAnthropicError(response)
  const whole = parseJson(response.body)
  if (whole !== undefined) {
    if (stringAt(whole, "type") === "error") return readErrorObject(at(whole, "error"))
    return at(whole, "content") === undefined ? brokenAnswer : readMessage(whole, new Map())
  }
  return exchange.stream ? readStream(response.body) : brokenAnswer
}

const finishReasonsOf = (native: string | undefined): ReadonlyArray<Response.FinishReason> => {
  switch (native) {
    case "end_turn":
    case "stop_sequence":
      return ["stop"]
    case "max_tokens":
    case "model_context_window_exceeded":
      return ["length"]
    case "tool_use":
      return ["tool-calls"]
    case "pause_turn":
    case "compaction":
      return ["pause"]
    case "refusal":
      return ["content-filter"]
    default:
      return ["other", "unknown"]
  }
}

const readUsage = (usage: Json | undefined): ExpectedUsage => {
  const inputUncached = numberAt(usage, "input_tokens")
  const cacheRead = numberAt(usage, "cache_read_input_tokens")
  const cacheWrite = numberAt(usage, "cache_creation_input_tokens")
  return {
    inputTotal: inputUncached === undefined ? undefined : inputUncached + (cacheRead ?? 0) + (cacheWrite ?? 0),
    inputUncached,
    cacheRead,
    cacheWrite,
    outputTotal: numberAt(usage, "output_tokens"),
    reasoning: numberAt(usage, "output_tokens_details", "thinking_tokens")
  }
}

/** `broken` has the input of the tool calls whose JSON never became whole, by their id. */
const readMessage = (message: Json, broken: ReadonlyMap<string, string>): AnswerExpectation => {
  const blocks = listAt(message, "content")
  const readings = blocks.map(readBlock)
  const results = new Set(blocks.map((block) => stringAt(block, "tool_use_id")))
  return {
    kind: "answer",
    text: readings.map((reading) => reading.text ?? "").join(""),
    reasoning: readings.map((reading) => reading.reasoning ?? "").join(""),
    toolCalls: readings.flatMap((reading) => reading.toolCalls ?? []).map((call) => {
      const text = broken.get(call.id ?? "")
      return text === undefined ? call : { ...call, arguments: { kind: "broken", text } }
    }),
    hosted: readings.flatMap((reading) => reading.hosted ?? []).map((call) => ({
      ...call,
      hasResult: call.ids.some((id) => results.has(id))
    })),
    finishReasons: finishReasonsOf(stringAt(message, "stop_reason")),
    usage: readUsage(at(message, "usage")),
    sources: readings.flatMap((reading) => reading.sources ?? []),
    files: [],
    responseId: stringAt(message, "id"),
    model: stringAt(message, "model"),
    kept: [
      ...readings.flatMap((reading) => reading.kept ?? []),
      // A later turn asks for the same container by its id.
      ...keptLeaves("container.id", at(message, "container", "id"))
    ]
  }
}

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
    ...(grown.input.trim() === "" || input.kind !== "json" ? {} : { input: input.value })
  }
}

/** Later numbers replace earlier ones; what a later event leaves out or gives as null stays. */
const mergeUsage = (earlier: Json | undefined, later: Json | undefined): Json => ({
  ...objectAt(earlier),
  ...Object.fromEntries(Object.entries(objectAt(later)).filter(([, value]) => value !== null))
})

const readStream = (body: string): Expectation => {
  let message: Record<string, Json> | undefined
  const blocks = new Map<number, Growing>()
  for (const { json } of readServerSentEvents(body)) {
    const index = numberAt(json, "index") ?? 0
    switch (stringAt(json, "type")) {
      case "error":
        return readErrorObject(at(json, "error"))
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
        message = { ...message, ...objectAt(json, "delta"), usage: mergeUsage(message?.["usage"], at(json, "usage")) }
        break
      case "message_stop":
        return message === undefined ? brokenAnswer : readEnd(message, blocks)
    }
  }
  return brokenAnswer
}

const readEnd = (message: Record<string, Json>, blocks: ReadonlyMap<number, Growing>): AnswerExpectation => {
  const broken = new Map<string, string>()
  for (const block of blocks.values()) {
    const id = stringAt(block.start, "id")
    if (id !== undefined && readToolArguments(block.input).kind === "broken") broken.set(id, block.input)
  }
  return readMessage(
    { ...message, content: [...listAt(message, "content"), ...[...blocks.values()].map(blockOf)] },
    broken
  )
}
