/**
 * About how many tokens a request has, by its characters: no vocabulary is loaded and no network is asked. For limits and
 * budgets that must say something before the vendor counts.
 *
 * Held beside OpenAI's `o200k_base`, the estimate of a text was between 0.75 and 1.4 times the count, and mostly within
 * a fifth: English prose, code and JSON within a tenth, short texts and languages with few speakers further off. Older
 * and other vocabularies cut finer: vendors report up to a third more for the same text. What a vendor adds by itself
 * (instructions for tools, hosted tools, files it fetches) is not in it. Count with the vendor where it must be exact.
 */
import type * as LanguageModel from "effect/ai/LanguageModel"
import type * as Prompt from "effect/ai/Prompt"
import * as Tool from "effect/ai/Tool"
import * as Capability from "./Capability.ts"
import * as ImageSize from "./internal/imageSize.ts"
import { tokensOf } from "./internal/textTokens.ts"
import * as Media from "./Media.ts"

/**
 * The tokens of a text. Of a text over 131,072 characters, sixteen pieces stand for the whole.
 *
 * @example
 * ```ts
 * import * as TokenEstimate from "@llm-layers/core/TokenEstimate"
 * import { strictEqual } from "node:assert"
 *
 * strictEqual(TokenEstimate.ofText("The quick brown fox"), 5)
 * strictEqual(TokenEstimate.ofText("敏捷的棕色狐狸"), 5)
 * ```
 */
export const ofText: (text: string) => number = tokensOf

/** Of each message: the marks around it and its role. OpenAI's cookbook says 3, and 1 where it has a name. */
const perMessage = 4

/** Of each tool: its marks. */
const perTool = 10

/** Of a tool of the vendor's own, whose instructions are the vendor's: a guess, of the size of what vendors say. */
const perHostedTool = 300

/**
 * The tokens of a request's input: the prompt, the tools that may be called, the schema of the object that is asked for.
 *
 * What it found for a message, a tool and a schema is kept as long as they are, so that a chat is not counted anew for
 * each turn.
 */
export const ofRequest = (
  request: Pick<LanguageModel.ProviderOptions, "prompt" | "tools" | "toolChoice" | "responseFormat">
): number => {
  let tokens = ofPrompt(request.prompt)
  if (request.tools.length > 0) { for (const tool of Capability.offeredTools(request)) tokens += ofTool(tool) }
  if (request.responseFormat.type === "json") tokens += ofFormat(request.responseFormat)
  return tokens
}

/** The tokens of a prompt's messages. */
export const ofPrompt = (prompt: Prompt.Prompt): number => {
  let tokens = 0
  for (const message of prompt.content) tokens += ofMessage(message)
  return tokens
}

const known = new WeakMap<object, number>()

const remembered = <A extends object>(about: A, count: (about: A) => number): number => {
  const before = known.get(about)
  if (before !== undefined) return before
  const tokens = count(about)
  known.set(about, tokens)
  return tokens
}

/** The tokens of one message. */
export const ofMessage = (message: Prompt.Message): number => remembered(message, countMessage)

const countMessage = (message: Prompt.Message): number => {
  if (message.role === "system") return perMessage + ofText(message.content)
  let tokens = perMessage
  for (const part of message.content) tokens += ofPart(part)
  return tokens
}

const ofPart = (part: Prompt.Part): number => {
  switch (part.type) {
    case "text":
    case "reasoning":
      return ofText(part.text)
    case "file":
      return ofFile(part)
    case "tool-call":
      return perTool + ofText(part.name) + ofValue(part.params)
    case "tool-result":
      return perTool + ofResult(part)
    default:
      return 0
  }
}

const ofResult = (part: Prompt.ToolResultPart): number => {
  if (part.modelOutput === undefined) return ofValue(part.result)
  let tokens = 0
  for (const output of part.modelOutput) tokens += output.type === "file" ? ofFile(output) : ofText(output.text)
  return tokens
}

