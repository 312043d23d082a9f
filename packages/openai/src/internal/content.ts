/** Texts and files of a prompt as contents of input items. */
import type * as Capability from "@llm-layers/core/Capability"
import * as Media from "@llm-layers/core/Media"
import * as ProviderError from "@llm-layers/core/ProviderError"
import type * as AiError from "effect/ai/AiError"
import type * as Prompt from "effect/ai/Prompt"
import * as Effect from "effect/Effect"
import { read, readString } from "./namespace.ts"

/** An object of the wire. */
export type Wire = { readonly [key: string]: unknown }

/** Ids of OpenAI's Files API, and of Azure's. */
const isFileId = (text: string): boolean => /^(?:file[-_]|assistant-)[A-Za-z0-9]+$/.test(text)

/** Texts and files, as messages of users and results of tools have them. */
export const encodeContents = (
  subject: Capability.Subject,
  parts: ReadonlyArray<Prompt.TextPart | Prompt.FilePart>
): Effect.Effect<Array<Wire>, AiError.AiError> =>
  Effect.gen(function*() {
    const contents: Array<Wire> = []
    for (const part of parts) contents.push(part.type === "text" ? encodeText(part) : yield* encodeFile(subject, part))
    return contents
  })

const encodeText = (part: Prompt.TextPart): Wire => ({
  type: "input_text",
  text: part.text,
  ...breakpoint(part.options)
})

/** The end of a part of the prompt that is to be cached. */
export const breakpoint = (options: Prompt.ProviderOptions): Wire | undefined => {
  const given = read(options, "promptCacheBreakpoint")
  return given === undefined ? undefined : { prompt_cache_breakpoint: given }
}

const encodeFile = (subject: Capability.Subject, part: Prompt.FilePart): Effect.Effect<Wire, AiError.AiError> => {
  const media = Media.fromFilePart(part, isFileId)
  if (media._tag === "Invalid") {
    return Effect.fail(ProviderError.invalidFile(subject.origin, media))
  }
  const kind = Media.kindOf(media.mediaType)
  if (kind === "audio" || kind === "video") {
    return Effect.fail(ProviderError.unsupported(subject.origin, {
      capability: `${kind}Input`,
      asked: `${media.mediaType} in the Responses API`,
      model: subject.model,
      parameter: "prompt"
    }))
  }
  return Effect.succeed({
    ...(kind === "image" ? encodeImage(media, part) : encodeDocument(media, part)),
    ...breakpoint(part.options)
  })
}

type Sent = Exclude<Media.Media, { readonly _tag: "Invalid" }>

const encodeImage = (media: Sent, part: Prompt.FilePart): Wire => {
  const detail = readString(part.options, "detail") ?? "auto"
  switch (media._tag) {
    case "Bytes":
      return { type: "input_image", image_url: Media.toDataUrl(media), detail }
    case "Url":
      return { type: "input_image", image_url: media.url, detail }
    case "FileId":
      return { type: "input_image", file_id: media.id, detail }
  }
}

const encodeDocument = (media: Sent, part: Prompt.FilePart): Wire => {
  const detail = readString(part.options, "detail")
  const chosen = detail === undefined ? undefined : { detail }
  switch (media._tag) {
    case "Bytes":
      // OpenAI reads the kind of a file from its name and refuses data without one.
      return {
        type: "input_file",
        filename: media.fileName ?? `document${extension(media.mediaType)}`,
        file_data: Media.toDataUrl(media),
        ...chosen
      }
    case "Url":
      return { type: "input_file", file_url: media.url, ...chosen }
    case "FileId":
      return { type: "input_file", file_id: media.id, ...chosen }
  }
}

const extensions: { readonly [mediaType: string]: string } = {
  "application/pdf": ".pdf",
  "application/json": ".json",
  "application/vnd.openxmlformats-officedocument.wordprocessingml.document": ".docx",
  "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": ".xlsx",
  "application/vnd.openxmlformats-officedocument.presentationml.presentation": ".pptx",
  "text/csv": ".csv",
  "text/html": ".html",
  "text/markdown": ".md",
  "text/plain": ".txt",
  "text/xml": ".xml"
}

const extension = (mediaType: string): string => extensions[mediaType.toLowerCase()] ?? ""
