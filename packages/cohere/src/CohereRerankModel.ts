/**
 * Cohere's models that rank documents: `RerankModel` of `@llm-layers/core`.
 */
import type * as Connection from "@llm-layers/core/Connection"
import * as Json from "@llm-layers/core/Json"
import type * as ProviderError from "@llm-layers/core/ProviderError"
import * as RerankModel from "@llm-layers/core/RerankModel"
import * as Settings from "@llm-layers/core/Settings"
import * as Usage from "@llm-layers/core/Usage"
import type * as AiError from "effect/ai/AiError"
import * as Model from "effect/ai/Model"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { CohereClient } from "./CohereClient.ts"

/** Models of the API. Others are taken as well. Source: https://docs.cohere.com/docs/rerank */
export type ModelId =
  | "rerank-v4.0-pro"
  | "rerank-v4.0-fast"
  | "rerank-v3.5"
  | "rerank-english-v3.0"
  | "rerank-multilingual-v3.0"
  // Keeps the names above as suggestions.
  | (string & {})

/** Settings. Source: https://docs.cohere.com/reference/rerank */
export interface Config {
  /** Tokens of a document, after which it is cut. Default: 4096. */
  readonly maxTokensPerDocument?: number | undefined
  /** From 0 to 999; under load, lower numbers are served first. Default: 0. */
  readonly priority?: number | undefined
  /** Members of the request body that this project has no name for. They win over what it writes. */
  readonly extraBody?: { readonly [key: string]: unknown } | undefined
}

const override = Settings.override<Config>("@llm-layers/cohere/CohereRerankModel")

/**
 * A model, to be provided to a program. Documents that are objects are sent as YAML, which is what the models read best.
 *
 * @example
 * ```ts
 * import * as CohereClient from "@llm-layers/cohere/CohereClient"
 * import * as CohereRerankModel from "@llm-layers/cohere/CohereRerankModel"
 * import * as RerankModel from "@llm-layers/core/RerankModel"
 * import { Effect } from "effect"
 *
 * export const program = RerankModel.rerank({
 *   query: "What is the capital of Portugal?",
 *   documents: [{ title: "Lisbon", text: "The capital of Portugal." }, { title: "Porto", text: "A city." }],
 *   topN: 1
 * }).pipe(
 *   Effect.map(({ results }) => results.map((one) => one.document.title)),
 *   Effect.provide(CohereRerankModel.model("rerank-v3.5")),
 *   Effect.provide(CohereClient.layerConfig())
 * )
 * ```
 */
export const model = (
  name: ModelId,
  options?: Config | undefined
): Model.Model<"cohere", RerankModel.RerankModel, CohereClient> => Model.make("cohere", name, layer(name, options))

/** The service of a model. */
export const make = (
  name: ModelId,
  options: Config = {}
): Effect.Effect<RerankModel.Service, never, CohereClient> =>
  Effect.map(CohereClient, (connection) =>
    RerankModel.make({
      origin,
      model: name,
      rerank: (request) =>
        Effect.flatMap(
          override.reference,
          (around) => rerank(connection, name, { ...options, ...around }, request)
        )
    }))

/**
 * The service of a model as a Layer.
 *
 * @example
 * ```ts
 * import * as CohereClient from "@llm-layers/cohere/CohereClient"
 * import * as CohereRerankModel from "@llm-layers/cohere/CohereRerankModel"
 * import { Layer } from "effect"
 *
 * export const layer = CohereRerankModel.layer("rerank-v3.5").pipe(Layer.provide(CohereClient.layerConfig()))
 * ```
 */
export const layer = (
  name: ModelId,
  options?: Config | undefined
): Layer.Layer<RerankModel.RerankModel, never, CohereClient> =>
  Layer.effect(RerankModel.RerankModel, make(name, options))

/**
 * Changes settings of the calls inside an effect. The innermost wins, and each wins over the model's own.
 *
 * @example
 * ```ts
 * import * as CohereRerankModel from "@llm-layers/cohere/CohereRerankModel"
 * import * as RerankModel from "@llm-layers/core/RerankModel"
 *
 * export const short = RerankModel.rerank({ query: "layers", documents: ["one", "two"] }).pipe(
 *   CohereRerankModel.withConfigOverride({ maxTokensPerDocument: 512 })
 * )
 * ```
 */
export const withConfigOverride = override.withConfigOverride

const origin: ProviderError.Origin = { provider: "cohere", module: "CohereRerankModel", method: "rerank" }
const path = "/v2/rerank"

const rerank = (
  connection: Connection.Connection,
  model: string,
  settings: Config,
  request: RerankModel.Request
): Effect.Effect<RerankModel.Answer, AiError.AiError> =>
  Effect.gen(function*() {
    const body = Json.record(
      (yield* connection.json({ origin, path, body: encodeRequest(model, settings, request) })).json
    )
    const { message, meta, results } = body
    if (results === undefined && typeof message === "string") {
      return yield* connection.eventError({ origin, path }, yield* Clock.currentTimeMillis, body)
    }
    const { billed_units, tokens } = Json.record(meta)
    return {
      id: Json.string(body["id"]),
      results: Json.list(results).map(decodeResult),
      usage: {
        inputTokens: Usage.toCount(Json.record(tokens)["input_tokens"]),
        searchUnits: Json.number(Json.record(billed_units)["search_units"])
      }
    }
  })

const encodeRequest = (
  model: string,
  settings: Config,
  { documents, query, topN }: RerankModel.Request
): Json.JsonRecord => ({
  model,
  query,
  documents: documents.map(encodeDocument),
  ...(topN === undefined ? undefined : { top_n: topN }),
  ...(settings.maxTokensPerDocument === undefined ? undefined : { max_tokens_per_doc: settings.maxTokensPerDocument }),
  ...(settings.priority === undefined ? undefined : { priority: settings.priority }),
  ...settings.extraBody
})

/** YAML, a line a member: JSON is YAML, and a name that is plain needs no quotes. */
const encodeDocument = (document: RerankModel.Document): string =>
  typeof document === "string"
    ? document
    : Object.entries(document).flatMap(([name, value]) => {
      const json = JSON.stringify(value)
      // What JSON has no word for, such as a function.
      return json === undefined ? [] : [`${/^[A-Za-z_][\w-]*$/.test(name) ? name : JSON.stringify(name)}: ${json}`]
    }).join("\n")

const decodeResult = (result: unknown) => {
  const { index, relevance_score } = Json.record(result)
  return { index: Json.number(index), score: Json.number(relevance_score) }
}
