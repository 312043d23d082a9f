/**
 * Cohere's language models through the chat API, version 2.
 *
 * Text, reasoning and tool plans, tools of the program, structured output, images and documents in, citations as sources.
 * Not covered: connectors and batches.
 */
import type * as Capability from "@llm-layers/core/Capability"
import * as Driver from "@llm-layers/core/Driver"
import * as PartStream from "@llm-layers/core/PartStream"
import * as Settings from "@llm-layers/core/Settings"
import * as AiError from "effect/ai/AiError"
import type * as LanguageModel from "effect/ai/LanguageModel"
import * as Model from "effect/ai/Model"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import type * as Layer from "effect/Layer"
import * as Stream from "effect/Stream"
import * as CohereCapabilities from "./CohereCapabilities.ts"
import { CohereClient } from "./CohereClient.ts"
import { codecTransformer } from "./CohereSchema.ts"
import { encodeRequest } from "./internal/request.ts"
import { decodeAnswer } from "./internal/response.ts"
import type { Config } from "./internal/settings.ts"
import type { DecodeContext } from "./internal/state.ts"
import { decoder } from "./internal/stream.ts"

/** Models of the chat API. Newer ones are taken as well. Source: https://docs.cohere.com/docs/models */
export type ModelId =
  | "command-a-plus-05-2026"
  | "command-a-03-2025"
  | "command-a-reasoning-08-2025"
  | "command-a-translate-08-2025"
  | "command-a-vision-07-2025"
  | "command-r7b-12-2024"
  | "command-r-08-2024"
  | "command-r-plus-08-2024"
  // Keeps the names above as suggestions.
  | (string & {})

export type { Config, Document, Thinking } from "./internal/settings.ts"

const config = Settings.override<Config>("@llm-layers/cohere/CohereLanguageModel")

/** What a model can do. */
export const capabilities: (model: ModelId) => Capability.Capabilities = CohereCapabilities.lookup

/**
 * A model, to be provided to a program.
 *
 * @example
 * ```ts
 * import * as CohereClient from "@llm-layers/cohere/CohereClient"
 * import * as CohereLanguageModel from "@llm-layers/cohere/CohereLanguageModel"
 * import { Effect } from "effect"
 * import { LanguageModel } from "effect/ai"
 *
 * export const program = LanguageModel.generateText({ prompt: "Explain layers in one sentence" }).pipe(
 *   Effect.map((response) => response.text),
 *   Effect.provide(CohereLanguageModel.model("command-a-03-2025", { temperature: 0 })),
 *   Effect.provide(CohereClient.layerConfig())
 * )
 * ```
 */
export const model = <R = never>(
  name: ModelId,
  options?: Settings.ModelOptions<Config, R> | undefined
): Model.Model<"cohere", LanguageModel.LanguageModel, CohereClient | R> =>
  Model.make("cohere", name, layer(name, options))

/** The driver of a model, for policies and for providers built on this one. */
export const driver = (
  name: ModelId,
  options: Config = {}
): Effect.Effect<Driver.Driver, never, CohereClient> =>
  Effect.map(CohereClient, (client): Driver.Driver => {
    const provider = "cohere"
    const module = "CohereLanguageModel"
    const path = "/v2/chat"
    const capabilities = CohereCapabilities.lookup(name)

    /** The request of a call, and what decoding its answer needs. */
    const prepare = (method: "generateText" | "streamText", request: LanguageModel.ProviderOptions) =>
      Effect.gen(function*() {
        const origin = { provider, module, method }
        const subject = { origin, model: name, capabilities }
        const resolved = yield* Settings.resolve(subject, config, options)
        const { body, warnings } = yield* encodeRequest(subject, codecTransformer, resolved, request)
        const now = yield* Clock.currentTimeMillis
        const context = (headers: { readonly [name: string]: string }): DecodeContext => ({
          origin,
          warnings,
          traceId: headers["x-debug-trace-id"],
          isEventStream: headers["content-type"]?.includes("event-stream") === true,
          eventError: (data) => client.eventError({ origin, path }, now, data)
        })
        return { origin, body, context }
      })

    return {
      provider,
      module,
      model: name,
      capabilities,
      codecTransformer,
      settings: Effect.map(config.reference, (around) => {
        const { frequencyPenalty, maxOutputTokens, presencePenalty, seed, stopSequences, temperature, topK, topP } = {
          ...options,
          ...around
        }
        return {
          frequencyPenalty,
          maxTokens: maxOutputTokens,
          presencePenalty,
          seed,
          stopSequences,
          temperature,
          topK,
          topP
        }
      }),
      identity: Settings.identity(config, options, { baseUrl: client.baseUrl }),
      generateText: (request) =>
        Effect.gen(function*() {
          const { body, context, origin } = yield* prepare("generateText", request)
          const answer = yield* client.json({ origin, path, body: { ...body, stream: false } })
          const decoded = decodeAnswer(context(answer.headers), answer.json)
          return AiError.isAiError(decoded) ? yield* decoded : decoded
        }),
      streamText: (request) =>
        Stream.unwrap(Effect.gen(function*() {
          const { body, context, origin } = yield* prepare("streamText", request)
          const answer = yield* client.events({ origin, path, body: { ...body, stream: true } })
          return PartStream.decode(answer.events, decoder(context(answer.headers)))
        }))
    }
  })

/** The service of a model. */
export const make = (
  name: ModelId,
  options?: Config | undefined
): Effect.Effect<LanguageModel.LanguageModel, never, CohereClient> =>
  Effect.flatMap(driver(name, options), Driver.toLanguageModel)

/**
 * The service of a model as a Layer.
 *
 * @example
 * ```ts
 * import * as CohereClient from "@llm-layers/cohere/CohereClient"
 * import * as CohereLanguageModel from "@llm-layers/cohere/CohereLanguageModel"
 * import { Layer } from "effect"
 *
 * export const layer = CohereLanguageModel.layer("command-a-03-2025").pipe(
 *   Layer.provide(CohereClient.layerConfig())
 * )
 * ```
 */
export const layer = <R = never>(
  name: ModelId,
  options?: Settings.ModelOptions<Config, R> | undefined
): Layer.Layer<LanguageModel.LanguageModel, never, CohereClient | R> => {
  const { policy, ...settings } = options ?? {}
  return Driver.layer(driver(name, settings), policy)
}

/**
 * Changes settings of the calls inside an effect or a stream. The innermost wins, and each wins over the model's own.
 *
 * @example
 * ```ts
 * import * as CohereLanguageModel from "@llm-layers/cohere/CohereLanguageModel"
 * import { LanguageModel } from "effect/ai"
 *
 * export const grounded = LanguageModel.generateText({ prompt: "How high is the tower?" }).pipe(
 *   CohereLanguageModel.withConfigOverride({ documents: [{ id: "tower", data: { text: "It is 330 m high." } }] })
 * )
 * ```
 */
export const withConfigOverride = config.withConfigOverride
