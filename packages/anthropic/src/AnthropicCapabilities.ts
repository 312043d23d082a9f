/**
 * What Claude models refuse, as data. What depends on the version of the API is in {@link tableFor}.
 */
import * as Capability from "@llm-layers/core/Capability"

/** Since this version no model takes sampling settings. Versions are dates, which compare as text. */
const withoutSampling = "2026-10-21"

const no = <const Flags extends ReadonlyArray<Capability.Flag>>(...flags: Flags): Partial<Capability.Capabilities> =>
  Object.fromEntries(flags.map((flag) => [flag, false]))

const sampling = ["temperature", "topP", "topK"] as const

/**
 * A line and version of Claude, under whatever prefix or date a platform gives it. A later minor version is not matched:
 * what it refuses is not known.
 */
const family = (...names: ReadonlyArray<string>): RegExp =>
  new RegExp(`claude-(?:${names.join("|")})(?![0-9.])(?!-[0-9]{1,2}(?![0-9]))`)

const docs = "https://platform.claude.com/docs/en"
const prefillSource = `${docs}/about-claude/models/migration-guide (prefill is refused since Claude 4.6)`

/** One row a family, and whether it takes sampling settings under `2023-06-01`. */
interface Family {
  readonly row: Capability.Row
  readonly sampling: boolean
}

const families: ReadonlyArray<Family> = [
  {
    sampling: false,
    row: {
      models: "claude-opus-5-5",
      match: family("opus-5-5"),
      source: `${docs}/models/opus-5-5/whats-new-opus-5-5`,
      flags: no("reasoningBudget", "reasoningOff", "forcedToolChoice", "prefill")
    }
  },
  {
    sampling: false,
    row: {
      models: "claude-sonnet-5-5",
      match: family("sonnet-5-5"),
      source: `${docs}/models/sonnet-5-5/whats-new-sonnet-5-5 (\`between_tools\` in place of \`disabled\`)`,
      flags: no("reasoningBudget", "reasoningOff", "forcedToolChoice", "prefill")
    }
  },
  {
    sampling: false,
    row: {
      models: "claude-haiku-5-5",
      match: family("haiku-5-5"),
      source: `${docs}/models/haiku-5-5/migration-guide`,
      flags: no("reasoningBudget", "prefill")
    }
  },
  {
    sampling: false,
    row: {
      models: "claude-fable-5-1, claude-fable-5-2, claude-mythos-5-1, claude-mythos-5-2",
      match: family("fable-5-1", "fable-5-2", "mythos-5-1", "mythos-5-2"),
      source: `${docs}/models/fable-5-1/whats-new-fable-5-1, ${docs}/models/fable-5-2/whats-new-fable-5-2`,
      flags: no("reasoningBudget", "reasoningOff", "forcedToolChoice", "prefill")
    }
  },
  {
    sampling: false,
    row: {
      models: "claude-fable-5, claude-mythos-5",
      match: family("fable-5", "mythos-5"),
      source: `${docs}/models/fable-5/migration-guide`,
      flags: no("reasoningBudget", "reasoningOff", "prefill")
    }
  },
  {
    sampling: false,
    row: {
      models: "claude-mythos-preview",
      match: family("mythos-preview"),
      source: "https://docs.aws.amazon.com/bedrock/latest/userguide/claude-messages-adaptive-thinking.html",
      flags: no("reasoningBudget", "reasoningOff", "prefill", "systemInHistory")
    }
  },
  {
    sampling: false,
    row: {
      models: "claude-opus-5, claude-sonnet-5, claude-opus-4-8",
      match: family("opus-5", "sonnet-5", "opus-4-8"),
      source: `${docs}/build-with-claude/thinking; ${prefillSource}`,
      flags: no("reasoningBudget", "prefill")
    }
  },
  {
    sampling: false,
    row: {
      models: "claude-opus-4-7",
      match: family("opus-4-7"),
      source: `${docs}/build-with-claude/adaptive-thinking; ${prefillSource}`,
      flags: no("reasoningBudget", "prefill", "systemInHistory")
    }
  },
  {
    sampling: true,
    row: {
      models: "claude-opus-4-6, claude-sonnet-4-6",
      match: family("opus-4-6", "sonnet-4-6"),
      source: prefillSource,
      flags: no("prefill", "systemInHistory")
    }
  },
  {
    sampling: true,
    row: {
      models: "claude-opus-4-5, claude-sonnet-4-5, claude-haiku-4-5",
      match: family("opus-4-5", "sonnet-4-5", "haiku-4-5"),
      source: `${docs}/build-with-claude/adaptive-thinking`,
      flags: no("reasoningAdaptive", "systemInHistory")
    }
  },
  {
    sampling: true,
    row: {
      models: "claude-opus-4-1, claude-opus-4, claude-sonnet-4, claude-3-7-sonnet",
      match: family("opus-4-1", "opus-4-0", "opus-4", "sonnet-4-0", "sonnet-4", "3-7-sonnet"),
      source: `${docs}/build-with-claude/structured-outputs (since Claude 4.5)`,
      flags: no("reasoningAdaptive", "systemInHistory", "structuredOutput", "strictTools")
    }
  },
  {
    sampling: true,
    row: {
      models: "claude-3-5, claude-3",
      match: /claude-3-(?:5-)?(?:opus|sonnet|haiku)/,
      source: `${docs}/build-with-claude/extended-thinking (since Claude 3.7)`,
      flags: no(
        "reasoning",
        "reasoningAdaptive",
        "reasoningBudget",
        "systemInHistory",
        "structuredOutput",
        "strictTools"
      )
    }
  }
]

