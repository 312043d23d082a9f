/**
 * OpenAI's embedding models.
 *
 * Any number of inputs: they are split to the limits of the API, and come back in their order.
 */
import * as Embedding from "@llm-layers/core/Embedding"
import type * as Json from "@llm-layers/core/Json"
import type * as ProviderError from "@llm-layers/core/ProviderError"
import * as Settings from "@llm-layers/core/Settings"
import * as Embeddings from "@llm-layers/openai-compatible/Embeddings"
import * as EmbeddingModel from "effect/ai/EmbeddingModel"
import * as Model from "effect/ai/Model"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import type * as Sdk from "openai/resources/embeddings"
import { OpenAiClient } from "./OpenAiClient.ts"

/** Models the `openai` package knows. Others are taken as well. */
export type ModelId = Sdk.EmbeddingModel

/**
 * Settings.
 *
 * Source: https://developers.openai.com/api/reference/resources/embeddings/methods/create
 */
export interface Config extends Embedding.Common {
  /** The length of the vectors, for `text-embedding-3` and later models. Default: the model's own. */
  readonly dimensions?: number | undefined
  /** How vectors travel; base64 is a fraction of the size and keeps all digits. Default: `base64`. */
  readonly encodingFormat?: "base64" | "float" | undefined
  /** A stable identifier of the end user. */
  readonly user?: string | undefined
}

const override = Settings.override<Config>("@llm-layers/openai/OpenAiEmbeddingModel")

/** The length of a known model's vectors. Source: OpenAI, guide "Embeddings". */
const dimensionsOf: ReadonlyMap<string, number> = new Map(
  Object.entries(
    {
      "text-embedding-3-small": 1536,
      "text-embedding-3-large": 3072,
      "text-embedding-ada-002": 1536
    } satisfies { readonly [name in ModelId]: number }
  )
)

/**
 * A model, to be provided to a program. Where the length of the vectors is known, from the model's name or from
 * `dimensions`, it is there as `EmbeddingModel.Dimensions`.
 *
 * @example
 * ```ts
 * import * as OpenAiClient from "@llm-layers/openai/OpenAiClient"
 * import * as OpenAiEmbeddingModel from "@llm-layers/openai/OpenAiEmbeddingModel"
 * import { Effect } from "effect"
 * import { EmbeddingModel } from "effect/ai"
 *
 * export const program = Effect.gen(function*() {
 *   const model = yield* EmbeddingModel.EmbeddingModel
 *   const { embeddings, usage } = yield* model.embedMany(["red", "green", "blue"])
 *   return { length: embeddings[0]?.vector.length, tokens: usage.inputTokens }
 * }).pipe(
 *   Effect.provide(OpenAiEmbeddingModel.model("text-embedding-3-small", { dimensions: 256 })),
 *   Effect.provide(OpenAiClient.layerConfig())
 * )
 * ```
 */
export const model: {
  (name: ModelId, options?: Config | undefined): Model.Model<"openai", Embedding.Supplied, OpenAiClient>
  (
    name: string,
    options: Config & { readonly dimensions: number }
  ): Model.Model<"openai", Embedding.Supplied, OpenAiClient>
  (name: string, options?: Config | undefined): Model.Model<"openai", EmbeddingModel.EmbeddingModel, OpenAiClient>
} = (name: string, options?: Config | undefined) => {
  const known = options?.dimensions ?? dimensionsOf.get(name)
  // The first two signatures are those with a known length; `Model` is invariant, so that no one type is all three.
  return Model.make("openai", name, Embedding.withDimensions(layer(name, options), known)) as never
}

/** The service of a model. */
export const make = (
  name: string,
  options: Config = {}
): Effect.Effect<EmbeddingModel.EmbeddingModel, never, OpenAiClient> =>
  Effect.flatMap(OpenAiClient, (connection) =>
    Embedding.make<Config>({
      origin,
      model: name,
      limits,
      baseUrl: connection.baseUrl,
      settings: options,
      override,
      refuse: Embeddings.refuseEmpty(origin, "OpenAI"),
      embed: (settings, inputs) =>
        Embeddings.request(connection, origin, encodeRequest(name, settings, inputs), inputs.length),
      attributes: (settings) => ({ encodingFormats: [settings.encodingFormat ?? "base64"] })
    }))

/**
 * The service of a model as a Layer.
 *
 * @example
 * ```ts
 * import * as OpenAiClient from "@llm-layers/openai/OpenAiClient"
 * import * as OpenAiEmbeddingModel from "@llm-layers/openai/OpenAiEmbeddingModel"
 * import { Layer } from "effect"
 *
 * export const layer = OpenAiEmbeddingModel.layer("text-embedding-3-small").pipe(
 *   Layer.provide(OpenAiClient.layerConfig())
 * )
 * ```
 */
export const layer = (
  name: string,
  options?: Config | undefined
): Layer.Layer<EmbeddingModel.EmbeddingModel, never, OpenAiClient> =>
  Layer.effect(EmbeddingModel.EmbeddingModel, make(name, options))

/**
 * Changes settings of the calls inside an effect. The innermost wins, and each wins over the model's own. `Dimensions`
 * stays what the model was made with.
 *
 * @example
 * ```ts
 * import * as OpenAiEmbeddingModel from "@llm-layers/openai/OpenAiEmbeddingModel"
 * import { Effect } from "effect"
 * import { EmbeddingModel } from "effect/ai"
 *
 * export const short = Effect.flatMap(EmbeddingModel.EmbeddingModel, (model) => model.embed("red")).pipe(
 *   OpenAiEmbeddingModel.withConfigOverride({ dimensions: 256 })
 * )
 * ```
 */
export const withConfigOverride = override.withConfigOverride

const origin: ProviderError.Origin = { provider: "openai", module: "OpenAiEmbeddingModel", method: "embedMany" }

/** Limits of one request. Source: API reference, `input`. */
const limits = { inputs: 2048, tokens: 300_000, tokensOfInput: 8192 }

const encodeRequest = (model: string, settings: Config, input: ReadonlyArray<string>): Json.JsonRecord => ({
  model,
  input,
  encoding_format: settings.encodingFormat ?? "base64",
  ...(settings.dimensions === undefined ? undefined : { dimensions: settings.dimensions }),
  ...(settings.user === undefined ? undefined : { user: settings.user }),
  ...settings.extraBody
})
