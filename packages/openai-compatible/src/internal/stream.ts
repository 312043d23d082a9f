/** Decodes the chunks of an answer. A whole answer is read as one chunk: its message has the members of a delta. */
import * as EventStream from "@llm-layers/core/EventStream"
import * as Json from "@llm-layers/core/Json"
import * as Metadata from "@llm-layers/core/Metadata"
import type * as PartStream from "@llm-layers/core/PartStream"
import * as Pricing from "@llm-layers/core/Pricing"
import * as Warning from "@llm-layers/core/Warning"
import type * as AiError from "effect/ai/AiError"
import { accumulate, toArray } from "./accumulate.ts"
import { audioPart } from "./audio.ts"
import { type Call, endCalls } from "./calls.ts"
import { choiceMembers, onChoice } from "./choice.ts"
import { close, type Draft, initial, isNone, keep, none, type Reading, type State } from "./draft.ts"
import { decodeReason, decodeUsage } from "./finish.ts"

/** The decoder of one answer. */
export const decoder = (reading: Reading): PartStream.Decoder<State> => ({
  initial,
  step: (state, event) => {
    // Nearly all chunks of a stream are these.
    const { open } = state
    if (open !== undefined && open.kind === "text" && event.event === "message") {
      const text = textAlone(state, event.data)
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

/** The text of a chunk that has nothing else in it, or nothing that was not kept before. */
const textAlone = (state: State, data: unknown): string | undefined => {
  if (!Json.isRecord(data) || !Array.isArray(data["choices"]) || data["choices"].length !== 1) return undefined
  if (!isNone(data["usage"]) || !isNone(data["error"])) return undefined
  const choice: unknown = data["choices"][0]
  if (!Json.isRecord(choice) || choice["finish_reason"] || choice["index"] || choice["logprobs"]) return undefined
  const delta = choice["delta"]
  if (!Json.isRecord(delta)) return undefined
  const text = delta["content"]
  if (typeof text !== "string" || text === "") return undefined
  for (const key in delta) {
    if (key !== "content" && key !== "role" && !isNone(delta[key])) return undefined
  }
  for (const key in choice) {
    if (!choiceMembers.has(key) && !isNone(choice[key]) && choice[key] !== state.choice[key]) return undefined
  }
  for (const key in data) {
    if (!responseMembers.has(key) && !isNone(data[key]) && data[key] !== state.response[key]) return undefined
  }
  return text
}

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
  if (error !== undefined && !("choices" in Json.record(data))) return [state, [], reading.failed(error)]
  const draft: Draft = { ...state, whole: event.event === EventStream.bodyEvent, out: [] }
  if (Json.isRecord(data) && (event.event === "message" || "choices" in data)) onChunk(reading, draft, data)
  else if (event.event === EventStream.bodyEvent && Json.isRecord(data)) onRest(draft, data)
  else draft.unknown = { last: { event: event.event, data }, before: draft.unknown }
  const { out, ...next } = draft
  // What came with the error came before it.
  if (error !== undefined) return [next, out, reading.failed(error)]
  return reading.quirks.failsOnErrorReason && draft.reason === "error"
    ? [next, out, reading.failed(endedInError(draft))]
    : [next, out]
}

const endedInError = ({ choice }: Draft): Json.JsonRecord => ({
  error: {
    message: "The answer ended with the finish reason `error`, and nothing says why",
    code: choice["native_finish_reason"]
  }
})

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
const onRest = (draft: Draft, chunk: Json.JsonRecord): void => {
  draft.response = keep(draft.response, chunk, responseMembers)
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
    metadata: Metadata.merge(
      finishMetadata(reading, draft, nameless),
      Pricing.reported(reading.quirks.costOf?.(Json.record(draft.usage)))
    )
  })
  const { out, ...next } = draft
  return [{ ...next, done: true }, out]
}

/** Members of the response that the metadata of the finish part has a name of its own for, with any server. */
const finishMembers: ReadonlyMap<string, string> = new Map([
  ["service_tier", "serviceTier"],
  ["system_fingerprint", "systemFingerprint"]
])

const finishMetadata = (reading: Reading, draft: Draft, nameless: ReadonlyArray<Call>): Metadata.Metadata => {
  const { native_finish_reason: nativeFinishReason, ...choice } = draft.choice
  const named: { [name: string]: unknown } = {}
  const response: { [member: string]: unknown } = {}
  for (const [member, value] of Object.entries(draft.response)) {
    const name = finishMembers.get(member) ?? reading.quirks.finishMembers[member]
    if (name === undefined) response[member] = value
    else named[name] = value
  }
  const others = Object.values(draft.others).map(({ delta, ...one }) =>
    delta === undefined ? one : { ...one, message: delta }
  )
  const unknown = [...toArray(draft.unknown), ...nameless.map(({ held, wireId }) => ({ id: wireId, arguments: held }))]
  return Metadata.make(reading.provider, {
    finishReason: draft.reason,
    nativeFinishReason,
    ...named,
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
