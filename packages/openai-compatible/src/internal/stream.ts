/** Decodes the chunks of an answer. A whole answer is read as one chunk: its message has the members of a delta. */
import * as EventStream from "@llm-layers/core/EventStream"
import * as Json from "@llm-layers/core/Json"
import * as Metadata from "@llm-layers/core/Metadata"
import * as PartStream from "@llm-layers/core/PartStream"
import * as Warning from "@llm-layers/core/Warning"
import type * as AiError from "effect/ai/AiError"
import { accumulate, type Chain, joinDetails, toArray } from "./accumulate.ts"
import { type Audio, audioPart, takeAudio } from "./audio.ts"
import { type Call, endCalls, type Naming, takeCall, takeFunctionCall } from "./calls.ts"
import { decodeReason, decodeUsage } from "./finish.ts"

/** What an answer is read with: facts of its request, and the errors it may end in. */
export interface Reading extends Naming {
  readonly provider: string
  readonly warnings: ReadonlyArray<Warning.Warning>
  readonly audioFormat: string | undefined
  /** The error for what the server says went wrong. */
  readonly failed: (body: unknown) => AiError.AiError
  /** The error for an answer that stops before its end. */
  readonly cutShort: () => AiError.AiError
}

type BlockKind = "text" | "reasoning" | "refusal"

/** An answer so far. */
export interface State {
  /** Whether the response-metadata part was given out. */
  readonly started: boolean
  /** Whether any choice was seen. */
  readonly answered: boolean
  /** Whether the answer came whole, so that it cannot be cut short. */
  readonly whole: boolean
  readonly done: boolean
  /** The text or reasoning that is being given out, and how many there were. */
  readonly open: { readonly kind: BlockKind; readonly id: string } | undefined
  readonly opened: number
  readonly blocks: PartStream.Blocks
  readonly calls: ReadonlyArray<Call>
  readonly refused: boolean
  readonly sources: number
  readonly details: Chain<unknown> | undefined
  readonly audio: Audio | undefined
  readonly logprobs: Chain<Json.JsonRecord> | undefined
  readonly reason: string | undefined
  readonly usage: unknown
  /** The choices besides the first, by index. */
  readonly others: { readonly [index: number]: Json.JsonRecord }
  /** Members of the message, the choice and the response that have no part. */
  readonly message: Json.JsonRecord
  readonly choice: Json.JsonRecord
  readonly response: Json.JsonRecord
  readonly unknown: Chain<unknown> | undefined
}

const none: Json.JsonRecord = {}

export const initial: State = {
  started: false,
  answered: false,
  whole: false,
  done: false,
  open: undefined,
  opened: 0,
  blocks: PartStream.empty,
  calls: [],
  refused: false,
  sources: 0,
  details: undefined,
  audio: undefined,
  logprobs: undefined,
  reason: undefined,
  usage: undefined,
  others: {},
  message: none,
  choice: none,
  response: none,
  unknown: undefined
}

/** The next state while a chunk is read, and the parts it gives. */
type Draft = { -readonly [key in keyof State]: State[key] } & { readonly out: Array<PartStream.Part> }

/** The decoder of one answer. */
export const decoder = (reading: Reading): PartStream.Decoder<State> => ({
  initial,
  step: (state, event) => {
    // Nearly all chunks of a stream are these.
    const { open } = state
    if (open !== undefined && open.kind === "text" && event.event === "message") {
      const text = textAlone(event.data)
      if (text !== undefined) return [state, [{ type: "text-delta", id: open.id, delta: text }]]
    }
    return onEvent(reading, state, event)
  },
  halt: (state) => {
    if (state.done) return [[]]
    if (!state.answered || (state.reason === undefined && !state.whole)) return [[], reading.cutShort()]
    return [onDone(reading, state)[1]]
  }
})

/** The text of a chunk that has nothing else in it. */
const textAlone = (data: unknown): string | undefined => {
  if (!Json.isRecord(data) || !Array.isArray(data["choices"]) || data["choices"].length !== 1) return undefined
  if (!isNone(data["usage"]) || !isNone(data["error"])) return undefined
  const choice: unknown = data["choices"][0]
  if (!Json.isRecord(choice) || choice["finish_reason"] || choice["index"] || choice["logprobs"]) return undefined
  const delta = choice["delta"]
  if (!Json.isRecord(delta)) return undefined
  const text = delta["content"]
  if (typeof text !== "string" || text === "") return undefined
  for (const key in delta) {
    if (key !== "content" && key !== "role" && delta[key] !== null && delta[key] !== "") return undefined
  }
  return text
}

