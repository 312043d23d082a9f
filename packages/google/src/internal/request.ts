/** Encode: options and settings → the whole request. */
import type * as Capability from "@llm-layers/core/Capability"
import * as Json from "@llm-layers/core/Json"
import * as RequestSchema from "@llm-layers/core/RequestSchema"
import type * as Settings from "@llm-layers/core/Settings"
import type * as Warning from "@llm-layers/core/Warning"
import type * as LanguageModel from "effect/ai/LanguageModel"
import * as Effect from "effect/Effect"
import type * as Redacted from "effect/Redacted"
import { encodePrompt } from "./prompt.ts"
import type { Config } from "./settings.ts"
import { encodeThinking, type ThinkingConfig } from "./thinking.ts"
import * as ToolNames from "./toolNames.ts"
import { encodeTools, secretsOf } from "./tools.ts"

export interface EncodedRequest {
  readonly body: Json.JsonRecord
  readonly names: ToolNames.ToolNames
  readonly warnings: ReadonlyArray<Warning.Warning>
  /** Tokens in the body. */
  readonly secrets: ReadonlyArray<Redacted.Redacted>
}

/** What the encoder has to know of its client. */
export interface Target {
  readonly api: "gemini" | "vertex"
  /** The address of a file that was uploaded to the Developer API. */
  readonly fileUri: (id: string) => string
}

export const encodeRequest = Effect.fnUntraced(function*(
  subject: Capability.Subject,
  codecTransformer: LanguageModel.CodecTransformer,
  resolved: Settings.Resolved<Config>,
  options: Pick<LanguageModel.ProviderOptions, "prompt" | "tools" | "toolChoice" | "responseFormat">,
  target: Target
) {
  const { settings } = resolved
  const warnings: Array<Warning.Warning> = [...resolved.warnings]
  const thinking = yield* encodeThinking({ subject, warnings }, settings)
  const tools = yield* encodeTools({ subject, api: target.api, codecTransformer, settings, warnings }, options)
  const format = yield* encodeFormat(subject, codecTransformer, options.responseFormat)
  const prompt = yield* encodePrompt({ subject, fileUri: target.fileUri, warnings }, options.prompt)
  const generationConfig = encodeGeneration(settings, thinking, format)
  const written: Json.JsonRecord = {
    ...prompt,
    ...tools,
    ...(Object.keys(generationConfig).length === 0 ? undefined : { generationConfig }),
    ...Json.defined({
      safetySettings: settings.safetySettings,
      cachedContent: settings.cachedContent,
      serviceTier: settings.serviceTier,
      labels: settings.labels
    })
  }
  const request: EncodedRequest = {
    body: withExtra(written, settings.extraBody),
    names: ToolNames.make(options.tools),
    warnings,
    secrets: secretsOf(options.tools)
  }
  return request
})

/** The two records of a request that are made of settings take the caller's members one by one. */
const withExtra = (written: Json.JsonRecord, extra: Json.JsonRecord | undefined): Json.JsonRecord => {
  if (extra === undefined) return written
  const merged = ["generationConfig", "toolConfig"].flatMap((member) =>
    Json.isRecord(extra[member]) ? [[member, { ...Json.record(written[member]), ...extra[member] }] as const] : []
  )
  return { ...written, ...extra, ...Object.fromEntries(merged) }
}

const encodeFormat = Effect.fnUntraced(function*(
  subject: Capability.Subject,
  codecTransformer: LanguageModel.CodecTransformer,
  format: LanguageModel.ProviderOptions["responseFormat"]
) {
  const schema = yield* RequestSchema.ofFormat(subject.origin, format, codecTransformer)
  return schema === undefined
    ? undefined
    : { responseMimeType: "application/json", responseJsonSchema: schema }
})

const encodeGeneration = (
  settings: Config,
  thinkingConfig: ThinkingConfig | undefined,
  format: Json.JsonRecord | undefined
): Json.JsonRecord =>
  Json.defined({
    ...format,
    maxOutputTokens: settings.maxOutputTokens,
    temperature: settings.temperature,
    topP: settings.topP,
    topK: settings.topK,
    stopSequences: settings.stopSequences,
    seed: settings.seed,
    presencePenalty: settings.presencePenalty,
    frequencyPenalty: settings.frequencyPenalty,
    responseModalities: settings.responseModalities?.map((one) => one.toUpperCase()),
    mediaResolution: settings.mediaResolution === undefined
      ? undefined
      : `MEDIA_RESOLUTION_${settings.mediaResolution.toUpperCase()}`,
    ...(settings.topLogprobs === undefined
      ? undefined
      : { responseLogprobs: true, logprobs: settings.topLogprobs }),
    imageConfig: settings.imageConfig,
    speechConfig: settings.speechConfig,
    thinkingConfig
  })
