/**
 * Cohere as a provider, for registries.
 */
import * as Provider from "@llm-layers/core/Provider"
import * as CohereCapabilities from "./CohereCapabilities.ts"
import * as CohereClient from "./CohereClient.ts"
import * as CohereEmbeddingModel from "./CohereEmbeddingModel.ts"
import * as CohereLanguageModel from "./CohereLanguageModel.ts"
import * as CohereModels from "./CohereModels.ts"
import { errors } from "./internal/errors.ts"

/** Names Cohere gives its models: `command-…`, `north-mini-…`, `c4ai-aya-…`, `embed-…`, `rerank-…`. */
const names =
  /^(?:command(?:-|$)|north-(?:mini|small)-|c4ai-|embed-(?:v\d|english|multilingual)|rerank-(?:v\d|english|multilingual))/

/**
 * Cohere, with the chat API. Embedding models by name alone embed documents of a search; a program that embeds its queries
 * says so with `CohereEmbeddingModel.withConfigOverride`.
 *
 * @example
 * ```ts
 * import { provider } from "@llm-layers/cohere/CohereProvider"
 * import { strictEqual } from "node:assert"
 *
 * strictEqual(provider.claims("command-a-03-2025"), true)
 * strictEqual(provider.claims("gpt-5.1"), false)
 * ```
 */
export const provider: Provider.Provider<"cohere", CohereClient.CohereClient> = Provider.make({
  name: "cohere",
  claims: (model) => names.test(model),
  languageModel: (model, options) => CohereLanguageModel.model(model, options),
  embeddingModel: (model) => CohereEmbeddingModel.model(model, { inputType: "search_document" }),
  listModels: CohereModels.list,
  client: CohereClient.layerConfig(),
  keyName: "CO_API_KEY",
  capabilities: CohereCapabilities.table,
  errors: errors.rows
})
