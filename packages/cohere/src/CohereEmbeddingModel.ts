/**
 * Cohere's embedding models.
 *
 * Any number of texts: they are split to the 96 of a request, and come back in their order. Vectors of whole numbers and of
 * bits, which need a fraction of the room, are had with {@link embedTyped}. Not covered: images.
 */
import * as Embedding from "@llm-layers/core/Embedding"
import * as ProviderError from "@llm-layers/core/ProviderError"
import * as Settings from "@llm-layers/core/Settings"
import type * as AiError from "effect/ai/AiError"
import * as EmbeddingModel from "effect/ai/EmbeddingModel"
import * as Model from "effect/ai/Model"
import * as Arr from "effect/Array"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { CohereClient } from "./CohereClient.ts"
import { embed, inputLimit } from "./internal/embed.ts"

/** Models whose vectors have a known length. Others are taken as well. Source: https://docs.cohere.com/docs/cohere-embed */
export type ModelId =
  | "embed-v4.0"
  | "embed-english-v3.0"
  | "embed-english-light-v3.0"
  | "embed-multilingual-v3.0"
  | "embed-multilingual-light-v3.0"

/** Settings. Source: https://docs.cohere.com/reference/embed */
export interface Config extends Embedding.Common {
  /**
   * What the texts are: documents to be found, what they are looked for with, texts to be told apart by a classifier, or to
   * be grouped. Documents and queries of one search need one each.
   */
  readonly inputType: "search_document" | "search_query" | "classification" | "clustering"
  /** The length of the vectors, for `embed-v4.0` and later: 256, 512, 1024 or 1536. Default: 1536. */
  readonly dimensions?: number | undefined
  /** Which end of a text that is too long is cut; `NONE` refuses it. Default: `END`. */
  readonly truncate?: "NONE" | "START" | "END" | undefined
  /** Tokens of a text, above which it is cut. Default: the model's limit. */
  readonly maxTokens?: number | undefined
  /** From 0 to 999; under load, lower numbers are served first. Default: 0. */
  readonly priority?: number | undefined
}

const override = Settings.override<Config>("@llm-layers/cohere/CohereEmbeddingModel")

const dimensionsOf: ReadonlyMap<string, number> = new Map(
  Object.entries(
    {
      "embed-v4.0": 1536,
      "embed-english-v3.0": 1024,
      "embed-english-light-v3.0": 384,
      "embed-multilingual-v3.0": 1024,
      "embed-multilingual-light-v3.0": 384
    } satisfies { readonly [name in ModelId]: number }
  )
)

/**
 * A model, to be provided to a program. Where the length of the vectors is known, from the model's name or from
 * `dimensions`, it is there as `EmbeddingModel.Dimensions`.
 *
 * @example
 * ```ts
 * import * as CohereClient from "@llm-layers/cohere/CohereClient"
 * import * as CohereEmbeddingModel from "@llm-layers/cohere/CohereEmbeddingModel"
 * import { Effect } from "effect"
 * import { EmbeddingModel } from "effect/ai"
 *
 * export const program = Effect.gen(function*() {
 *   const model = yield* EmbeddingModel.EmbeddingModel
 *   const { embeddings } = yield* model.embedMany(["red", "green", "blue"])
 *   // A query is embedded as what it is.
 *   const query = yield* model.embed("the colour of grass").pipe(
 *     CohereEmbeddingModel.withConfigOverride({ inputType: "search_query" })
 *   )
 *   return { documents: embeddings.map((one) => one.vector), query: query.vector }
 * }).pipe(
 *   Effect.provide(CohereEmbeddingModel.model("embed-v4.0", { inputType: "search_document", dimensions: 256 })),
 *   Effect.provide(CohereClient.layerConfig())
 * )
 * ```
 */
