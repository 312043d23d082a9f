/**
 * Servers that speak OpenAI's dialect, each as data with its source. Nothing here was run against a vendor.
 *
 * `npm run docs` makes the tables of the guide from this module; a preset more is an entry more.
 *
 * @example
 * ```ts
 * import * as Presets from "@llm-layers/openai-compatible/Presets"
 * import { Effect } from "effect"
 * import { LanguageModel } from "effect/ai"
 *
 * // GROQ_API_KEY is read when the client is built.
 * export const program = LanguageModel.generateText({ prompt: "Hello" }).pipe(
 *   Effect.provide(Presets.groq.model("openai/gpt-oss-120b", { reasoningEffort: "low" })),
 *   Effect.provide(Presets.groq.layerConfig())
 * )
 * ```
 */
import type * as Capability from "@llm-layers/core/Capability"
import * as ErrorTable from "@llm-layers/core/ErrorTable"
import * as Preset from "./Preset.ts"

const no = (...flags: ReadonlyArray<Capability.Flag>): Partial<Capability.Capabilities> =>
  Object.fromEntries(flags.map((flag) => [flag, false]))

/** What the dialect has no setting for: reasoning is an effort, never a number of tokens. */
const dialect = ["reasoningBudget", "reasoningAdaptive"] as const

/** What most servers take images of at most. */
const media = ["pdfInput", "audioInput", "videoInput"] as const

/** Ollama on this machine. Takes no key. */
export const ollama = Preset.make({
  name: "ollama",
  title: "Ollama",
  source: "https://docs.ollama.com/api/openai-compatibility",
  baseUrl: "http://localhost:11434/v1",
  environment: { key: "OLLAMA_API_KEY", baseUrl: "OLLAMA_BASE_URL" },
  keyless: true,
  // Images as base64 alone; `tool_choice` is not among the fields it reads.
  quirks: { reasoningField: "reasoning", imageUrls: false },
  capabilities: { provider: no(...dialect, ...media, "topK", "forcedToolChoice", "strictTools"), rows: [] }
})

/** vLLM. Takes a key where it was started with one. */
export const vllm = Preset.make({
  name: "vllm",
  title: "vLLM",
  source: "https://docs.vllm.ai/en/latest/serving/openai_compatible_server",
  baseUrl: "http://localhost:8000/v1",
  environment: { key: "VLLM_API_KEY", baseUrl: "VLLM_BASE_URL" },
  keyless: true,
  // Since 0.12 reasoning is `reasoning`; answers with `reasoning_content` are read as well.
  quirks: { reasoningField: "reasoning" },
  capabilities: { provider: no(...dialect, "pdfInput", "strictTools"), rows: [] }
})

/** LM Studio on this machine. Takes a key where it was told to. */
export const lmstudio = Preset.make({
  name: "lmstudio",
  title: "LM Studio",
  source: "https://lmstudio.ai/docs/developer/openai-compat/chat-completions",
  baseUrl: "http://localhost:1234/v1",
  environment: { key: "LM_API_TOKEN", baseUrl: "LMSTUDIO_BASE_URL" },
  keyless: true,
  // `tool_choice` is a text.
  quirks: { namedToolChoice: false, imageUrls: false },
  capabilities: { provider: no(...dialect, ...media, "strictTools"), rows: [] }
})

/** The server of llama.cpp on this machine. Takes a key where it was started with one. */
export const llamacpp = Preset.make({
  name: "llamacpp",
  title: "llama.cpp",
  source: "https://github.com/ggml-org/llama.cpp/blob/master/tools/server/README.md",
  baseUrl: "http://localhost:8080/v1",
  environment: { key: "LLAMA_API_KEY", baseUrl: "LLAMACPP_BASE_URL" },
  keyless: true,
  // `tool_choice` is a text; anything else is read as `auto`.
  quirks: { reasoningField: "reasoning_content", namedToolChoice: false },
  capabilities: { provider: no(...dialect, "pdfInput", "videoInput", "strictTools"), rows: [] }
})

/** Groq. */
export const groq = Preset.make({
  name: "groq",
  title: "Groq",
  source: "https://console.groq.com/docs/openai, https://console.groq.com/docs/api-reference#chat-create",
  baseUrl: "https://api.groq.com/openai/v1",
  environment: { key: "GROQ_API_KEY", baseUrl: "GROQ_BASE_URL" },
  quirks: { maxTokensField: "max_completion_tokens", reasoningField: "reasoning" },
  capabilities: {
    // The penalties: "not yet supported by any of our models".
    provider: no(...dialect, ...media, "topK", "presencePenalty", "frequencyPenalty"),
    rows: []
  },
  // "flex tier capacity exceeded": https://console.groq.com/docs/errors
  errors: [ErrorTable.status([498], "Overloaded")]
})

