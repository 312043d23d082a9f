import type * as Response from "effect/ai/Response"
import { at, type Json, listAt, numberAt, objectAt, parseJson, stringAt } from "../json.ts"
import type { Form } from "../lost.ts"
import type { RecordedExchange } from "../record.ts"
import {
  type AnswerExpectation,
  brokenAnswer,
  type Expectation,
  type ExpectedFile,
  type ExpectedToolCall,
  type Step
} from "./Expectation.ts"
import { readAnnotation } from "./openai-annotations.ts"
import { contentOf, foldChatStream } from "./openai-chat-stream.ts"
import { errorIn, readErrorObject, readOpenAiError } from "./openai-errors.ts"
import { readChatUsage } from "./openai-usage.ts"
import { readToolArguments } from "./tool-arguments.ts"

/**
 * Chat Completions. Only the first choice counts: `effect/ai` has one answer for one call. A stream is folded into the
 * message it would have been, and read as that.
 *
 * - A refusal reaches the caller as text, and the finish reason is `content-filter` where the vendor's is `stop`.
 * - A forced tool ends with the vendor's `stop`; both that and `tool-calls` are right.
 * - Spoken answers are a file, their transcript is text or kept in metadata.
 */
export const readChatCompletion = (exchange: RecordedExchange): Expectation => {
  const { response } = exchange
  if (response.status >= 400) return readOpenAiError(response)
  const body = parseJson(response.body) ?? (exchange.stream ? foldChatStream(response.body) : undefined)
  return body === undefined ? brokenAnswer : readWhole(body)
}

/** What of a completion is told in another form, or says nothing. */
export const chatForm: Form = {
  spared: [
    {
      where: /^object$|^choices\[\]\.message\.(?:role$|(?:content|annotations|tool_calls)\[\]\.type$)/,
      why: "names of the vendor's kinds, which are kinds of parts"
    },
    { where: /^choices\[\](?:\.message\.tool_calls\[\])?\.index$/, why: "places in lists, which are in order" },
    { where: /^created$/, why: "compared as the time of the answer" },
    { where: /^obfuscation$/, why: "padding against listening in" }
  ],
  takenApart: [
    { where: /^(?:choices(?:\[\](?:\.message)?)?)?$/, why: "one choice is the answer" },
    {
      where:
        /^choices\[\]\.message\.(?:content|annotations|tool_calls|function_call|audio)(?:\[\](?:\.function|\.custom)?)?$/,
      why: "texts, sources, calls and files are parts"
    },
    { where: /^rest(?:\[\].*)?$/, why: "what came in pieces is put together" }
  ]
}

const readWhole = (body: Json): Expectation => {
  const error = errorIn(body)
  if (error !== undefined) return readErrorObject(error)
  const choice = listAt(body, "choices").find((one) => (numberAt(one, "index") ?? 0) === 0) ?? at(body, "choices", 0)
  return choice === undefined ? brokenAnswer : readMessage(body, choice)
}

interface Call {
  id: string | undefined
  name: string
  arguments: string
  custom: boolean
}

const callsOf = (message: Json | undefined): ReadonlyArray<Call> => {
  const calls = listAt(message, "tool_calls").map((call): Call => ({
    id: stringAt(call, "id"),
    name: stringAt(call, "function", "name") ?? stringAt(call, "custom", "name") ?? "",
    arguments: stringAt(call, "function", "arguments") ?? stringAt(call, "custom", "input") ?? "",
    custom: at(call, "custom") !== undefined
  }))
  const legacy = at(message, "function_call")
  return stringAt(legacy, "name") === undefined ? calls : [...calls, {
    id: undefined,
    name: stringAt(legacy, "name") ?? "",
    arguments: stringAt(legacy, "arguments") ?? "",
    custom: false
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
  if (refused && (native === "stop" || native === undefined)) return ["content-filter"]
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
    case undefined:
      return calls.length > 0 ? ["tool-calls", "unknown", "other"] : ["other", "unknown"]
    default:
      return ["other", "unknown"]
  }
}

const stepOf = ({ id }: Call): ReadonlyArray<Step> => id === undefined || id === "" ? [] : [{ kind: "call", ids: [id] }]

const refusalOf = (message: Json | undefined): string =>
  (stringAt(message, "refusal") ?? "")
  + listAt(message, "content").map((part) => stringAt(part, "refusal") ?? "").join("")

const readMessage = (body: Json, choice: Json): AnswerExpectation => {
  const message = at(choice, "message")
  const calls = callsOf(message)
  const refusal = refusalOf(message)
  const spoken = stringAt(message, "audio", "transcript")
  const text = contentOf(message) + refusal
  const reasoning = stringAt(message, "reasoning_content") ?? stringAt(message, "reasoning") ?? ""
  return {
    kind: "answer",
    text,
    ...(spoken === undefined ? {} : { spoken }),
    reasoning,
    toolCalls: calls.map((call): ExpectedToolCall => ({
      id: call.id === "" ? undefined : call.id,
      name: call.name,
      arguments: call.custom ? { kind: "text", text: call.arguments } : readToolArguments(call.arguments)
    })),
    hosted: [],
    // Reasoning of a stream may come between the words.
    order: reasoning === "" && spoken === undefined ? [{ kind: "text", text }, ...calls.flatMap(stepOf)] : undefined,
    finishReasons: finishReasonsOf(stringAt(choice, "finish_reason"), refusal !== "", calls),
    usage: readChatUsage(at(body, "usage")),
    sources: listAt(message, "annotations").flatMap(readAnnotation),
    files: filesOf(message),
    responseId: stringAt(body, "id"),
    model: stringAt(body, "model"),
    createdAt: numberAt(body, "created") || undefined,
    whole: { ...objectAt(body) }
  }
}
