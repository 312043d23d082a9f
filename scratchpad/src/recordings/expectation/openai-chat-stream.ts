import { at, type Json, listAt, numberAt, objectAt, stringAt } from "../json.ts"
import { readServerSentEvents } from "../sse.ts"

/** The text of a message or of a delta, which is a string or a list of parts. */
export const contentOf = (message: Json | undefined): string =>
  stringAt(message, "content") ?? listAt(message, "content").map((part) => stringAt(part, "text") ?? "").join("")

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
  tool_calls: [...folded.calls].toSorted(([left], [right]) => left - right).map(([, call]) => ({
    ...(call.id === undefined ? {} : { id: call.id }),
    function: { name: call.name, arguments: call.arguments }
  }))
})

/**
 * The events of a stream as the completion they would have been, or as `{ error }`. Nothing where the stream ends before a
 * finish reason or the mark of its end, or has an event that is no JSON.
 */
export const foldChatStream = (body: string): Json | undefined => {
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
    else if (event.json === undefined) return undefined
    else if (Object.keys(objectAt(event.json, "error")).length > 0) return event.json
    else foldChunk(folded, event.json)
  }
  if (!folded.ended && folded.finish === undefined) return undefined
  return {
    ...(folded.id === undefined ? {} : { id: folded.id }),
    ...(folded.model === undefined ? {} : { model: folded.model }),
    ...(folded.usage === undefined ? {} : { usage: folded.usage }),
    choices: [{ message: messageOf(folded), finish_reason: folded.finish ?? null }]
  }
}
