/** Encode: parts of user and tool messages → blocks. */
import type * as Beta from "@anthropic-ai/sdk/resources/beta/messages/messages"
import * as Capability from "@llm-layers/core/Capability"
import * as Json from "@llm-layers/core/Json"
import * as Media from "@llm-layers/core/Media"
import * as ProviderError from "@llm-layers/core/ProviderError"
import type * as Prompt from "effect/ai/Prompt"
import * as Effect from "effect/Effect"
import { type Block, encodeCache, isNothing, leaveOut, type PromptContext } from "./promptContext.ts"

/** A part of a user message. A text of nothing has no block. */
export const encodeUserPart = Effect.fnUntraced(function*(context: PromptContext, part: Prompt.UserMessagePart) {
  if (part.type === "file") return [yield* encodeFile(context, part)]
  const block = encodeText(part)
  return block === undefined ? [] : [block]
})

type TextBlock = Beta.BetaTextBlockParam | Beta.BetaSearchResultBlockParam

const encodeText = (part: Prompt.TextPart): TextBlock | undefined => {
  if (isNothing(part.text)) return undefined
  const options = part.options.anthropic
  const cache = encodeCache(options)
  const found = options?.searchResult
  if (found === undefined) return { type: "text", text: part.text, ...cache }
  return {
    type: "search_result",
    source: found.source,
    title: found.title,
    content: [{ type: "text", text: part.text }],
    ...(found.citations === undefined ? undefined : { citations: { enabled: found.citations } }),
    ...cache
  }
}

type FileBlock = Beta.BetaImageBlockParam | Beta.BetaRequestDocumentBlock | Beta.BetaContainerUploadBlockParam

/** Ids of the Files API. Source: platform.claude.com/docs/en/build-with-claude/files */
const isFileId = (text: string): boolean => text.startsWith("file_")

const encodeFile = Effect.fnUntraced(function*(context: PromptContext, part: Prompt.FilePart) {
  const media = Media.fromFilePart(part, isFileId)
  const cache = encodeCache(part.options.anthropic)
  if (media._tag === "Invalid") {
    return yield* ProviderError.invalidFile(context.subject.origin, media)
  }
  if (part.options.anthropic?.containerUpload === true) {
    if (media._tag === "FileId") {
      const block: FileBlock = { type: "container_upload", file_id: media.id, ...cache }
      return block
    }
    return yield* Capability.unsupportedPrompt(
      context.subject,
      "fileInput",
      "a container upload of a file that was not uploaded before"
    )
  }
  if (Media.kindOf(media.mediaType) === "image") {
    const block: FileBlock = { type: "image", source: yield* encodeImageSource(context, media), ...cache }
    return block
  }
  const options = part.options.anthropic
  const title = options?.title ?? media.fileName
  const block: FileBlock = {
    type: "document",
    source: yield* encodeDocumentSource(context, media),
    ...(title === undefined ? undefined : { title }),
    ...(options?.context === undefined ? undefined : { context: options.context }),
    ...(options?.citations === undefined ? undefined : { citations: options.citations }),
    ...cache
  }
  return block
})

type Sent = Exclude<Media.Media, { readonly _tag: "Invalid" }>

const imageTypes: ReadonlyArray<string> = [
  "image/jpeg",
  "image/png",
  "image/gif",
  "image/webp"
] satisfies ReadonlyArray<
  Beta.BetaBase64ImageSource["media_type"]
>

const encodeImageSource = Effect.fnUntraced(function*(context: PromptContext, media: Sent) {
  const asSource = (source: Beta.BetaImageBlockParam["source"]) => source
  // The vendor knows what it was when it was uploaded.
  if (media._tag === "FileId") return asSource({ type: "file", file_id: media.id })
  const isAny = media._tag === "Url" && media.mediaType === "image/*"
  if (!isAny && !imageTypes.includes(media.mediaType)) {
    return yield* Capability.unsupportedPrompt(context.subject, "imageInput", `${media.mediaType} as input`)
  }
  if (media._tag === "Url") return asSource({ type: "url", url: media.url })
  // Checked above.
  const media_type = media.mediaType as Beta.BetaBase64ImageSource["media_type"]
  return asSource({ type: "base64", media_type, data: media.base64 })
})

