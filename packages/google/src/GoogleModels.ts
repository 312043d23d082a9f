/**
 * The models the Gemini Developer API lists for the key of the client.
 *
 * Source: https://ai.google.dev/api/models#method:-models.list
 */
import * as Json from "@llm-layers/core/Json"
import * as ModelList from "@llm-layers/core/ModelList"
import type * as Provider from "@llm-layers/core/Provider"
import * as ProviderError from "@llm-layers/core/ProviderError"
import type * as AiError from "effect/ai/AiError"
import * as Effect from "effect/Effect"
import { GoogleClient } from "./GoogleClient.ts"

const origin: ProviderError.Origin = { provider: "google", module: "GoogleModels", method: "list" }

/**
 * The models, in Google's order: a request for each thousand of them. Google has a limit of its own for the input, which is
 * what it calls the context window, and another for the output.
 *
 * Vertex AI has no such list: with its client, `Unsupported`, and nothing is sent.
 *
 * @example
 * ```ts
 * import * as GoogleClient from "@llm-layers/google/GoogleClient"
 * import * as GoogleModels from "@llm-layers/google/GoogleModels"
 * import { Effect } from "effect"
 *
 * export const embedding = GoogleModels.list.pipe(
 *   Effect.map((models) => models.filter(({ kind }) => kind === "embedding")),
 *   Effect.provide(GoogleClient.layerConfig())
 * )
 * ```
 */
export const list: Effect.Effect<ReadonlyArray<Provider.ListedModel>, AiError.AiError, GoogleClient> = Effect.flatMap(
  GoogleClient,
  (client) => {
    const { models } = client
    if (models === undefined) {
      return Effect.fail(ProviderError.make(origin, "Unsupported", {
        description: "Vertex AI has no list of the models one may ask; the Gemini Developer API has"
      }))
    }
    return ModelList.read({
      origin,
      connection: client,
      // 1000 is the most a page may have.
      path: (token) => `${models}?pageSize=1000${token === undefined ? "" : `&pageToken=${encodeURIComponent(token)}`}`,
      decode: decodePage
    })
  }
)

const decodePage = (answer: unknown): ModelList.Page | undefined => {
  const page = Json.record(answer)
  // An empty list is not sent.
  if (page["models"] === undefined && Json.isRecord(answer) && page["error"] === undefined) return { models: [] }
  const models = ModelList.each(page["models"], decodeModel, "name")
  return models && { models, next: Json.string(page["nextPageToken"]) || undefined }
}

const decodeModel = (model: Json.JsonRecord, name: string): Provider.ListedModel => ({
  id: name.replace(/^models\//, ""),
  name: Json.string(model["displayName"]),
  contextTokens: ModelList.tokens(model["inputTokenLimit"]),
  outputTokens: ModelList.tokens(model["outputTokenLimit"]),
  kind: kindOf(model["supportedGenerationMethods"])
})

const kindOf = (methods: unknown): Provider.ListedModel["kind"] => {
  if (!Array.isArray(methods)) return undefined
  if (methods.includes("generateContent")) return "language"
  return methods.includes("embedContent") ? "embedding" : "other"
}
