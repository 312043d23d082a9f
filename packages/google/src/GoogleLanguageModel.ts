/**
 * Google's language models through `generateContent`, of the Gemini Developer API and of Vertex AI.
 *
 * Text, thinking, tools of the program and of Google, structured output, images, audio, video, PDFs and files by address
 * in, pictures and speech out, sources, caches made before. Not covered: the Live and the Interactions API, batches, and
 * the making of caches and uploads.
 *
 * A thought signature stays on the part it came on, and goes back with the history: `Chat` and `Prompt.fromResponseParts`
 * carry it. Gemini 3 refuses a call of a tool without one; to a history that another model began, the signature that the
 * documentation names for this is added.
 */
import type * as Capability from "@llm-layers/core/Capability"
import * as Driver from "@llm-layers/core/Driver"
import * as Json from "@llm-layers/core/Json"
import * as PartStream from "@llm-layers/core/PartStream"
import * as Settings from "@llm-layers/core/Settings"
import * as TokenCount from "@llm-layers/core/TokenCount"
import * as AiError from "effect/ai/AiError"
import * as IdGenerator from "effect/ai/IdGenerator"
import type * as LanguageModel from "effect/ai/LanguageModel"
import * as Model from "effect/ai/Model"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import type * as Layer from "effect/Layer"
import * as Stream from "effect/Stream"
import * as GoogleCapabilities from "./GoogleCapabilities.ts"
import { GoogleClient } from "./GoogleClient.ts"
import { encodeRequest } from "./internal/request.ts"
import { decodeAnswer } from "./internal/response.ts"
import { codecTransformer } from "./internal/schema.ts"
import type { Config } from "./internal/settings.ts"
import type { DecodeContext } from "./internal/state.ts"
import { decoder } from "./internal/stream.ts"

/** Models that are known. Others are taken as well. Source: ai.google.dev/gemini-api/docs/models */
export type ModelId =
  | "gemini-3.5-flash"
  | "gemini-3.1-pro-preview"
  | "gemini-3.1-flash-lite"
  | "gemini-3-flash-preview"
  | "gemini-2.5-pro"
  | "gemini-2.5-flash"
  | "gemini-2.5-flash-lite"
  | "gemini-2.5-flash-image"
  | (string & {})

export type { Config, SafetySetting, Thinking, ThinkingLevel } from "./internal/settings.ts"

const config = Settings.override<Config>("@llm-layers/google/GoogleLanguageModel")

/** What a model can do. */
export const capabilities: (model: ModelId) => Capability.Capabilities = GoogleCapabilities.lookup

const provider = "google"
const module = "GoogleLanguageModel"

/**
 * A model, to be provided to a program.
 *
 * @example
 * ```ts
 * import * as GoogleClient from "@llm-layers/google/GoogleClient"
 * import * as GoogleLanguageModel from "@llm-layers/google/GoogleLanguageModel"
 * import { Effect } from "effect"
 * import { LanguageModel } from "effect/ai"
 *
 * export const program = LanguageModel.generateText({ prompt: "Explain layers in one sentence" }).pipe(
 *   Effect.map((response) => response.text),
 *   Effect.provide(GoogleLanguageModel.model("gemini-3.5-flash", { thinking: { level: "low" } })),
 *   Effect.provide(GoogleClient.layerConfig())
 * )
 * ```
 */
export const model = <R = never>(
  name: ModelId,
  options?: Settings.ModelOptions<Config, R> | undefined
): Model.Model<"google", LanguageModel.LanguageModel, GoogleClient | R> =>
  Model.make("google", name, layer(name, options))

/** The driver of a model, for policies and for providers built on this one. */
export const driver = (
  name: ModelId,
  options: Config = {}
): Effect.Effect<Driver.Driver, never, GoogleClient> =>
  Effect.map(GoogleClient, (client): Driver.Driver => {
    const capabilities = GoogleCapabilities.lookup(name)

    /** The request of a call, and what decoding its answer needs. */
    const prepare = (method: "generateText" | "streamText", request: LanguageModel.ProviderOptions) =>
      Effect.gen(function*() {
        const origin = { provider, module, method }
        const resolved = yield* Settings.resolve({ origin, model: name, capabilities }, config, options)
        const { body, names, secrets, warnings } = yield* encodeRequest(
          { origin, model: name, capabilities },
          codecTransformer,
          resolved,
          request,
          { api: client.api, fileUri: fileUriOf(client.baseUrl) }
        )
        const path = method === "streamText"
          ? `${client.path(name, "streamGenerateContent")}?alt=sse`
          : client.path(name, "generateContent")
        const now = yield* Clock.currentTimeMillis
        const newId = yield* (yield* IdGenerator.IdGenerator).generateId()
        const context = (headers: { readonly [name: string]: string }): DecodeContext => ({
          origin,
          names,
          warnings,
          newId,
          candidates: Json.number(Json.record(body["generationConfig"])["candidateCount"]) ?? 1,
          isEventStream: headers["content-type"]?.includes("event-stream") === true,
          eventError: (data) => client.eventError({ origin, path, secrets }, now, data)
        })
        return { request: { origin, path, body, secrets }, context }
      })

    return {
      provider,
      module,
      model: name,
      capabilities,
      codecTransformer,
      settings: Effect.map(config.reference, (around) => {
        const { maxOutputTokens, ...settings } = { ...options, ...around }
        const { frequencyPenalty, presencePenalty, seed, stopSequences, temperature, topK, topP } = settings
        return {
          maxTokens: maxOutputTokens,
          frequencyPenalty,
          presencePenalty,
          seed,
          stopSequences,
          temperature,
          topK,
          topP
        }
      }),
      identity: Settings.identity(config, options, { baseUrl: client.baseUrl, path: client.path(name, "") }),
      generateText: (options) =>
        Effect.gen(function*() {
          const { context, request } = yield* prepare("generateText", options)
          const answer = yield* client.json(request)
          const decoded = decodeAnswer(context(answer.headers), answer.json)
          return AiError.isAiError(decoded) ? yield* decoded : decoded
        }),
      streamText: (options) =>
        Stream.unwrap(
          Effect.flatMap(prepare("streamText", options), ({ context, request }) =>
            Effect.map(
              client.events(request),
              (answer) => PartStream.decode(answer.events, decoder(context(answer.headers)))
            ))
        )
    }
  })

