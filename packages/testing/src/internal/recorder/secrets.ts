/** Finds the values that must not reach a file: those in credential headers, in addresses, and under telling names. */
import { isCredentialHeader, isCredentialMember, isCredentialParameter } from "./names.ts"

/** A request as it goes out, or as it is asked for in a replay. Header names are lower case. */
export interface Sent {
  readonly method: string
  readonly url: URL
  readonly headers: { readonly [name: string]: string }
  readonly body: Uint8Array
}

/** A shorter value is a word, and is left out only where its name says what it is. */
const isLong = (value: string): boolean => value.length >= 6

/** A number in a header that may well be a count, such as `x-tokens-left`. */
const isCount = (name: string, value: string): boolean =>
  /^\d{1,11}$/.test(value) && !/^(?:proxy-)?authorization$|api-key$/.test(name)

/** The values in the headers and the address of a request. */
export const ofSent = (sent: Sent): ReadonlyArray<string> => [
  ...ofHeaders(sent.headers),
  ...ofUser(decode(sent.url.username), decode(sent.url.password)),
  ...[...sent.url.searchParams].flatMap(([name, value]) => isCredentialParameter(name) ? [value] : []).filter(isLong)
]

/** The values in headers of either direction. */
export const ofHeaders = (headers: { readonly [name: string]: string }): ReadonlyArray<string> =>
  Object.entries(headers).flatMap(([name, value]) => {
    if (name === "set-cookie") return cookies(value.replace(/;.*$/, "")).filter(isLong)
    if (!isCredentialHeader(name)) return []
    const values = name === "cookie" ? cookies(value) : ofCredential(value.trim())
    return values.filter((one) => isLong(one) && !isCount(name, one))
  })

const cookies = (value: string): ReadonlyArray<string> =>
  value.split(";").map((cookie) => cookie.slice(cookie.indexOf("=") + 1).trim())

/** `Bearer abc`, `Basic dXNlcjpwYXNz`, `AWS4-HMAC-SHA256 Credential=abc, Signature=def`, or the value alone. */
const ofCredential = (value: string): ReadonlyArray<string> => {
  const [, scheme, rest] = /^([A-Za-z][\w-]*)\s+(.+)$/.exec(value) ?? []
  if (scheme === undefined || rest === undefined) return [value]
  const named = [...rest.matchAll(/[\w-]+="?([^\s,;"]+)/g)].map(([, one = ""]) => one)
  if (scheme.toLowerCase() !== "basic") return [rest, ...named]
  const [user = "", ...password] = Buffer.from(rest, "base64").toString("utf8").split(":")
  return [rest, ...ofUser(user, password.join(":"))]
}

/** A key may stand in the place of the user's name, with or without a password. */
const ofUser = (user: string, password: string): ReadonlyArray<string> =>
  [password, password === "" || user.length >= 16 ? user : ""].filter(isLong)

const decode = (text: string): string => {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

/** A place in a text. */
export interface Place {
  readonly start: number
  readonly end: number
}

/** The place of a credential, and the values to look for elsewhere. */
export interface Found extends Place {
  readonly values: ReadonlyArray<string>
}

/** What in a text is said to be a credential by what stands before it. The text is bytes, one character each. */
export const inText = (text: string): ReadonlyArray<Found> => [
  ...members(text),
  ...parameters(text),
  ...passwords(text)
]

/** The values in parts that follow one another. */
export const ofParts = (parts: ReadonlyArray<Uint8Array>): ReadonlyArray<string> =>
  inText(Buffer.concat(parts).toString("latin1")).flatMap(({ values }) => values)

/**
 * Members of JSON: `"client_secret": "abc"`, and the same inside text that is JSON itself, where each quote has
 * backslashes before it.
 */
const members = (text: string): ReadonlyArray<Found> =>
  [...text.matchAll(/(\\*)"([\w.\- ]{1,64})\1"\s*:\s*(?:\{\s*\1"value\1"\s*:\s*)?\1"/g)].flatMap((match) => {
    const [before, escape = "", name = ""] = match
    if (!isCredentialMember(name)) return []
    const start = match.index + before.length
    const rest = text.slice(start)
    const [raw = ""] = (escape === "" ? /^(?:[^"\\]|\\[\s\S])*/ : /^(?:[^"\\]|\\+[^"\\])*/).exec(rest) ?? []
    return [found(start, raw, unescape(raw))]
  })

/** Parameters of a form or of an address in a text. `&` is `\u0026` in the JSON of some servers. */
const parameters = (text: string): ReadonlyArray<Found> =>
  [...text.matchAll(/((?:^|[?&]|\\u0026)([\w.-]{1,64})=)([^&\s"'<>\\#]+)/g)].flatMap((match) => {
    const [, before = "", name = "", raw = ""] = match
    return isCredentialParameter(name) ? [found(match.index + before.length, raw, decode(raw))] : []
  })

/** In an address: `https://user:password@host`. */
const passwords = (text: string): ReadonlyArray<Found> =>
  [...text.matchAll(/(\/\/[^\s/:@"]*:)([^\s/@"]+)@/g)].map((match) => {
    const [, before = "", raw = ""] = match
    return found(match.index + before.length, raw, decode(raw))
  })

const found = (start: number, raw: string, value: string): Found => ({
  start,
  end: start + raw.length,
  // A word, such as the `required` of a description, is no credential that could be looked for elsewhere.
  values: ofCredential(value).filter((one) => isLong(one) && !/^[A-Za-z]{1,15}$/.test(one)).map(fromBytes)
})

const unescape = (raw: string): string => {
  try {
    return JSON.parse(`"${raw}"`)
  } catch {
    return raw.replaceAll("\\", "")
  }
}

/** Text whose characters are bytes of UTF-8, as text. */
const fromBytes = (text: string): string => Buffer.from(text, "latin1").toString("utf8")
