/** Encode: parts of user and tool messages → parts. */
import * as Json from "@llm-layers/core/Json"
import * as Media from "@llm-layers/core/Media"
import * as ProviderError from "@llm-layers/core/ProviderError"
import type * as Prompt from "effect/ai/Prompt"
import * as Effect from "effect/Effect"
import { takesFilesInResults } from "../GoogleCapabilities.ts"
import { encodeSignature, type Part, type PromptContext } from "./promptContext.ts"

/** A part of a user message. A text of nothing has no part: the API refuses one. */
export const encodeUserPart = Effect.fnUntraced(function*(context: PromptContext, part: Prompt.UserMessagePart) {
  if (part.type === "file") return [yield* encodeFile(context, part)]
  return encodeText(part)
})

/** A text of nothing stays where it bears a signature: Google sends such parts. */
export const encodeText = (part: Prompt.TextPart): ReadonlyArray<Part> => {
  const signature = encodeSignature(part.options.google)
  return part.text === "" && signature.thoughtSignature === undefined ? [] : [{ text: part.text, ...signature }]
}

/** Names of the Files API. Source: ai.google.dev/gemini-api/docs/files */
const isFileId = (text: string): boolean => /^files\/[a-z0-9-]+$/.test(text)

/** A file of a user message, or of an answer that goes back. */
export const encodeFile = Effect.fnUntraced(function*(context: PromptContext, part: Prompt.FilePart) {
  const options = part.options.google
  const encoded: Part = {
    ...(yield* encodeData(context, part)),
    ...(options?.videoMetadata === undefined ? undefined : { videoMetadata: options.videoMetadata }),
    ...(options?.mediaResolution === undefined
      ? undefined
      : { mediaResolution: { level: `MEDIA_RESOLUTION_${options.mediaResolution.toUpperCase()}` } }),
    ...encodeSignature(options)
  }
  return encoded
})

const encodeData = Effect.fnUntraced(function*(context: PromptContext, part: Prompt.FilePart) {
  const media = Media.fromFilePart(part, isFileId)
  if (media._tag === "Invalid") {
    return yield* ProviderError.invalidFile(context.subject.origin, media)
  }
  if (media._tag === "Bytes") return asPart({ inlineData: { mimeType: media.mediaType, data: media.base64 } })
  const fileUri = media._tag === "FileId" ? context.fileUri(media.id) : media.url
  // Google finds out by itself what an address without a whole type leads to.
  const whole = media.mediaType !== "" && !media.mediaType.includes("*")
  return asPart({ fileData: { ...(whole ? { mimeType: media.mediaType } : undefined), fileUri } })
})

const asPart = (part: Part): Part => part

/** The result of a tool that the program ran, and the files that have to follow it. */
export interface EncodedResult {
  readonly response: Part
  readonly after: ReadonlyArray<Part>
}

/** `output` and `error` are the names the API gives to what is no record. Source: `FunctionResponse` in the API reference. */
export const encodeToolResult = Effect.fnUntraced(function*(context: PromptContext, part: Prompt.ToolResultPart) {
  const files: Array<Part> = []
  const texts: Array<string> = []
  for (const one of part.modelOutput ?? []) {
    if (one.type === "file") files.push(yield* encodeFile(context, one))
    else texts.push(one.text)
  }
  const shown = texts.length > 0 ? texts.join("\n") : {}
  const inside = takesFilesInResults(context.subject.model)
  const encoded: EncodedResult = {
    response: {
      functionResponse: {
        id: part.id,
        name: part.name,
        response: encodeOutput(part.modelOutput === undefined ? part.result : shown, part.isFailure),
        ...(inside && files.length > 0 ? { parts: files } : undefined)
      }
    },
    after: inside || files.length === 0 ? [] : [{ text: `Files of the result of ${part.name}:` }, ...files]
  }
  return encoded
})

const encodeOutput = (output: unknown, isFailure: boolean): Json.JsonRecord => {
  if (isFailure) return { error: output ?? null }
  return Json.isRecord(output) ? output : { output: output ?? null }
}
