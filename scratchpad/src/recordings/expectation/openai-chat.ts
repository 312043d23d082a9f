import type * as Response from "effect/ai/Response"
import { at, type Json, listAt, objectAt, parseJson, stringAt } from "../json.ts"
import type { RecordedExchange } from "../record.ts"
import {
  type AnswerExpectation,
  brokenAnswer,
  type Expectation,
  type ExpectedFile,
  type ExpectedToolCall,
  type Kept
} from "./Expectation.ts"
import { readAnnotation } from "./openai-annotations.ts"
import { contentOf, foldChatStream } from "./openai-chat-stream.ts"
import { readErrorObject, readOpenAiError } from "./openai-errors.ts"
import { readChatUsage } from "./openai-usage.ts"
import { readToolArguments } from "./tool-arguments.ts"

/**
 * Chat Completions. Only the first choice counts: `effect/ai` has one answer for one call. A stream is folded into the
 * message it would have been, and read as that.
 *
 * - A refusal reaches the caller as text, and the finish reason is `content-filter` whatever the vendor's says.
 * - A forced tool ends with the vendor's `stop`; both that and `tool-calls` are right.
 * - Spoken answers are a file, their transcript is text or kept in metadata.
 */
export const readChatCompletion = (exchange: RecordedExchange): Expectation => {
  const { response } = exchange
  if (response.status >= 400) return readOpenAiError(response)
  const body = parseJson(response.body) ?? (exchange.stream ? foldChatStream(response.body) : undefined)
  return body === undefined ? brokenAnswer : readWhole(body)
}

const readWhole = (body: Json): Expectation => {
  if (Object.keys(objectAt(body, "error")).length > 0) return readErrorObject(at(body, "error"))
  const choice = at(body, "choices", 0)
  if (choice === undefined) return brokenAnswer
  return readMessage(body, at(choice, "message"), stringAt(choice, "finish_reason"))
}

interface Call {
  id: string | undefined
  name: string
  arguments: string
}

const callsOf = (message: Json | undefined): ReadonlyArray<Call> => {
  const calls = listAt(message, "tool_calls").map((call): Call => ({
    id: stringAt(call, "id"),
    name: stringAt(call, "function", "name") ?? stringAt(call, "custom", "name") ?? "",
    arguments: stringAt(call, "function", "arguments") ?? stringAt(call, "custom", "input") ?? ""
  }))
  const legacy = at(message, "function_call")
  return stringAt(legacy, "name") === undefined ? calls : [...calls, {
    id: undefined,
    name: stringAt(legacy, "name") ?? "",
    arguments: stringAt(legacy, "arguments") ?? ""
  }]
}

const filesOf = (message: Json | undefined): ReadonlyArray<ExpectedFile> => {
  const base64 = stringAt(message, "audio", "data")
  return base64 === undefined || base64 === "" ? [] : [{ mediaType: "audio/", base64 }]
}

const finishReasonsOf = (
  native: string | undefined,
  refused: boolean,
  calls: ReadonlyArray<Call>
): ReadonlyArray<Response.FinishReason> => {
  if (refused) return ["content-filter"]
  switch (native) {
    case "stop":
      return calls.length > 0 ? ["stop", "tool-calls"] : ["stop"]
    case "length":
      return ["length"]
    case "tool_calls":
    case "function_call":
      return ["tool-calls"]
    case "content_filter":
      return ["content-filter"]
    default:
      return ["other", "unknown"]
  }
}

const readMessage = (body: Json, message: Json | undefined, finish: string | undefined): AnswerExpectation => {
  const calls = callsOf(message)
  const refusal = stringAt(message, "refusal") ?? ""
  const kept: Array<Kept> = []
  const transcript = stringAt(message, "audio", "transcript") ?? ""
  const audioId = stringAt(message, "audio", "id")
  if (transcript !== "") kept.push({ what: "audio.transcript", value: transcript })
  if (audioId !== undefined) kept.push({ what: "audio.id", value: audioId })
  return {
    kind: "answer",
    text: contentOf(message) + refusal,
    reasoning: stringAt(message, "reasoning_content") ?? stringAt(message, "reasoning") ?? "",
    toolCalls: calls.map((call): ExpectedToolCall => ({
      id: call.id,
      name: call.name,
      arguments: readToolArguments(call.arguments)
    })),
    hosted: [],
    finishReasons: finishReasonsOf(finish, refusal !== "", calls),
    usage: readChatUsage(at(body, "usage")),
    sources: listAt(message, "annotations").flatMap(readAnnotation),
    files: filesOf(message),
    responseId: stringAt(body, "id"),
    model: stringAt(body, "model"),
    kept
  }
}
