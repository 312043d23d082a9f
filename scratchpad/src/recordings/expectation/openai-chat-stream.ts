import { at, type Json, type JsonObject, listAt, numberAt, objectAt, stringAt } from "../json.ts"
import { readServerSentEvents } from "../sse.ts"
import type { StreamForm } from "../truncate.ts"
import { errorIn } from "./openai-errors.ts"

/** The text of a message or of a delta, which is a string or a list of parts. */
export const contentOf = (message: Json | undefined): string =>
  stringAt(message, "content") ?? listAt(message, "content").map((part) => stringAt(part, "text") ?? "").join("")

/** What a stream has said so far of one choice, in the shape of a whole answer. */
interface Choice {
  finish: string | undefined
  content: string
  refusal: string
  reasoning: string
  readonly audio: { id?: string; expires_at?: number; readonly data: Array<string>; transcript: string }
  readonly calls: Map<number, { id?: string; custom: boolean; name: string; arguments: string }>
  legacy: { name: string; arguments: string } | undefined
  readonly annotations: Array<Json>
  readonly logprobs: { readonly content: Array<Json>; readonly refusal: Array<Json> }
}

const emptyChoice = (): Choice => ({
  finish: undefined,
  content: "",
  refusal: "",
  reasoning: "",
  audio: { data: [], transcript: "" },
  calls: new Map(),
  legacy: undefined,
  annotations: [],
  logprobs: { content: [], refusal: [] }
})

const without = (value: Json | undefined, keys: ReadonlyArray<string>): JsonObject =>
  Object.fromEntries(Object.entries(objectAt(value)).filter(([key, child]) => !keys.includes(key) && child !== null))

const callMembers = ["index", "id", "type", "function", "custom"]

/** Folds pieces of calls; what comes back is what has no place in the fold. */
const foldCalls = (choice: Choice, delta: Json | undefined): ReadonlyArray<JsonObject> => {
  listAt(delta, "tool_calls").forEach((piece, position) => {
    const index = numberAt(piece, "index") ?? position
    const call = choice.calls.get(index) ?? { custom: at(piece, "custom") !== undefined, name: "", arguments: "" }
    choice.calls.set(index, call)
    const id = stringAt(piece, "id")
    if (id !== undefined && id !== "") call.id = id
    call.name += stringAt(piece, "function", "name") ?? stringAt(piece, "custom", "name") ?? ""
    call.arguments += stringAt(piece, "function", "arguments") ?? stringAt(piece, "custom", "input") ?? ""
  })
  const legacy = objectAt(delta, "function_call")
  if (Object.keys(legacy).length > 0) {
    choice.legacy ??= { name: "", arguments: "" }
    choice.legacy.name += stringAt(legacy, "name") ?? ""
    choice.legacy.arguments += stringAt(legacy, "arguments") ?? ""
  }
  return listAt(delta, "tool_calls").map((piece) => without(piece, callMembers))
}

const foldAudio = (choice: Choice, audio: Json | undefined): void => {
  choice.audio.data.push(stringAt(audio, "data") ?? "")
  choice.audio.transcript += stringAt(audio, "transcript") ?? ""
  const id = stringAt(audio, "id")
  if (id !== undefined) choice.audio.id = id
  const expires = numberAt(audio, "expires_at")
  if (expires !== undefined) choice.audio.expires_at = expires
}

const deltaMembers = [
  "role",
  "content",
  "refusal",
  "reasoning",
  "reasoning_content",
  "audio",
  "annotations",
  "tool_calls",
  "function_call"
]

