import { at, type Json, type JsonObject, listAt, numberAt, objectAt, parseJson, stringAt } from "../json.ts"
import { readServerSentEvents } from "../sse.ts"
import type { StreamForm } from "../truncate.ts"

/** How streams of `generateContent` end: no event of its own says so, the last chunk has a reason. */
export const googleStreams: StreamForm = {
  isLast: ({ json }) => isFinished(json) || at(json, "error") !== undefined,
  ending: `data: {"candidates":[{"finishReason":"STOP","index":0}]}\n\n`
}

const firstOf = (chunk: Json | undefined): Json | undefined =>
  listAt(chunk, "candidates").find((one) => (numberAt(one, "index") ?? 0) === 0)

const isFinished = (chunk: Json | undefined): boolean => stringAt(firstOf(chunk), "finishReason") !== undefined

/** The chunks of a body: events, a list of them, or one alone. `undefined` where one is not JSON. */
const chunksOf = (body: string): ReadonlyArray<Json> | undefined => {
  const whole = parseJson(body)
  if (whole !== undefined) return Array.isArray(whole) ? whole : [whole]
  const events = readServerSentEvents(body).map(({ json }) => json)
  const read = events.filter((json) => json !== undefined)
  return read.length < events.length ? undefined : read
}

/** Pieces of a value, each with the path it is for: `$.location`, `$.days[0].name`. */
const putPiece = (args: Json, piece: Json): Json => {
  const steps = [...(stringAt(piece, "jsonPath") ?? "$").matchAll(/\.([^.[]+)|\[(\d+)\]|\['([^']*)'\]/g)]
    .map(([, member, index, quoted]) => index === undefined ? member ?? quoted ?? "" : Number(index))
  const put = (target: Json | undefined, [step, ...rest]: ReadonlyArray<string | number>): Json => {
    if (step === undefined) {
      const text = stringAt(piece, "stringValue")
      if (text !== undefined) return (typeof target === "string" ? target : "") + text
      return at(piece, "numberValue") ?? at(piece, "boolValue") ?? null
    }
    if (typeof step === "number") {
      const list = [...listAt(target)]
      list[step] = put(list[step], rest)
      return list
    }
    return { ...objectAt(target), [step]: put(objectAt(target)[step], rest) }
  }
  return put(args, steps)
}

/** Pieces of one kind are one text, which a signature ends, as it does in a plain answer. */
const joinTexts = (parts: ReadonlyArray<JsonObject>): ReadonlyArray<JsonObject> => {
  const joined: Array<JsonObject> = []
  for (const part of parts) {
    const last = joined.at(-1)
    const [before, text] = [stringAt(last, "text"), stringAt(part, "text")]
    const goesOn = before !== undefined && text !== undefined && last?.["thoughtSignature"] === undefined &&
      (last?.["thought"] === true) === (part["thought"] === true)
    if (goesOn) joined[joined.length - 1] = { ...last, ...part, text: before + text }
    else if (text !== "" || part["thoughtSignature"] !== undefined) joined.push(part)
  }
  return joined
}

/** Parts one after the other; pieces of a call belong to the call that was begun. */
const joinParts = (parts: ReadonlyArray<JsonObject>): ReadonlyArray<JsonObject> => {
  const joined: Array<JsonObject> = []
  let open = -1
  for (const part of parts) {
    const call = objectAt(part["functionCall"])
    const { partialArgs, willContinue, ...members } = call
    if (part["functionCall"] === undefined || (open < 0 && willContinue !== true && partialArgs === undefined)) {
      joined.push(part)
      continue
    }
    if (call["name"] !== undefined || open < 0) {
      open = joined.push({ ...part, functionCall: members }) - 1
    }
    const before = objectAt(joined[open]?.["functionCall"])
    const args = listAt(partialArgs).reduce<Json>(putPiece, before["args"] ?? {})
    joined[open] = { ...joined[open], functionCall: { ...before, args } }
    if (willContinue !== true) open = -1
  }
  return joined
}

const withValue = (value: Json | undefined): JsonObject =>
  Object.fromEntries(Object.entries(objectAt(value)).filter(([, child]) => child !== null))

/**
 * The answer a body is: its chunks put together, up to the one that ends the first candidate. Later members replace earlier
 * ones, counts too, which are those of all so far. Nothing where it does not end.
 */
export const foldChunks = (body: string, stream: boolean): Json | undefined => {
  const chunks = chunksOf(body)
  if (chunks === undefined) return undefined
  let answer: JsonObject = {}
  let candidate: JsonObject = {}
  const parts: Array<JsonObject> = []
  const others: Array<Json> = []
  let finished = false
  for (const chunk of chunks) {
    if (at(chunk, "error") !== undefined) return chunk
    const { candidates, usageMetadata, ...members } = objectAt(chunk)
    const counts = withValue(usageMetadata)
    answer = {
      ...answer,
      ...withValue(members),
      ...(Object.keys(counts).length === 0 ? {} : { usageMetadata: counts })
    }
    for (const one of listAt(candidates)) {
      if ((numberAt(one, "index") ?? 0) !== 0) {
        others.push(one)
        continue
      }
      const { content, ...rest } = withValue(one)
      candidate = { ...candidate, ...rest }
      parts.push(...listAt(content, "parts").map((part) => objectAt(part)))
    }
    finished ||= isFinished(chunk)
    if (finished && others.length === 0) break
  }
  const none = Object.keys(candidate).length === 0 && parts.length === 0
  if (stream && !finished && at(answer, "promptFeedback", "blockReason") === undefined) return undefined
  return {
    ...answer,
    ...(none
      ? {}
      : { candidates: [{ ...candidate, content: { parts: stream ? joinTexts(joinParts(parts)) : parts } }, ...others] })
  }
}
