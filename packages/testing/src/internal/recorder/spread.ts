/**
 * Finds values that JSON writes with escapes, or that a stream spreads over the texts of several events: a model that
 * repeats a key sends it a few letters at a time.
 */
import type { Place } from "./secrets.ts"

/** The texts under one name, one after the other. */
interface Joined {
  text: string
  readonly pieces: Array<Piece>
}

/** One of them: where it starts in what is joined, where in the whole, and how it is written there. */
interface Piece {
  readonly at: number
  readonly from: number
  readonly raw: string
}

/** Where the values are. Values and text have one character a byte. */
export const spread = (text: string, values: ReadonlyArray<string>): ReadonlyArray<Place> => {
  if (values.length === 0) return []
  const joined = [...join(text).values()]
  return values.flatMap((value) =>
    joined.flatMap((one) => occurrences(one.text, value).flatMap(({ end, start }) => placesOf(one, start, end)))
  )
}

/** The places where a text has another. */
export const occurrences = (text: string, part: string): ReadonlyArray<Place> => {
  const out: Array<Place> = []
  for (let at = text.indexOf(part); at !== -1; at = text.indexOf(part, at + 1)) {
    out.push({ start: at, end: at + part.length })
  }
  return out
}

/** Text in JSON never has a line break, so that a line is enough to know what is text; a name is told by its colon. */
const join = (text: string): ReadonlyMap<string, Joined> => {
  const out = new Map<string, Joined>()
  let name = ""
  for (const match of text.matchAll(/"((?:[^"\\\n]|\\[^\n])*)"(\s*:)?/g)) {
    const [, raw = "", colon] = match
    if (colon !== undefined) {
      name = raw
      continue
    }
    const joined = out.get(name) ?? { text: "", pieces: [] }
    out.set(name, joined)
    joined.pieces.push({ at: joined.text.length, from: match.index + 1, raw })
    joined.text += raw.includes("\\") ? letters(raw).map(({ text }) => text).join("") : raw
  }
  return out
}

const placesOf = (joined: Joined, start: number, end: number): ReadonlyArray<Place> =>
  joined.pieces.filter((piece) => piece.at < end && piece.at + piece.raw.length > start).flatMap(
    ({ at, from, raw }) => {
      let next = at
      return letters(raw).flatMap(({ end: after, start: before, text }) => {
        const first = next
        next += text.length
        return first < end && next > start ? [{ start: from + before, end: from + after }] : []
      })
    }
  )

const simple: { readonly [letter: string]: string } = { b: "\b", f: "\f", n: "\n", r: "\r", t: "\t" }

/** The letters of a text in JSON and where each is written. */
const letters = (raw: string): ReadonlyArray<Place & { readonly text: string }> =>
  [...raw.matchAll(/\\u([0-9a-fA-F]{4})|\\([\s\S])|[^\\]/g)].map((match) => {
    const [all, code, letter] = match
    const text = code !== undefined
      ? Buffer.from(String.fromCharCode(Number.parseInt(code, 16))).toString("latin1")
      : letter === undefined
      ? all
      : simple[letter] ?? letter
    return { text, start: match.index, end: match.index + all.length }
  })
