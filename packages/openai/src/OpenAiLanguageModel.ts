/**
 * OpenAI's language models through the Responses API.
 *
 * Text, reasoning, tools of the program and of OpenAI, structured output, images and files in. Conversations go on from
 * their history; with a `ResponseIdTracker` of `effect/ai`, from OpenAI's own record of them. Not covered: audio, for which
 * Chat Completions is the API (`OpenAiChatLanguageModel`).
 */
import type * as Capability from "@llm-layers/core/Capability"
import * as Driver from "@llm-layers/core/Driver"
import * as PartStream from "@llm-layers/core/PartStream"
import * as Settings from "@llm-layers/core/Settings"
import * as TokenCount from "@llm-layers/core/TokenCount"
import * as OpenAiSchema from "@llm-layers/openai-compatible/OpenAiSchema"
import * as AiError from "effect/ai/AiError"
import type * as LanguageModel from "effect/ai/LanguageModel"
import * as Model from "effect/ai/Model"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import type * as Layer from "effect/Layer"
import * as Stream from "effect/Stream"
import type * as Responses from "openai/resources/responses/responses"
import type * as Shared from "openai/resources/shared"
import { encodeCount } from "./internal/count.ts"
import { namespace } from "./internal/namespace.ts"
import { encodeRequest, streamed } from "./internal/request.ts"
import { type Context, decodeResponse } from "./internal/response.ts"
import { resolve } from "./internal/settings.ts"
import { decoder } from "./internal/stream.ts"
import { secretsOf } from "./internal/tools.ts"
import * as OpenAiCapabilities from "./OpenAiCapabilities.ts"
import { OpenAiClient } from "./OpenAiClient.ts"
// oxlint-disable-next-line import/no-unassigned-import -- it types the metadata of this module's answers, also in its declarations
import "./OpenAiMetadata.ts"

/** Models of the Responses API. Newer ones are taken as well. */
export type ModelId = Shared.ResponsesModel

/**
 * Settings. Those of {@link Settings.Common} that the Responses API does not have (`topK`, `stopSequences`, `seed` and the
 * penalties) are a typed error before the network.
 *
 * `strictTools` is on by default for tools whose schema allows it, off for dynamic tools.
 *
 * Source: https://developers.openai.com/api/reference/resources/responses/methods/create
 */
export interface Config extends Settings.Common {
  /** How much the model reasons, and whether it shows a summary. Default: the model's own. */
  readonly reasoning?: Shared.Reasoning | undefined
  /** How much the model says. Default: `medium`. */
  readonly textVerbosity?: "low" | "medium" | "high" | undefined
  /**
   * Whether OpenAI keeps the response, for 30 days at least. Default: yes. With `false` encrypted reasoning is asked for, so
   * that it goes on in the next turn.
   */
  readonly store?: boolean | undefined
  /** What to add to the answer, as `file_search_call.results`. */
  readonly include?: ReadonlyArray<Responses.ResponseIncludable | (string & {})> | undefined
  /** Instructions before the prompt. They are not part of what a later response continues. */
  readonly instructions?: string | undefined
  /** A prompt template kept at OpenAI. */
  readonly prompt?: Responses.ResponsePrompt | undefined
  /** The role system messages are sent with; a message's own option wins. Default: `system`. */
  readonly systemRole?: "system" | "developer" | undefined
  /**
   * The response this one continues. The prompt must have the new messages alone. With a `ResponseIdTracker` this is done
   * without the setting.
   */
  readonly previousResponseId?: string | undefined
  /**
   * The conversation at OpenAI this response is added to. The prompt must have the new messages alone, which a
   * `ResponseIdTracker` sees to.
   */
  readonly conversation?: string | Responses.ResponseConversationParam | undefined
  /** How many calls of OpenAI's own tools there may be. Default: no limit. */
  readonly maxToolCalls?: number | undefined
  /** Log probabilities of so many tokens for each place, 0 to 20; in the metadata of texts. */
  readonly topLogprobs?: number | undefined
  /** Run the response at OpenAI without waiting: the answer ends with `pause`, its id is in the first part. */
  readonly background?: boolean | undefined
  /** What to do when the input is too long: `disabled` fails, which is the default. */
  readonly truncation?: "auto" | "disabled" | undefined
  /** Compaction of long contexts at OpenAI. */
  readonly contextManagement?: ReadonlyArray<Responses.ResponseCreateParams.ContextManagement> | undefined
  /** Requests with the same key share a cache. */
  readonly promptCacheKey?: string | undefined
  /** Where cache entries end and how long they are kept, for models from `gpt-5.6` on. */
  readonly promptCacheOptions?: Responses.ResponseCreateParams.PromptCacheOptions | undefined
  /** How long cache entries may be kept, for models before `promptCacheOptions`. */
  readonly promptCacheRetention?: "in_memory" | "24h" | undefined
  /** Which processing the request gets: `flex`, `priority` … Default: `auto`. */
  readonly serviceTier?: Exclude<Responses.ServiceTier, null> | (string & {}) | undefined
  /** A stable id of the end user, hashed, at most 128 characters. */
  readonly safetyIdentifier?: string | undefined
  /** Moderation of input and output with the response. */
  readonly moderation?: Responses.ResponseCreateParams.Moderation | undefined
  /** Kept with the response at OpenAI: at most 16 pairs, keys up to 64 and values up to 512 characters. */
  readonly metadata?: { readonly [key: string]: string } | undefined
  /** Whether pieces of a stream are padded against listening in. Default: yes; without, a stream is smaller. */
  readonly includeObfuscation?: boolean | undefined
}

