/**
 * Google's embedding models, of the Gemini Developer API.
 *
 * Any number of inputs: they are split to the limits of the API, and come back in their order. Each text is a request of
 * its own inside a batch, because newer models make one vector of all that a request has. Not covered: Vertex AI, whose
 * embeddings are another API; pictures, sound and films as input.
 */
import * as Embedding from "@llm-layers/core/Embedding"
import * as Json from "@llm-layers/core/Json"
import * as ProviderError from "@llm-layers/core/ProviderError"
import * as Settings from "@llm-layers/core/Settings"
import * as Usage from "@llm-layers/core/Usage"
import type * as AiError from "effect/ai/AiError"
import * as EmbeddingModel from "effect/ai/EmbeddingModel"
import * as Model from "effect/ai/Model"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { GoogleClient, type GoogleConnection } from "./GoogleClient.ts"

/** Models whose vectors have a known length. Others are taken as well. */
export type ModelId = "gemini-embedding-001" | "gemini-embedding-2" | "gemini-embedding-2-preview"

/**
 * Settings.
 *
 * Source: https://ai.google.dev/api/embeddings
 */
export interface Config extends Embedding.Common {
  /** What the vectors are for: `gemini-embedding-001` makes them after it. Default: nothing in particular. */
  readonly taskType?:
    | "RETRIEVAL_QUERY"
    | "RETRIEVAL_DOCUMENT"
    | "SEMANTIC_SIMILARITY"
    | "CLASSIFICATION"
    | "CLUSTERING"
    | "QUESTION_ANSWERING"
    | "FACT_VERIFICATION"
    | "CODE_RETRIEVAL_QUERY"
    | (string & {})
    | undefined
  /** The title of the text, for `RETRIEVAL_DOCUMENT`. It is the same for all texts of a call. */
  readonly title?: string | undefined
  /** The length of the vectors: a longer one is cut. Default: the model's own. */
  readonly dimensions?: number | undefined
  /** Members of the request for each text that this project has no name for. They win over what it writes. */
  readonly extraBody?: { readonly [key: string]: unknown } | undefined
}

const override = Settings.override<Config>("@llm-layers/google/GoogleEmbeddingModel")

/** The length of a known model's vectors. Source: https://ai.google.dev/gemini-api/docs/embeddings */
const dimensionsOf: ReadonlyMap<string, number> = new Map(
  Object.entries(
    {
      "gemini-embedding-001": 3072,
      "gemini-embedding-2": 3072,
      "gemini-embedding-2-preview": 3072
    } satisfies { readonly [name in ModelId]: number }
  )
)

/**
 * A model, to be provided to a program. Where the length of the vectors is known, from the model's name or from
 * `dimensions`, it is there as `EmbeddingModel.Dimensions`.
 *
 * @example
 * ```ts
 * import * as GoogleClient from "@llm-layers/google/GoogleClient"
 * import * as GoogleEmbeddingModel from "@llm-layers/google/GoogleEmbeddingModel"
 * import { Effect } from "effect"
 * import { EmbeddingModel } from "effect/ai"
 *
 * export const program = Effect.gen(function*() {
 *   const model = yield* EmbeddingModel.EmbeddingModel
 *   const { embeddings } = yield* model.embedMany(["red", "green", "blue"])
 *   return embeddings[0]?.vector.length
 * }).pipe(
 *   Effect.provide(GoogleEmbeddingModel.model("gemini-embedding-001", { dimensions: 768, taskType: "CLUSTERING" })),
 *   Effect.provide(GoogleClient.layerConfig())
 * )
 * ```
 */
export const model: {
  (name: ModelId, options?: Config | undefined): Model.Model<"google", Embedding.Supplied, GoogleClient>
  (
    name: string,
    options: Config & { readonly dimensions: number }
  ): Model.Model<"google", Embedding.Supplied, GoogleClient>
  (name: string, options?: Config | undefined): Model.Model<"google", EmbeddingModel.EmbeddingModel, GoogleClient>
} = (name: string, options?: Config | undefined) => {
  const known = options?.dimensions ?? dimensionsOf.get(name)
  // The first two signatures are those with a known length; `Model` is invariant, so that no one type is all three.
  return Model.make("google", name, Embedding.withDimensions(layer(name, options), known)) as never
}

