/**
 * The list of models in OpenAI's dialect, for providers whose servers speak it.
 */
import type * as Connection from "@llm-layers/core/Connection"
import * as Json from "@llm-layers/core/Json"
import * as ModelList from "@llm-layers/core/ModelList"
import type * as Provider from "@llm-layers/core/Provider"
import type * as ProviderError from "@llm-layers/core/ProviderError"
import type * as AiError from "effect/ai/AiError"
import type * as Effect from "effect/Effect"

/**
 * The models of `GET /models`. Of most servers that is their names; what some say beyond is read where it is documented.
 *
 * @example
 * ```ts
 * import { Models, OpenAiCompatibleClient } from "@llm-layers/openai-compatible"
 * import { Effect } from "effect"
 *
 * const origin = { provider: "acme", module: "AcmeModels", method: "list" }
 *
 * export const models = Effect.flatMap(
 *   OpenAiCompatibleClient.OpenAiCompatibleClient,
 *   (connection) => Models.list(connection, origin)
 * )
 * ```
 */
export const list = (
  connection: Pick<Connection.Connection, "json" | "eventError">,
  origin: ProviderError.Origin,
  decode: (model: Json.JsonRecord, id: string) => Provider.ListedModel = decodeModel
): Effect.Effect<ReadonlyArray<Provider.ListedModel>, AiError.AiError> =>
  ModelList.read({
    origin,
    connection,
    path: () => "/models",
    decode: (answer) => {
      // Together answers with the list itself.
      const models = ModelList.each(Array.isArray(answer) ? answer : Json.record(answer)["data"], decode)
      return models && { models }
    }
  })

/**
 * A model with what servers of the dialect say of it beyond its name. `created` is not read: servers on one's own machine
 * give the time they were started, or the time of the file.
 *
 * - Groq: `context_window`, `max_completion_tokens` (https://console.groq.com/docs/api-reference#models-list)
 * - Mistral: `max_context_length`, `capabilities`, `name` (https://docs.mistral.ai/api/endpoint/models)
 * - Together: `context_length`, `type`, `display_name` (https://docs.together.ai/reference/models-1)
 * - vLLM: `max_model_len` (`ModelCard` of vllm-project/vllm, vllm/entrypoints/openai)
 */
export const decodeModel = (model: Json.JsonRecord, id: string): Provider.ListedModel => ({
  id,
  name: Json.string(model["display_name"]) ?? Json.string(model["name"]),
  contextTokens: ModelList.tokens(
    model["context_window"] ?? model["max_context_length"] ?? model["context_length"] ?? model["max_model_len"]
  ),
  outputTokens: ModelList.tokens(model["max_completion_tokens"]),
  kind: kindOf(model)
})

/** Together's types; Mistral's `type` is another thing (`base`, `fine-tuned`). */
const kinds = new Map<unknown, Provider.ListedModel["kind"]>([
  ["chat", "language"],
  ["language", "language"],
  ["code", "language"],
  ["embedding", "embedding"],
  ["image", "other"],
  ["moderation", "other"],
  ["rerank", "other"]
])

const kindOf = ({ capabilities, type }: Json.JsonRecord): Provider.ListedModel["kind"] =>
  kinds.get(type) ?? (Json.record(capabilities)["completion_chat"] === true ? "language" : undefined)
