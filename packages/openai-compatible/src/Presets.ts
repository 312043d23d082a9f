/**
 * Servers that speak OpenAI's dialect, each as data with its source. Nothing here was run against a vendor: facts are from
 * the page that stands beside them, and what no page was found to say is marked as not confirmed. Names of environment
 * variables for addresses are this project's own where no source is given.
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

/** Ollama on this machine, where it takes no key; its cloud wants one. */
export const ollama = Preset.make({
  name: "ollama",
  title: "Ollama",
  source: "https://docs.ollama.com/api/openai-compatibility",
  baseUrl: "http://localhost:11434/v1",
  environment: { key: "OLLAMA_API_KEY", baseUrl: "OLLAMA_BASE_URL" },
  keyless: true,
  // By the list of fields in docs/api/openai-compatibility.mdx of ollama/ollama: images as base64 alone, and no
  // `tool_choice`. Not confirmed: that reasoning of earlier turns is read from `reasoning`.
  quirks: { reasoningField: "reasoning", imageUrls: false },
  capabilities: { provider: no(...dialect, ...media, "topK", "forcedToolChoice", "strictTools"), rows: [] }
})

/** vLLM. Takes a key where it was started with one. */
export const vllm = Preset.make({
  name: "vllm",
  title: "vLLM",
  source: "https://docs.vllm.ai/en/stable/serving/online_serving/openai_compatible_server",
  baseUrl: "http://localhost:8000/v1",
  environment: { key: "VLLM_API_KEY", baseUrl: "VLLM_BASE_URL" },
  keyless: true,
  // "`reasoning` used to be called `reasoning_content`", since 0.11.2: docs.vllm.ai/en/v0.11.2/features/reasoning_outputs.
  // Answers with the older name are read as well.
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
  // `tool_choice` is "auto", "none" or "required"; counts of a stream since 0.3.18: lmstudio.ai/docs/developer/api-changelog.
  // The key: lmstudio.ai/docs/typescript/authentication. Not confirmed: that images by address are refused.
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
  // `tool_choice` is a text (`common_chat_tool_choice_parse_oaicompat` in common/chat.cpp); anything else is read as `auto`.
  // Reasoning goes back: github.com/ggml-org/llama.cpp/pull/21249.
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
  // `max_tokens` is "deprecated in favor of `max_completion_tokens`"; an assistant's message has a `reasoning` of its own.
  // Both, and the address's name: the types and the client of groq/groq-python.
  quirks: { maxTokensField: "max_completion_tokens", reasoningField: "reasoning" },
  capabilities: {
    // The penalties: "not yet supported by any of our models", by the API reference.
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
  // "The reasoning_content in the thinking mode must be passed back to the API": 400 where a call of a tool comes without,
  // api-docs.deepseek.com/guides/thinking_mode. Objects are JSON alone: api-docs.deepseek.com/guides/json_mode.
  quirks: { structuredOutput: "json_object", reasoningField: "reasoning_content" },
  capabilities: {
    // Strict tools and answers to go on with are in beta, at another address. An effort of `none` is not among the efforts:
    // thinking is switched off with `extraBody: { thinking: { type: "disabled" } }`, and what it passes over counts again.
    // Not confirmed: that newer models take no images.
    provider: no(...dialect, ...media, "imageInput", "topK", "seed", "strictTools", "prefill", "reasoningOff"),
    rows: [{
      models: "deepseek-reasoner",
      match: /^deepseek-reasoner/,
      source: "https://api-docs.deepseek.com/guides/thinking_mode (settings are taken and have no effect)",
      flags: no("temperature", "topP", "presencePenalty", "frequencyPenalty", "forcedToolChoice")
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
    // "Tool call id was … but must be a-z, A-Z, 0-9, with a length of 9": the answer to any other. Members it does not know
    // are refused as well ("Extra inputs are not permitted"), `max_completion_tokens`, `reasoning_content` of a message and
    // `stream_options.include_usage` among them: github.com/openai/openai-agents-python/issues/442,
    // github.com/charmbracelet/crush/issues/1590, github.com/editor-code-assistant/eca/issues/231.
    toolCallIds: { pattern: /^[a-zA-Z0-9]{9}$/, length: 9 },
    seedField: "random_seed",
    // Counts come with the last chunk, unasked.
    streamUsage: false
  },
  capabilities: {
    // Documents and audio travel in parts of other shapes than the dialect's.
    provider: no(...dialect, ...media, "topK", "prefill"),
    rows: []
  }
})

const xaiReasoning = "https://docs.x.ai/docs/guides/reasoning"

/** "Not supported by reasoning models." */
const xaiRefused = ["presencePenalty", "frequencyPenalty", "stopSequences"] as const

/** xAI. */
export const xai = Preset.make({
  name: "xai",
  title: "xAI",
  source: "https://docs.x.ai/docs/api-reference#chat-completions",
  baseUrl: "https://api.x.ai/v1",
  environment: { key: "XAI_API_KEY", baseUrl: "XAI_BASE_URL" },
  claims: /^grok-/,
  // Not confirmed: that `max_completion_tokens` is preferred. Reasoning is shown by grok-3-mini alone, and is not sent back.
  // What was charged, in ticks of 10^-10 US dollars: docs.x.ai/developers/cost-tracking.
  quirks: {
    maxTokensField: "max_completion_tokens",
    costOf: ({ cost_in_usd_ticks: ticks }) => typeof ticks === "number" ? ticks / 1e10 : undefined
  },
  capabilities: {
    provider: no(...dialect, ...media, "topK"),
    rows: [
      {
        models: "grok-…-non-reasoning, grok-3",
        match: /^grok-(?:.*non-reasoning|3(?!-mini))/,
        source: `${xaiReasoning} (\`reasoning_effort\` is an error)`,
        flags: no("reasoning", "reasoningOff")
      },
      {
        models: "grok-3-mini",
        match: /^grok-3-mini/,
        source: `${xaiReasoning} (efforts are low and high; parameters that reasoning models refuse)`,
        flags: no("reasoningOff", ...xaiRefused)
      },
      {
        models: "grok-4, grok-4-fast, grok-4-1-fast, grok-4.20, grok-code-fast, grok-build",
        match: /^grok-(?:4(?:-|$)|4\.20|code|build)/,
        source: `${xaiReasoning} (they reason always, and \`reasoning_effort\` is an error)`,
        flags: no("reasoning", "reasoningOff", ...xaiRefused)
      },
      {
        models: "grok-4.5, grok-4.7",
        match: /^grok-4\.[5-9]/,
        source: `${xaiReasoning} (reasoning cannot be disabled)`,
        flags: no("reasoningOff", ...xaiRefused)
      },
      {
        models: "grok-4.3",
        match: /^grok-4/,
        source: `${xaiReasoning} (parameters that reasoning models refuse)`,
        flags: no(...xaiRefused)
      }
    ]
  }
})

/** Together. */
export const together = Preset.make({
  name: "together",
  title: "Together",
  source: "https://docs.together.ai/docs/inference/openai-compatibility",
  baseUrl: "https://api.together.ai/v1",
  environment: { key: "TOGETHER_API_KEY", baseUrl: "TOGETHER_BASE_URL" },
  // Reasoning comes as `reasoning` (docs.together.ai/docs/inference/chat/reasoning). Not confirmed: whether it may go back.
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
  // The list that is documented is of an account, in another API: docs.fireworks.ai/api-reference/list-models.
  models: false,
  // docs.fireworks.ai/guides/reasoning; the address: docs.fireworks.ai/guides/response-api.
  quirks: { reasoningField: "reasoning_content" },
  capabilities: { provider: no(...dialect, ...media, "strictTools"), rows: [] }
})

/** Azure OpenAI, its version 1 API: the model is the name of a deployment, the address that of a resource. */
export const azure = Preset.make({
  name: "azure",
  title: "Azure OpenAI",
  source:
    "https://learn.microsoft.com/azure/ai-foundry/openai/api-version-lifecycle; names: `AzureOpenAI` of `openai` 7.55",
  // "`/openai/v1` is appended to the endpoint address"; the header is `api-key`.
  path: "/openai/v1",
  environment: { key: "AZURE_OPENAI_API_KEY", baseUrl: "AZURE_OPENAI_ENDPOINT" },
  keyHeader: "api-key",
  // The list is of models that could be deployed, not of deployments.
  models: false,
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
