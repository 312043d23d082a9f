/** The settings of a model, as `AnthropicLanguageModel` exports them and the encoders read them. */
import type * as Beta from "@anthropic-ai/sdk/resources/beta/messages/messages"
import type * as Settings from "@llm-layers/core/Settings"
import type { CacheControl } from "../AnthropicMetadata.ts"

/**
 * How the model thinks before it answers. What an absent `thinking` means depends on the model. Source:
 * platform.claude.com/docs/en/build-with-claude/thinking
 */
export type Thinking =
  | {
    /** The model decides whether and how much; `effort` steers it. Since Claude 4.6. */
    readonly type: "adaptive"
    readonly display?: Display | undefined
  }
  | {
    /** Up to a number of tokens. Until Claude 4.6. */
    readonly type: "enabled"
    /** At least 1,024, and below `maxOutputTokens`, of which they are a part. */
    readonly budgetTokens: number
    readonly display?: Display | undefined
  }
  | { readonly type: "disabled" }
  /** None before the answer; short notes between tool calls come as reasoning. */
  | { readonly type: "between_tools" }

/** Whether reasoning has text (`summarized`) or only what is needed to send it back (`omitted`); `updates` is in beta. */
export type Display = "summarized" | "omitted" | "updates"

/**
 * Settings. Those of {@link Settings.Common} that the Messages API does not have (`seed` and the penalties), and those
 * that the model refuses under the client's version of the API, are a typed error before the network.
 *
 * `maxOutputTokens` is by default the model's limit (`AnthropicCapabilities.maxOutputTokens`), but 21,333 at most in
 * `generateText`: a longer answer needs a stream, through which `generateText` goes when more is asked for. Tools are not
 * strict by default: Anthropic limits how many and how complex strict tools of a request may be.
 *
 * Source: https://platform.claude.com/docs/en/api/messages
 */
export interface Config extends Settings.Common {
  /**
   * How the model thinks before it answers: `adaptive`, `enabled` with a budget, `disabled` or `between_tools`. Default:
   * the model's own.
   */
  readonly thinking?: Thinking | undefined
  /** How much the model puts into the answer. Default: the model's, `high` for most. */
  readonly effort?: "low" | "medium" | "high" | "xhigh" | "max" | undefined
  /** Caches the prompt up to its last cacheable block. Marks on messages, parts and tools count as well. */
  readonly cacheControl?: CacheControl | undefined
  /** `userId`: an opaque id of your user, by which Anthropic tells abuse. No name, no address. */
  readonly metadata?: { readonly userId?: string | undefined } | undefined
  /** `auto` uses priority capacity where the account has it. Default: `auto`. */
  readonly serviceTier?: "auto" | "standard_only" | undefined
  /** The container of the code execution tool: an id from `finish.metadata.anthropic.container`, or skills to load. */
  readonly container?: string | Beta.BetaContainerParams | undefined
  /** What the API removes from or summarizes in long conversations, in the form of the wire. In beta. */
  readonly contextManagement?: Beta.BetaContextManagementConfig | undefined
  /** Where the model runs: `us`, `global`. Default: the workspace's. */
  readonly inferenceGeo?: string | undefined
  /** `fast` costs more, for some models. */
  readonly speed?: "standard" | "fast" | undefined
  /** Tokens for a whole task, which the model sees and paces itself by. In beta. */
  readonly taskBudget?: { readonly total: number; readonly remaining?: number | undefined } | undefined
  /** Models that the API tries where this one refuses, in the form of the wire. In beta. */
  readonly fallbacks?: Beta.BetaFallbacksParam | undefined
  /** Values of the `anthropic-beta` header, besides those that other settings and tools need. */
  readonly betas?: ReadonlyArray<string> | undefined
}
