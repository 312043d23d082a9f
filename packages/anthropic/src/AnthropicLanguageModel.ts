/**
 * Anthropic's language models through the Messages API.
 *
 * Text, thinking, tools of the program and of Anthropic, structured output, images, PDFs and text documents in, citations
 * as sources, prompt caching. Not covered: message batches, and conversations that are kept at Anthropic (`thread`).
 */
import type * as Messages from "@anthropic-ai/sdk/resources/messages/messages"
import type * as Capability from "@llm-layers/core/Capability"
import * as Driver from "@llm-layers/core/Driver"
import * as PartCollector from "@llm-layers/core/PartCollector"
import * as PartStream from "@llm-layers/core/PartStream"
import * as Settings from "@llm-layers/core/Settings"
import * as TokenCount from "@llm-layers/core/TokenCount"
import * as ToolParameters from "@llm-layers/core/ToolParameters"
import * as AiError from "effect/ai/AiError"
import { toCodecAnthropic } from "effect/ai/AnthropicStructuredOutput"
import type * as LanguageModel from "effect/ai/LanguageModel"
import * as Model from "effect/ai/Model"
import type * as Prompt from "effect/ai/Prompt"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import type * as Layer from "effect/Layer"
import * as Stream from "effect/Stream"
import * as AnthropicCapabilities from "./AnthropicCapabilities.ts"
import { AnthropicClient } from "./AnthropicClient.ts"
import { encodeCount } from "./internal/count.ts"
import { longestPlainAnswer } from "./internal/outputLimit.ts"
import { encodeRequest } from "./internal/request.ts"
import { decodeAnswer } from "./internal/response.ts"
import type { Config } from "./internal/settings.ts"
import type { DecodeContext } from "./internal/state.ts"
import { decoder } from "./internal/stream.ts"

/** Models of the Messages API. Newer ones are taken as well. */
export type ModelId = Messages.Model

export type { Config, Display, Thinking } from "./internal/settings.ts"

const config = Settings.override<Config>("@llm-layers/anthropic/AnthropicLanguageModel")

/** What a model can do under a version of the API; by default, under the one a client speaks by default. */
export const capabilities: (model: ModelId, apiVersion?: string) => Capability.Capabilities =
  AnthropicCapabilities.lookup

const codecTransformer: LanguageModel.CodecTransformer = ToolParameters.memoize(toCodecAnthropic)

/**
 * A model, to be provided to a program.
 *
 * @example
 * ```ts
 * import * as AnthropicClient from "@llm-layers/anthropic/AnthropicClient"
 * import * as AnthropicLanguageModel from "@llm-layers/anthropic/AnthropicLanguageModel"
 * import { Effect } from "effect"
 * import { LanguageModel } from "effect/ai"
 *
 * export const program = LanguageModel.generateText({ prompt: "Explain layers in one sentence" }).pipe(
 *   Effect.map((response) => response.text),
 *   Effect.provide(AnthropicLanguageModel.model("claude-sonnet-5-5", { effort: "low" })),
 *   Effect.provide(AnthropicClient.layerConfig())
 * )
 * ```
 */
export const model = <R = never>(
  name: ModelId,
  options?: Settings.ModelOptions<Config, R> | undefined
): Model.Model<"anthropic", LanguageModel.LanguageModel, AnthropicClient | R> =>
  Model.make("anthropic", name, layer(name, options))

/** The driver of a model, for policies and for providers built on this one. */
export const driver = (
  name: ModelId,
  options: Config = {}
): Effect.Effect<Driver.Driver, never, AnthropicClient> =>
  Effect.map(AnthropicClient, (client): Driver.Driver => {
    const provider = "anthropic"
    const module = "AnthropicLanguageModel"
    const path = "/v1/messages"
    const capabilities = AnthropicCapabilities.lookup(name, client.apiVersion)

    /** The request of a call, and what decoding its answer needs. */
    const prepare = (method: "generateText" | "streamText", request: LanguageModel.ProviderOptions) =>
      Effect.gen(function*() {
        const origin = { provider, module, method }
        const subject = { origin, model: name, capabilities }
        const resolved = yield* Settings.resolve(subject, config, options)
        const streaming = method === "streamText"
        const { betas, body, names, secrets, warnings } = yield* encodeRequest(
          subject,
          codecTransformer,
          resolved,
          request,
          streaming,
          client.betas
        )
        const now = yield* Clock.currentTimeMillis
        const context = (headers: { readonly [name: string]: string }): DecodeContext => ({
          origin,
          names,
          warnings,
          earlierCalls: serverCalls(request.prompt),
          requestId: headers["request-id"],
          isEventStream: headers["content-type"]?.includes("event-stream") === true,
          eventError: (data) => client.eventError({ origin, path, secrets }, now, data)
        })
        return {
          origin,
          body,
          context,
          secrets,
          headers: betaHeader([...client.betas, ...betas])
        }
      })

    type Prepared = Effect.Success<ReturnType<typeof prepare>>

    const stream = ({ body, context, headers, origin, secrets }: Prepared) =>
      Stream.unwrap(
        Effect.map(
          client.events({ origin, path, body: { ...body, stream: true }, headers, secrets }),
          (answer) => PartStream.decode(answer.events, decoder(context(answer.headers)))
        )
      )

    return {
      provider,
      module,
      model: name,
      capabilities,
      codecTransformer,
      settings: Effect.map(config.reference, (around) => {
        const { maxOutputTokens, stopSequences, temperature, topK, topP } = { ...options, ...around }
        return { maxTokens: maxOutputTokens, stopSequences, temperature, topK, topP }
      }),
      identity: Settings.identity(
        config,
        options,
        { baseUrl: client.baseUrl, apiVersion: client.apiVersion, betas: client.betas },
        (settings) => settings.container !== undefined
      ),
      generateText: (request) =>
        Effect.gen(function*() {
          const prepared = yield* prepare("generateText", request)
          const { body, context, headers, origin, secrets } = prepared
          if (body.max_tokens > longestPlainAnswer) return yield* PartCollector.collect(stream(prepared))
          const answer = yield* client.json({ origin, path, body, headers, secrets })
          const decoded = decodeAnswer(context(answer.headers), answer.json)
          return AiError.isAiError(decoded) ? yield* decoded : decoded
        }),
      streamText: (request) => Stream.unwrap(Effect.map(prepare("streamText", request), stream))
    }
  })

