/**
 * What OpenRouter adds to prompts and to answers, under the key `openrouter`: the options a program can set on messages and
 * parts, and the metadata it can read from parts. `Prompt.fromResponseParts` carries the metadata of an answer into the
 * options of the next prompt, from which reasoning goes back to the API unchanged.
 *
 * @example
 * ```ts
 * import "@llm-layers/openrouter/OpenRouterMetadata"
 * import { Prompt } from "effect/ai"
 *
 * export const prompt = Prompt.make([
 *   {
 *     role: "system",
 *     content: "The contract: …",
 *     options: { openrouter: { cacheControl: { type: "ephemeral" } } }
 *   },
 *   { role: "user", content: "When does it end?" }
 * ])
 * ```
 */
import type * as Chat from "@llm-layers/openai-compatible/OpenAiCompatibleMetadata"
import type { Json } from "effect/Schema"

/**
 * Marks the end of a prefix to cache, for five minutes or an hour. Anthropic and Google need it; others cache by
 * themselves. Source: https://openrouter.ai/docs/guides/best-practices/prompt-caching
 */
export type CacheControl = { readonly type: "ephemeral"; readonly ttl?: "5m" | "1h" }

/** On messages and on texts and results, which can end a cached prefix. On a message it counts for its last text. */
export type CacheOptions = { readonly cacheControl?: CacheControl }

/** Of a system message. */
export type SystemMessageFields = Chat.SystemMessageFields & CacheOptions

/** Of a text. */
export type TextFields = Chat.TextFields & CacheOptions

/** What an answer cost, in credits: US dollars. */
export type Usage = {
  /** What OpenRouter charged. */
  readonly cost?: number | null
  readonly cost_details?: {
    /** What the upstream charged, for a request with a key of one's own. */
    readonly upstream_inference_cost?: number | null
    readonly upstream_inference_prompt_cost?: number | null
    readonly upstream_inference_completions_cost?: number | null
  } | null
  /** Whether a key of one's own was used upstream. */
  readonly is_byok?: boolean
  /** Calls of tools that ran at OpenRouter. */
  readonly server_tool_use_details?: Json
  readonly prompt_tokens?: number
  readonly completion_tokens?: number
  readonly total_tokens?: number
  readonly prompt_tokens_details?: Json
  readonly completion_tokens_details?: Json
}

/** Of the end of an answer. */
export type FinishFields = Omit<Chat.FinishFields, "usage"> & {
  /** Who answered: the name of the upstream, as in `Google AI Studio`. */
  readonly upstream?: string
  /** Token counts and cost, as they came. */
  readonly usage?: Usage
  /** How the request was routed, where the header `X-OpenRouter-Metadata: enabled` asked for it. */
  readonly routing?: Json
}

declare module "effect/ai/Prompt" {
  interface SystemMessageOptions extends ProviderOptions {
    readonly openrouter?: SystemMessageFields | null
  }
  interface UserMessageOptions extends ProviderOptions {
    readonly openrouter?: Chat.MessageFields & CacheOptions | null
  }
  interface AssistantMessageOptions extends ProviderOptions {
    readonly openrouter?: Chat.MessageFields & CacheOptions | null
  }
  interface ToolMessageOptions extends ProviderOptions {
    readonly openrouter?: CacheOptions | null
  }
  interface TextPartOptions extends ProviderOptions {
    readonly openrouter?: TextFields | null
  }
  interface FilePartOptions extends ProviderOptions {
    readonly openrouter?: Chat.FileFields | null
  }
  interface ReasoningPartOptions extends ProviderOptions {
    readonly openrouter?: Chat.ReasoningFields | null
  }
  interface ToolCallPartOptions extends ProviderOptions {
    readonly openrouter?: Chat.ToolCallFields | null
  }
  interface ToolResultPartOptions extends ProviderOptions {
    readonly openrouter?: CacheOptions | null
  }
}

declare module "effect/ai/Response" {
  interface TextPartMetadata extends ProviderMetadata {
    readonly openrouter?: Chat.TextFields | null
  }
  interface TextStartPartMetadata extends ProviderMetadata {
    readonly openrouter?: Chat.TextFields | null
  }
  interface ReasoningPartMetadata extends ProviderMetadata {
    readonly openrouter?: Chat.ReasoningFields | null
  }
  interface ReasoningStartPartMetadata extends ProviderMetadata {
    readonly openrouter?: Chat.ReasoningFields | null
  }
  interface ReasoningEndPartMetadata extends ProviderMetadata {
    readonly openrouter?: Chat.ReasoningFields | null
  }
  interface FilePartMetadata extends ProviderMetadata {
    readonly openrouter?: Chat.FileFields | null
  }
  interface ToolCallPartMetadata extends ProviderMetadata {
    readonly openrouter?: Chat.ToolCallFields | null
  }
  interface UrlSourcePartMetadata extends ProviderMetadata {
    readonly openrouter?: Chat.SourceFields | null
  }
  interface FinishPartMetadata extends ProviderMetadata {
    readonly openrouter?: FinishFields | null
  }
}