/** Files of the Files API are named by their address. */
const fileUriOf = (baseUrl: string) => (id: string): string => `${baseUrl}/v1beta/${id}`

/** The service of a model. */
export const make = (
  name: ModelId,
  options?: Config | undefined
): Effect.Effect<LanguageModel.LanguageModel, never, GoogleClient> =>
  Effect.flatMap(driver(name, options), Driver.toLanguageModel)

/**
 * The service of a model as a Layer.
 *
 * @example
 * ```ts
 * import * as GoogleClient from "@llm-layers/google/GoogleClient"
 * import * as GoogleLanguageModel from "@llm-layers/google/GoogleLanguageModel"
 * import { Layer } from "effect"
 *
 * export const layer = GoogleLanguageModel.layer("gemini-3.5-flash").pipe(
 *   Layer.provide(GoogleClient.layerConfig())
 * )
 * ```
 */
export const layer = <R = never>(
  name: ModelId,
  options?: Settings.ModelOptions<Config, R> | undefined
): Layer.Layer<LanguageModel.LanguageModel, never, GoogleClient | R> => {
  const { policy, ...settings } = options ?? {}
  return Driver.layer(driver(name, settings), policy)
}

/**
 * Changes settings of the calls inside an effect or a stream. The innermost wins, and each wins over the model's own.
 *
 * @example
 * ```ts
 * import * as GoogleLanguageModel from "@llm-layers/google/GoogleLanguageModel"
 * import { LanguageModel } from "effect/ai"
 *
 * export const careful = LanguageModel.generateText({ prompt: "Is 1001 prime?" }).pipe(
 *   GoogleLanguageModel.withConfigOverride({ thinking: { level: "high", includeThoughts: true } })
 * )
 * ```
 */
export const withConfigOverride = config.withConfigOverride

/** What is counted: what a request would have. */
export type CountOptions = TokenCount.Options<Config>

/**
 * The tokens of a request, as Google counts them, with system messages and tools. One request of its own, which costs
 * nothing. What the model cannot do is refused as in a request. Source: https://ai.google.dev/api/tokens
 *
 * @example
 * ```ts
 * import * as GoogleClient from "@llm-layers/google/GoogleClient"
 * import * as GoogleLanguageModel from "@llm-layers/google/GoogleLanguageModel"
 * import { Effect } from "effect"
 *
 * export const tokens = GoogleLanguageModel.countTokens("gemini-3.5-flash", { prompt: "How long is this?" }).pipe(
 *   Effect.provide(GoogleClient.layerConfig())
 * )
 * ```
 */
export const countTokens = (
  name: ModelId,
  options: CountOptions
): Effect.Effect<number, AiError.AiError, GoogleClient> =>
  Effect.gen(function*() {
    const client = yield* GoogleClient
    const origin = { provider, module, method: "countTokens" }
    const subject = { origin, model: name, capabilities: GoogleCapabilities.lookup(name) }
    const resolved = yield* Settings.resolve(subject, config, options.settings ?? {})
    const counted = yield* TokenCount.prepare(subject, options)
    const { body, secrets } = yield* encodeRequest(subject, codecTransformer, resolved, counted, {
      api: client.api,
      fileUri: fileUriOf(client.baseUrl)
    })
    const path = client.path(name, "countTokens")
    return yield* TokenCount.ask(
      client,
      { origin, path, secrets, body: encodeCount(client, name, body) },
      "totalTokens"
    )
  })

/** The Developer API takes the whole request inside a member; Vertex AI takes some of its members. */
const encodeCount = (client: GoogleClient["Service"], name: string, body: Json.JsonRecord): Json.JsonRecord => {
  if (client.api === "gemini") return { generateContentRequest: { model: client.resource(name), ...body } }
  const { contents, generationConfig, systemInstruction, tools } = body
  return Json.defined({ contents, systemInstruction, tools, generationConfig })
}
