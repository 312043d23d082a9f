/**
 * Google as a provider, for registries: the Gemini Developer API.
 */
import * as Provider from "@llm-layers/core/Provider"
import * as GoogleCapabilities from "./GoogleCapabilities.ts"
import * as GoogleClient from "./GoogleClient.ts"
import * as GoogleEmbeddingModel from "./GoogleEmbeddingModel.ts"
import * as GoogleLanguageModel from "./GoogleLanguageModel.ts"
import * as GoogleModels from "./GoogleModels.ts"
import { errors } from "./internal/errors.ts"

/** Names Google gives its models, with or without what they are a kind of. */
const names = /^(?:models\/|tunedModels\/)?(?:gemini|gemma|learnlm|text-embedding-00)/

/**
 * Google, with `generateContent`.
 *
 * @example
 * ```ts
 * import { provider } from "@llm-layers/google/GoogleProvider"
 * import { strictEqual } from "node:assert"
 *
 * strictEqual(provider.claims("gemini-3.5-flash"), true)
 * strictEqual(provider.claims("gpt-5.1"), false)
 * ```
 */
export const provider: Provider.Provider<"google", GoogleClient.GoogleClient> = Provider.make({
  name: "google",
  claims: (model) => names.test(model),
  languageModel: (model, options) => GoogleLanguageModel.model(model, options),
  embeddingModel: (model) => GoogleEmbeddingModel.model(model),
  listModels: GoogleModels.list,
  countTokens: GoogleLanguageModel.countTokens,
  client: GoogleClient.layerConfig(),
  keyName: "GOOGLE_API_KEY",
  capabilities: GoogleCapabilities.table,
  errors: errors.rows
})
