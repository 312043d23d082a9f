import type * as Response from "effect/ai/Response"
import { at, type Json, listAt, numberAt, objectAt, parseJson, stringAt } from "../json.ts"
import type { RecordedExchange } from "../record.ts"
import { readServerSentEvents } from "../sse.ts"
import { type AnswerExpectation, brokenAnswer, type Expectation } from "./Expectation.ts"
import { readErrorObject, readOpenAiError } from "./openai-errors.ts"
import { type ItemReading, readItem } from "./openai-responses-items.ts"
import { readResponsesUsage } from "./openai-usage.ts"

/**
 * Responses. A stream is folded into the output items it delivered (as `response.output_item.done` gives them, else from
 * their deltas) and the response of its last event, and read as a whole answer.
 *
 * - A refusal reaches the caller as text, and the finish reason is `content-filter`.
 * - An answer that leaves a call to the caller finishes `tool-calls`; `incomplete` is `length` or `content-filter`.
 * - Whether a call of a vendor's own tool that runs with the caller (a local shell, an approval) makes it `tool-calls`
 *   depends on whether that tool was declared: both readings are right.
 * - `failed` and an `error` event are errors by their code, also in a stream that began with 200.
 */
export const readResponses = (exchange: RecordedExchange): Expectation => {
  const { response } = exchange
  if (response.status >= 400) return readOpenAiError(response)
  const whole = parseJson(response.body)
  if (whole !== undefined) {
    return at(whole, "output") === undefined && stringAt(whole, "status") === undefined
      ? (Object.keys(objectAt(whole, "error")).length > 0 ? readErrorObject(at(whole, "error")) : brokenAnswer)
      : readResponse(whole, listAt(whole, "output"))
  }
  return exchange.stream ? readStream(response.body) : brokenAnswer
}

const finishReasonsOf = (
  response: Json,
  readings: ReadonlyArray<ItemReading>
): ReadonlyArray<Response.FinishReason> => {
  if (stringAt(response, "status") === "incomplete") {
    switch (stringAt(response, "incomplete_details", "reason")) {
      case "max_output_tokens":
      case "max_tokens":
        return ["length"]
      case "content_filter":
        return ["content-filter"]
      default:
        return ["length", "other", "unknown"]
    }
  }
  if (stringAt(response, "status") === "cancelled") return ["error", "other"]
  if (["queued", "in_progress"].includes(stringAt(response, "status") ?? "")) return ["pause", "other", "unknown"]
  if (readings.some((reading) => reading.refused)) return ["content-filter"]
  if (readings.some((reading) => (reading.toolCalls ?? []).length > 0)) return ["tool-calls"]
  const leftToCaller = readings.some((reading) => (reading.hosted ?? []).some((call) => call.ranAt === "caller"))
  return leftToCaller ? ["tool-calls", "stop"] : ["stop"]
}

const readResponse = (response: Json, items: ReadonlyArray<Json>): Expectation => {
  if (stringAt(response, "status") === "failed") return readErrorObject(at(response, "error"))
  const readings = items.map(readItem)
  const answer: AnswerExpectation = {
    kind: "answer",
    text: readings.map((reading) => reading.text ?? "").join(""),
    reasoning: readings.map((reading) => reading.reasoning ?? "").join(""),
    toolCalls: readings.flatMap((reading) => reading.toolCalls ?? []),
    hosted: readings.flatMap((reading) => reading.hosted ?? []),
    finishReasons: finishReasonsOf(response, readings),
    usage: readResponsesUsage(at(response, "usage")),
    sources: readings.flatMap((reading) => reading.sources ?? []),
    files: [],
    responseId: stringAt(response, "id"),
    model: stringAt(response, "model"),
    kept: readings.flatMap((reading) => reading.kept ?? [])
  }
  return answer
}

const endings = new Set(["response.completed", "response.incomplete", "response.failed", "response.cancelled"])

/** Items under way: as announced, with the text and arguments that came for them. */
interface Unfinished {
  readonly item: Json
  text: string
  arguments: string
}

const itemFrom = ({ item, ...deltas }: Unfinished): Json => ({
  ...objectAt(item),
  ...(deltas.text === "" ? {} : { content: [{ type: "output_text", text: deltas.text }] }),
  ...(deltas.arguments === "" ? {} : { arguments: deltas.arguments })
})

const readStream = (body: string): Expectation => {
  const begun = new Map<number, Unfinished>()
  const done = new Map<number, Json>()
  for (const { data, json } of readServerSentEvents(body)) {
    if (data === "[DONE]") continue
    if (json === undefined) return brokenAnswer
    const type = stringAt(json, "type") ?? ""
    const index = numberAt(json, "output_index") ?? 0
    const unfinished = begun.get(index)
    if (type === "error") return readErrorObject(at(json, "error") ?? { ...objectAt(json), type: null })
    else if (type === "response.output_item.added") {
      begun.set(index, { item: at(json, "item") ?? null, text: "", arguments: "" })
    } else if (type === "response.output_item.done") done.set(index, at(json, "item") ?? null)
    else if (type === "response.output_text.delta" && unfinished) unfinished.text += stringAt(json, "delta") ?? ""
    else if (type === "response.function_call_arguments.delta" && unfinished) {
      unfinished.arguments += stringAt(json, "delta") ?? ""
    } else if (endings.has(type)) return readEnd(at(json, "response") ?? null, begun, done)
  }
  return brokenAnswer
}

const readEnd = (
  response: Json,
  begun: ReadonlyMap<number, Unfinished>,
  done: ReadonlyMap<number, Json>
): Expectation => {
  const items = new Map([...begun].map(([index, unfinished]) => [index, itemFrom(unfinished)]))
  for (const [index, item] of done) items.set(index, item)
  const delivered = [...items].toSorted(([left], [right]) => left - right).map(([, item]) => item)
  return readResponse(response, delivered.length > 0 ? delivered : listAt(response, "output"))
}
