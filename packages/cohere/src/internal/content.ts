/** Encode: parts of user messages and of tool results → content. */
import * as Capability from "@llm-layers/core/Capability"
import * as Json from "@llm-layers/core/Json"
import * as Media from "@llm-layers/core/Media"
import * as ProviderError from "@llm-layers/core/ProviderError"
import type * as Prompt from "effect/ai/Prompt"
import * as Effect from "effect/Effect"
import type { PromptContext } from "./promptContext.ts"

/** A text alone goes as a text, all else as a list of blocks. */
export const contentOf = (blocks: ReadonlyArray<Json.JsonRecord>): unknown => {
  const [only] = blocks
  return blocks.length === 1 && only?.["type"] === "text" ? only["text"] : blocks
}

/** A part of a user message. A text file is a document of the request and no block. */
export const encodeUserPart = Effect.fnUntraced(function*(context: PromptContext, part: Prompt.UserMessagePart) {
  if (part.type === "text") return encodeText(part.text)
  const media = yield* readFile(context, part)
  if (Media.kindOf(media.mediaType) === "image") return [yield* encodeImage(context, part, media)]
  const document = yield* encodeDocument(context, media)
  if (context.textInline) return encodeText(inline(document))
  context.documents.push(document)
  return []
})

const encodeText = (text: string): ReadonlyArray<Json.JsonRecord> => text === "" ? [] : [{ type: "text", text }]

const readFile = Effect.fnUntraced(function*(context: PromptContext, part: Prompt.FilePart) {
  const media = Media.fromFilePart(part)
  if (media._tag !== "Invalid") return media
  return yield* ProviderError.invalidFile(context.subject.origin, media)
})

type Sent = Exclude<Media.Media, { readonly _tag: "Invalid" }>

/** Source: https://docs.cohere.com/docs/image-inputs */
const imageTypes = ["image/jpeg", "image/png", "image/gif", "image/webp"]

const encodeImage = Effect.fnUntraced(function*(context: PromptContext, part: Prompt.FilePart, media: Sent) {
  const isAny = media._tag === "Url" && media.mediaType === "image/*"
  if (media._tag === "FileId" || !isAny && !imageTypes.includes(media.mediaType)) {
    return yield* Capability.unsupportedPrompt(context.subject, "imageInput", `${media.mediaType} as input`)
  }
  const detail = part.options.cohere?.detail
  const block: Json.JsonRecord = {
    type: "image_url",
    image_url: {
      url: media._tag === "Url" ? media.url : Media.toDataUrl(media),
      ...(detail === undefined ? undefined : { detail })
    }
  }
  return block
})

const encodeDocument = Effect.fnUntraced(function*(context: PromptContext, media: Sent) {
  if (!isText(media.mediaType)) {
    return yield* Capability.unsupportedPrompt(context.subject, "fileInput", `${media.mediaType} as input`)
  }
  if (media._tag !== "Bytes") {
    return yield* Capability.unsupportedPrompt(context.subject, "textInput", "a text document by its address")
  }
  const title = media.fileName === undefined ? undefined : { title: media.fileName }
  const document: Json.JsonRecord = {
    ...(media.fileName === undefined ? undefined : { id: freeId(context, media.fileName) }),
    data: { ...title, text: Media.toText(media) }
  }
  return document
})

/** Two files may have one name; citations tell documents by their ids. */
const freeId = (context: PromptContext, name: string): string => {
  const taken = (id: string) => context.documents.some((one) => one["id"] === id)
  let id = name
  for (let count = 2; taken(id); count++) id = `${name} (${count})`
  return id
}

const inline = (document: Json.JsonRecord): string => {
  const data = Json.record(document["data"])
  const [text, title] = [Json.string(data["text"]) ?? "", Json.string(data["title"])]
  return title === undefined ? text : `${title}:\n${text}`
}

/** Types whose bytes are text although their name does not say so. */
const isText = (mediaType: string): boolean =>
  Media.kindOf(mediaType) === "text" ||
  /^application\/(?:json|xml|yaml|toml|javascript|typescript|sql|.*\+(?:json|xml))\b/.test(mediaType.toLowerCase())

/** The result of a tool: what it shows the model, else its result, as text or as JSON. The API has no mark for failures. */
export const encodeToolResult = Effect.fnUntraced(function*(context: PromptContext, part: Prompt.ToolResultPart) {
  const content = part.modelOutput === undefined
    ? typeof part.result === "string" ? part.result : JSON.stringify(part.result ?? null)
    : contentOf(yield* encodeOutput(context, part.modelOutput))
  const message: Json.JsonRecord = { role: "tool", tool_call_id: part.id, content }
  return message
})

const encodeOutput = Effect.fnUntraced(function*(
  context: PromptContext,
  parts: ReadonlyArray<Prompt.TextPart | Prompt.FilePart>
) {
  const blocks: Array<Json.JsonRecord> = []
  for (const part of parts) {
    if (part.type === "text") {
      const document = part.options.cohere?.document
      blocks.push(document === undefined ? { type: "text", text: part.text } : { type: "document", document })
      continue
    }
    const media = yield* readFile(context, part)
    if (Media.kindOf(media.mediaType) === "image") {
      return yield* Capability.unsupportedPrompt(context.subject, "imageInput", "an image in the result of a tool")
    }
    blocks.push({ type: "document", document: yield* encodeDocument(context, media) })
  }
  return blocks
})
