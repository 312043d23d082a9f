/**
 * What OpenAI's models can do through the Responses API, as data.
 */
import * as Capability from "@llm-layers/core/Capability"

const modelPages = "https://developers.openai.com/api/docs/models and models.dev"

/** Models that reason and answer with `temperature` or `top_p` by a refusal, and that always reason. */
const alwaysReasoning = { temperature: false, topP: false, reasoningOff: false } as const

/** Models that do not reason. */
const plain = { reasoning: false, reasoningOff: false } as const

/**
 * The table. Tools are strict with every model that calls any:
 * https://community.openai.com/t/introducing-structured-outputs/896022. Sampling settings of a model that reasons can be had with `reasoning: { effort: "none" }` where the model can
 * be told not to reason.
 */
export const table: Capability.Table = {
  provider: {
    // Contents of messages are texts, images and files; audio goes through Chat Completions.
    audioInput: false,
    videoInput: false,
    topK: false,
    stopSequences: false,
    seed: false,
    presencePenalty: false,
    frequencyPenalty: false,
    reasoningBudget: false,
    reasoningAdaptive: false
  },
  rows: [
    {
      models: "o3-mini",
      match: /^(?:ft:)?o3-mini/,
      source: modelPages,
      flags: { ...alwaysReasoning, imageInput: false, pdfInput: false }
    },
    { models: "o1, o3, o4", match: /^(?:ft:)?o\d/, source: modelPages, flags: alwaysReasoning },
    { models: "gpt-5-chat", match: /^gpt-5-chat/, source: modelPages, flags: { ...plain, tools: false } },
    { models: "gpt-5.3-chat", match: /^gpt-5\.3-chat/, source: modelPages, flags: plain },
    { models: "gpt-5.1-chat, gpt-5.2-chat", match: /^gpt-5\.\d+-chat/, source: modelPages, flags: alwaysReasoning },
    {
      models: "gpt-5, its -mini, -nano, -pro and -codex",
      match: /^gpt-5(?:-|$)/,
      source: modelPages,
      flags: alwaysReasoning
    },
    {
      models: "gpt-5.2-pro, gpt-5.4-pro",
      match: /^gpt-5\.[24]-pro/,
      source: modelPages,
      flags: { ...alwaysReasoning, structuredOutput: false }
    },
    { models: "gpt-5.x-pro", match: /^gpt-5\.\d+-pro/, source: modelPages, flags: alwaysReasoning },
    {
      models: "gpt-5.1-codex, gpt-5.2-codex",
      match: /^gpt-5\.[12]-codex/,
      source: modelPages,
      flags: alwaysReasoning
    },
    // The default effort of these is `none`, so that they take sampling settings unless told to reason.
    {
      models: "gpt-5.1 to gpt-5.4",
      match: /^gpt-5\.[1-4](?:-|$)/,
      source: "https://developers.openai.com/api/docs/guides/latest-model",
      flags: {}
    },
    {
      models: "gpt-5.5, gpt-5.6",
      match: /^gpt-5\.[56]/,
      source: "https://developers.openai.com/api/docs/guides/reasoning (default effort: medium)",
      flags: { temperature: false, topP: false }
    },
    {
      models: "gpt-3.5-turbo, gpt-4",
      match: /^(?:ft:)?gpt-(?:3\.5|4(?:-\d{4}|-32k|$))/,
      source: modelPages,
      flags: { ...plain, imageInput: false, pdfInput: false, structuredOutput: false }
    },
    {
      models: "gpt-4-turbo",
      match: /^(?:ft:)?gpt-4-/,
      source: modelPages,
      flags: { ...plain, pdfInput: false, structuredOutput: false }
    },
    { models: "gpt-4o, gpt-4.1", match: /^(?:ft:)?(?:chatgpt-4o|gpt-4)/, source: modelPages, flags: plain }
  ]
}

/**
 * The capabilities of a model. One that no row names is taken to do whatever the API can.
 *
 * @example
 * ```ts
 * import * as OpenAiCapabilities from "@llm-layers/openai/OpenAiCapabilities"
 * import { strictEqual } from "node:assert"
 *
 * strictEqual(OpenAiCapabilities.of("o4-mini").temperature, false)
 * strictEqual(OpenAiCapabilities.of("gpt-4.1").temperature, true)
 * ```
 */
export const of = (model: string): Capability.Capabilities => Capability.lookup(table, model)
