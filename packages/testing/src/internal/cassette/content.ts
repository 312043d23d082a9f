/** Bytes of a body as they are kept in a cassette: JSON or text where a reader can read it, else base64. */
import type * as Schema from "effect/Schema"

/** Bytes, in the first of the three forms that gives them back exactly. */
export type Content =
  | { readonly json: Schema.Json }
  /** Line by line where there are several, each with its line break. */
  | { readonly text: string | ReadonlyArray<string> }
  | { readonly base64: string }

const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true })

/** Bytes of an answer, exactly: they are JSON only where writing it again gives the same bytes. */
export const encodeBytes = (bytes: Uint8Array): Content => {
  const text = textOf(bytes)
  if (text === undefined) return { base64: Buffer.from(bytes).toString("base64") }
  const json = /^[[{]/.test(text) ? parseJson(text) : undefined
  if (json !== undefined && JSON.stringify(json) === text) return { json }
  return encodeText(text)
}

/** Bytes of a request: JSON where they can be read as such, so that a request matches in whatever order its keys come. */
export const encodeBody = (bytes: Uint8Array): Content | undefined => {
  if (bytes.length === 0) return undefined
  const text = textOf(bytes)
  if (text === undefined) return { base64: Buffer.from(bytes).toString("base64") }
  const json = parseJson(text)
  return json === undefined ? encodeText(text) : { json }
}

export const decodeBytes = (content: Content): Uint8Array<ArrayBuffer> => {
  if ("base64" in content) return Uint8Array.from(Buffer.from(content.base64, "base64"))
  return new TextEncoder().encode("json" in content ? JSON.stringify(content.json) : textIn(content.text))
}

/** The text of lines. */
export const textIn = (text: string | ReadonlyArray<string>): string => typeof text === "string" ? text : text.join("")

const encodeText = (text: string): Content => {
  const lines = text.match(/[^\n]*\n|[^\n]+$/g) ?? []
  return { text: lines.length > 1 ? lines : text }
}

const textOf = (bytes: Uint8Array): string | undefined => {
  try {
    return utf8.decode(bytes)
  } catch {
    return undefined
  }
}

const parseJson = (text: string): Schema.Json | undefined => {
  // A member of that name does not survive being copied into another object.
  if (text.includes("__proto__")) return undefined
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