/** Folds a piece of a choice; what comes back is what has no place in the fold. */
const foldPiece = (choice: Choice, piece: Json): ReadonlyArray<JsonObject> => {
  const delta = at(piece, "delta")
  choice.content += contentOf(delta)
  choice.refusal += stringAt(delta, "refusal") ?? ""
  choice.reasoning += stringAt(delta, "reasoning_content") ?? stringAt(delta, "reasoning") ?? ""
  foldAudio(choice, at(delta, "audio"))
  choice.annotations.push(...listAt(delta, "annotations"))
  choice.logprobs.content.push(...listAt(piece, "logprobs", "content"))
  choice.logprobs.refusal.push(...listAt(piece, "logprobs", "refusal"))
  choice.finish = stringAt(piece, "finish_reason") ?? choice.finish
  return [
    { ...without(piece, ["index", "delta", "logprobs", "finish_reason"]), ...without(delta, deltaMembers) },
    ...foldCalls(choice, delta)
  ]
}

/** Each piece of audio is base64 of its own. */
const audioOf = ({ audio }: Choice): Record<string, Json> => {
  const data = Buffer.concat(audio.data.map((piece) => Buffer.from(piece, "base64"))).toString("base64")
  return data + audio.transcript === "" ? {} : { audio: { ...audio, data } }
}

const choiceOf = (index: number, choice: Choice): Json => ({
  index,
  finish_reason: choice.finish ?? null,
  ...(choice.logprobs.content.length + choice.logprobs.refusal.length === 0 ? {} : { logprobs: choice.logprobs }),
  message: {
    content: choice.content,
    refusal: choice.refusal,
    reasoning: choice.reasoning,
    annotations: choice.annotations,
    ...audioOf(choice),
    ...(choice.legacy === undefined ? {} : { function_call: { ...choice.legacy } }),
    tool_calls: [...choice.calls].toSorted(([left], [right]) => left - right).map(([, call]) => ({
      ...(call.id === undefined ? {} : { id: call.id }),
      ...(call.custom
        ? { custom: { name: call.name, input: call.arguments } }
        : { function: { name: call.name, arguments: call.arguments } })
    }))
  }
})

const isFirst = (choice: Json): boolean => (numberAt(choice, "index") ?? 0) === 0

/** How streams of completions end: what comes after the finish reason adds counts to an answer that is whole. */
export const chatStreams: StreamForm = {
  isLast: ({ data, json }) =>
    data === "[DONE]" || errorIn(json) !== undefined
    || listAt(json, "choices").some((choice) => isFirst(choice) && stringAt(choice, "finish_reason") !== undefined),
  ending: `data: {"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}\n\n`
}

const head = ["id", "model", "created", "object"]

const notOfTheHead = (top: JsonObject): ReadonlyArray<string> =>
  Object.keys(top).filter((key) => !head.includes(key) || top[key] === "" || top[key] === 0)

/**
 * The events of a stream as the completion they would have been, or as `{ error }`; `rest` has what nobody put into a
 * completion yet. Nothing where the stream ends before a finish reason or the mark of its end, or has an event that is no
 * JSON.
 */
export const foldChatStream = (body: string): Json | undefined => {
  const choices = new Map<number, Choice>()
  let top: JsonObject = {}
  const rest: Array<Json> = []
  let ended = false
  for (const event of readServerSentEvents(body)) {
    if (event.data === "[DONE]") {
      ended = true
      break
    }
    if (event.json === undefined) return undefined
    if (errorIn(event.json) !== undefined) return event.json
    for (const piece of listAt(event.json, "choices")) {
      const index = numberAt(piece, "index") ?? 0
      const choice = choices.get(index) ?? emptyChoice()
      choices.set(index, choice)
      rest.push(...foldPiece(choice, piece).filter((unplaced) => Object.keys(unplaced).length > 0))
    }
    // The head of an answer is that of its first chunk, all else may come later.
    top = { ...top, ...without(event.json, ["choices", "obfuscation"]), ...without(top, notOfTheHead(top)) }
  }
  if (!ended && choices.get(0)?.finish === undefined) return undefined
  const folded = [...choices].toSorted(([left], [right]) => left - right)
  return { ...top, choices: folded.map(([index, choice]) => choiceOf(index, choice)), rest }
}
