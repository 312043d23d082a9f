/**
 * The settings of OpenRouter that have members of their own: routing, plugins and reasoning. They are sent under the names
 * of its API, in snake case.
 *
 * Sources: https://openrouter.ai/docs/guides/routing/provider-selection, https://openrouter.ai/docs/guides/features/plugins,
 * https://openrouter.ai/docs/guides/best-practices/reasoning-tokens, and OpenRouter's OpenAPI description.
 *
 * @example
 * ```ts
 * import type { ProviderRouting } from "@llm-layers/openrouter/OpenRouterSettings"
 *
 * export const european: ProviderRouting = {
 *   only: ["mistral", "azure"],
 *   requireParameters: true,
 *   maxPrice: { prompt: 1, completion: 2 }
 * }
 * ```
 */
import type * as ChatCompletions from "@llm-layers/openai-compatible/ChatCompletions"
import type { CacheControl } from "./OpenRouterMetadata.ts"

/** A price in US dollars. */
type Price = number | string

/** One number for the median, or one for each percentile. */
type Percentiles = number | {
  readonly p50?: number | undefined
  readonly p75?: number | undefined
  readonly p90?: number | undefined
  readonly p99?: number | undefined
}

type SortBy = "price" | "throughput" | "latency" | "exacto" | (string & {})

/** Which upstreams may serve a request. */
export interface ProviderRouting {
  /** Upstreams to try first, in order, by their slugs: `anthropic`, `google-vertex`. */
  readonly order?: ReadonlyArray<string> | undefined
  /** The only ones to try. */
  readonly only?: ReadonlyArray<string> | undefined
  /** Those never to try. */
  readonly ignore?: ReadonlyArray<string> | undefined
  /** Whether others are tried where these fail. OpenRouter's default: `true`. */
  readonly allowFallbacks?: boolean | undefined
  /** Only upstreams that know every setting of the request. Default: those that do not leave it out. */
  readonly requireParameters?: boolean | undefined
  /** Whether upstreams may keep prompts. OpenRouter's default: `allow`. */
  readonly dataCollection?: "allow" | "deny" | undefined
  /** Only upstreams that retain nothing. */
  readonly zdr?: boolean | undefined
  /** Only models whose text may train other models. */
  readonly enforceDistillableText?: boolean | undefined
  /** Only these precisions: `fp8`, `bf16` … */
  readonly quantizations?: ReadonlyArray<string> | undefined
  /** What upstreams are sorted by, in place of balancing the load; `partition` says whether models stay apart. */
  readonly sort?:
    | SortBy
    | { readonly by?: SortBy | undefined; readonly partition?: "model" | "none" | undefined }
    | undefined
  /** The most to pay: per million tokens of prompt and completion, per request, image or unit of audio. */
  readonly maxPrice?: {
    readonly prompt?: Price | undefined
    readonly completion?: Price | undefined
    readonly request?: Price | undefined
    readonly image?: Price | undefined
    readonly audio?: Price | undefined
  } | undefined
  /** Tokens per second below which an upstream comes last. */
  readonly preferredMinThroughput?: Percentiles | undefined
  /** Seconds to the first token above which an upstream comes last. */
  readonly preferredMaxLatency?: Percentiles | undefined
}

type Effort = "none" | "minimal" | "low" | "medium" | "high" | "xhigh" | "max" | (string & {})

/** How much a model reasons: by an effort or by a number of tokens, not both. */
export type Reasoning =
  & {
    /** Keeps the reasoning out of the answer; it is used and paid for. */
    readonly exclude?: boolean | undefined
    /** Switches reasoning on with the model's own default, or off. */
    readonly enabled?: boolean | undefined
    /** How long summaries of reasoning are, where the model gives them. */
    readonly summary?: "auto" | "concise" | "detailed" | undefined
  }
  & (
    | { readonly effort?: Effort | undefined; readonly maxTokens?: undefined }
    | { readonly maxTokens: number; readonly effort?: undefined }
  )

/** Most plugins can be on for an account; `enabled: false` switches one off for a request. */
interface Switch {
  readonly enabled?: boolean | undefined
}