const config = Settings.override<Config>("@llm-layers/openai/OpenAiLanguageModel")

/** What a model can do. */
export const capabilities: (model: ModelId) => Capability.Capabilities = OpenAiCapabilities.of

/**
 * A model, to be provided to a program.
 *
 * @example
 * ```ts
 * import * as OpenAiClient from "@llm-layers/openai/OpenAiClient"
 * import * as OpenAiLanguageModel from "@llm-layers/openai/OpenAiLanguageModel"
 * import { Effect } from "effect"
 * import { LanguageModel } from "effect/ai"
 *
 * export const program = LanguageModel.generateText({ prompt: "Explain layers in one sentence" }).pipe(
 *   Effect.map((response) => response.text),
 *   Effect.provide(OpenAiLanguageModel.model("gpt-5.1", { reasoning: { effort: "low" }, store: false })),
 *   Effect.provide(OpenAiClient.layerConfig())
 * )
 * ```
 */
export const model = <R = never>(
  name: ModelId,
  options?: Settings.ModelOptions<Config, R> | undefined
): Model.Model<"openai", LanguageModel.LanguageModel, OpenAiClient | R> =>
  Model.make("openai", name, layer(name, options))

/** The driver of a model, for policies and for providers built on this one. */
export const driver = (
  name: ModelId,
  options: Config = {}
): Effect.Effect<Driver.Driver, never, OpenAiClient> =>
  Effect.map(OpenAiClient, (client): Driver.Driver => {
    const module = "OpenAiLanguageModel"
    const path = "/responses"
    const capabilities = OpenAiCapabilities.of(name)

    /** The request of a call, and what decoding its answer needs. */
    const prepare = (method: string, request: LanguageModel.ProviderOptions) =>
      Effect.gen(function*() {
        const origin = { provider: namespace, module, method }
        const resolved = yield* resolve({ origin, model: name, capabilities }, config, options)
        const { body, warnings } = yield* encodeRequest(resolved, request)
        const now = yield* Clock.currentTimeMillis
        const secrets = secretsOf(request.tools)
        const context: Context = {
          origin,
          tools: request.tools,
          warnings,
          fail: (json) => client.eventError({ origin, path, secrets }, now, json)
        }
        return { origin, body, context, secrets, settings: resolved.settings }
      })

    return {
      provider: namespace,
      module,
      model: name,
      capabilities,
      codecTransformer: OpenAiSchema.codecTransformer,
      settings: Effect.map(config.reference, (around) => {
        const { maxOutputTokens, temperature, topP } = { ...options, ...around }
        return { maxTokens: maxOutputTokens, temperature, topP }
      }),
      identity: Settings.identity(
        config,
        options,
        { baseUrl: client.baseUrl },
        ({ background, conversation }) => background === true || conversation !== undefined
      ),
      generateText: (request) =>
        Effect.gen(function*() {
          const { body, context, origin, secrets } = yield* prepare("generateText", request)
          const { json } = yield* client.json({ origin, path, body, secrets })
          const decoded = decodeResponse(context, json)
          return AiError.isAiError(decoded) ? yield* decoded : decoded
        }),
      streamText: (request) =>
        Stream.unwrap(Effect.gen(function*() {
          const { body, context, origin, secrets, settings } = yield* prepare("streamText", request)
          const { events } = yield* client.events({ origin, path, body: streamed(body, settings), secrets })
          return PartStream.decode(events, decoder(context))
        }))
    }
  })

