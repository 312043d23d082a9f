import type * as Response from "effect/ai/Response"
import { at, type Json, listAt, numberAt, parseJson, stringAt } from "../json.ts"
import type { Form } from "../lost.ts"
import type { RecordedExchange } from "../record.ts"
import { readBlock } from "./anthropic-blocks.ts"
import { readAnthropicError, readErrorObject } from "./anthropic-errors.ts"
import { foldMessageStream } from "./anthropic-stream.ts"
import { type AnswerExpectation, brokenAnswer, type Expectation, type ExpectedUsage } from "./Expectation.ts"

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
  const message = parseJson(response.body) ?? (exchange.stream ? foldMessageStream(response.body) : undefined)
  if (stringAt(message, "type") === "error") return readErrorObject(at(message, "error"))
  return message === undefined || at(message, "content") === undefined ? brokenAnswer : readMessage(message)
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

/** What of a message is told in another form, or says nothing. */
export const messageForm: Form = {
  spared: [
    {
      where: /^(?:type|role|content\[\]\.type)$/,
      why: "names of the vendor's kinds, which are kinds of parts"
    }
  ],
  takenApart: [
    { where: /^(?:content(?:\[\])?)?$/, why: "blocks are parts" },
    { where: /^content\[\]\.input$/, why: "the name of a toolset's member is among its arguments" },
    { where: /^events(?:\[\])?$/, why: "events have no place in a message" }
  ]
}

/** Results say of themselves that they are failures, or hold an error in place of one. */
const failedIn = (block: Json): boolean =>
  at(block, "is_error") === true || (stringAt(block, "content", "type") ?? "").endsWith("_error")

const readMessage = (message: Json): AnswerExpectation => {
  const blocks = listAt(message, "content")
  const readings = blocks.map(readBlock)
  const results = new Map(blocks.map((block) => [stringAt(block, "tool_use_id") ?? "", block]))
  return {
    kind: "answer",
    text: readings.map((reading) => reading.text ?? "").join(""),
    reasoning: readings.map((reading) => reading.reasoning ?? "").join(""),
    toolCalls: readings.flatMap((reading) => reading.toolCalls ?? []),
    hosted: readings.flatMap((reading) => reading.hosted ?? []).map((call) => {
      const result = call.ids.map((id) => results.get(id)).find((one) => one !== undefined)
      return result === undefined
        ? call
        : { ...call, hasResult: true, failed: failedIn(result), output: at(result, "content") ?? null }
    }),
    order: readings.flatMap((reading) => reading.steps ?? []),
    finishReasons: finishReasonsOf(stringAt(message, "stop_reason")),
    usage: readUsage(at(message, "usage")),
    sources: readings.flatMap((reading) => reading.sources ?? []),
    files: [],
    responseId: stringAt(message, "id"),
    model: stringAt(message, "model"),
    createdAt: undefined,
    whole: message
  }
}
