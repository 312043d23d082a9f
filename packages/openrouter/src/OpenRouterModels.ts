/**
 * The models OpenRouter lists: those that write, and those that embed.
 *
 * Source: https://openrouter.ai/docs/api/api-reference/models/get-models
 */
import * as Json from "@llm-layers/core/Json"
import * as ModelList from "@llm-layers/core/ModelList"
import type * as Provider from "@llm-layers/core/Provider"
import type * as AiError from "effect/ai/AiError"
import * as Effect from "effect/Effect"
import { OpenRouterClient } from "./OpenRouterClient.ts"

/**
 * The models, in OpenRouter's order. The limits are those of the model: an upstream may have lower ones. When a model came
 * to OpenRouter is not when it was released, and is left out.
 *
 * @example
 * ```ts
 * import * as OpenRouterClient from "@llm-layers/openrouter/OpenRouterClient"
 * import * as OpenRouterModels from "@llm-layers/openrouter/OpenRouterModels"
 * import { Effect } from "effect"
 *
 * export const large = OpenRouterModels.list.pipe(
 *   Effect.map((models) => models.filter(({ contextTokens = 0 }) => contextTokens >= 1_000_000)),
 *   Effect.provide(OpenRouterClient.layerConfig())
 * )
 * ```
 */
export const list: Effect.Effect<ReadonlyArray<Provider.ListedModel>, AiError.AiError, OpenRouterClient> = Effect
  .flatMap(OpenRouterClient, (connection) =>
    ModelList.read({
      origin: { provider: "openrouter", module: "OpenRouterModels", method: "list" },
      connection,
      // Without the parameter: those that write texts alone. Without an offset there is one page.
      path: (next) => `/models${next ?? "?output_modalities=all"}`,
      decode: decodePage
    }))

const decodePage = (answer: unknown): ModelList.Page | undefined => {
  const { data, links } = Json.record(answer)
  const models = ModelList.each(data, decodeModel)
  return models && { models, next: queryOf(Json.record(links)["next"]) }
}

/** Of the address of the next page its query alone: the client says where requests go. */
const queryOf = (address: unknown): string | undefined => {
  const text = Json.string(address)
  const at = text?.indexOf("?") ?? -1
  return at < 0 ? undefined : text?.slice(at)
}

const decodeModel = (model: Json.JsonRecord, id: string): Provider.ListedModel => ({
  id,
  name: Json.string(model["name"]),
  contextTokens: ModelList.tokens(model["context_length"]),
  outputTokens: ModelList.tokens(Json.record(model["top_provider"])["max_completion_tokens"]),
  kind: kindOf(Json.record(model["architecture"])["output_modalities"])
})

const kindOf = (modalities: unknown): Provider.ListedModel["kind"] => {
  if (!Array.isArray(modalities)) return undefined
  if (modalities.includes("text")) return "language"
  return modalities.includes("embeddings") ? "embedding" : "other"
}