export const model: {
  (name: ModelId, options: Config): Model.Model<"cohere", Embedding.Supplied, CohereClient>
  (
    name: string,
    options: Config & { readonly dimensions: number }
  ): Model.Model<"cohere", Embedding.Supplied, CohereClient>
  (name: string, options: Config): Model.Model<"cohere", EmbeddingModel.EmbeddingModel, CohereClient>
} = (name: string, options: Config) => {
  const known = options.dimensions ?? dimensionsOf.get(name)
  // The first two signatures are those with a known length; `Model` is invariant, so that no one type is all three.
  return Model.make("cohere", name, Embedding.withDimensions(layer(name, options), known)) as never
}

/** The service of a model. */
export const make = (
  name: string,
  options: Config
): Effect.Effect<EmbeddingModel.EmbeddingModel, never, CohereClient> =>
  Effect.flatMap(CohereClient, (connection) =>
    Embedding.make<Config>({
      origin,
      model: name,
      limits: { inputs: inputLimit },
      baseUrl: connection.baseUrl,
      settings: options,
      override,
      embed: (settings, inputs) =>
        Effect.map(
          embed(connection, origin, name, settings, inputs, ["float"]),
          ({ ofType, tokens }) => ({
            // What is no vector is found by `Embedding.make`, which says of which text it is.
            vectors: ofType("float") as ReadonlyArray<Array<number>>,
            tokens
          })
        ),
      attributes: () => ({ encodingFormats: ["float"] })
    }))

/**
 * The service of a model as a Layer.
 *
 * @example
 * ```ts
 * import * as CohereClient from "@llm-layers/cohere/CohereClient"
 * import * as CohereEmbeddingModel from "@llm-layers/cohere/CohereEmbeddingModel"
 * import { Layer } from "effect"
 *
 * export const layer = CohereEmbeddingModel.layer("embed-v4.0", { inputType: "clustering" }).pipe(
 *   Layer.provide(CohereClient.layerConfig())
 * )
 * ```
 */
export const layer = (
  name: string,
  options: Config
): Layer.Layer<EmbeddingModel.EmbeddingModel, never, CohereClient> =>
  Layer.effect(EmbeddingModel.EmbeddingModel, make(name, options))

/**
 * Changes settings of the calls inside an effect, those of {@link embedTyped} included. The innermost wins, and each wins
 * over the model's own. `Dimensions` stays what the model was made with.
 *
 * @example
 * ```ts
 * import * as CohereEmbeddingModel from "@llm-layers/cohere/CohereEmbeddingModel"
 * import { Effect } from "effect"
 * import { EmbeddingModel } from "effect/ai"
 *
 * export const query = Effect.flatMap(EmbeddingModel.EmbeddingModel, (model) => model.embed("red")).pipe(
 *   CohereEmbeddingModel.withConfigOverride({ inputType: "search_query" })
 * )
 * ```
 */
export const withConfigOverride = override.withConfigOverride

/** What a vector of each type is. Bits are packed, eight to a number: an eighth of the length of the vector. */
export interface Vectors {
  readonly float: Float32Array
  readonly int8: Int8Array
  readonly uint8: Uint8Array
  /** Packed bits, each number less 128. */
  readonly binary: Int8Array
  /** Packed bits. */
  readonly ubinary: Uint8Array
}

/** The types of vectors. Models before `embed-v3` have `float` alone. */
export type EmbeddingType = keyof Vectors

/** Vectors by type, one a text, in the order of the texts. */
export interface TypedEmbeddings<Type extends EmbeddingType> {
  readonly embeddings: { readonly [type in Type]: ReadonlyArray<Vectors[type]> }
  /** What the vendor reported, or `undefined`. */
  readonly inputTokens: number | undefined
}

/**
 * Vectors of the types that are asked for, all from one call of the model a text. `EmbeddingModel` of `effect/ai` knows
 * vectors of floats alone.
 *
 * @example
 * ```ts
 * import * as CohereClient from "@llm-layers/cohere/CohereClient"
 * import * as CohereEmbeddingModel from "@llm-layers/cohere/CohereEmbeddingModel"
 * import { Effect } from "effect"
 *
 * export const program = CohereEmbeddingModel.embedTyped({
 *   model: "embed-v4.0",
 *   inputType: "search_document",
 *   embeddingTypes: ["int8", "ubinary"],
 *   inputs: ["red", "green", "blue"]
 * }).pipe(
 *   // `Int8Array` and `Uint8Array`, three each.
 *   Effect.map(({ embeddings }) => [embeddings.int8, embeddings.ubinary]),
 *   Effect.provide(CohereClient.layerConfig())
 * )
 * ```
 */
