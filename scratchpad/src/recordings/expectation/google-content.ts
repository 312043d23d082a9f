import type * as Response from "effect/ai/Response"
import { at, type Json, listAt, numberAt, objectAt, stringAt } from "../json.ts"
import type { Form } from "../lost.ts"
import type { RecordedExchange } from "../record.ts"
import {
  type AnswerExpectation,
  brokenAnswer,
  type ErrorExpectation,
  type Expectation,
  type ExpectedUsage,
  type HostedCall
} from "./Expectation.ts"
import { readErrorObject, readGoogleError } from "./google-errors.ts"
import { type PartReading, readPart, readSources } from "./google-parts.ts"
import { foldChunks } from "./google-stream.ts"

/**
 * `generateContent`. A stream is folded into the answer it would have been, and read as that; it ends at the chunk that has
 * a `finishReason`.
 *
 * - `promptTokenCount` has the tokens of the cache in it and leaves out those that Google's own tools brought in;
 *   `candidatesTokenCount` leaves out thoughts. All of them add up to `totalTokenCount`.
 * - `STOP` is `stop`, or `tool-calls` where a tool of the program was called; reasons of safety are `content-filter`.
 * - A prompt that was blocked has no candidates and is an error.
 */
export const readContent = (exchange: RecordedExchange): Expectation => {
  const { response } = exchange
  if (response.status >= 400) return readGoogleError(response)
  const answer = foldChunks(response.body, exchange.stream)
  const error = at(answer, "error")
  if (error !== undefined) return readErrorObject(error)
  const blocked = stringAt(answer, "promptFeedback", "blockReason")
  const candidate = at(answer, "candidates", 0)
  if (candidate === undefined) return blocked === undefined ? brokenAnswer : blockedPrompt(blocked)
  return answer === undefined ? brokenAnswer : readAnswer(answer, candidate)
}

const blockedPrompt = (reason: string): ErrorExpectation => ({
  kind: "error",
  reasons: ["ContentPolicyError"],
  retryable: false,
  retryAfterMillis: undefined,
  said: [reason]
})

const finishReasonsOf = (native: string | undefined, called: boolean): ReadonlyArray<Response.FinishReason> => {
  switch (native) {
    case "STOP":
      return [called ? "tool-calls" : "stop"]
    case "MAX_TOKENS":
      return ["length"]
    case "SAFETY":
    case "RECITATION":
    case "LANGUAGE":
    case "BLOCKLIST":
    case "PROHIBITED_CONTENT":
    case "SPII":
    case "IMAGE_SAFETY":
    case "IMAGE_PROHIBITED_CONTENT":
    case "IMAGE_RECITATION":
      return ["content-filter"]
    case "MALFORMED_FUNCTION_CALL":
    case "UNEXPECTED_TOOL_CALL":
    case "TOO_MANY_TOOL_CALLS":
    case "MISSING_THOUGHT_SIGNATURE":
    case "MALFORMED_RESPONSE":
    case "NO_IMAGE":
      return ["error", "other"]
    case "CONTINUATION":
      return ["pause"]
    default:
      return ["other", "unknown"]
  }
}

const sum = (...counts: ReadonlyArray<number | undefined>): number | undefined =>
  counts.every((count) => count === undefined) ? undefined : counts.reduce<number>((all, one) => all + (one ?? 0), 0)

const readUsage = (usage: Json | undefined): ExpectedUsage => {
  const inputTotal = sum(numberAt(usage, "promptTokenCount"), numberAt(usage, "toolUsePromptTokenCount"))
  const cacheRead = numberAt(usage, "cachedContentTokenCount")
  const reasoning = numberAt(usage, "thoughtsTokenCount")
  return {
    inputTotal,
    inputUncached: inputTotal === undefined ? undefined : inputTotal - (cacheRead ?? 0),
    cacheRead,
    cacheWrite: undefined,
    outputTotal: sum(numberAt(usage, "candidatesTokenCount"), reasoning),
    reasoning
  }
}

/** What of an answer is told in another form, or says nothing. */
export const googleForm: Form = {
  spared: [
    { where: /^candidates\[\]\.(?:content\.role|index)$/, why: "there is one candidate, and the model speaks" },
    { where: /^candidates\[\]\.content\.parts\[\]\.thought$/, why: "reasoning is a kind of part" },
    { where: /^createTime$/, why: "the time of the answer, in another precision" }
  ],
  takenApart: [
    {
      where: /^(?:candidates(?:\[\](?:\.content(?:\.parts(?:\[\](?:\.(?:functionCall|inlineData))?)?)?)?)?)?$/,
      why: "parts are parts"
    }
  ]
}

const readAnswer = (answer: Json, candidate: Json): AnswerExpectation => {
  const readings = listAt(candidate, "content", "parts").map((part) => readPart(objectAt(part)))
  const toolCalls = readings.flatMap((reading) => reading.toolCall ?? [])
  return {
    kind: "answer",
    text: readings.map((reading) => reading.text ?? "").join(""),
    reasoning: readings.map((reading) => reading.reasoning ?? "").join(""),
    toolCalls,
    hosted: readHosted(readings),
    order: readings.flatMap((reading) => reading.steps),
    finishReasons: finishReasonsOf(stringAt(candidate, "finishReason"), toolCalls.length > 0),
    usage: readUsage(at(answer, "usageMetadata")),
    sources: readSources(candidate),
    files: readings.flatMap((reading) => reading.file ?? []),
    responseId: stringAt(answer, "responseId"),
    model: stringAt(answer, "modelVersion"),
    createdAt: undefined,
    whole: answer
  }
}

/** A result belongs to the call of its id or, without one, to the call before it. */
const readHosted = (readings: ReadonlyArray<PartReading>): ReadonlyArray<HostedCall> => {
  const calls: Array<HostedCall> = []
  for (const { hosted, result } of readings) {
    if (hosted !== undefined) calls.push(hosted)
    if (result === undefined) continue
    const at = calls.findLastIndex((call) => result.id === undefined ? !call.hasResult : call.ids.includes(result.id))
    const call = calls[at]
    if (call === undefined) continue
    calls[at] = {
      ...call,
      hasResult: true,
      output: result.output,
      ...(result.failed === undefined ? {} : { failed: result.failed })
    }
  }
  return calls
}
