/**
 * A language model on any server that speaks Chat Completions: Ollama, vLLM, LM Studio, llama.cpp and many services.
 */
import * as Capability from "@llm-layers/core/Capability"
import * as Driver from "@llm-layers/core/Driver"
import * as Settings from "@llm-layers/core/Settings"
import type * as LanguageModel from "effect/ai/LanguageModel"
import * as Model from "effect/ai/Model"
import * as Effect from "effect/Effect"
import type * as Layer from "effect/Layer"
import * as ChatCompletions from "./ChatCompletions.ts"
import { OpenAiCompatibleClient } from "./OpenAiCompatibleClient.ts"

export type * from "./OpenAiCompatibleMetadata.ts"

/** The settings of a model. Which of them a server knows is its own affair; what it refuses is an error. */
export interface Config extends ChatCompletions.Settings {}

/** What is known of the server and the model beyond the settings. */
export interface Facts {
  /** What the model cannot do: asked for nevertheless, it is an error before the network. Default: it can do all. */
  readonly capabilities?: Partial<Capability.Capabilities> | undefined
  /** Where the server differs from most. */
  readonly quirks?: Partial<ChatCompletions.Quirks> | undefined
  /** How schemas are changed for the server. Default: as OpenAI's strict mode wants them, which others take too. */
  readonly codecTransformer?: LanguageModel.CodecTransformer | undefined
}

/** The options of a model. */
export type Options<R = never> = Settings.ModelOptions<Config, R> & Facts

const provider = "openai-compatible"
const module = "OpenAiCompatibleLanguageModel"

const override = Settings.override<Config>("@llm-layers/openai-compatible/OpenAiCompatibleLanguageModel")

/**
 * A model of the server, as a Layer with the provider's and the model's name.
 *
 * @example
 * ```ts
 * import { OpenAiCompatibleClient, OpenAiCompatibleLanguageModel } from "@llm-layers/openai-compatible"
 * import { Effect, Layer, Redacted } from "effect"
 * import { LanguageModel } from "effect/ai"
 *
 * const ollama = OpenAiCompatibleClient.layer({
 *   baseUrl: "http://localhost:11434/v1",
 *   apiKey: Redacted.make("unused")
 * })
 *
 * const qwen = OpenAiCompatibleLanguageModel.model("qwen3:8b", {
 *   temperature: 0.2,
 *   capabilities: { imageInput: false }
 * })
 *
 * export const program = LanguageModel.generateText({ prompt: "Hello" }).pipe(
 *   Effect.provide(Layer.provide(qwen, ollama))
 * )
 * ```
 */
export const model = <R = never>(
  name: string,
  options?: Options<R> | undefined
): Model.Model<typeof provider, LanguageModel.LanguageModel, OpenAiCompatibleClient | R> =>
  Model.make(provider, name, layer(name, options))

/** The driver of a model, without a policy. */
export const driver = (
  name: string,
  options: Config & Facts = {}
): Effect.Effect<Driver.Driver, never, OpenAiCompatibleClient> => {
  const { capabilities, codecTransformer, quirks, ...settings } = options
  return Effect.map(OpenAiCompatibleClient, (connection) =>
    ChatCompletions.driver({
      provider,
      module,
      connection,
      model: name,
      capabilities: { ...Capability.all, ...capabilities },
      settings,
      override,
      codecTransformer,
      quirks
    }))
}

/** The service of a model. */
export const make = (
  name: string,
  options?: Config & Facts | undefined
): Effect.Effect<LanguageModel.LanguageModel, never, OpenAiCompatibleClient> =>
  Effect.flatMap(driver(name, options), Driver.toLanguageModel)

/**
 * The service of a model as a Layer.
 *
 * @example
 * ```ts
 * import * as OpenAiCompatibleClient from "@llm-layers/openai-compatible/OpenAiCompatibleClient"
 * import * as OpenAiCompatibleLanguageModel from "@llm-layers/openai-compatible/OpenAiCompatibleLanguageModel"
 * import { Layer, Redacted } from "effect"
 *
 * export const layer = OpenAiCompatibleLanguageModel.layer("llama3.3").pipe(
 *   Layer.provide(OpenAiCompatibleClient.layer({ baseUrl: "http://localhost:8000/v1", apiKey: Redacted.make("none") }))
 * )
 * ```
 */
export const layer = <R = never>(
  name: string,
  options?: Options<R> | undefined
): Layer.Layer<LanguageModel.LanguageModel, never, OpenAiCompatibleClient | R> => {
  const { policy, ...rest } = options ?? {}
  return Driver.layer(driver(name, rest), policy)
}

/**
 * Changes settings of the calls inside an effect or a stream. They win over the model's own; the innermost wins.
 *
 * @example
 * ```ts
 * import { OpenAiCompatibleLanguageModel } from "@llm-layers/openai-compatible"
 * import { LanguageModel } from "effect/ai"
 *
 * export const careful = LanguageModel.generateText({ prompt: "Count to three." }).pipe(
 *   OpenAiCompatibleLanguageModel.withConfigOverride({ temperature: 0, seed: 7 })
 * )
 * ```
 */
export const withConfigOverride = override.withConfigOverride
