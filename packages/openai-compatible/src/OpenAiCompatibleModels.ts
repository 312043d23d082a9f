/**
 * The models a server of the dialect lists.
 */
import type * as Provider from "@llm-layers/core/Provider"
import type * as AiError from "effect/ai/AiError"
import * as Effect from "effect/Effect"
import * as Models from "./Models.ts"
import { OpenAiCompatibleClient } from "./OpenAiCompatibleClient.ts"

/**
 * The models of `GET /models`, in the server's order. Fails as any request does where the server has no such list.
 *
 * @example
 * ```ts
 * import * as OpenAiCompatibleClient from "@llm-layers/openai-compatible/OpenAiCompatibleClient"
 * import * as OpenAiCompatibleModels from "@llm-layers/openai-compatible/OpenAiCompatibleModels"
 * import { Effect, Redacted } from "effect"
 *
 * export const names = OpenAiCompatibleModels.list.pipe(
 *   Effect.map((models) => models.map(({ id }) => id)),
 *   Effect.provide(OpenAiCompatibleClient.layer({
 *     baseUrl: "http://localhost:11434/v1",
 *     apiKey: Redacted.make("none")
 *   }))
 * )
 * ```
 */
export const list: Effect.Effect<ReadonlyArray<Provider.ListedModel>, AiError.AiError, OpenAiCompatibleClient> = Effect
  .flatMap(
    OpenAiCompatibleClient,
    (connection) =>
      Models.list(connection, { provider: "openai-compatible", module: "OpenAiCompatibleModels", method: "list" })
  )