/** The client's own values are named again: a header of a request wins over the client's. */
const betaHeader = (betas: ReadonlyArray<string>): { readonly [name: string]: string } | undefined =>
  betas.length === 0 ? undefined : { "anthropic-beta": [...new Set(betas)].join(",") }

/** The tools that ran at Anthropic in earlier turns, by the ids of their calls: a result may come a turn after its call. */
const serverCalls = (prompt: Prompt.Prompt): ReadonlyMap<string, string> => {
  const calls = new Map<string, string>()
  for (const message of prompt.content) {
    if (message.role !== "assistant") continue
    for (const part of message.content) {
      if (part.type === "tool-call" && part.providerExecuted) calls.set(part.id, part.name)
    }
  }
  return calls
}

/** The service of a model. */
export const make = (
  name: ModelId,
  options?: Config | undefined
): Effect.Effect<LanguageModel.LanguageModel, never, AnthropicClient> =>
  Effect.flatMap(driver(name, options), Driver.toLanguageModel)

/**
 * The service of a model as a Layer.
 *
 * @example
 * ```ts
 * import * as AnthropicClient from "@llm-layers/anthropic/AnthropicClient"
 * import * as AnthropicLanguageModel from "@llm-layers/anthropic/AnthropicLanguageModel"
 * import { Layer } from "effect"
 *
 * export const layer = AnthropicLanguageModel.layer("claude-sonnet-5-5").pipe(
 *   Layer.provide(AnthropicClient.layerConfig())
 * )
 * ```
 */
export const layer = <R = never>(
  name: ModelId,
  options?: Settings.ModelOptions<Config, R> | undefined
): Layer.Layer<LanguageModel.LanguageModel, never, AnthropicClient | R> => {
  const { policy, ...settings } = options ?? {}
  return Driver.layer(driver(name, settings), policy)
}

/**
 * Changes settings of the calls inside an effect or a stream. The innermost wins, and each wins over the model's own.
 *
 * @example
 * ```ts
 * import * as AnthropicLanguageModel from "@llm-layers/anthropic/AnthropicLanguageModel"
 * import { LanguageModel } from "effect/ai"
 *
 * export const careful = LanguageModel.generateText({ prompt: "Is 1001 prime?" }).pipe(
 *   AnthropicLanguageModel.withConfigOverride({ thinking: { type: "adaptive", display: "summarized" }, effort: "max" })
 * )
 * ```
 */
export const withConfigOverride = config.withConfigOverride

/** What is counted: what a request would have. */
export type CountOptions = TokenCount.Options<Config>

/**
 * The input tokens of a request as Anthropic estimates them, with system messages and tools. One request of its own, which
 * costs nothing and has a rate limit of its own. "May differ by a small amount" from what the request is charged for;
 * tools that run at Anthropic add what they find. What the model cannot do is refused as in a request.
 *
 * Source: https://platform.claude.com/docs/en/build-with-claude/token-counting
 *
 * @example
 * ```ts
 * import * as AnthropicClient from "@llm-layers/anthropic/AnthropicClient"
 * import * as AnthropicLanguageModel from "@llm-layers/anthropic/AnthropicLanguageModel"
 * import { Effect } from "effect"
 *
 * export const tokens = AnthropicLanguageModel.countTokens("claude-sonnet-5-5", { prompt: "How long is this?" }).pipe(
 *   Effect.provide(AnthropicClient.layerConfig())
 * )
 * ```
 */
export const countTokens = (
  name: ModelId,
  options: CountOptions
): Effect.Effect<number, AiError.AiError, AnthropicClient> =>
  Effect.gen(function*() {
    const client = yield* AnthropicClient
    const origin = { provider: "anthropic", module: "AnthropicLanguageModel", method: "countTokens" }
    const subject = { origin, model: name, capabilities: AnthropicCapabilities.lookup(name, client.apiVersion) }
    const resolved = yield* Settings.resolve(subject, config, options.settings ?? {})
    const counted = yield* TokenCount.prepare(subject, options)
    const { betas, body, secrets } = yield* encodeRequest(
      subject,
      codecTransformer,
      resolved,
      counted,
      false,
      client.betas
    )
    return yield* TokenCount.ask(client, {
      origin,
      path: "/v1/messages/count_tokens",
      body: encodeCount({ ...body }),
      headers: betaHeader([...client.betas, ...betas]),
      secrets
    }, "input_tokens")
  })
