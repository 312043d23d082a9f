/** The guides with tables that come from code, as they should be. */
import { AnthropicProvider } from "@llm-layers/anthropic"
import { CohereProvider } from "@llm-layers/cohere"
import { GoogleProvider } from "@llm-layers/google"
import { OpenAiProvider } from "@llm-layers/openai"
import { OpenRouterProvider } from "@llm-layers/openrouter"
import { StackSpotProvider } from "@llm-layers/stackspot"
import { readText } from "../../test/source.ts"
import { capabilities } from "./capabilities.ts"
import { conditions, kinds, presetConditions } from "./errors.ts"
import { replace } from "./markdown.ts"
import { presetModels, presets, providers } from "./providers.ts"
import { settings } from "./settings.ts"

type Tables = { readonly [name: string]: () => string }

const tables: { readonly [file: string]: Tables } = {
  "docs/errors.md": {
    kinds,
    conditions: () => conditions(),
    openai: () => conditions(OpenAiProvider.provider.errors),
    anthropic: () => conditions(AnthropicProvider.provider.errors),
    google: () => conditions(GoogleProvider.provider.errors),
    cohere: () => conditions(CohereProvider.provider.errors),
    openrouter: () => conditions(OpenRouterProvider.provider.errors),
    presets: presetConditions,
    stackspot: () => conditions(StackSpotProvider.provider.errors)
  },
  "docs/providers.md": {
    providers,
    common: () => settings("packages/core/src/Settings.ts", "Common"),
    client: () => settings("packages/core/src/Connection.ts", "Options"),
    "openai settings": () => settings("packages/openai/src/OpenAiLanguageModel.ts", "Config"),
    "chat settings": () => settings("packages/openai-compatible/src/internal/settings.ts", "ChatSettings"),
    "embedding settings": () => settings("packages/openai/src/OpenAiEmbeddingModel.ts", "Config"),
    "openai capabilities": () => capabilities(OpenAiProvider.provider.capabilities),
    "anthropic settings": () => settings("packages/anthropic/src/internal/settings.ts", "Config"),
    "anthropic capabilities": () => capabilities(AnthropicProvider.provider.capabilities),
    "google settings": () => settings("packages/google/src/internal/settings.ts", "Config"),
    "google embedding settings": () => settings("packages/google/src/GoogleEmbeddingModel.ts", "Config"),
    "google capabilities": () => capabilities(GoogleProvider.provider.capabilities),
    "cohere settings": () => settings("packages/cohere/src/internal/settings.ts", "Config"),
    "cohere embedding settings": () => settings("packages/cohere/src/CohereEmbeddingModel.ts", "Config"),
    "cohere rerank settings": () => settings("packages/cohere/src/CohereRerankModel.ts", "Config"),
    "cohere capabilities": () => capabilities(CohereProvider.provider.capabilities),
    "openrouter client": () => settings("packages/openrouter/src/OpenRouterClient.ts", "Options"),
    "openrouter settings": () => settings("packages/openrouter/src/OpenRouterSettings.ts", "Config"),
    "openrouter routing": () => settings("packages/openrouter/src/OpenRouterSettings.ts", "ProviderRouting"),
    "openrouter embedding settings": () => settings("packages/openrouter/src/OpenRouterEmbeddingModel.ts", "Config"),
    "stackspot settings": () => settings("packages/stackspot/src/internal/settings.ts", "Config"),
    "stackspot capabilities": () => capabilities(StackSpotProvider.provider.capabilities),
    presets,
    "preset models": presetModels
  }
}

/** File and text. The columns of the tables are put in line by dprint. */
export const guides = (): ReadonlyArray<readonly [file: string, text: string]> =>
  Object.entries(tables).map(([file, of]) => [
    file,
    Object.entries(of).reduce((text, [name, make]) => replace(text, name, make()), readText(file))
  ])
