/**
 * Embedding models of many vendors through OpenRouter.
 *
 * Any number of inputs: they are split into requests of 100, and come back in their order.
 */
import * as Embedding from "@llm-layers/core/Embedding"
import * as Json from "@llm-layers/core/Json"
import type * as ProviderError from "@llm-layers/core/ProviderError"
import * as Settings from "@llm-layers/core/Settings"
import * as Embeddings from "@llm-layers/openai-compatible/Embeddings"
import * as EmbeddingModel from "effect/ai/EmbeddingModel"
import * as Model from "effect/ai/Model"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { snakeCase } from "./internal/settings.ts"
import { OpenRouterClient } from "./OpenRouterClient.ts"
import type { ModelId } from "./OpenRouterLanguageModel.ts"
import type { ProviderRouting } from "./OpenRouterSettings.ts"

/**
 * Settings.
 *
 * Source: https://openrouter.ai/docs/api/api-reference/embeddings/create-embeddings
 */
export interface Config extends Embedding.Common {
  /** The length of the vectors, for models that have several. Default: the model's own. */
  readonly dimensions?: number | undefined
  /** How vectors travel; not every upstream knows `base64`. Default: the upstream's, which is `float`. */
  readonly encodingFormat?: "base64" | "float" | undefined
  /** What the texts are, for models that tell queries from documents. */
  readonly inputType?: "search_query" | "search_document" | (string & {}) | undefined
  /** Which upstreams may serve the request. */
  readonly provider?: ProviderRouting | undefined
  /** A stable identifier of the end user. */
  readonly user?: string | undefined
}

const override = Settings.override<Config>("@llm-layers/openrouter/OpenRouterEmbeddingModel")

/**
 * A model, to be provided to a program. Where `dimensions` is given, it is there as `EmbeddingModel.Dimensions`.
 *
 * @example
 * ```ts
 * import * as OpenRouterClient from "@llm-layers/openrouter/OpenRouterClient"
 * import * as OpenRouterEmbeddingModel from "@llm-layers/openrouter/OpenRouterEmbeddingModel"
 * import { Effect } from "effect"
 * import { EmbeddingModel } from "effect/ai"
 *
 * export const program = Effect.gen(function*() {
 *   const model = yield* EmbeddingModel.EmbeddingModel
 *   const { embeddings } = yield* model.embedMany(["red", "green", "blue"])
 *   return embeddings.map((one) => one.vector)
 * }).pipe(
 *   Effect.provide(OpenRouterEmbeddingModel.model("openai/text-embedding-3-small", { dimensions: 256 })),
 *   Effect.provide(OpenRouterClient.layerConfig())
 * )
 * ```
 */
export const model: {
  (
    name: ModelId,
    options: Config & { readonly dimensions: number }
  ): Model.Model<"openrouter", Embedding.Supplied, OpenRouterClient>
  (
    name: ModelId,
    options?: Config | undefined
  ): Model.Model<"openrouter", EmbeddingModel.EmbeddingModel, OpenRouterClient>
} = (name: ModelId, options?: Config | undefined) => {
  const known = options?.dimensions
  // The first signature is the one with a known length; `Model` is invariant, so that no one type is both.
  return Model.make("openrouter", name, Embedding.withDimensions(layer(name, options), known)) as never
}

/** The service of a model. */
export const make = (
  name: string,
  options: Config = {}
): Effect.Effect<EmbeddingModel.EmbeddingModel, never, OpenRouterClient> =>
  Effect.flatMap(OpenRouterClient, (connection) =>
    Embedding.make<Config>({
      origin,
      model: name,
      limits,
      baseUrl: connection.baseUrl,
      settings: options,
      override,
      refuse: Embeddings.refuseEmpty(origin, "OpenRouter"),
      embed: (settings, inputs) =>
        Embeddings.request(connection, origin, encodeRequest(name, settings, inputs), inputs.length),
      attributes: (settings) =>
        settings.encodingFormat === undefined ? {} : { encodingFormats: [settings.encodingFormat] }
    }))

/**
 * The service of a model as a Layer.
 *
 * @example
 * ```ts
 * import * as OpenRouterClient from "@llm-layers/openrouter/OpenRouterClient"
 * import * as OpenRouterEmbeddingModel from "@llm-layers/openrouter/OpenRouterEmbeddingModel"
 * import { Layer } from "effect"
 *
 * export const layer = OpenRouterEmbeddingModel.layer("openai/text-embedding-3-small").pipe(
 *   Layer.provide(OpenRouterClient.layerConfig())
 * )
 * ```
 */
export const layer = (
  name: ModelId,
  options?: Config | undefined
): Layer.Layer<EmbeddingModel.EmbeddingModel, never, OpenRouterClient> =>
  Layer.effect(EmbeddingModel.EmbeddingModel, make(name, options))

/**
 * Changes settings of the calls inside an effect. The innermost wins, and each wins over the model's own. `Dimensions`
 * stays what the model was made with.
 *
 * @example
 * ```ts
 * import * as OpenRouterEmbeddingModel from "@llm-layers/openrouter/OpenRouterEmbeddingModel"
 * import { Effect } from "effect"
 * import { EmbeddingModel } from "effect/ai"
 *
 * export const query = Effect.flatMap(EmbeddingModel.EmbeddingModel, (model) => model.embed("red")).pipe(
 *   OpenRouterEmbeddingModel.withConfigOverride({ inputType: "search_query" })
 * )
 * ```
 */
export const withConfigOverride = override.withConfigOverride

const origin: ProviderError.Origin = {
  provider: "openrouter",
  module: "OpenRouterEmbeddingModel",
  method: "embedMany"
}

/** OpenRouter states none; of the upstreams behind it, Google takes the fewest. */
const limits = { inputs: 100 }

const encodeRequest = (model: string, settings: Config, input: ReadonlyArray<string>): Json.JsonRecord => ({
  ...Json.defined({
    model,
    input,
    encoding_format: settings.encodingFormat,
    dimensions: settings.dimensions,
    input_type: settings.inputType,
    provider: snakeCase(settings.provider),
    user: settings.user
  }),
  ...settings.extraBody
})