/** What the Messages API has no parameter or block for, whatever the model: audio, video, seed, penalties. */
const apiWide = no("audioInput", "videoInput", "seed", "presencePenalty", "frequencyPenalty")

/**
 * The table under `2026-10-21`, the version a client speaks by default: sampling settings are refused for every model,
 * known or not. Source: https://platform.claude.com/docs/en/api/migration-2026-10-21
 */
export const table: Capability.Table = {
  provider: { ...apiWide, ...no(...sampling) },
  rows: families.map((one) => one.row)
}

const firstTable: Capability.Table = {
  provider: apiWide,
  rows: families.map(({ row, sampling: accepts }) =>
    accepts ? row : { ...row, flags: { ...row.flags, ...no(...sampling) } }
  )
}

/** The table under a version of the API. */
export const tableFor = (apiVersion: string): Capability.Table => apiVersion < withoutSampling ? firstTable : table

/**
 * What a model can do under a version of the API.
 *
 * @example
 * ```ts
 * import * as AnthropicCapabilities from "@llm-layers/anthropic/AnthropicCapabilities"
 * import { strictEqual } from "node:assert"
 *
 * strictEqual(AnthropicCapabilities.lookup("claude-opus-5-5").forcedToolChoice, false)
 * strictEqual(AnthropicCapabilities.lookup("claude-sonnet-4-6").temperature, false)
 * strictEqual(AnthropicCapabilities.lookup("claude-sonnet-4-6", "2023-06-01").temperature, true)
 * ```
 */
export const lookup = (model: string, apiVersion?: string): Capability.Capabilities =>
  Capability.lookup(apiVersion === undefined ? table : tableFor(apiVersion), model)

/** Source: https://platform.claude.com/docs/en/about-claude/models/overview, and models.dev for models before Claude 5. */
const outputLimits: ReadonlyArray<readonly [match: RegExp, tokens: number]> = [
  [family("opus-5-5", "sonnet-5-5", "haiku-5-5", "opus-5", "sonnet-5"), 128_000],
  [family("fable-5", "fable-5-1", "fable-5-2", "mythos-5", "mythos-5-1", "mythos-5-2"), 128_000],
  [family("opus-4-8", "opus-4-7", "opus-4-6"), 128_000],
  [family("sonnet-4-6", "opus-4-5", "sonnet-4-5", "haiku-4-5", "sonnet-4-0", "sonnet-4", "3-7-sonnet"), 64_000],
  [family("opus-4-1", "opus-4-0", "opus-4"), 32_000],
  [/claude-3-5-/, 8_192],
  [/claude-3-/, 4_096],
  // No Claude since Opus 4 takes fewer.
  [/claude-/, 32_000]
]

/**
 * The most tokens a model writes in one answer: 32,000 for a Claude that is not known here, 4,096 for any other name. The
 * API demands a limit, so this is what a request has where the caller gives none.
 */
export const maxOutputTokens = (model: string): number =>
  outputLimits.find(([match]) => match.test(model))?.[1] ?? 4_096
