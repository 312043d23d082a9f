/** Encodes the parts of user messages and tool results. */
import * as Media from "@llm-layers/core/Media"
import * as ProviderError from "@llm-layers/core/ProviderError"
import type * as Prompt from "effect/ai/Prompt"
import type { Encoding } from "./encoding.ts"
import type { Cacheable, CacheBreakpoint, ContentPart, TextPart } from "./wire.ts"

/** The parts as content: a text alone as a string, which is what every server reads. */
export const encodeContent = (
  encoding: Encoding,
  parts: ReadonlyArray<Prompt.TextPart | Prompt.FilePart>,
  holder: { readonly options?: unknown } = {}
): string | ReadonlyArray<ContentPart> => {
  const encoded = parts.flatMap((part) =>
    part.type === "text" ? [encodeText(encoding, part)] : encodeFile(encoding, part)
  )
  const marked = markLast(encoding, encoded, cacheMark(encoding, holder))
  const [only] = marked
  if (only === undefined) return ""
  return marked.length === 1 && only.type === "text" && !isMarked(only) ? only.text : marked
}

/** The content of a system message. */
export const encodeSystem = (encoding: Encoding, message: Prompt.SystemMessage): string | ReadonlyArray<TextPart> => {
  const mark = cacheMark(encoding, message)
  return mark === undefined ? message.content : [{ type: "text", text: message.content, ...mark }]
}

const encodeText = (encoding: Encoding, part: Prompt.TextPart): TextPart => ({
  type: "text",
  text: part.text,
  ...cacheMark(encoding, part)
})

/** The mark a message or part was given. */
export const cacheMark = (encoding: Encoding, holder: { readonly options?: unknown }): Cacheable | undefined => {
  const { cacheControl, promptCacheBreakpoint } = encoding.optionsOf(holder)
  if (encoding.quirks.cacheControl && !isNone(cacheControl)) return { cache_control: cacheControl }
  // What the caller wrote under a documented name; the server says what is wrong with it.
  return isNone(promptCacheBreakpoint)
    ? undefined
    : { prompt_cache_breakpoint: promptCacheBreakpoint as CacheBreakpoint }
}

const isNone = (value: unknown): boolean => value === undefined || value === null

/** Whether a part ends a cached prefix. */
export const isMarked = (part: Cacheable): boolean =>
  part.prompt_cache_breakpoint !== undefined || part.cache_control !== undefined

/**
 * The parts with the mark of their message, which counts for the last of them that can have it: any with OpenAI, a text
 * with OpenRouter (guide "Prompt caching": "only into the text part of a multipart message").
 */
export const markLast = (
  encoding: Encoding,
  parts: ReadonlyArray<ContentPart>,
  mark: Cacheable | undefined
): ReadonlyArray<ContentPart> => {
  if (mark === undefined) return parts
  const at = mark.cache_control === undefined ? parts.length - 1 : parts.findLastIndex(({ type }) => type === "text")
  if (at < 0) encoding.warn("prompt", "a message without text cannot end a cached prefix")
  return parts.map((part, index) => index === at ? { ...part, ...mark } : part)
}

const encodeFile = (encoding: Encoding, part: Prompt.FilePart): ReadonlyArray<ContentPart> => {
  const media = Media.fromFilePart(part, (text) => encoding.quirks.fileIds?.test(text) === true)
  if (media._tag === "Invalid") {
    encoding.fail(ProviderError.invalidFile(encoding.subject.origin, media))
    return []
  }
  const encoded = encodeMedia(encoding, media, part)
  const mark = cacheMark(encoding, part)
  if (encoded !== undefined) {
    if (mark?.cache_control === undefined || encoded.type === "text") return [{ ...encoded, ...mark }]
    encoding.warn("prompt", `a file (${media.mediaType}) cannot end a cached prefix; a text can`)
    return [encoded]
  }
  const form = media._tag === "Bytes" ? "bytes" : media._tag === "Url" ? "a URL" : "a file id"
  encoding.refuse({ capability: "fileInput", asked: `${media.mediaType} as ${form}`, parameter: "prompt" })
  return []
}

type Known = Exclude<Media.Media, { readonly _tag: "Invalid" }>

const encodeMedia = (encoding: Encoding, media: Known, part: Prompt.FilePart): ContentPart | undefined => {
  switch (Media.kindOf(media.mediaType)) {
    case "image":
      return encodeImage(encoding, media, part)
    case "audio":
      return encodeAudio(encoding, media)
    case "video":
      return media._tag === "FileId" ? undefined : { type: "video_url", video_url: { url: addressOf(media) } }
    case "text":
      // OpenAI, guide "File inputs": Chat Completions takes PDF alone as a file; text is to be sent as text.
      if (media._tag === "Bytes") return { type: "text", text: named(media.fileName, Media.toText(media)) }
      return encoding.quirks.fileUrls && encoding.quirks.anyFile
        ? encodeDocument(encoding, media, "file.txt")
        : undefined
    case "pdf":
      return encodeDocument(encoding, media, "document.pdf")
    case "other":
      return media._tag === "FileId" || encoding.quirks.anyFile ? encodeDocument(encoding, media, "file") : undefined
  }
}

const encodeImage = (encoding: Encoding, media: Known, part: Prompt.FilePart): ContentPart | undefined => {
  if (media._tag === "FileId" || (media._tag === "Url" && !encoding.quirks.imageUrls)) return undefined
  const detail = encoding.optionsOf(part)["detail"]
  return {
    type: "image_url",
    image_url: { url: addressOf(media), ...(typeof detail === "string" ? { detail } : undefined) }
  }
}

const encodeAudio = (encoding: Encoding, media: Known): ContentPart | undefined => {
  const format = encoding.quirks.audioFormats[media.mediaType.toLowerCase()]
  return media._tag !== "Bytes" || format === undefined
    ? undefined
    : { type: "input_audio", input_audio: { data: media.base64, format } }
}

const encodeDocument = (encoding: Encoding, media: Known, fileName: string): ContentPart | undefined => {
  if (media._tag === "FileId") return { type: "file", file: { file_id: media.id } }
  if (media._tag === "Url" && !encoding.quirks.fileUrls) return undefined
  return { type: "file", file: { filename: media.fileName ?? fileName, file_data: addressOf(media) } }
}

const addressOf = (media: Exclude<Known, { readonly _tag: "FileId" }>): string =>
  media._tag === "Url" ? media.url : Media.toDataUrl(media)

const named = (fileName: string | undefined, text: string): string =>
  fileName === undefined ? text : `${fileName}:\n${text}`
