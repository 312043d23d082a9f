/**
 * What a model can do, as data. The encoders, the tests and the documentation read the same table, and what a model
 * cannot do fails before the network.
 *
 * A model that no row names is taken to do everything: a table is out of date the day a vendor ships, and an unknown
 * model must never be refused.
 */
import type * as AiError from "effect/ai/AiError"
import type * as LanguageModel from "effect/ai/LanguageModel"
import type * as Prompt from "effect/ai/Prompt"
import * as Media from "./Media.ts"
import * as ProviderError from "./ProviderError.ts"

/** The flags, each true where the model can. */
export interface Capabilities {
  readonly imageInput: boolean
  readonly pdfInput: boolean
  /** Text files given as documents. */
  readonly textInput: boolean
  readonly audioInput: boolean
  readonly videoInput: boolean
  readonly tools: boolean
  /** `toolChoice` `required`, a named tool or `oneOf` with mode `required`. */
  readonly forcedToolChoice: boolean
  /** Tool arguments that are held to the schema by the vendor. */
  readonly strictTools: boolean
  readonly structuredOutput: boolean
  readonly streaming: boolean
  readonly temperature: boolean
  readonly topP: boolean
  readonly topK: boolean
  readonly stopSequences: boolean
  readonly seed: boolean
  readonly presencePenalty: boolean
  readonly frequencyPenalty: boolean
  readonly reasoning: boolean
  /** Reasoning with a budget in tokens. */
  readonly reasoningBudget: boolean
  /** Reasoning whose depth the model chooses itself. */
  readonly reasoningAdaptive: boolean
  /** Reasoning that can be switched off. */
  readonly reasoningOff: boolean
  /** System messages after the first user message. */
  readonly systemInHistory: boolean
  /** An assistant message at the end of the prompt, which the answer continues. */
  readonly prefill: boolean
}

/** The name of a flag. */
export type Flag = keyof Capabilities

/** Everything is possible: what an unknown model is taken for. */
export const all: Capabilities = {
  imageInput: true,
  pdfInput: true,
  textInput: true,
  audioInput: true,
  videoInput: true,
  tools: true,
  forcedToolChoice: true,
  strictTools: true,
  structuredOutput: true,
  streaming: true,
  temperature: true,
  topP: true,
  topK: true,
  stopSequences: true,
  seed: true,
  presencePenalty: true,
  frequencyPenalty: true,
  reasoning: true,
  reasoningBudget: true,
  reasoningAdaptive: true,
  reasoningOff: true,
  systemInHistory: true,
  prefill: true
}

/** One row of a provider's table. */
export interface Row {
  /** The family, as the documentation shows it: `gpt-5`, `claude-opus-4-7`. */
  readonly models: string
  readonly match: RegExp
  /** Where the row comes from. */
  readonly source: string
  /** What differs from the provider's defaults. */
  readonly flags: Partial<Capabilities>
}

/** A provider's capabilities: what its API can do at all, then what families of models cannot. */
export interface Table {
  /** What differs from {@link all} for every model of the provider, known or not. */
  readonly provider: Partial<Capabilities>
  /** The first row that matches counts. */
  readonly rows: ReadonlyArray<Row>
}

/**
 * The capabilities of a model by its provider's table.
 *
 * @example
 * ```ts
 * import * as Capability from "@llm-layers/core/Capability"
 * import { strictEqual } from "node:assert"
 *
 * const table: Capability.Table = {
 *   provider: { videoInput: false },
 *   rows: [{ models: "mini", match: /mini/, source: "vendor's model page", flags: { imageInput: false } }]
 * }
 * strictEqual(Capability.lookup(table, "acme-mini").imageInput, false)
 * strictEqual(Capability.lookup(table, "acme-next").imageInput, true)
 * ```
 */
export const lookup = (table: Table, model: string): Capabilities => ({
  ...all,
  ...table.provider,
  ...table.rows.find((row) => row.match.test(model))?.flags
})

/** The model a request goes to, for the message of the error. */
export interface Subject {
  readonly origin: ProviderError.Origin
  readonly model: string
  readonly capabilities: Capabilities
}

/**
 * The error for a request the model cannot do, or `undefined`. Checks what `effect/ai` asks: files in the prompt,
 * tools, tool choice and response format. Settings of a provider are checked by {@link checkSettings}.
 */
