/**
 * What Cohere's models refuse, as data.
 */
import * as Capability from "@llm-layers/core/Capability"

const docs = "https://docs.cohere.com"

/** Models that answer without reasoning first. */
const plain = { reasoning: false, reasoningBudget: false } as const

/**
 * The table. The chat API takes texts and images: no PDF, audio or video. It has no word for going on with an unfinished
 * answer, and reasoning has a budget or none.
 *
 * One named tool can be forced, although the API forces "at least one" alone: no other tool is sent then.
 */
export const table: Capability.Table = {
  provider: {
    pdfInput: false,
    audioInput: false,
    videoInput: false,
    reasoningAdaptive: false,
    prefill: false
  },
  rows: [
    {
      models: "command-a-vision",
      match: /^command-a-vision/,
      source: `${docs}/docs/command-a-vision ("tool use isn't supported with this model")`,
      flags: { ...plain, tools: false, forcedToolChoice: false, strictTools: false }
    },
    {
      models: "c4ai-aya-vision",
      match: /^c4ai-aya-vision/,
      source: `${docs}/docs/aya-multimodal`,
      flags: plain
    },
    {
      models: "command-a-reasoning, north-mini-code",
      match: /^(?:command-a-reasoning|north-mini-code)/,
      source: `${docs}/docs/command-a-reasoning, ${docs}/docs/north-mini-code-1.0`,
      flags: { imageInput: false }
    },
    {
      models: "command-a-translate, command-a-03-2025, command-r7b, c4ai-aya-expanse",
      match: /^(?:command-a-translate|command-a-\d\d-\d{4}|command-r7b|c4ai-aya-expanse)/,
      source: `${docs}/docs/models`,
      flags: { ...plain, imageInput: false }
    },
    {
      // "only compatible with models Command-r7b and newer"
      models: "command-r, command-r-plus, and before",
      match: /^(?:command-r|command-light|command-nightly|command$)/,
      source: `${docs}/reference/chat (\`tool_choice\`)`,
      flags: { ...plain, imageInput: false, forcedToolChoice: false }
    }
  ]
}

/**
 * What a model can do.
 *
 * @example
 * ```ts
 * import * as CohereCapabilities from "@llm-layers/cohere/CohereCapabilities"
 * import { strictEqual } from "node:assert"
 *
 * strictEqual(CohereCapabilities.lookup("command-a-03-2025").imageInput, false)
 * strictEqual(CohereCapabilities.lookup("command-a-vision-07-2025").imageInput, true)
 * ```
 */
export const lookup = (model: string): Capability.Capabilities => Capability.lookup(table, model)