const isNone = (value: unknown): boolean => value === undefined || value === null

const onEvent = (
  reading: Reading,
  state: State,
  event: EventStream.JsonEvent
): readonly [State, ReadonlyArray<PartStream.Part>, AiError.AiError?] => {
  if (state.done) return [state, []]
  if (event.event === EventStream.doneEvent) {
    return state.answered ? onDone(reading, state) : [state, [], reading.cutShort()]
  }
  const { data } = event
  const error = errorIn(event)
  if (error !== undefined) return [state, [], reading.failed(error)]
  const draft: Draft = { ...state, out: [] }
  if (Json.isRecord(data) && (event.event === "message" || "choices" in data)) onChunk(reading, draft, data)
  else if (event.event === EventStream.bodyEvent && Json.isRecord(data)) onRest(draft, data)
  else draft.unknown = { last: { event: event.event, data }, before: draft.unknown }
  if (event.event === EventStream.bodyEvent) draft.whole = true
  const { out, ...next } = draft
  return [next, out]
}

/** OpenAI and most: `{ error }`; vLLM: `{ object: "error" }`; some: an event of that name; OpenRouter: in the choice. */
const errorIn = (event: EventStream.JsonEvent): unknown => {
  if (event.event === "error") return event.data
  const data = Json.record(event.data)
  const { error } = data
  if (typeof error === "string" ? error !== "" : Json.isRecord(error)) return data
  if (data["object"] === "error") return data
  const ofChoice = Json.record(Json.list(data["choices"])[0])["error"]
  return Json.isRecord(ofChoice) ? { error: ofChoice } : undefined
}

const onChunk = (reading: Reading, draft: Draft, chunk: Json.JsonRecord): void => {
  const choices = Json.list(chunk["choices"])
  if (!draft.started && (choices.length > 0 || (Json.string(chunk["id"]) ?? "") !== "")) onHead(reading, draft, chunk)
  const first = choices.length === 1 ? 0 : Math.max(0, choices.findIndex((one) => !Json.record(one)["index"]))
  choices.forEach((one, place) => {
    const choice = Json.record(one)
    const index = Json.number(choice["index"]) ?? place
    // A whole answer has its first choice in the list, whatever its index says.
    if (index === 0 || (place === first && "message" in choice)) onChoice(reading, draft, choice)
    else draft.others = { ...draft.others, [index]: accumulate(draft.others[index] ?? none, choice) }
  })
  // Groq has the counts of older streams under a name of its own.
  const usage = chunk["usage"] ?? Json.record(chunk["x_groq"])["usage"]
  if (Json.isRecord(usage)) draft.usage = usage
  onRest(draft, chunk)
}

const onHead = (reading: Reading, draft: Draft, chunk: Json.JsonRecord): void => {
  const [id, modelId] = [Json.string(chunk["id"]) || undefined, Json.string(chunk["model"]) || undefined]
  const timestamp = Json.number(chunk["created"]) === 0 ? undefined : Json.timestamp(chunk["created"])
  draft.started = true
  draft.out.push({
    type: "response-metadata",
    ...(id === undefined ? undefined : { id }),
    ...(modelId === undefined ? undefined : { modelId }),
    ...(timestamp === undefined ? undefined : { timestamp }),
    metadata: Warning.metadata(reading.warnings)
  })
}

const onChoice = (reading: Reading, draft: Draft, choice: Json.JsonRecord): void => {
  draft.answered = true
  const delta = Json.record(choice["delta"] ?? choice["message"])
  onReasoning(reading, draft, delta)
  onContent(reading, draft, delta["content"])
  const refusal = Json.string(delta["refusal"])
  if (refusal !== undefined && refusal !== "") onText(reading, draft, "refusal", refusal)
  if (Json.isRecord(delta["audio"])) draft.audio = takeAudio(draft.audio, delta["audio"])
  Json.list(delta["images"]).forEach((image) => onImage(reading, draft, image))
  Json.list(delta["annotations"]).forEach((annotation) => onAnnotation(reading, draft, annotation))
  onCalls(reading, draft, delta)
  if (Json.isRecord(choice["logprobs"])) draft.logprobs = { last: choice["logprobs"], before: draft.logprobs }
  draft.reason = Json.string(choice["finish_reason"]) || draft.reason
  if (Json.isRecord(choice["usage"])) draft.usage = choice["usage"]
  draft.message = keep(draft.message, delta, messageMembers, accumulate)
  draft.choice = keep(draft.choice, choice, choiceMembers)
}

