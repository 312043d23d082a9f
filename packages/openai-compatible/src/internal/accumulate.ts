/** Puts the pieces of streamed JSON together where they are kept and not decoded. */
import * as Json from "@llm-layers/core/Json"

/** A list that grows at its end in constant time, without changing what others hold of it. */
export interface Chain<A> {
  readonly last: A
  readonly before: Chain<A> | undefined
}

/** The items in the order they came. */
export const toArray = <A>(chain: Chain<A> | undefined): Array<A> => {
  const out: Array<A> = []
  for (let link = chain; link !== undefined; link = link.before) out.push(link.last)
  return out.toReversed()
}

/** Strings under these names are labels and replace one another; all others are pieces of a text. */
const labels = new Set(["id", "type", "role", "name", "format", "finish_reason", "native_finish_reason", "signature"])

/**
 * What came before, with what comes now: texts are joined, items of lists are joined where they have the same `index`
 * and appended where they have none.
 */
export const accumulate = (before: Json.JsonRecord, now: Json.JsonRecord): Json.JsonRecord => {
  const out: { [key: string]: unknown } = { ...before }
  for (const [key, value] of Object.entries(now)) {
    if (value === undefined || value === null) continue
    const known = out[key]
    if (typeof known === "string" && typeof value === "string" && !labels.has(key)) out[key] = known + value
    else if (Json.isRecord(known) && Json.isRecord(value)) out[key] = accumulate(known, value)
    else if (Array.isArray(known) && Array.isArray(value)) out[key] = accumulateList(known, value)
    else out[key] = value
  }
  return out
}

const accumulateList = (before: ReadonlyArray<unknown>, now: ReadonlyArray<unknown>): ReadonlyArray<unknown> => {
  const out = [...before]
  for (const item of now) {
    const index = Json.number(Json.record(item)["index"])
    const at = index === undefined ? -1 : out.findIndex((one) => Json.record(one)["index"] === index)
    if (at < 0) out.push(item)
    else out[at] = accumulate(Json.record(out[at]), Json.record(item))
  }
  return out
}

/** What grows in each kind of detail that comes in pieces. Its other members are labels, and other kinds come whole. */
const growing: ReadonlyMap<unknown, string> = new Map([["reasoning.text", "text"], ["reasoning.summary", "summary"]])

/**
 * `reasoning_details` of OpenRouter, pieces of one detail joined: those that follow one another with the same type and
 * index. A signature ends what it signs.
 */
export const joinDetails = (pieces: ReadonlyArray<unknown>): ReadonlyArray<unknown> => {
  const out: Array<unknown> = []
  for (const piece of pieces) {
    const last = Json.record(out.at(-1))
    const next = Json.record(piece)
    const text = growing.get(next["type"])
    const same = text !== undefined && last["type"] === next["type"] && last["index"] === next["index"] &&
      (!last["signature"] || !next[text]) && (isNone(next["id"]) || last["id"] === next["id"])
    if (same) out[out.length - 1] = grow(last, next, text)
    else out.push(piece)
  }
  return out
}

const grow = (before: Json.JsonRecord, now: Json.JsonRecord, text: string): Json.JsonRecord => {
  const said = Object.entries(now).filter(([, value]) => !isNone(value) && value !== "")
  return {
    ...before,
    ...Object.fromEntries(said),
    ...(text in before || text in now
      ? { [text]: (Json.string(before[text]) ?? "") + (Json.string(now[text]) ?? "") }
      : undefined)
  }
}

const isNone = (value: unknown): boolean => value === undefined || value === null
