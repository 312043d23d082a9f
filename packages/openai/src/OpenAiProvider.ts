/**
 * OpenAI as a provider, for registries.
 */
import * as Provider from "@llm-layers/core/Provider"
import * as OpenAiCompatibleClient from "@llm-layers/openai-compatible/OpenAiCompatibleClient"
import * as OpenAiCapabilities from "./OpenAiCapabilities.ts"
import * as OpenAiClient from "./OpenAiClient.ts"
import * as OpenAiEmbeddingModel from "./OpenAiEmbeddingModel.ts"
import * as OpenAiLanguageModel from "./OpenAiLanguageModel.ts"
import * as OpenAiModels from "./OpenAiModels.ts"
import * as OpenAiTokenizer from "./OpenAiTokenizer.ts"

/**
 * Names OpenAI gives its models: `gpt-…`, `o3…`, `chatgpt-…`, `codex-…`, fine-tuned ones, embeddings. `gpt-oss-…`, whose
 * weights are open, are run by others.
 */
const names = /^(?:ft:)?(?:gpt-(?!oss)|o\d(?:-|$)|chatgpt-|codex-|computer-use-|text-embedding-)/

/**
 * OpenAI, with the Responses API for language models.
 *
 * @example
 * ```ts
 * import { provider } from "@llm-layers/openai/OpenAiProvider"
 * import { strictEqual } from "node:assert"
 *
 * strictEqual(provider.claims("gpt-5.1"), true)
 * strictEqual(provider.claims("claude-sonnet-5"), false)
 * ```
 */
export const provider: Provider.Provider<"openai", OpenAiClient.OpenAiClient> = Provider.make({
  name: "openai",
  claims: (model) => names.test(model),
  languageModel: (model, options) => OpenAiLanguageModel.model(model, options),
  embeddingModel: (model) => OpenAiEmbeddingModel.model(model),
  listModels: OpenAiModels.list,
  countTokens: OpenAiLanguageModel.countTokens,
  countLocally: OpenAiTokenizer.count,
  client: OpenAiClient.layerConfig(),
  keyName: "OPENAI_API_KEY",
  capabilities: OpenAiCapabilities.table,
  errors: OpenAiCompatibleClient.errors.rows
})
