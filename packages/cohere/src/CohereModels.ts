/**
 * The models Cohere lists for the key of the client, those that were fine-tuned among them.
 *
 * Source: https://docs.cohere.com/reference/list-models
 */
import * as Json from "@llm-layers/core/Json"
import * as ModelList from "@llm-layers/core/ModelList"
import type * as Provider from "@llm-layers/core/Provider"
import type * as AiError from "effect/ai/AiError"
import * as Effect from "effect/Effect"
import { CohereClient } from "./CohereClient.ts"

/** What a model can be asked by. Newer ones are taken as well. */
export type Endpoint = "chat" | "embed" | "rerank" | "classify" | "summarize" | "generate" | "rate" | (string & {})

/**
 * The models of one endpoint, in Cohere's order: a request for each thousand of them.
 *
 * @example
 * ```ts
 * import * as CohereClient from "@llm-layers/cohere/CohereClient"
 * import * as CohereModels from "@llm-layers/cohere/CohereModels"
 * import { Effect } from "effect"
 *
 * export const rerankers = CohereModels.listOf("rerank").pipe(Effect.provide(CohereClient.layerConfig()))
 * ```
 */
export const listOf = (
  endpoint: Endpoint
): Effect.Effect<ReadonlyArray<Provider.ListedModel>, AiError.AiError, CohereClient> => read("listOf", endpoint)

/**
 * All models.
 *
 * @example
 * ```ts
 * import * as CohereClient from "@llm-layers/cohere/CohereClient"
 * import * as CohereModels from "@llm-layers/cohere/CohereModels"
 * import { Effect } from "effect"
 *
 * export const models = CohereModels.list.pipe(Effect.provide(CohereClient.layerConfig()))
 * ```
 */
export const list: Effect.Effect<ReadonlyArray<Provider.ListedModel>, AiError.AiError, CohereClient> = Effect.suspend(
  () => read("list")
)

const read = (
  method: string,
  endpoint?: Endpoint
): Effect.Effect<ReadonlyArray<Provider.ListedModel>, AiError.AiError, CohereClient> =>
  Effect.flatMap(CohereClient, (connection) =>
    ModelList.read({
      origin: { provider: "cohere", module: "CohereModels", method },
      connection,
      path: (token) => `/v1/models?${queryOf(endpoint, token)}`,
      decode: decodePage
    }))

/** 1000 is the most a page may have. */
const queryOf = (endpoint: Endpoint | undefined, token: string | undefined): string =>
  new URLSearchParams({
    page_size: "1000",
    ...(endpoint === undefined ? undefined : { endpoint }),
    ...(token === undefined ? undefined : { page_token: token })
  }).toString()

const decodePage = (answer: unknown): ModelList.Page | undefined => {
  const page = Json.record(answer)
  const models = ModelList.each(page["models"], decodeModel, "name")
  return models && { models, next: Json.string(page["next_page_token"]) || undefined }
}

const decodeModel = (model: Json.JsonRecord, id: string): Provider.ListedModel => ({
  id,
  contextTokens: ModelList.tokens(model["context_length"]),
  kind: kindOf(model["endpoints"])
})

const kindOf = (endpoints: unknown): Provider.ListedModel["kind"] => {
  if (!Array.isArray(endpoints)) return undefined
  if (endpoints.includes("chat")) return "language"
  return endpoints.includes("embed") ? "embedding" : "other"
}