export const embedTyped = <const Type extends EmbeddingType>(
  request: Config & {
    // Keeps the names of models as suggestions.
    readonly model: ModelId | (string & {})
    readonly embeddingTypes: ReadonlyArray<Type>
    readonly inputs: ReadonlyArray<string>
  }
): Effect.Effect<TypedEmbeddings<Type>, AiError.AiError, CohereClient> =>
  Effect.gen(function*() {
    const connection = yield* CohereClient
    const { embeddingTypes, inputs, model, ...options } = request
    const settings = { ...options, ...yield* override.reference }
    const types = [...new Set<Type>(embeddingTypes)]
    const groups = types.length === 0 ? [] : Arr.chunksOf(inputs, inputLimit)
    const answers = yield* Effect.forEach(groups, (group) =>
      Effect.flatMap(embed(connection, typedOrigin, model, settings, group, types), ({ ofType, tokens }) =>
        Effect.map(
          Effect.forEach(types, (type) =>
            readVectors(type, ofType(type), group.length)),
          (vectors) => ({ vectors, tokens })
        )), { concurrency: settings.concurrency ?? 4 })
    const embeddings = Object.fromEntries(
      types.map((type, at) => [
        type,
        answers.flatMap(({ vectors }) =>
          vectors[at] ?? []
        )
      ])
    )
    return {
      // Each type has the vectors that were read as such.
      embeddings: embeddings as unknown as TypedEmbeddings<Type>["embeddings"],
      inputTokens: total(answers.map(({ tokens }) => tokens))
    }
  })

const origin: ProviderError.Origin = { provider: "cohere", module: "CohereEmbeddingModel", method: "embedMany" }
const typedOrigin: ProviderError.Origin = { ...origin, method: "embedTyped" }

const arrays = {
  float: Float32Array,
  int8: Int8Array,
  uint8: Uint8Array,
  binary: Int8Array,
  ubinary: Uint8Array
} as const satisfies { readonly [type in EmbeddingType]: unknown }

/** A number that the array does not hold would become another one without a word. */
const readVectors = (
  type: EmbeddingType,
  vectors: ReadonlyArray<unknown>,
  count: number
): Effect.Effect<ReadonlyArray<Vectors[EmbeddingType]>, AiError.AiError> => {
  const invalid = (description: string) =>
    Effect.fail(ProviderError.make(typedOrigin, "InvalidOutput", { description }))
  if (vectors.length !== count) return invalid(`${vectors.length} embeddings of type ${type} came for ${count} inputs`)
  const read: Array<Vectors[EmbeddingType]> = []
  for (const [at, vector] of vectors.entries()) {
    const holds = Array.isArray(vector) && vector.length > 0 && vector.every((value) => holdsValue(type, value))
    if (!holds) return invalid(`The embedding of input ${at} is not a list of numbers of type ${type}`)
    read.push(arrays[type].from(vector))
  }
  return Effect.succeed(read)
}

const holdsValue = (type: EmbeddingType, value: unknown): boolean => {
  if (type === "float") return Number.isFinite(value)
  const [least, most] = arrays[type] === Int8Array ? [-128, 127] : [0, 255]
  return typeof value === "number" && Number.isInteger(value) && value >= least && value <= most
}

/** Unknown where one of the counts is, or where there is none. */
const total = (counts: ReadonlyArray<number | undefined>): number | undefined => {
  const known = counts.filter((count) => count !== undefined)
  return known.length === 0 || known.length < counts.length ? undefined : known.reduce((sum, count) => sum + count)
}
