/**
 * The models Anthropic lists for the key of the client, the newest first.
 *
 * Source: https://platform.claude.com/docs/en/api/models/list
 */
import * as Json from "@llm-layers/core/Json"
import * as ModelList from "@llm-layers/core/ModelList"
import type * as Provider from "@llm-layers/core/Provider"
import type * as AiError from "effect/ai/AiError"
import * as Effect from "effect/Effect"
import { AnthropicClient } from "./AnthropicClient.ts"

/**
 * The models, in Anthropic's order: a request for each thousand of them. All are models of language; Anthropic has none
 * that embed (https://platform.claude.com/docs/en/build-with-claude/embeddings).
 *
 * @example
 * ```ts
 * import * as AnthropicClient from "@llm-layers/anthropic/AnthropicClient"
 * import * as AnthropicModels from "@llm-layers/anthropic/AnthropicModels"
 * import { Effect } from "effect"
 *
 * export const newest = AnthropicModels.list.pipe(
 *   Effect.map(([first]) => first?.id),
 *   Effect.provide(AnthropicClient.layerConfig())
 * )
 * ```
 */
export const list: Effect.Effect<ReadonlyArray<Provider.ListedModel>, AiError.AiError, AnthropicClient> = Effect
  .flatMap(AnthropicClient, (connection) =>
    ModelList.read({
      origin: { provider: "anthropic", module: "AnthropicModels", method: "list" },
      connection,
      // 1000 is the most a page may have.
      path: (after) => `/v1/models?limit=1000${after === undefined ? "" : `&after_id=${encodeURIComponent(after)}`}`,
      decode: decodePage
    }))

const decodePage = (answer: unknown): ModelList.Page | undefined => {
  const { data, has_more, last_id } = Json.record(answer)
  const models = ModelList.each(data, decodeModel)
  return models && { models, next: has_more === true ? Json.string(last_id) ?? models.at(-1)?.id : undefined }
}

const decodeModel = (model: Json.JsonRecord, id: string): Provider.ListedModel => ({
  id,
  name: Json.string(model["display_name"]),
  contextTokens: ModelList.tokens(model["max_input_tokens"]),
  outputTokens: ModelList.tokens(model["max_tokens"]),
  // 1970 where the date is not known.
  released: ModelList.released(model["created_at"]),
  kind: "language"
})
