import { show } from "../difference.ts"
import { type Json, type JsonObject, parseJson, sameJson } from "../json.ts"
import { neutral } from "./settings.ts"

/**
 * What a request says, without the freedoms its form has: a text may be a string or a list of one part, results may be
 * JSON with any white space, absent members may be null. Recorded requests and those a provider sends are read alike and
 * compared, so what is compared is what the encoder makes of the public API's terms.
 */
export interface Outline {
  /** Texts, files, calls, results and all else of the conversation, in order. */
  readonly entries: ReadonlyArray<JsonObject>
  readonly tools: ReadonlyArray<JsonObject>
  readonly choice: Json
  /** All other members of the body, under their names now. */
  readonly members: JsonObject
}

/** An object without the members that say nothing. */
export const told = (value: JsonObject): JsonObject =>
  Object.fromEntries(
    Object.entries(value).filter(([, child]) => child !== null && !(Array.isArray(child) && child.length === 0))
  )

/** The members of an object that were not taken out of it. */
export const membersBut = (value: JsonObject, taken: ReadonlyArray<string>): JsonObject =>
  told(Object.fromEntries(Object.entries(value).filter(([key]) => !taken.includes(key))))

/** The settings of a body: its members but for those that are compared apart, or change nothing. */
export const settingsIn = (body: JsonObject, apart: ReadonlyArray<string>): JsonObject => {
  const alone = !Array.isArray(body["tools"]) || body["tools"].length === 0
  const members = membersBut(body, alone ? [...apart, "parallel_tool_calls"] : apart)
  return Object.fromEntries(Object.entries(members).filter(([name, value]) => neutral[name] !== value))
}

/** A text that is JSON, as the value. */
export const jsonOrText = (text: string): Json => parseJson(text) ?? text

/** An address as the platform writes it. */
export const address = (text: string): string => /^https?:/.test(text) && URL.canParse(text) ? new URL(text).href : text

/** Texts of one role that follow each other are one; empty ones are none. */
export const joinTexts = (entries: ReadonlyArray<JsonObject>): ReadonlyArray<JsonObject> => {
  const joined: Array<JsonObject> = []
  for (const entry of entries) {
    const { text, ...rest } = entry
    const last = joined.at(-1)
    if (typeof text !== "string") joined.push(entry)
    else if (text !== "") {
      const { text: before, ...same } = last ?? {}
      if (typeof before === "string" && sameJson(same, rest)) {
        joined[joined.length - 1] = { ...rest, text: before + text }
      } else joined.push(entry)
    }
  }
  return joined
}

/** A call in the form without ids has one that somebody made up. */
const sameEntry = (wanted: JsonObject, came: JsonObject | undefined): boolean => {
  const { call: _, ...nameless } = came ?? {}
  return sameJson(wanted, came) || (wanted["name"] !== undefined && sameJson(wanted, nameless))
}

/** The first entry of an answer that does not follow what was asked before; none if the answer is there whole. */
export const missingEntry = (
  asked: ReadonlyArray<JsonObject>,
  answered: ReadonlyArray<JsonObject>,
  sent: ReadonlyArray<JsonObject>
): ReadonlyArray<string> => {
  const other = asked.findIndex((entry, place) => !sameEntry(entry, sent[place]))
  if (other >= 0) return [`entry ${other}: asked ${show(asked[other])}, sent ${show(sent[other])}`]
  const [wanted, came] = [joinTexts(answered), joinTexts(sent.slice(asked.length))]
  const at = wanted.findIndex((entry, place) => !sameEntry(entry, came[place]))
  return at < 0 ? [] : [`entry ${at} of the answer: expected ${show(wanted[at])}, sent ${show(came[at])}`]
}

/** What of a recorded request is not in the one that was sent, one line each. */
export const compareOutlines = (recorded: Outline, sent: Outline): ReadonlyArray<string> => {
  const [wanted, came] = [joinTexts(recorded.entries), joinTexts(sent.entries)]
  const at = wanted.findIndex((entry, place) => !sameJson(entry, came[place]))
  return [
    ...(at < 0 ? [] : [`entry ${at} of the request: recorded ${show(wanted[at])}, sent ${show(came[at])}`]),
    ...(at < 0 && came.length > wanted.length ? [`not in the recorded request: ${show(came[wanted.length])}`] : []),
    ...recorded.tools.filter((tool) => !sent.tools.some((other) => sameJson(tool, other)))
      .map((tool) => `tool of the request: recorded ${show(tool)}, sent ${show(likely(tool, sent.tools))}`),
    ...(sameJson(recorded.choice, sent.choice)
      ? []
      : [`tool choice: recorded ${show(recorded.choice)}, sent ${show(sent.choice)}`]),
    ...Object.entries(recorded.members).filter(([name, value]) => !sameJson(value, sent.members[name]))
      .map(([name, value]) => `${name} of the request: recorded ${show(value)}, sent ${show(sent.members[name])}`)
  ]
}

const likely = (tool: JsonObject, others: ReadonlyArray<JsonObject>): JsonObject | undefined =>
  others.find((other) => other["name"] === tool["name"] && other["type"] === tool["type"])