export const checkRequest = (
  subject: Subject,
  options: Pick<LanguageModel.ProviderOptions, "prompt" | "tools" | "toolChoice" | "responseFormat">,
  streaming: boolean
): AiError.AiError | undefined => {
  const { capabilities } = subject
  if (streaming && !capabilities.streaming) return refuse(subject, "streaming", "streaming")
  if (options.tools.length > 0 && !capabilities.tools) return refuse(subject, "tools", "tools", "toolkit")
  if (isForced(options.toolChoice) && options.tools.length > 0 && !capabilities.forcedToolChoice) {
    return refuse(subject, "forcedToolChoice", "a tool choice that forces a call", "toolChoice")
  }
  if (options.responseFormat.type === "json" && !capabilities.structuredOutput) {
    return refuse(subject, "structuredOutput", "structured output", "schema")
  }
  return checkFiles(subject, options.prompt)
}

/** One setting a caller gave. */
export interface Setting {
  readonly flag: Flag
  /** The name the caller used. */
  readonly name: string
  readonly given: boolean
}

/**
 * The error for the first setting that was given and that the model refuses.
 */
export const checkSettings = (subject: Subject, settings: ReadonlyArray<Setting>): AiError.AiError | undefined => {
  const refused = settings.find((setting) => setting.given && !subject.capabilities[setting.flag])
  return refused === undefined ? undefined : refuse(subject, refused.flag, `the setting ${refused.name}`, refused.name)
}

/** Whether a tool choice obliges the model to call a tool. */
export const isForced = (choice: LanguageModel.ToolChoice<string>): boolean =>
  choice === "required" ||
  (typeof choice === "object" && ("tool" in choice || choice.mode === "required"))

/** The tools a request has: `oneOf` holds on the wire, too, because a model can only call what it is told of. */
export const offeredTools = (
  { toolChoice, tools }: Pick<LanguageModel.ProviderOptions, "tools" | "toolChoice">
): LanguageModel.ProviderOptions["tools"] =>
  typeof toolChoice === "object" && "oneOf" in toolChoice
    ? tools.filter((tool) => toolChoice.oneOf.includes(tool.name))
    : tools

/** The error for what of a prompt the API has no form for. */
export const unsupportedPrompt = (
  { model, origin }: Omit<Subject, "capabilities">,
  capability: string,
  asked: string
): AiError.AiError => ProviderError.unsupported(origin, { capability, asked, model, parameter: "prompt" })

/** The error for a tool choice that obliges the model to call one of no tools. */
export const nothingToCall = (
  origin: ProviderError.Origin,
  choice: LanguageModel.ToolChoice<string>
): AiError.AiError =>
  ProviderError.make(origin, "InvalidRequest", {
    description: `The tool choice ${JSON.stringify(choice)} names no tool of the request`,
    parameter: "toolChoice"
  })

const refuse = (subject: Subject, capability: Flag, asked: string, parameter?: string): AiError.AiError =>
  ProviderError.unsupported(subject.origin, {
    capability,
    asked,
    model: subject.model,
    ...(parameter === undefined ? undefined : { parameter })
  })

const inputFlags = {
  image: "imageInput",
  pdf: "pdfInput",
  text: "textInput",
  audio: "audioInput",
  video: "videoInput"
} as const satisfies { readonly [kind in Exclude<Media.Kind, "other">]: Flag }

const checkFiles = (subject: Subject, prompt: Prompt.Prompt): AiError.AiError | undefined => {
  for (const message of prompt.content) {
    if (message.role === "system") continue
    for (const part of message.content) {
      if (part.type === "file" && message.role === "user") {
        const error = checkFile(subject, part)
        if (error !== undefined) return error
      }
      if (part.type !== "tool-result" || part.modelOutput === undefined) continue
      for (const output of part.modelOutput) {
        const error = output.type === "file" ? checkFile(subject, output) : undefined
        if (error !== undefined) return error
      }
    }
  }
  return undefined
}

const checkFile = (subject: Subject, part: Prompt.FilePart): AiError.AiError | undefined => {
  const mediaType = typeOf(part)
  const kind = Media.kindOf(mediaType)
  if (kind === "other") return undefined
  const flag = inputFlags[kind]
  return subject.capabilities[flag] ? undefined : refuse(subject, flag, `${mediaType} as input`, "prompt")
}

/** The stated type; where there is none, what the file itself says. */
const typeOf = (part: Prompt.FilePart): string => {
  if (part.mediaType !== "" && part.mediaType !== "*/*") return part.mediaType
  const media = Media.fromFilePart(part)
  return media._tag === "Invalid" ? part.mediaType : media.mediaType
}
