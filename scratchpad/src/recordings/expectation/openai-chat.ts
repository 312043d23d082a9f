import type * as Response from "effect/ai/Response"
import { at, type Json, listAt, numberAt, objectAt, parseJson, stringAt } from "../json.ts"
import type { RecordedExchange } from "../record.ts"
import { readServerSentEvents } from "../sse.ts"
import {
  type AnswerExpectation,
  brokenAnswer,
  type Expectation,
  type ExpectedFile,
  type ExpectedToolCall,
  type Kept
} from "./Expectation.ts"
import { readAnnotation } from "./openai-annotations.ts"
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
  const whole = parseJson(response.body)
  if (whole !== undefined) return readWhole(whole)
  return exchange.stream ? readStream(response.body) : brokenAnswer
}

const readWhole = (body: Json): Expectation => {
  if (at(body, "error") !== undefined && at(body, "error") !== null) return readErrorObject(at(body, "error"))
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

const contentOf = (message: Json | undefined): string =>
  stringAt(message, "content") ?? listAt(message, "content").map((part) => stringAt(part, "text") ?? "").join("")

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

/** What a stream has said so far, in the shape of a whole answer. */
interface Folded {
  id: string | undefined
  model: string | undefined
  usage: Json | undefined
  finish: string | undefined
  ended: boolean
  content: string
  refusal: string
  reasoning: string
  readonly audio: { id?: string; readonly data: Array<string>; transcript: string }
  readonly calls: Map<number, { id?: string; name: string; arguments: string }>
  legacy: { name: string; arguments: string } | undefined
  readonly annotations: Array<Json>
}

const foldCalls = (folded: Folded, delta: Json | undefined): void => {
  listAt(delta, "tool_calls").forEach((piece, position) => {
    const index = numberAt(piece, "index") ?? position
    const call = folded.calls.get(index) ?? { name: "", arguments: "" }
    folded.calls.set(index, call)
    const id = stringAt(piece, "id")
    if (id !== undefined && id !== "") call.id = id
    call.name += stringAt(piece, "function", "name") ?? stringAt(piece, "custom", "name") ?? ""
    call.arguments += stringAt(piece, "function", "arguments") ?? stringAt(piece, "custom", "input") ?? ""
  })
  const legacy = objectAt(delta, "function_call")
  if (Object.keys(legacy).length > 0) {
    folded.legacy ??= { name: "", arguments: "" }
    folded.legacy.name += stringAt(legacy, "name") ?? ""
    folded.legacy.arguments += stringAt(legacy, "arguments") ?? ""
  }
}

const foldChunk = (folded: Folded, chunk: Json): void => {
  folded.id ??= stringAt(chunk, "id")
  folded.model ??= stringAt(chunk, "model")
  if (Object.keys(objectAt(chunk, "usage")).length > 0) folded.usage = at(chunk, "usage")
  for (const choice of listAt(chunk, "choices")) {
    if ((numberAt(choice, "index") ?? 0) !== 0) continue
    const delta = at(choice, "delta")
    folded.content += contentOf(delta)
    folded.refusal += stringAt(delta, "refusal") ?? ""
    folded.reasoning += stringAt(delta, "reasoning_content") ?? stringAt(delta, "reasoning") ?? ""
    folded.audio.data.push(stringAt(delta, "audio", "data") ?? "")
    folded.audio.transcript += stringAt(delta, "audio", "transcript") ?? ""
    const audioId = stringAt(delta, "audio", "id")
    if (audioId !== undefined) folded.audio.id = audioId
    folded.annotations.push(...listAt(delta, "annotations"))
    foldCalls(folded, delta)
    folded.finish = stringAt(choice, "finish_reason") ?? folded.finish
  }
}

/** Each piece of audio is base64 of its own. */
const audioOf = ({ audio }: Folded): Record<string, Json> => {
  const data = Buffer.concat(audio.data.map((piece) => Buffer.from(piece, "base64"))).toString("base64")
  return data + audio.transcript === "" ? {} : { audio: { ...audio, data } }
}

const messageOf = (folded: Folded): Json => ({
  content: folded.content,
  refusal: folded.refusal,
  reasoning: folded.reasoning,
  annotations: folded.annotations,
  ...audioOf(folded),
  ...(folded.legacy === undefined ? {} : { function_call: { ...folded.legacy } }),
  tool_calls: [...folded.calls].sort(([left], [right]) => left - right).map(([, call]) => ({
    ...(call.id === undefined ? {} : { id: call.id }),
    function: { name: call.name, arguments: call.arguments }
  }))
})

const readStream = (body: string): Expectation => {
  const folded: Folded = {
    id: undefined,
    model: undefined,
    usage: undefined,
    finish: undefined,
    ended: false,
    content: "",
    refusal: "",
    reasoning: "",
    audio: { data: [], transcript: "" },
    calls: new Map(),
    legacy: undefined,
    annotations: []
  }
  for (const event of readServerSentEvents(body)) {
    if (event.data === "[DONE]") folded.ended = true
    else if (event.json === undefined) return brokenAnswer
    else if (Object.keys(objectAt(event.json, "error")).length > 0) return readErrorObject(at(event.json, "error"))
    else foldChunk(folded, event.json)
  }
  if (!folded.ended && folded.finish === undefined) return brokenAnswer
  const head: Record<string, Json> = {}
  if (folded.id !== undefined) head["id"] = folded.id
  if (folded.model !== undefined) head["model"] = folded.model
  if (folded.usage !== undefined) head["usage"] = folded.usage
  return readMessage(head, messageOf(folded), folded.finish)
}
