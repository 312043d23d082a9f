/** The guides with tables that come from code, as they should be. */
import { AnthropicProvider } from "@llm-layers/anthropic"
import { GoogleProvider } from "@llm-layers/google"
import { OpenAiProvider } from "@llm-layers/openai"
import { StackSpotProvider } from "@llm-layers/stackspot"
import { readText } from "../../test/source.ts"
import { capabilities } from "./capabilities.ts"
import { conditions, kinds } from "./errors.ts"
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