/** As JSON, which is not written for it. */
const ofValue = (value: unknown): number => {
  switch (typeof value) {
    case "string":
      return 1 + ofText(value)
    case "object": {
      if (value === null) return 1
      if (value instanceof Uint8Array) return Math.ceil(value.length / 2)
      let tokens = 1
      if (Array.isArray(value)) { for (const item of value) tokens += ofValue(item) }
      else for (const [key, item] of Object.entries(value)) tokens += 2 + ofText(key) + ofValue(item)
      return tokens
    }
    case "undefined":
      return 0
    default:
      return ofText(String(value))
  }
}

const ofTool = (tool: Tool.Any): number => remembered(tool, countTool)

const countTool = (tool: Tool.Any): number => {
  if (Tool.isProviderDefined(tool)) return perHostedTool
  return perTool + ofText(tool.name) + ofText(Tool.getDescription(tool) ?? "") +
    ofSchema(() => Tool.getJsonSchema(tool))
}

const ofFormat = (format: LanguageModel.ProviderOptions["responseFormat"] & { readonly type: "json" }): number =>
  remembered(
    format.schema,
    () => ofText(format.objectName) + ofSchema(() => Tool.getJsonSchemaFromSchema(format.schema))
  )

/** A schema that cannot be written fails the call where it is sent, with a reason; here it counts for nothing. */
const ofSchema = (make: () => unknown): number => {
  try {
    return ofValue(make())
  } catch {
    return 0
  }
}

/** Bytes a second of speech as MP3 (64 kbit/s), and of video (1 Mbit/s): guesses, as a file does not say. */
const audioBytes = 8_000
const videoBytes = 125_000

/**
 * The tokens of a file. Of an image in memory, by its size in pixels: its area over 750, the longer side taken as 1,568
 * at most (platform.claude.com/docs/en/build-with-claude/vision; OpenAI's and Google's figures for their models are of
 * the same order, or lower). Else a fixed figure, or a guess by bytes: 2,500 for a page of PDF of 50 kB, 32 for a second
 * of audio, 300 for one of video (ai.google.dev/gemini-api/docs/tokens).
 */
const ofFile = (part: Prompt.FilePart): number => {
  const { data } = part
  const address = data instanceof URL ? data.href : data
  const remote = typeof address === "string" && !address.startsWith("data:") &&
    (address.includes(":") || data instanceof URL)
  const inMemory = remote || typeof address === "string" && address.length < 64 ? undefined : address
  const bytes = inMemory === undefined
    ? undefined
    : typeof inMemory === "string"
    ? inMemory.length * 3 / 4
    : inMemory.length
  switch (Media.kindOf(typeof address === "string" ? typeOf(address, part.mediaType) : part.mediaType)) {
    case "image": {
      const size = inMemory === undefined ? undefined : ImageSize.sizeOf(ImageSize.headOf(inMemory))
      return size === undefined ? largestImage : ofImage(size)
    }
    case "pdf":
      return 2_500 * Math.max(1, Math.ceil((bytes ?? 250_000) / 50_000))
    case "audio":
      return Math.ceil((bytes ?? 60 * audioBytes) / audioBytes * 32)
    case "video":
      return Math.ceil((bytes ?? 60 * videoBytes) / videoBytes * 300)
    default:
      return Math.ceil((bytes ?? 10_000) / 4)
  }
}

/** A data URL says what it is where the part does not. */
const typeOf = (address: string, mediaType: string): string => {
  if (mediaType !== "" && mediaType !== "*/*") return mediaType
  return address.startsWith("data:") ? address.slice("data:".length, address.search(/[;,]/)) : mediaType
}

const largestImage = 1_600
const longestSide = 1_568

const ofImage = ({ height, width }: ImageSize.Size): number => {
  const scale = Math.min(1, longestSide / Math.max(width, height, 1))
  return Math.min(largestImage, Math.max(1, Math.ceil(width * scale * height * scale / 750)))
}
