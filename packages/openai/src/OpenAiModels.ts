/**
 * The models OpenAI lists for the key of the client, those of its own that were fine-tuned among them.
 *
 * OpenAI says names and dates alone: neither limits nor what a model is for.
 * Source: https://developers.openai.com/api/reference/resources/models/methods/list
 */
import * as ModelList from "@llm-layers/core/ModelList"
import type * as Provider from "@llm-layers/core/Provider"
import * as Models from "@llm-layers/openai-compatible/Models"
import type * as AiError from "effect/ai/AiError"
import * as Effect from "effect/Effect"
import { namespace } from "./internal/namespace.ts"
import { OpenAiClient } from "./OpenAiClient.ts"

/**
 * The models, in OpenAI's order. One request: the list has no pages.
 *
 * @example
 * ```ts
 * import * as OpenAiClient from "@llm-layers/openai/OpenAiClient"
 * import * as OpenAiModels from "@llm-layers/openai/OpenAiModels"
 * import { Effect } from "effect"
 *
 * export const names = OpenAiModels.list.pipe(
 *   Effect.map((models) => models.map(({ id }) => id)),
 *   Effect.provide(OpenAiClient.layerConfig())
 * )
 * ```
 */
export const list: Effect.Effect<ReadonlyArray<Provider.ListedModel>, AiError.AiError, OpenAiClient> = Effect.flatMap(
  OpenAiClient,
  (client) =>
    Models.list(
      client,
      { provider: namespace, module: "OpenAiModels", method: "list" },
      (model, id) => ({ id, released: ModelList.released(model["created"]) })
    )
)
