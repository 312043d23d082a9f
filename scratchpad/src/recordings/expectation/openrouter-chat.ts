import { at, type Json, listAt, objectAt, parseJson, stringAt } from "../json.ts"
import type { Form } from "../lost.ts"
import type { RecordedExchange } from "../record.ts"
import { readServerSentEvents } from "../sse.ts"
import type { Expectation, ExpectedFile } from "./Expectation.ts"
import { chatForm, readChatCompletion } from "./openai-chat.ts"
import { errorIn } from "./openai-errors.ts"
import { readOpenRouterError, readOpenRouterErrorObject } from "./openrouter-errors.ts"

/** What of a completion is told in another form, or says nothing. */
export const openrouterForm: Form = {
  spared: chatForm.spared,
  takenApart: [
    ...chatForm.takenApart,
    { where: /^choices\[\]\.message\.images(?:\[\](?:\.image_url)?)?$/, why: "images are files" },
    { where: /^choices\[\]\.message\.reasoning_details\[\]$/, why: "details that came in pieces are put together" }
  ]
}

/** The error of an answer that has one: at its top, in its choice, or as nothing but the finish reason. */
const failureIn = (body: Json | undefined): Json | undefined => {
  const choice = at(body, "choices", 0)
  const own = errorIn(body) ?? errorIn(choice)
  return own ?? (stringAt(choice, "finish_reason") === "error" ? {} : undefined)
}

const failureOf = ({ response, stream }: RecordedExchange): Json | undefined => {
  const whole = parseJson(response.body)
  if (whole !== undefined || !stream) return failureIn(whole)
  for (const { json } of readServerSentEvents(response.body)) {
    const failure = failureIn(json)
    if (failure !== undefined) return failure
  }
  return undefined
}

const growing = ["text", "summary"]

/**
 * The reasoning details of a stream as a whole answer would have them: pieces of a text or of a summary that follow one
 * another are one, up to its signature; anything else came whole.
 */
export const foldDetails = (body: string): ReadonlyArray<Json> => {
  const details: Array<Record<string, Json>> = []
  for (const { json } of readServerSentEvents(body)) {
    for (const piece of listAt(json, "choices", 0, "delta", "reasoning_details")) {
      const next = { ...objectAt(piece) } as Record<string, Json>
      const last = details.at(-1)
      const grows = growing.some((name) => typeof next[name] === "string") || next["signature"] !== undefined
      const continues = last !== undefined && grows && last["type"] === next["type"] &&
        last["index"] === next["index"] &&
        (next["id"] === undefined || next["id"] === null || last["id"] === next["id"]) &&
        !(last["signature"] && next["text"])
      if (!continues) {
        details.push(next)
        continue
      }
      for (const [name, value] of Object.entries(next)) {
        const before = last[name]
        if (growing.includes(name) && typeof value === "string" && typeof before === "string") {
          last[name] = before + value
        } else if (value !== null && value !== "") last[name] = value
      }
    }
  }
  return details
}

const filesOf = (message: Json | undefined): ReadonlyArray<ExpectedFile> =>
  listAt(message, "images").flatMap((image) => {
    const [, mediaType, base64] = /^data:([^;,]+);base64,(.*)$/s.exec(stringAt(image, "image_url", "url") ?? "") ?? []
    return mediaType === undefined || base64 === undefined ? [] : [{ mediaType, base64 }]
  })

/** Chat Completions of OpenRouter: those of OpenAI, with failures inside good answers, reasoning details and images. */
export const readOpenRouterChat = (exchange: RecordedExchange): Expectation => {
  const { response, stream } = exchange
  if (response.status >= 400) return readOpenRouterError(response)
  const failure = failureOf(exchange)
  if (failure !== undefined) return readOpenRouterErrorObject(failure)
  const read = readChatCompletion(exchange)
  if (read.kind !== "answer") return read
  const folded = stream && parseJson(response.body) === undefined ? foldDetails(response.body) : []
  const message = at(read.whole, "choices", 0, "message")
  return {
    ...read,
    files: [...read.files, ...filesOf(message)],
    whole: folded.length === 0 ? read.whole : withDetails(read.whole, folded)
  }
}

const withDetails = (whole: Json, details: ReadonlyArray<Json>): Json => {
  const [first, ...others] = listAt(whole, "choices")
  const message = { ...objectAt(first, "message"), reasoning_details: [...details] }
  return { ...objectAt(whole), choices: [{ ...objectAt(first), message }, ...others] }
}
