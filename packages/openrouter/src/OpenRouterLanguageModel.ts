/**
 * Language models of many vendors through OpenRouter, which speaks Chat Completions for all of them.
 *
 * Reasoning comes with what its upstream needs to take it back (signatures, encrypted reasoning) and goes back unchanged
 * with the history. Who answered, and what it cost, is in the metadata of the finish part.
 */
import * as Driver from "@llm-layers/core/Driver"
import * as Json from "@llm-layers/core/Json"
import * as Settings from "@llm-layers/core/Settings"
import * as ChatCompletions from "@llm-layers/openai-compatible/ChatCompletions"
import type * as LanguageModel from "effect/ai/LanguageModel"
import * as Model from "effect/ai/Model"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import type * as Layer from "effect/Layer"
import { encodeSettings } from "./internal/settings.ts"
import * as OpenRouterCapabilities from "./OpenRouterCapabilities.ts"
import { OpenRouterClient } from "./OpenRouterClient.ts"
import type { Config } from "./OpenRouterSettings.ts"
import * as OpenRouterTool from "./OpenRouterTool.ts"

export type { Config, Plugin, ProviderRouting, Reasoning } from "./OpenRouterSettings.ts"

/**
 * A model as OpenRouter names it: `vendor/model`, with a variant after a colon (`deepseek/deepseek-r1:free`). Models are
 * listed at https://openrouter.ai/models.
 */
export type ModelId = `${string}/${string}` | (string & {})

/** What a model can do: whatever it is asked for, as the upstream is not known before. */
export const capabilities = OpenRouterCapabilities.of

const provider = "openrouter"
const module = "OpenRouterLanguageModel"

/**
 * What was charged: by OpenRouter, and for a key of one's own by the upstream too, which is not in `cost` then. Unknown
 * where the upstream's is not said. Source: https://openrouter.ai/docs/use-cases/usage-accounting
 */
const costOf = ({ cost, cost_details, is_byok }: Json.JsonRecord): unknown => {
  if (is_byok !== true) return cost
  const upstream = Json.record(cost_details)["upstream_inference_cost"]
  return typeof cost === "number" && typeof upstream === "number" ? cost + upstream : undefined
}

/** How OpenRouter speaks the dialect. */
const quirks: Partial<ChatCompletions.Quirks> = {
  fileIds: /^file[-_][A-Za-z0-9_-]+$/,
  // `file_data`: "base64 data URL or URL".
  fileUrls: true,
  audioFormats: {
    ...ChatCompletions.defaultQuirks.audioFormats,
    "audio/aiff": "aiff",
    "audio/x-aiff": "aiff",
    "audio/aac": "aac",
    "audio/ogg": "ogg",
    "audio/flac": "flac",
    "audio/x-flac": "flac",
    "audio/mp4": "m4a",
    "audio/x-m4a": "m4a"
  },
  toolResultParts: true,
  refusalMember: true,
  reasoningField: "reasoning_details",
  cacheControl: true,
  answerImages: true,
  // The status of a stream is 200 by the time its upstream fails.
  failsOnErrorReason: true,
  finishMembers: { provider: "upstream", openrouter_metadata: "routing" },
  costOf
}

const override = Settings.override<Config>("@llm-layers/openrouter/OpenRouterLanguageModel")

/**
 * A model, to be provided to a program.
 *
 * @example
 * ```ts
 * import * as OpenRouterClient from "@llm-layers/openrouter/OpenRouterClient"
 * import * as OpenRouterLanguageModel from "@llm-layers/openrouter/OpenRouterLanguageModel"
 * import { Effect } from "effect"
 * import { LanguageModel } from "effect/ai"
 *
 * const model = OpenRouterLanguageModel.model("anthropic/claude-sonnet-5", {
 *   models: ["openai/gpt-5.5"],
 *   provider: { dataCollection: "deny", sort: "throughput" },
 *   reasoning: { effort: "low" }
 * })
 *
 * export const program = LanguageModel.generateText({ prompt: "Name three colours." }).pipe(
 *   Effect.map((response) => response.text),
 *   Effect.provide(model),
 *   Effect.provide(OpenRouterClient.layerConfig())
 * )
 * ```
 */
export const model = <R = never>(
  name: ModelId,
  options?: Settings.ModelOptions<Config, R> | undefined
): Model.Model<"openrouter", LanguageModel.LanguageModel, OpenRouterClient | R> =>
  Model.make(provider, name, layer(name, options))

/** The driver of a model, for policies and for providers built on this one. */
export const driver = (name: string, options: Config = {}): Effect.Effect<Driver.Driver, never, OpenRouterClient> =>
  Effect.map(OpenRouterClient, (connection) =>
    ChatCompletions.driver({
      provider,
      module,
      connection,
      model: name,
      capabilities: capabilities(name),
      settings: options,
      override,
      quirks,
      encodeSettings,
      encodeProviderTool,
      encodeToolMembers
    }))

const encodeProviderTool: ChatCompletions.EncodeProviderTool = (tool) => {
  const [, name] = /^openrouter\.(.+)$/.exec(tool.id) ?? []
  if (name === undefined) return undefined
  const { failureMode: _, ...parameters } = Json.record(tool.args)
  return { type: `openrouter:${name}`, ...(Object.keys(parameters).length === 0 ? undefined : { parameters }) }
}

const encodeToolMembers: ChatCompletions.EncodeToolMembers = (tool) => {
  const { cacheControl } = Context.get(tool.annotations, OpenRouterTool.Options)
  return cacheControl === undefined ? {} : { cache_control: cacheControl }
}

/** The service of a model. */
export const make = (
  name: string,
  options?: Config | undefined
): Effect.Effect<LanguageModel.LanguageModel, never, OpenRouterClient> =>
  Effect.flatMap(driver(name, options), Driver.toLanguageModel)

/**
 * The service of a model as a Layer.
 *
 * @example
 * ```ts
 * import * as OpenRouterClient from "@llm-layers/openrouter/OpenRouterClient"
 * import * as OpenRouterLanguageModel from "@llm-layers/openrouter/OpenRouterLanguageModel"
 * import { Layer } from "effect"
 *
 * export const layer = OpenRouterLanguageModel.layer("deepseek/deepseek-r1:free").pipe(
 *   Layer.provide(OpenRouterClient.layerConfig())
 * )
 * ```
 */
export const layer = <R = never>(
  name: ModelId,
  options?: Settings.ModelOptions<Config, R> | undefined
): Layer.Layer<LanguageModel.LanguageModel, never, OpenRouterClient | R> => {
  const { policy, ...settings } = options ?? {}
  return Driver.layer(driver(name, settings), policy)
}

/**
 * Changes settings of the calls inside an effect or a stream. The innermost wins, and each wins over the model's own.
 *
 * @example
 * ```ts
 * import * as OpenRouterLanguageModel from "@llm-layers/openrouter/OpenRouterLanguageModel"
 * import { LanguageModel } from "effect/ai"
 *
 * export const searched = LanguageModel.generateText({ prompt: "What is new in Effect?" }).pipe(
 *   OpenRouterLanguageModel.withConfigOverride({ plugins: [{ id: "web", maxResults: 3 }] })
 * )
 * ```
 */
export const withConfigOverride = override.withConfigOverride