/** The service of a model. */
export const make = (
  name: string,
  options: Config = {}
): Effect.Effect<EmbeddingModel.EmbeddingModel, never, GoogleClient> =>
  Effect.flatMap(GoogleClient, (connection) =>
    Embedding.make<Config>({
      origin,
      model: name,
      limits,
      baseUrl: connection.baseUrl,
      settings: options,
      override,
      embed: (settings, inputs) => embed(connection, name, settings, inputs)
    }))

/**
 * The service of a model as a Layer.
 *
 * @example
 * ```ts
 * import * as GoogleClient from "@llm-layers/google/GoogleClient"
 * import * as GoogleEmbeddingModel from "@llm-layers/google/GoogleEmbeddingModel"
 * import { Layer } from "effect"
 *
 * export const layer = GoogleEmbeddingModel.layer("gemini-embedding-001").pipe(
 *   Layer.provide(GoogleClient.layerConfig())
 * )
 * ```
 */
export const layer = (
  name: string,
  options?: Config | undefined
): Layer.Layer<EmbeddingModel.EmbeddingModel, never, GoogleClient> =>
  Layer.effect(EmbeddingModel.EmbeddingModel, make(name, options))

/**
 * Changes settings of the calls inside an effect. The innermost wins, and each wins over the model's own. `Dimensions`
 * stays what the model was made with.
 *
 * @example
 * ```ts
 * import * as GoogleEmbeddingModel from "@llm-layers/google/GoogleEmbeddingModel"
 * import { Effect } from "effect"
 * import { EmbeddingModel } from "effect/ai"
 *
 * export const query = Effect.flatMap(EmbeddingModel.EmbeddingModel, (model) => model.embed("red")).pipe(
 *   GoogleEmbeddingModel.withConfigOverride({ taskType: "RETRIEVAL_QUERY" })
 * )
 * ```
 */
export const withConfigOverride = override.withConfigOverride

const origin: ProviderError.Origin = { provider: "google", module: "GoogleEmbeddingModel", method: "embedMany" }

/** Limits of one request. Source: "at most 100 requests can be in one batch", the API's answer to more. */
const limits = { inputs: 100 }

const embed = (
  connection: GoogleConnection,
  model: string,
  settings: Config,
  input: ReadonlyArray<string>
): Effect.Effect<Embedding.Answer, AiError.AiError> =>
  Effect.gen(function*() {
    if (connection.api === "vertex") {
      return yield* ProviderError.unsupported(origin, { capability: "embeddings", asked: "Vertex AI", model })
    }
    const path = connection.path(model, "batchEmbedContents")
    const requests = input.map((text) => encodeRequest(connection.resource(model), settings, text))
    const { json } = yield* connection.json({ origin, path, body: { requests } })
    const body = Json.record(json)
    if (Json.isRecord(body["error"])) {
      return yield* connection.eventError({ origin, path }, yield* Clock.currentTimeMillis, body)
    }
    const items = Json.list(body["embeddings"]).map((one) => ({
      index: undefined,
      vector: Json.list(Json.record(one)["values"])
    }))
    const vectors = yield* Embedding.inOrder(origin, items, input.length)
    return { vectors, tokens: Usage.toCount(Json.record(body["usageMetadata"])["promptTokenCount"]) }
  })

const encodeRequest = (model: string, settings: Config, text: string): Json.JsonRecord => ({
  model,
  content: { parts: [{ text }] },
  ...(settings.taskType === undefined ? undefined : { taskType: settings.taskType }),
  ...(settings.title === undefined ? undefined : { title: settings.title }),
  ...(settings.dimensions === undefined ? undefined : { outputDimensionality: settings.dimensions }),
  ...settings.extraBody
})
