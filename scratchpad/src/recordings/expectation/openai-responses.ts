import type * as Response from "effect/ai/Response"
import { at, type Json, listAt, numberAt, objectAt, parseJson, stringAt } from "../json.ts"
import type { Form } from "../lost.ts"
import type { RecordedExchange } from "../record.ts"
import { type AnswerExpectation, brokenAnswer, type Expectation, type HostedCall } from "./Expectation.ts"
import { errorIn, readErrorObject, readOpenAiError } from "./openai-errors.ts"
import { type ItemReading, outputOf, readItem, resultItems } from "./openai-responses-items.ts"
import { foldResponseStream } from "./openai-responses-stream.ts"
import { readResponsesUsage } from "./openai-usage.ts"

/**
 * Responses. A stream is folded into the response it would have been, and read as that.
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
  const whole = parseJson(response.body) ?? (exchange.stream ? foldResponseStream(response.body) : undefined)
  if (whole === undefined) return brokenAnswer
  if (at(whole, "output") !== undefined || stringAt(whole, "status") !== undefined) return readResponse(whole)
  const error = errorIn(whole)
  return error === undefined ? brokenAnswer : readErrorObject(error)
}

/** Members of a response that repeat the request. */
const echo = [
  "background",
  "context_management",
  "frequency_penalty",
  "instructions",
  "max_output_tokens",
  "max_tool_calls",
  "metadata",
  "parallel_tool_calls",
  "presence_penalty",
  "previous_response_id",
  "prompt",
  "prompt_cache_key",
  "prompt_cache_options",
  "prompt_cache_retention",
  "reasoning",
  "safety_identifier",
  "store",
  "temperature",
  "text",
  "tool_choice",
  "tools",
  "top_logprobs",
  "top_p",
  "truncation",
  "user"
]

/** What of a response is told in another form, or says nothing. */
export const responseForm: Form = {
  spared: [
    { where: new RegExp(`^(?:${echo.join("|")})$`), why: "repeats the request" },
    { where: /^created_at$/, why: "compared as the time of the answer" },
    {
      where: /^object$|^output\[\]\.(?:type|role|(?:content|summary)\[\]\.type)$/,
      why: "names of the vendor's kinds, which are kinds of parts"
    },
    { where: /^output\[\]\.status$/, why: "an item that is not complete ends an answer that is not" }
  ],
  takenApart: [
    { where: /^(?:output(?:\[\])?)?$/, why: "items are parts" },
    {
      where: /^output\[\]\.(?:content|summary)(?:\[\](?:\.annotations)?)?$/,
      why: "texts and sources are parts"
    },
    { where: /^incomplete_details$/, why: "has the reason alone" },
    { where: /^rest(?:\[\])?$/, why: "events have no place in a response" }
  ]
}

const waitsForCaller = (call: HostedCall): boolean => call.ranAt === "caller" || call.type === "mcp_approval_request"

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
  const leftToCaller = readings.some((reading) => (reading.hosted ?? []).some(waitsForCaller))
  return leftToCaller ? ["tool-calls", "stop"] : ["stop"]
}

/** An item of its own may be the result of a call. */
const withResult = (call: HostedCall, items: ReadonlyArray<Json>): HostedCall => {
  const result = items.find((item) =>
    resultItems.has(stringAt(item, "type") ?? "") && call.ids.includes(stringAt(item, "call_id") ?? "")
  )
  return result === undefined ? call : { ...call, hasResult: true, output: outputOf(result) }
}

const readResponse = (response: Json): Expectation => {
  if (stringAt(response, "status") === "failed") return readErrorObject(at(response, "error"))
  // A message without content says nothing.
  const items = listAt(response, "output").filter((item) =>
    stringAt(item, "type") !== "message" || listAt(item, "content").length > 0
  )
  const readings = items.map(readItem)
  const answer: AnswerExpectation = {
    kind: "answer",
    text: readings.map((reading) => reading.text ?? "").join(""),
    reasoning: readings.map((reading) => reading.reasoning ?? "").join(""),
    toolCalls: readings.flatMap((reading) => reading.toolCalls ?? []),
    hosted: readings.flatMap((reading) => reading.hosted ?? []).map((call) => withResult(call, items)),
    order: readings.flatMap((reading) => reading.steps ?? []),
    finishReasons: finishReasonsOf(response, readings),
    usage: readResponsesUsage(at(response, "usage")),
    sources: readings.flatMap((reading) => reading.sources ?? []),
    files: [],
    responseId: stringAt(response, "id"),
    model: stringAt(response, "model"),
    createdAt: numberAt(response, "created_at") || undefined,
    whole: { ...objectAt(response), output: items }
  }
  return answer
}
