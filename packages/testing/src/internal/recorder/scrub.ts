/**
 * Takes credentials out of bytes: known values in every form they travel in, values under telling names, and what has
 * the form of a key. Works on the bytes as a whole, so that where they were cut into reads makes no difference.
 *
 * A text here has one character a byte (latin1): places in it are places in the bytes, whatever they encode.
 */
import { inText, type Place } from "./secrets.ts"
import { occurrences, spread } from "./spread.ts"

/** What stands in the place of a credential. */
export const placeholder = "[redacted]"

/** Takes credentials out. */
export interface Scrub {
  readonly text: (value: string) => string
  /** Of parts that follow one another, each without what is secret. */
  readonly parts: (parts: ReadonlyArray<Uint8Array>) => ReadonlyArray<Uint8Array>
}

/** Forms of the keys of known vendors, of tokens of their clouds, and of their ids of organizations and projects. */
const forms = new RegExp(
  [
    String.raw`\b(?:sk|pk|rk)-[A-Za-z0-9_*-]{6,}`,
    String.raw`\b(?:sk|pk|rk|gsk|hf|r8|fw|ek|tgp_v1|gh[opsu]|github_pat)_(?=[A-Za-z0-9_-]*\d)[A-Za-z0-9_-]{10,}`,
    String.raw`\b(?:xai|sess|nvapi|pplx|csk|glpat|xox[abeprs])-(?=[A-Za-z0-9_-]*\d)[A-Za-z0-9_-]{10,}`,
    String.raw`\b(?:org-|proj_)(?=[A-Za-z0-9]*\d)[A-Za-z0-9]{16,}`,
    String.raw`\bAIza[A-Za-z0-9_-]{20,}`,
    String.raw`\bya29\.[A-Za-z0-9_-]{10,}`,
    String.raw`\b(?:AKIA|ASIA)[A-Z0-9]{16}\b`,
    // A header in a text. A word after "Bearer" is prose.
    String.raw`(?<=\bBearer\s+)(?:(?=[A-Za-z0-9._~+/=*-]*[0-9*])[A-Za-z0-9._~+/=*-]{6,}|[A-Za-z0-9._~+/=*-]{16,})`,
    // A signed token: three parts, of which two start as JSON does.
    String.raw`\beyJ[A-Za-z0-9_-]{8,}\.eyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]+`,
    String.raw`-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?-----END [A-Z ]*PRIVATE KEY-----`
  ].join("|"),
  "g"
)

/** For the given values, as text. */
export const make = (values: Iterable<string>): Scrub => {
  const known = [...new Set(values)].filter((value) => value !== "")
  const literals = [...new Set(known.flatMap(written))]
  const encoded = [...new Set(known.flatMap(inBase64))]
  const plain = known.map(toBytes)

  const places = (text: string): ReadonlyArray<Place> =>
    merge([
      ...inText(text),
      ...literals.flatMap((literal) => occurrences(text, literal)),
      ...encoded.flatMap((core) => occurrences(text, core).map((place) => wholeBase64(text, place))),
      ...[...text.matchAll(forms)].map((match) => ({ start: match.index, end: match.index + match[0].length })),
      ...spread(text, plain)
    ])

  const parts = (given: ReadonlyArray<Uint8Array>): ReadonlyArray<Uint8Array> => {
    const text = Buffer.concat(given).toString("latin1")
    const found = places(text)
    if (found.length === 0) return given
    let from = 0
    return given.map(({ length }) => {
      const part = without(text, found, from, from + length)
      from += length
      return Buffer.from(part, "latin1")
    })
  }

  return { parts, text: (value) => Buffer.concat(parts([Buffer.from(value)])).toString("utf8") }
}

/** A piece of the text; the placeholder stands where what it replaces began. */
const without = (text: string, found: ReadonlyArray<Place>, from: number, to: number): string => {
  let out = ""
  let at = from
  for (const { end, start } of found) {
    if (end <= from || start >= to) continue
    out += text.slice(at, Math.max(at, start))
    if (start >= from) out += placeholder
    at = Math.min(end, to)
  }
  return out + text.slice(at, to)
}

const merge = (found: ReadonlyArray<Place>): ReadonlyArray<Place> => {
  const out: Array<{ start: number; end: number }> = []
  for (const { end, start } of found.filter((one) => one.end > one.start).toSorted((a, b) => a.start - b.start)) {
    const last = out.at(-1)
    if (last !== undefined && start <= last.end) last.end = Math.max(last.end, end)
    else out.push({ start, end })
  }
  return out
}

/** A value as it stands in text, in addresses and forms, and in JSON; also in an address or JSON inside such a one. */
const written = (value: string): ReadonlyArray<string> => {
  const inUrl = [encodeURIComponent(value), new URLSearchParams({ value }).toString().slice("value=".length)]
  const json = inJson(value)
  return [
    value,
    ...inUrl,
    ...inUrl.map(encodeURIComponent),
    ...inUrl.map((one) => one.replace(/%[0-9A-F]{2}/g, (code) => code.toLowerCase())),
    json,
    json.replaceAll("/", String.raw`\/`),
    inJson(json)
  ].map(toBytes)
}

const inJson = (value: string): string => JSON.stringify(value).slice(1, -1)

/** What base64 has of a value wherever it stands in what was encoded: without the letters its neighbours have a part in. */
const inBase64 = (value: string): ReadonlyArray<string> =>
  [0, 1, 2].flatMap((before) => {
    const bytes = Buffer.concat([Buffer.alloc(before), Buffer.from(value)])
    const letters = Math.floor(bytes.length * 8 / 6)
    const core = bytes.toString("base64").slice(Math.ceil(before * 8 / 6), letters)
    return core.length < 8 ? [] : [core, core.replaceAll("+", "-").replaceAll("/", "_")]
  })

const base64Letter = /[A-Za-z0-9+/_-]/

/** What is encoded around a value goes with it: its first and last bits are in there. */
const wholeBase64 = (text: string, { end, start }: Place): Place => {
  let from = start
  let to = end
  while (from > 0 && base64Letter.test(text.charAt(from - 1))) from--
  while (to < text.length && base64Letter.test(text.charAt(to))) to++
  while (to < text.length && text[to] === "=") to++
  return { start: from, end: to }
}

const toBytes = (text: string): string => Buffer.from(text, "utf8").toString("latin1")
