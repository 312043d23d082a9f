/**
 * OpenRouter as a provider, for registries.
 */
import * as Provider from "@llm-layers/core/Provider"
import { errors } from "./internal/errors.ts"
import * as OpenRouterCapabilities from "./OpenRouterCapabilities.ts"
import * as OpenRouterClient from "./OpenRouterClient.ts"
import * as OpenRouterEmbeddingModel from "./OpenRouterEmbeddingModel.ts"
import * as OpenRouterLanguageModel from "./OpenRouterLanguageModel.ts"
import * as OpenRouterModels from "./OpenRouterModels.ts"

/** `vendor/model`, with a variant after a colon, or an alias that moves with the vendor's newest (`~vendor/…`). */
const names = /^~?[\w.-]+\/[\w.-]+(?::[\w.-]+)?$/

/**
 * OpenRouter. It claims every name with a vendor before a slash, so that other providers are to be asked first where both
 * are registered.
 *
 * @example
 * ```ts
 * import { provider } from "@llm-layers/openrouter/OpenRouterProvider"
 * import { strictEqual } from "node:assert"
 *
 * strictEqual(provider.claims("deepseek/deepseek-r1:free"), true)
 * strictEqual(provider.claims("deepseek-r1"), false)
 * ```
 */
export const provider: Provider.Provider<"openrouter", OpenRouterClient.OpenRouterClient> = Provider.make({
  name: "openrouter",
  claims: (model) => names.test(model),
  languageModel: (model, options) => OpenRouterLanguageModel.model(model, options),
  embeddingModel: (model) => OpenRouterEmbeddingModel.model(model),
  listModels: OpenRouterModels.list,
  client: OpenRouterClient.layerConfig(),
  keyName: "OPENROUTER_API_KEY",
  capabilities: OpenRouterCapabilities.table,
  errors: errors.rows
})