/** `reasoning_content` of DeepSeek and many servers, `reasoning` of vLLM and OpenRouter, and the latter's details. */
const onReasoning = (reading: Reading, draft: Draft, delta: Json.JsonRecord): void => {
  const field = Json.string(delta["reasoning_content"]) ? "reasoning_content" : "reasoning"
  const text = Json.string(delta[field]) ?? ""
  const details = Json.list(delta["reasoning_details"])
  if (text === "" && details.length === 0) return
  open(reading, draft, "reasoning", { field })
  for (const detail of details) draft.details = { last: detail, before: draft.details }
  if (text !== "") onText(reading, draft, "reasoning", text)
}

/** A text, or Mistral's list of parts, in which reasoning is a part too. */
const onContent = (reading: Reading, draft: Draft, content: unknown): void => {
  if (typeof content === "string") {
    if (content !== "") onText(reading, draft, "text", content)
    return
  }
  for (const item of Json.list(content)) {
    const part = Json.record(item)
    const text = Json.string(part["text"])
    if (part["type"] === "thinking") {
      for (const thought of Json.list(part["thinking"])) {
        const piece = Json.string(Json.record(thought)["text"]) ?? ""
        if (piece !== "") onText(reading, draft, "reasoning", piece)
      }
    } else if (part["type"] === "refusal") {
      onText(reading, draft, "refusal", Json.string(part["refusal"]) ?? "")
    } else if (text === undefined) {
      draft.unknown = { last: item, before: draft.unknown }
    } else if (text !== "") {
      onText(reading, draft, "text", text)
    }
  }
}

const onText = (reading: Reading, draft: Draft, kind: BlockKind, text: string): void => {
  const id = open(reading, draft, kind)
  draft.out.push({ type: kind === "reasoning" ? "reasoning-delta" : "text-delta", id, delta: text })
}

/** The block texts of this kind go into. What was open before ends. */
const open = (reading: Reading, draft: Draft, kind: BlockKind, facts: Json.JsonRecord = none): string => {
  if (draft.open?.kind === kind) return draft.open.id
  close(reading, draft)
  const type = kind === "reasoning" ? "reasoning" : "text"
  const id = `${type}_${draft.opened}`
  const own = kind === "refusal" ? { refusal: true } : kind === "reasoning" ? { field: "content", ...facts } : facts
  const [blocks, parts] = PartStream.start(draft.blocks, type, kind, id, Metadata.make(reading.provider, own))
  draft.opened += 1
  draft.open = { kind, id }
  draft.blocks = blocks
  draft.out.push(...parts)
  if (kind === "refusal") draft.refused = true
  return id
}

/** Ends the open block; reasoning leaves with what is needed to send it back. */
const close = (reading: Reading, draft: Draft): void => {
  if (draft.open === undefined) return
  const details = draft.open.kind === "reasoning" && draft.details !== undefined
    ? { metadata: Metadata.make(reading.provider, { reasoningDetails: joinDetails(toArray(draft.details)) }) }
    : {}
  const [blocks, parts] = PartStream.end(draft.blocks, draft.open.kind, details)
  if (draft.open.kind === "reasoning") draft.details = undefined
  draft.open = undefined
  draft.blocks = blocks
  draft.out.push(...parts)
}

/** Images of OpenRouter and Google's compatible endpoint: `{ image_url: { url } }`, the bytes in the address. */
const onImage = (reading: Reading, draft: Draft, image: unknown): void => {
  const url = Json.string(Json.record(Json.record(image)["image_url"])["url"]) ?? ""
  const [, mediaType, data] = /^data:([^;,]+);base64,(.*)$/s.exec(url) ?? []
  if (mediaType === undefined || data === undefined) {
    draft.unknown = { last: image, before: draft.unknown }
    return
  }
  close(reading, draft)
  draft.out.push({ type: "file", mediaType, data })
}

const onAnnotation = (reading: Reading, draft: Draft, annotation: unknown): void => {
  const { url_citation: citation, type } = Json.record(annotation)
  const { title, url } = Json.record(citation)
  const address = Json.url(url)
  if (type !== "url_citation" || address === undefined) {
    draft.unknown = { last: annotation, before: draft.unknown }
    return
  }
  draft.out.push({
    type: "source",
    sourceType: "url",
    id: `source_${draft.sources}`,
    url: address,
    title: Json.string(title) ?? address,
    metadata: Metadata.make(reading.provider, { annotation: citation })
  })
  draft.sources += 1
}

