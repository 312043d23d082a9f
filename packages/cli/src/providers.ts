/** Every provider there is, in the order in which they are asked whether a name is theirs. */
import { provider as anthropic } from "@llm-layers/anthropic/AnthropicProvider"
import { provider as cohere } from "@llm-layers/cohere/CohereProvider"
import { provider as google } from "@llm-layers/google/GoogleProvider"
import * as Presets from "@llm-layers/openai-compatible/Presets"
import { provider as openai } from "@llm-layers/openai/OpenAiProvider"
import { provider as openrouter } from "@llm-layers/openrouter/OpenRouterProvider"
import { provider as stackspot } from "@llm-layers/stackspot/StackSpotProvider"
import { provider as mock } from "./mock.ts"

export const providers = [
  openai,
  anthropic,
  google,
  cohere,
  Presets.xai.provider,
  Presets.mistral.provider,
  Presets.deepseek.provider,
  Presets.groq.provider,
  Presets.together.provider,
  Presets.fireworks.provider,
  Presets.azure.provider,
  openrouter,
  stackspot,
  Presets.ollama.provider,
  Presets.lmstudio.provider,
  Presets.llamacpp.provider,
  Presets.vllm.provider,
  mock
] as const