const encodeDocumentSource = Effect.fnUntraced(function*(context: PromptContext, media: Sent) {
  const asSource = (source: Beta.BetaRequestDocumentBlock["source"]) => source
  // The vendor knows what it was when it was uploaded.
  if (media._tag === "FileId") return asSource({ type: "file", file_id: media.id })
  if (Media.kindOf(media.mediaType) === "pdf") {
    return media._tag === "Url"
      ? asSource({ type: "url", url: media.url })
      : asSource({ type: "base64", media_type: "application/pdf", data: media.base64 })
  }
  if (!isText(media.mediaType)) {
    return yield* Capability.unsupportedPrompt(context.subject, "fileInput", `${media.mediaType} as input`)
  }
  if (media._tag === "Url") {
    return yield* Capability.unsupportedPrompt(context.subject, "textInput", "a text document by its address")
  }
  return asSource({ type: "text", media_type: "text/plain", data: Media.toText(media) })
})

/** Types whose bytes are text although their name does not say so. */
const isText = (mediaType: string): boolean =>
  Media.kindOf(mediaType) === "text" ||
  /^application\/(?:json|xml|yaml|toml|javascript|typescript|sql|.*\+(?:json|xml))\b/.test(mediaType.toLowerCase())

/** The result of a tool that the program ran. */
export const encodeToolResult = Effect.fnUntraced(function*(context: PromptContext, part: Prompt.ToolResultPart) {
  const output = yield* encodeOutput(context, part)
  const content = part.isFailure ? encodeFailure(context, part, output) : output
  const toolset = context.toolsets.get(part.id)
  const block: Beta.BetaToolResultBlockParam = {
    type: "tool_result",
    tool_use_id: context.encodeId(part.id),
    ...(content === undefined || content.length === 0 ? undefined : { content }),
    ...(part.isFailure ? { is_error: true } : undefined),
    ...(toolset === undefined ? undefined : { toolset_name: toolset }),
    ...encodeCache(part.options.anthropic)
  }
  return block
})

/** What the tool shows the model, else its result: text as it is, all else as JSON. */
const encodeOutput = Effect.fnUntraced(function*(context: PromptContext, part: Prompt.ToolResultPart) {
  const given: ReadonlyArray<unknown> | undefined = part.options.anthropic?.content
  // Written by the program in the form of the wire.
  if (given !== undefined) return given as Array<Beta.BetaToolResultContentBlockParam>
  if (part.modelOutput !== undefined) {
    const blocks: Array<Block> = []
    for (const one of part.modelOutput) blocks.push(...yield* encodeUserPart(context, one))
    // Text, search results, images and documents: all that `encodeUserPart` gives but container uploads, which the
    // API refuses by itself.
    return blocks as Array<Beta.BetaToolResultContentBlockParam>
  }
  if (context.names.givesBlocks(part.name) && isBlocks(part.result)) return part.result
  return typeof part.result === "string" ? part.result : JSON.stringify(part.result)
})

type Output = Beta.BetaToolResultBlockParam["content"]

/**
 * With a failure the API wants text and takes nothing else: "content cannot be empty if `is_error` is true", "all content
 * must be type 'text' if 'is_error' is true".
 */
const encodeFailure = (context: PromptContext, part: Prompt.ToolResultPart, output: Output): Output => {
  const nothing = "The tool failed and said nothing."
  if (output === undefined || typeof output === "string") return isNothing(output ?? "") ? nothing : output
  const texts = output.filter((block) => block.type === "text")
  const others = output.length - texts.length
  if (others > 0) {
    leaveOut(context, `${others} blocks of the failed result of ${part.name} were left out: the API takes text alone`)
  }
  return texts.length === 0 ? nothing : texts
}

/** Handlers of Anthropic's own tools may give blocks, such as a screenshot; `AnthropicTool.HandlerResult` is their type. */
const isBlocks = (result: unknown): result is Array<Beta.BetaToolResultContentBlockParam> =>
  Array.isArray(result) && result.length > 0 && result.every((one) => typeof Json.record(one)["type"] === "string")