const onCalls = (reading: Reading, draft: Draft, delta: Json.JsonRecord): void => {
  const pieces = Json.list(delta["tool_calls"])
  const legacy = delta["function_call"]
  if (pieces.length === 0 && !Json.isRecord(legacy)) return
  close(reading, draft)
  let state = { calls: draft.calls, blocks: draft.blocks }
  for (const piece of pieces) state = { ...takeCall(reading, state, piece, draft.out) }
  if (Json.isRecord(legacy)) state = { ...takeFunctionCall(reading, state, legacy, draft.out) }
  draft.calls = state.calls
  draft.blocks = state.blocks
}

const responseMembers = new Set([
  "id",
  "object",
  "created",
  "model",
  "choices",
  "usage",
  "x_groq",
  "obfuscation",
  "error"
])
const choiceMembers = new Set(["index", "delta", "message", "finish_reason", "logprobs", "usage"])
const messageMembers = new Set([
  "role",
  "content",
  "refusal",
  "reasoning",
  "reasoning_content",
  "reasoning_details",
  "audio",
  "images",
  "annotations",
  "tool_calls",
  "function_call"
])

const onRest = (draft: Draft, chunk: Json.JsonRecord): void => {
  draft.response = keep(draft.response, chunk, responseMembers)
}

/** What was kept, with the members that have no place elsewhere. */
const keep = (
  kept: Json.JsonRecord,
  from: Json.JsonRecord,
  placed: ReadonlySet<string>,
  join: (before: Json.JsonRecord, now: Json.JsonRecord) => Json.JsonRecord = (before, now) => ({ ...before, ...now })
): Json.JsonRecord => {
  let out = kept
  for (const key in from) {
    const value = from[key]
    if (placed.has(key) || isNone(value) || (value === out[key] && join !== accumulate)) continue
    out = join(out, { [key]: value })
  }
  return out
}

/** The end of an answer: tool calls stand next to the finish, so that none runs when it says the answer was cut. */
const onDone = (reading: Reading, state: State): readonly [State, ReadonlyArray<PartStream.Part>] => {
  const draft: Draft = { ...state, out: [] }
  if (!draft.started) onHead(reading, draft, none)
  close(reading, draft)
  const spoken = audioPart(reading.provider, draft.audio, reading.audioFormat)
  if (spoken !== undefined) draft.out.push(spoken)
  const nameless = endCalls(reading.provider, draft, draft.out)
  draft.out.push({
    type: "finish",
    reason: decodeReason(draft.reason, { refused: draft.refused, calls: draft.calls.length > nameless.length }),
    usage: decodeUsage(draft.usage),
    metadata: finishMetadata(reading.provider, draft, nameless)
  })
  const { out, ...next } = draft
  return [{ ...next, done: true }, out]
}

const finishMetadata = (provider: string, draft: Draft, nameless: ReadonlyArray<Call>): Metadata.Metadata => {
  const { native_finish_reason: nativeFinishReason, ...choice } = draft.choice
  const { service_tier: serviceTier, system_fingerprint: systemFingerprint, ...response } = draft.response
  const others = Object.values(draft.others).map(({ delta, ...one }) =>
    delta === undefined ? one : { ...one, message: delta }
  )
  const unknown = [...toArray(draft.unknown), ...nameless.map(({ held, wireId }) => ({ id: wireId, arguments: held }))]
  return Metadata.make(provider, {
    finishReason: draft.reason,
    nativeFinishReason,
    serviceTier,
    systemFingerprint,
    usage: draft.usage,
    logprobs: joinLogprobs(toArray(draft.logprobs)),
    choices: unlessEmpty(others),
    message: unlessEmpty(draft.message),
    choice: unlessEmpty(choice),
    response: unlessEmpty(response),
    unknown: unlessEmpty(unknown)
  })
}

const unlessEmpty = <A extends object>(value: A): A | undefined => Object.keys(value).length === 0 ? undefined : value

const joinLogprobs = (pieces: ReadonlyArray<Json.JsonRecord>): Json.JsonRecord | undefined => {
  const content = pieces.flatMap((piece) => Json.list(piece["content"]))
  const refusal = pieces.flatMap((piece) => Json.list(piece["refusal"]))
  if (content.length === 0 && refusal.length === 0) return undefined
  return { content, ...(refusal.length === 0 ? undefined : { refusal }) }
}