/** The service of a model. */
export const make = (
  name: ModelId,
  options?: Config | undefined
): Effect.Effect<LanguageModel.LanguageModel, never, OpenAiClient> =>
  Effect.flatMap(driver(name, options), Driver.toLanguageModel)

/**
 * The service of a model as a Layer.
 *
 * @example
 * ```ts
 * import * as OpenAiClient from "@llm-layers/openai/OpenAiClient"
 * import * as OpenAiLanguageModel from "@llm-layers/openai/OpenAiLanguageModel"
 * import { Layer } from "effect"
 *
 * export const layer = OpenAiLanguageModel.layer("gpt-5.1").pipe(
 *   Layer.provide(OpenAiClient.layerConfig())
 * )
 * ```
 */
export const layer = <R = never>(
  name: ModelId,
  options?: Settings.ModelOptions<Config, R> | undefined
): Layer.Layer<LanguageModel.LanguageModel, never, OpenAiClient | R> => {
  const { policy, ...settings } = options ?? {}
  return Driver.layer(driver(name, settings), policy)
}

/**
 * Changes settings of the calls inside an effect or a stream. The innermost wins, and each wins over the model's own.
 *
 * @example
 * ```ts
 * import * as OpenAiLanguageModel from "@llm-layers/openai/OpenAiLanguageModel"
 * import { LanguageModel } from "effect/ai"
 *
 * export const careful = LanguageModel.generateText({ prompt: "Is 1001 prime?" }).pipe(
 *   OpenAiLanguageModel.withConfigOverride({ reasoning: { effort: "high", summary: "auto" } })
 * )
 * ```
 */
export const withConfigOverride = config.withConfigOverride

/** What is counted: what a request would have. */
export type CountOptions = TokenCount.Options<Config>

/**
 * The input tokens of a request, as OpenAI counts them, with instructions, tools, images and files. One request of its own.
 * What the model cannot do is refused as in a request, and so is the setting `prompt`, whose tokens OpenAI does not count.
 *
 * Source: https://developers.openai.com/api/docs/guides/token-counting
 *
 * @example
 * ```ts
 * import * as OpenAiClient from "@llm-layers/openai/OpenAiClient"
 * import * as OpenAiLanguageModel from "@llm-layers/openai/OpenAiLanguageModel"
 * import { Effect } from "effect"
 *
 * export const tokens = OpenAiLanguageModel.countTokens("gpt-5.1", { prompt: "How long is this?" }).pipe(
 *   Effect.provide(OpenAiClient.layerConfig())
 * )
 * ```
 */
export const countTokens = (
  name: ModelId,
  options: CountOptions
): Effect.Effect<number, AiError.AiError, OpenAiClient> =>
  Effect.gen(function*() {
    const client = yield* OpenAiClient
    const origin = { provider: namespace, module: "OpenAiLanguageModel", method: "countTokens" }
    const subject = { origin, model: name, capabilities: OpenAiCapabilities.of(name) }
    const resolved = yield* resolve(subject, config, options.settings ?? {})
    const counted = yield* TokenCount.prepare(subject, options)
    const encoded = yield* encodeRequest(resolved, counted)
    const body = encodeCount(origin, encoded.body)
    if (AiError.isAiError(body)) return yield* body
    const secrets = secretsOf(counted.tools)
    return yield* TokenCount.ask(client, { origin, path: "/responses/input_tokens", body, secrets }, "input_tokens")
  })