/** Searches the web before the model answers. What it found comes as `source` parts. */
export interface WebPlugin extends Switch {
  readonly id: "web"
  readonly engine?: "native" | "exa" | "firecrawl" | "parallel" | "perplexity" | (string & {}) | undefined
  readonly mode?: string | undefined
  /** OpenRouter's default: 5. */
  readonly maxResults?: number | undefined
  /** Searches in one turn, of upstreams that search themselves. */
  readonly maxUses?: number | undefined
  /** What introduces the results to the model. */
  readonly searchPrompt?: string | undefined
  readonly includeDomains?: ReadonlyArray<string> | undefined
  readonly excludeDomains?: ReadonlyArray<string> | undefined
  readonly userLocation?: {
    readonly type: "approximate"
    readonly city?: string | undefined
    readonly country?: string | undefined
    readonly region?: string | undefined
    readonly timezone?: string | undefined
  } | undefined
}

/** Reads PDFs for models that cannot. */
export interface FileParserPlugin extends Switch {
  readonly id: "file-parser"
  readonly pdf?: {
    readonly engine?: "mistral-ocr" | "native" | "cloudflare-ai" | (string & {}) | undefined
  } | undefined
}

/** Gives the model the pages whose addresses are in the prompt. */
export interface WebFetchPlugin {
  readonly id: "web-fetch"
  readonly maxUses?: number | undefined
  readonly maxContentTokens?: number | undefined
  readonly allowedDomains?: ReadonlyArray<string> | undefined
  readonly blockedDomains?: ReadonlyArray<string> | undefined
}

/** Shortens prompts that are longer than the model's window. */
export interface ContextCompressionPlugin extends Switch {
  readonly id: "context-compression"
  readonly engine?: "middle-out" | (string & {}) | undefined
}

/** What the model `openrouter/auto` chooses from. */
export interface AutoRouterPlugin extends Switch {
  readonly id: "auto-router"
  readonly allowedModels?: ReadonlyArray<string> | undefined
  readonly excludedModels?: ReadonlyArray<string> | undefined
  readonly costTier?: "low" | "medium" | "high" | "xhigh" | "max" | undefined
  readonly pinModel?: boolean | undefined
}

/** Plugins without options here; further ones, and options that are newer than this package, go through `extraBody`. */
export interface PlainPlugin extends Switch {
  readonly id: "response-healing" | "moderation"
}

/** A plugin of OpenRouter. */
export type Plugin =
  | WebPlugin
  | FileParserPlugin
  | WebFetchPlugin
  | ContextCompressionPlugin
  | AutoRouterPlugin
  | PlainPlugin

/**
 * Settings. Those of the dialect that an upstream does not know are left out by OpenRouter; `provider` with
 * `requireParameters` keeps the request from such upstreams.
 *
 * Source: https://openrouter.ai/docs/api/api-reference/chat/send-chat-completion-request
 */
export interface Config extends ChatCompletions.Settings {
  /** Models to fall back to, in order, where the first is down, limited or refuses. */
  readonly models?: ReadonlyArray<string> | undefined
  /** Deprecated by OpenRouter for `provider.sort.partition`. */
  readonly route?: "fallback" | "sort" | undefined
  /** Which upstreams may serve the request, and in which order. */
  readonly provider?: ProviderRouting | undefined
  /** What OpenRouter does around the model: web search, parsing of PDFs and others. */
  readonly plugins?: ReadonlyArray<Plugin> | undefined
  /** Changes to prompts that are too long. `[]` switches them off. Newer: the plugin `context-compression`. */
  readonly transforms?: ReadonlyArray<"middle-out" | (string & {})> | undefined
  /** How much the model reasons, and whether the reasoning is shown. */
  readonly reasoning?: Reasoning | undefined
  /**
   * Asks for cost and cached tokens in the counts (`usage: { include: true }`). OpenRouter gives them now whether asked
   * for or not.
   */
  readonly usageAccounting?: boolean | undefined
  /** Lets OpenRouter set the breakpoints of a prompt cache itself, at the last part that can be cached. */
  readonly cacheControl?: CacheControl | undefined
  /** Requests of one conversation: they go to the same upstream, for its cache. Up to 256 characters. */
  readonly sessionId?: string | undefined
  /** Of models that make images: `aspect_ratio`, `quality` and others, under the names their vendors have. */
  readonly imageConfig?: { readonly [name: string]: unknown } | undefined
  /** Tokens less likely than so much of the likeliest one are left out, from 0 to 1. */
  readonly minP?: number | undefined
  /** The same, the more strictly the surer the model is. */
  readonly topA?: number | undefined
  /** Above 1, tokens of prompt and answer become less likely; 1 changes nothing. */
  readonly repetitionPenalty?: number | undefined
}
