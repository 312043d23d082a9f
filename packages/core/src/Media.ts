/**
 * Files in prompts, in one normal form.
 *
 * `effect/ai` documents a string as base64, yet people also pass data URLs, web addresses and file ids; all of them mean
 * something, and none is dropped.
 */
import type * as Prompt from "effect/ai/Prompt"
import * as Encoding from "effect/encoding/Base64"
import * as Result from "effect/Result"

/** A file as a provider encodes it. */
export type Media =
  | {
    readonly _tag: "Bytes"
    /** Standard base64 with padding. */
    readonly base64: string
    readonly mediaType: string
    readonly fileName: string | undefined
  }
  | {
    readonly _tag: "Url"
    readonly url: string
    readonly mediaType: string
    readonly fileName: string | undefined
  }
  | {
    /** A file uploaded to the vendor before. */
    readonly _tag: "FileId"
    readonly id: string
    readonly mediaType: string
    readonly fileName: string | undefined
  }
  | { readonly _tag: "Invalid"; readonly reason: string }

/** What kind of input a media type is, by the names of the capability table. */
export type Kind = "image" | "pdf" | "text" | "audio" | "video" | "other"

/**
 * The kind of input a media type is.
 */
export const kindOf = (mediaType: string): Kind => {
  const lower = mediaType.toLowerCase()
  if (lower === "application/pdf") return "pdf"
  const main = lower.slice(0, Math.max(0, lower.indexOf("/")))
  switch (main) {
    case "image":
    case "text":
    case "audio":
    case "video":
      return main
    default:
      return "other"
  }
}

/**
 * The file of a prompt in its normal form. `isFileId` says which strings the vendor uses as ids of uploaded files.
 *
 * @example
 * ```ts
 * import * as Media from "@llm-layers/core/Media"
 * import { Prompt } from "effect/ai"
 * import { deepStrictEqual } from "node:assert"
 *
 * const part = Prompt.makePart("file", { mediaType: "image/*", data: "data:image/png;base64,aGk=" })
 * deepStrictEqual(Media.fromFilePart(part), {
 *   _tag: "Bytes",
 *   base64: "aGk=",
 *   mediaType: "image/png",
 *   fileName: undefined
 * })
 * ```
 */
export const fromFilePart = (
  part: Pick<Prompt.FilePart, "data" | "mediaType" | "fileName">,
  isFileId: (text: string) => boolean = () => false
): Media => {
  const { data, fileName } = part
  if (data instanceof Uint8Array) {
    return { _tag: "Bytes", base64: Encoding.encode(data), mediaType: sniff(part.mediaType, data), fileName }
  }
  const text = data instanceof URL ? data.href : data.trim()
  if (text.startsWith("data:")) return fromDataUrl(text, part.mediaType, fileName)
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(text)) return { _tag: "Url", url: text, mediaType: part.mediaType, fileName }
  if (isFileId(text)) return { _tag: "FileId", id: text, mediaType: part.mediaType, fileName }
  return fromBase64(text, part.mediaType, fileName)
}

/** The file as a `data:` URL, for vendors that take one in place of base64. */
export const toDataUrl = (media: { readonly base64: string; readonly mediaType: string }): string =>
  `data:${media.mediaType};base64,${media.base64}`

/** The bytes as UTF-8 text, for vendors that take documents as text. */
export const toText = (media: { readonly base64: string }): string =>
  Buffer.from(media.base64, "base64").toString("utf8")

const fromDataUrl = (url: string, mediaType: string, fileName: string | undefined): Media => {
  const comma = url.indexOf(",")
  if (comma < 0) return { _tag: "Invalid", reason: "a data URL without a comma" }
  const [stated = "", ...parameters] = url.slice("data:".length, comma).split(";")
  const type = stated === "" || !mediaType.includes("*") && mediaType !== "" ? mediaType : stated
  const content = url.slice(comma + 1)
  if (parameters.includes("base64")) return fromBase64(safeDecode(content), type, fileName)
  const bytes = new TextEncoder().encode(safeDecode(content))
  return { _tag: "Bytes", base64: Encoding.encode(bytes), mediaType: type, fileName }
}

const safeDecode = (text: string): string => {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

const fromBase64 = (text: string, mediaType: string, fileName: string | undefined): Media => {
  const standard = text.replace(/\s+/g, "").replaceAll("-", "+").replaceAll("_", "/").replace(/=+$/, "")
  const padded = standard.padEnd(Math.ceil(standard.length / 4) * 4, "=")
  if (!/^[A-Za-z0-9+/]*={0,2}$/.test(padded) || standard.length % 4 === 1) {
    return { _tag: "Invalid", reason: "a string that is neither base64, nor a URL, nor an id of an uploaded file" }
  }
  const head = Result.getOrElse(Encoding.decode(padded.slice(0, 24)), () => new Uint8Array())
  return { _tag: "Bytes", base64: padded, mediaType: sniff(mediaType, head), fileName }
}

/** First bytes of formats that come with a wildcard type; `effect/ai` documents `image/*` as allowed. */
const signatures: ReadonlyArray<readonly [mediaType: string, at: number, bytes: ReadonlyArray<number>]> = [
  ["image/png", 0, [0x89, 0x50, 0x4e, 0x47]],
  ["image/jpeg", 0, [0xff, 0xd8, 0xff]],
  ["image/gif", 0, [0x47, 0x49, 0x46, 0x38]],
  ["image/webp", 8, [0x57, 0x45, 0x42, 0x50]],
  ["application/pdf", 0, [0x25, 0x50, 0x44, 0x46]],
  ["audio/wav", 8, [0x57, 0x41, 0x56, 0x45]],
  ["audio/mpeg", 0, [0x49, 0x44, 0x33]]
]

const sniff = (mediaType: string, bytes: Uint8Array): string => {
  if (mediaType !== "" && !mediaType.includes("*")) return mediaType
  const found = signatures.find(([, at, magic]) => magic.every((byte, index) => bytes[at + index] === byte))
  if (found !== undefined) return found[0]
  return mediaType === "image/*" ? "image/jpeg" : mediaType === "" ? "application/octet-stream" : mediaType
}
