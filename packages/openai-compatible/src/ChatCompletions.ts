/**
 * The Chat Completions dialect: `POST /chat/completions` as a driver. OpenAI made it, and most other servers speak it
 * with differences that are data here, {@link Quirks}.
 *
 * For those who write a provider; programs use `OpenAiCompatibleLanguageModel` or a vendor's own module.
 */
import type * as Capability from "@llm-layers/core/Capability"
import type * as Connection from "@llm-layers/core/Connection"
import type * as Driver from "@llm-layers/core/Driver"
import type * as Json from "@llm-layers/core/Json"
import * as PartStream from "@llm-layers/core/PartStream"
import * as ProviderError from "@llm-layers/core/ProviderError"
import * as Settings from "@llm-layers/core/Settings"
import type * as LanguageModel from "effect/ai/LanguageModel"
import type * as AiTelemetry from "effect/ai/Telemetry"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import type { Reading } from "./internal/draft.ts"
import { defaultQuirks, type Quirks } from "./internal/quirks.ts"
import { type Encoded, encodeRequest, type Model } from "./internal/request.ts"
import { decodeResponse } from "./internal/response.ts"
import type { ChatSettings } from "./internal/settings.ts"
import { decoder } from "./internal/stream.ts"
import type { EncodeProviderTool, EncodeToolMembers } from "./internal/tools.ts"
import * as OpenAiSchema from "./OpenAiSchema.ts"

export { defaultQuirks, type Quirks } from "./internal/quirks.ts"
export type { ChatSettings as Settings } from "./internal/settings.ts"
export type { EncodeProviderTool, EncodeToolMembers } from "./internal/tools.ts"

/** What makes a driver of the dialect. */
export interface Options<S extends ChatSettings> {
  /** The provider's name, which is its namespace in options and metadata. */
  readonly provider: string
  /** The public module errors name. */
  readonly module: string
  readonly connection: Connection.Connection
  readonly model: string
  readonly capabilities: Capability.Capabilities
  /** The settings of the model; those around a call come from `override`. */
  readonly settings: S
  readonly override: Settings.Override<S>
  /** Default: `OpenAiSchema.codecTransformer`. */
  readonly codecTransformer?: LanguageModel.CodecTransformer | undefined
  /** What differs from most compatible servers. */
  readonly quirks?: Partial<Quirks> | undefined
  /** Members of the body for settings the dialect does not have. */
  readonly encodeSettings?: ((settings: S) => Json.JsonRecord) | undefined
  /** The vendor's own tools. Default: none, and a request with one is an error. */
  readonly encodeProviderTool?: EncodeProviderTool | undefined
  /** What the vendor has beside `type` and `function` in the definition of a tool. Default: nothing. */
  readonly encodeToolMembers?: EncodeToolMembers | undefined
}

const path = "/chat/completions"

/**
 * A driver that speaks the dialect.
 *
 * @example
 * ```ts
 * import { Capability, Driver, Settings } from "@llm-layers/core"
 * import { ChatCompletions, OpenAiCompatibleClient } from "@llm-layers/openai-compatible"
 * import { Effect } from "effect"
 *
 * interface AcmeSettings extends ChatCompletions.Settings {
 *   readonly tone?: "formal" | "casual" | undefined
 * }
 * const acme = Settings.override<AcmeSettings>("acme/AcmeLanguageModel")
 *
 * export const layer = (model: string, settings: AcmeSettings = {}) =>
 *   Driver.layer(Effect.map(OpenAiCompatibleClient.OpenAiCompatibleClient, (connection) =>
 *     ChatCompletions.driver({
 *       provider: "acme",
 *       module: "AcmeLanguageModel",
 *       connection,
 *       model,
 *       capabilities: { ...Capability.all, audioInput: false },
 *       settings,
 *       override: acme,
 *       quirks: { reasoningField: "reasoning_content" },
 *       encodeSettings: ({ tone }) => ({ acme_tone: tone })
 *     })))
 * ```
 */
export const driver = <S extends ChatSettings>(options: Options<S>): Driver.Driver => {
  const { connection, module, provider } = options
  const model: Model<S> = {
    model: options.model,
    capabilities: options.capabilities,
    settings: options.settings,
    override: options.override,
    transformer: options.codecTransformer ?? OpenAiSchema.codecTransformer,
    quirks: { ...defaultQuirks, ...options.quirks },
    encodeSettings: options.encodeSettings,
    encodeProviderTool: options.encodeProviderTool,
    encodeToolMembers: options.encodeToolMembers
  }

  const readingOf = (origin: ProviderError.Origin, encoded: Encoded, now: number): Reading => ({
    provider,
    quirks: model.quirks,
    warnings: encoded.warnings,
    audioFormat: encoded.audioFormat,
    callPrefix: `call_${now.toString(36)}_${(answers++).toString(36)}`,
    toolName: (name) => encoded.names.getCustomName(name),
    failed: (body) => connection.eventError({ origin, path }, now, body),
    cutShort: () =>
      origin.method === "streamText"
        ? ProviderError.endedBefore(origin, "its finish reason")
        : ProviderError.make(origin, "InvalidResponse", { description: "The answer has no choice in it" })
  })

  return {
    provider,
    module,
    model: options.model,
    capabilities: options.capabilities,
    codecTransformer: model.transformer,
    settings: Effect.map(options.override.reference, (around) => requestAttributes({ ...options.settings, ...around })),
    identity: Settings.identity(options.override, options.settings, { baseUrl: connection.baseUrl }),
    generateText: (request) => {
      const origin = { provider, module, method: "generateText" }
      return Effect.flatMap(
        encodeRequest(model, origin, request, false),
        (encoded) =>
          Effect.flatMap(
            connection.json({ origin, path, body: encoded.body }),
            ({ json }) =>
              Effect.flatMap(Clock.currentTimeMillis, (now) =>
                decodeResponse(readingOf(origin, encoded, now), json, request.responseFormat.type === "json"))
          )
      )
    },
    streamText: (request) => {
      const origin = { provider, module, method: "streamText" }
      return Stream.unwrap(
        Effect.flatMap(
          encodeRequest(model, origin, request, true),
          (encoded) =>
            Effect.flatMap(
              connection.events({ origin, path, body: encoded.body }),
              ({ events }) =>
                Effect.map(Clock.currentTimeMillis, (now) =>
                  PartStream.decode(events, decoder(readingOf(origin, encoded, now))))
            )
        )
      )
    }
  }
}

/** Answers so far: two of one millisecond must not share the ids that are made for their calls. */
let answers = 0

const requestAttributes = (settings: ChatSettings): AiTelemetry.RequestAttributes => ({
  maxTokens: settings.maxOutputTokens,
  temperature: settings.temperature,
  topP: settings.topP,
  topK: settings.topK,
  stopSequences: settings.stopSequences,
  presencePenalty: settings.presencePenalty,
  frequencyPenalty: settings.frequencyPenalty,
  seed: settings.seed
})
