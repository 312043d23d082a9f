/** The vendors of the first run: a model of each, at the vendor and at the mock server. */
import { AnthropicClient, AnthropicLanguageModel } from "@llm-layers/anthropic"
import { CohereClient, CohereLanguageModel } from "@llm-layers/cohere"
import { GoogleClient, GoogleLanguageModel } from "@llm-layers/google"
import { OpenAiClient, OpenAiLanguageModel } from "@llm-layers/openai"
import { Presets } from "@llm-layers/openai-compatible"
import { OpenRouterClient, OpenRouterLanguageModel } from "@llm-layers/openrouter"
import { type Config, Layer, Redacted } from "effect"
import type { LanguageModel, Model } from "effect/ai"
import type { Aimock } from "../aimock.ts"

type Supplied = LanguageModel.LanguageModel | Model.ProviderName | Model.ModelName

/** All the program needs: what differs between vendors ends here. */
export interface Vendor {
  /** Names of the environment, one of which has the key. */
  readonly keys: readonly [string, ...ReadonlyArray<string>]
  readonly live: Layer.Layer<Supplied, Config.ConfigError>
  readonly mock: (server: Aimock["Service"]) => Layer.Layer<Supplied>
}

const apiKey = Redacted.make("not-a-key")

const openAi = OpenAiLanguageModel.model("gpt-5.5")
const anthropic = AnthropicLanguageModel.model("claude-sonnet-5-5")
const google = GoogleLanguageModel.model("gemini-3.5-flash")
const cohere = CohereLanguageModel.model("command-a-plus-05-2026")
const openRouter = OpenRouterLanguageModel.model("anthropic/claude-sonnet-5")
const groq = Presets.groq.model("openai/gpt-oss-120b")

export const vendors: ReadonlyArray<Vendor> = [
  {
    keys: ["OPENAI_API_KEY"],
    live: Layer.provide(openAi, OpenAiClient.layerConfig()),
    mock: (server) => Layer.provide(openAi, OpenAiClient.layer({ apiKey, baseUrl: server.openAiBaseUrl }))
  },
  {
    keys: ["ANTHROPIC_API_KEY"],
    live: Layer.provide(anthropic, AnthropicClient.layerConfig()),
    mock: (server) => Layer.provide(anthropic, AnthropicClient.layer({ apiKey, baseUrl: server.anthropicBaseUrl }))
  },
  {
    keys: ["GOOGLE_API_KEY", "GEMINI_API_KEY"],
    live: Layer.provide(google, GoogleClient.layerConfig()),
    mock: (server) => Layer.provide(google, GoogleClient.layer({ apiKey, baseUrl: server.googleBaseUrl }))
  },
  {
    keys: ["CO_API_KEY", "COHERE_API_KEY"],
    live: Layer.provide(cohere, CohereClient.layerConfig()),
    mock: (server) => Layer.provide(cohere, CohereClient.layer({ apiKey, baseUrl: server.cohereBaseUrl }))
  },
  {
    keys: ["OPENROUTER_API_KEY"],
    live: Layer.provide(openRouter, OpenRouterClient.layerConfig()),
    mock: (server) => Layer.provide(openRouter, OpenRouterClient.layer({ apiKey, baseUrl: server.openRouterBaseUrl }))
  },
  // For all servers of OpenAI's dialect that have a preset.
  {
    keys: ["GROQ_API_KEY"],
    live: Layer.provide(groq, Presets.groq.layerConfig()),
    mock: (server) => Layer.provide(groq, Presets.groq.layer({ apiKey, baseUrl: server.groqBaseUrl }))
  }
]
