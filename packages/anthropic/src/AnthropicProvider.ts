/**
 * Anthropic as a provider, for registries.
 */
import * as Provider from "@llm-layers/core/Provider"
import * as AnthropicCapabilities from "./AnthropicCapabilities.ts"
import * as AnthropicClient from "./AnthropicClient.ts"
import * as AnthropicLanguageModel from "./AnthropicLanguageModel.ts"
import * as AnthropicModels from "./AnthropicModels.ts"
import { errors } from "./internal/errors.ts"

/**
 * Anthropic, with the Messages API.
 *
 * @example
 * ```ts
 * import { provider } from "@llm-layers/anthropic/AnthropicProvider"
 * import { strictEqual } from "node:assert"
 *
 * strictEqual(provider.claims("claude-sonnet-5-5"), true)
 * strictEqual(provider.claims("gpt-5.1"), false)
 * ```
 */
export const provider: Provider.Provider<"anthropic", AnthropicClient.AnthropicClient> = Provider.make({
  name: "anthropic",
  claims: (model) => model.startsWith("claude"),
  languageModel: (model, options) => AnthropicLanguageModel.model(model, options),
  listModels: AnthropicModels.list,
  countTokens: AnthropicLanguageModel.countTokens,
  client: AnthropicClient.layerConfig(),
  keyName: "ANTHROPIC_API_KEY",
  capabilities: AnthropicCapabilities.table,
  errors: errors.rows
})
