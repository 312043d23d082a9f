/** Settings as the encoders read them. `Config` of `AnthropicLanguageModel` says what they mean. */
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

export interface Asked extends Settings.Common {
  readonly thinking?: Thinking | undefined
  readonly effort?: "low" | "medium" | "high" | "xhigh" | "max" | undefined
  readonly cacheControl?: CacheControl | undefined
  readonly metadata?: { readonly userId?: string | undefined } | undefined
  readonly serviceTier?: "auto" | "standard_only" | undefined
  readonly container?: string | Beta.BetaContainerParams | undefined
  readonly contextManagement?: Beta.BetaContextManagementConfig | undefined
  readonly inferenceGeo?: string | undefined
  readonly speed?: "standard" | "fast" | undefined
  readonly taskBudget?: { readonly total: number; readonly remaining?: number | undefined } | undefined
  readonly fallbacks?: Beta.BetaFallbacksParam | undefined
  readonly betas?: ReadonlyArray<string> | undefined
}