/** DeepSeek. */
export const deepseek = Preset.make({
  name: "deepseek",
  title: "DeepSeek",
  source: "https://api-docs.deepseek.com/api/create-chat-completion",
  baseUrl: "https://api.deepseek.com",
  environment: { key: "DEEPSEEK_API_KEY", baseUrl: "DEEPSEEK_BASE_URL" },
  claims: /^deepseek-/,
  // A call of a tool is refused where the reasoning before it is not sent back.
  quirks: { structuredOutput: "json_object", reasoningField: "reasoning_content" },
  capabilities: {
    // Strict tools are in beta, at another address.
    provider: no(...dialect, ...media, "imageInput", "topK", "seed", "strictTools", "prefill"),
    rows: [{
      models: "deepseek-reasoner",
      match: /^deepseek-reasoner/,
      source: "https://api-docs.deepseek.com/guides/thinking_mode (settings are taken and have no effect)",
      flags: no("temperature", "topP", "presencePenalty", "frequencyPenalty", "forcedToolChoice", "reasoningOff")
    }]
  }
})

/** Mistral. */
export const mistral = Preset.make({
  name: "mistral",
  title: "Mistral",
  source: "https://docs.mistral.ai/api/endpoint/chat",
  baseUrl: "https://api.mistral.ai/v1",
  environment: { key: "MISTRAL_API_KEY", baseUrl: "MISTRAL_BASE_URL" },
  claims: /^(?:open-)?(?:mistral|mixtral|ministral|magistral|codestral|devstral|pixtral|voxtral)-/,
  quirks: {
    // "Tool call id was … but must be a-z, A-Z, 0-9, with a length of 9."
    toolCallIds: { pattern: /^[a-zA-Z0-9]{9}$/, length: 9 },
    seedField: "random_seed",
    // Counts come with the last chunk, unasked; members it does not know are refused.
    streamUsage: false
  },
  capabilities: {
    // Documents and audio travel in parts of other shapes than the dialect's.
    provider: no(...dialect, ...media, "topK", "prefill"),
    rows: []
  }
})

/** xAI. */
export const xai = Preset.make({
  name: "xai",
  title: "xAI",
  source: "https://docs.x.ai/docs/api-reference#chat-completions",
  baseUrl: "https://api.x.ai/v1",
  environment: { key: "XAI_API_KEY", baseUrl: "XAI_BASE_URL" },
  claims: /^grok-/,
  quirks: { maxTokensField: "max_completion_tokens" },
  capabilities: {
    provider: no(...dialect, ...media, "topK"),
    rows: [{
      models: "grok-4, grok-code, grok-3-mini",
      match: /^grok-(?:4|code|3-mini)/,
      source: "https://docs.x.ai/docs/guides/reasoning (parameters that reasoning models refuse)",
      flags: no("presencePenalty", "frequencyPenalty", "stopSequences")
    }]
  }
})

/** Together. */
export const together = Preset.make({
  name: "together",
  title: "Together",
  source: "https://docs.together.ai/reference/chat-completions-1",
  baseUrl: "https://api.together.xyz/v1",
  environment: { key: "TOGETHER_API_KEY", baseUrl: "TOGETHER_BASE_URL" },
  quirks: {},
  capabilities: { provider: no(...dialect, "pdfInput", "strictTools"), rows: [] }
})

/** Fireworks. */
export const fireworks = Preset.make({
  name: "fireworks",
  title: "Fireworks",
  source: "https://docs.fireworks.ai/api-reference/post-chatcompletions",
  baseUrl: "https://api.fireworks.ai/inference/v1",
  environment: { key: "FIREWORKS_API_KEY", baseUrl: "FIREWORKS_BASE_URL" },
  quirks: { reasoningField: "reasoning_content" },
  capabilities: { provider: no(...dialect, ...media, "strictTools"), rows: [] }
})

/** Azure OpenAI, its version 1 API: the model is the name of a deployment, the address that of a resource. */
export const azure = Preset.make({
  name: "azure",
  title: "Azure OpenAI",
  source:
    "https://learn.microsoft.com/azure/ai-foundry/openai/api-version-lifecycle; names: `AzureOpenAI` of `openai` 7.55",
  path: "/openai/v1",
  environment: { key: "AZURE_OPENAI_API_KEY", baseUrl: "AZURE_OPENAI_ENDPOINT" },
  keyHeader: "api-key",
  // OpenAI's own; see `OpenAiChatLanguageModel`.
  quirks: {
    maxTokensField: "max_completion_tokens",
    strictTools: true,
    emptyContent: null,
    refusalParts: true,
    fileIds: /^(?:file|assistant)[-_][A-Za-z0-9]+$/,
    anyFile: false,
    toolCallIds: { pattern: /^.{1,40}$/s, length: 14 }
  },
  // What a deployment cannot do depends on its model, which its name does not tell.
  capabilities: { provider: no(...dialect, "videoInput", "topK"), rows: [] },
  errors: [ErrorTable.code(["DeploymentNotFound"], "ModelNotFound")]
})
