/**
 * What Gemini and Gemma models refuse, as data.
 */
import * as Capability from "@llm-layers/core/Capability"

const no = <const Flags extends ReadonlyArray<Capability.Flag>>(...flags: Flags): Partial<Capability.Capabilities> =>
  Object.fromEntries(flags.map((flag) => [flag, false]))

const docs = "https://ai.google.dev/gemini-api/docs"

const noReasoning = ["reasoning", "reasoningBudget", "reasoningAdaptive"] as const
const noTools = ["tools", "forcedToolChoice", "strictTools"] as const

/**
 * The table. A system message anywhere becomes part of the system instruction: the API has no place for one in the
 * history.
 */
export const table: Capability.Table = {
  provider: no("systemInHistory"),
  rows: [
    {
      models: "gemini-…-tts",
      match: /gemini-.*-tts/,
      source: `${docs}/speech-generation`,
      flags: no(
        ...noReasoning,
        ...noTools,
        "structuredOutput",
        "imageInput",
        "audioInput",
        "videoInput",
        "pdfInput",
        "textInput"
      )
    },
    {
      models: "gemini-2.5-flash-image, gemini-2.0-flash-…-image-generation",
      match: /gemini-2\.(?:5-flash-image|0-flash-.*image)/,
      source: `${docs}/models/gemini-2.5-flash-image`,
      flags: no(...noReasoning, ...noTools, "structuredOutput", "audioInput", "videoInput")
    },
    {
      models: "gemini-3-pro-image, gemini-3.1-flash-image",
      match: /gemini-3[.\d]*-(?:pro|flash)-image/,
      source: `${docs}/models/gemini-3-pro-image-preview`,
      flags: no(...noTools, "reasoningOff", "audioInput", "videoInput")
    },
    {
      models: "gemini-3 and later, pro",
      match: /gemini-[3-9](?:\.\d+)?-pro/,
      source: `${docs}/thinking (thinking cannot be switched off)`,
      flags: no("reasoningOff")
    },
    {
      models: "gemini-3 and later, flash and flash-lite",
      match: /gemini-[3-9](?:\.\d+)?-flash/,
      source: `${docs}/thinking (\`minimal\` is the least)`,
      flags: no("reasoningOff")
    },
    {
      models: "gemini-2.5-pro",
      match: /gemini-2\.5-pro/,
      source: `${docs}/thinking (128 tokens are the least)`,
      flags: no("reasoningOff")
    },
    {
      models: "gemini-2.0, gemini-1.5",
      match: /gemini-(?:2\.0|1\.5)/,
      source: `${docs}/thinking (since Gemini 2.5)`,
      flags: no(...noReasoning)
    },
    {
      models: "gemma-3",
      match: /gemma-3/,
      source: "https://ai.google.dev/gemma/docs/core/gemma_on_gemini_api",
      flags: no(...noReasoning, ...noTools, "structuredOutput", "audioInput", "videoInput", "pdfInput")
    }
  ]
}

/**
 * What a model can do.
 *
 * @example
 * ```ts
 * import * as GoogleCapabilities from "@llm-layers/google/GoogleCapabilities"
 * import { strictEqual } from "node:assert"
 *
 * strictEqual(GoogleCapabilities.lookup("gemini-2.5-flash").reasoningOff, true)
 * strictEqual(GoogleCapabilities.lookup("gemini-2.5-pro").reasoningOff, false)
 * ```
 */
export const lookup = (model: string): Capability.Capabilities => Capability.lookup(table, model)

/** Gemini 1 and 2 are known; what comes later, or is no Gemini, is taken for the newest. */
const isBeforeGemini3 = (model: string): boolean => /gemini-[12](?:[.-]|$)/.test(model)

/** Whether a model takes a thinking level. Before Gemini 3 there are budgets alone. Source: ai.google.dev/gemini-api/docs/thinking */
export const takesThinkingLevel = (model: string): boolean => !isBeforeGemini3(model)

/**
 * Whether a model wants the signature of its thoughts back with a call of a tool. Gemini 3 answers 400 without one.
 * Source: ai.google.dev/gemini-api/docs/thought-signatures
 */
export const wantsSignatures = (model: string): boolean => !isBeforeGemini3(model) && /gemini/.test(model)

/** Whether the result of a tool may have files. Source: ai.google.dev/gemini-api/docs/function-calling, since Gemini 3. */
export const takesFilesInResults = (model: string): boolean => !isBeforeGemini3(model)

/**
 * Whether a model takes a system instruction. Gemma before its fourth generation answers 400 ("Developer instruction is
 * not enabled for models/gemma-3-27b-it"); what would be in it goes to the front of the first message of the user.
 * Source: https://ai.google.dev/gemma/docs/formatting
 */
export const takesSystemInstruction = (model: string): boolean => !/gemma-[123](?!\d)/.test(model)
