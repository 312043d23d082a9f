/**
 * What this provider reads from the options of a prompt and writes into the metadata of an answer, under `openai`. Members
 * that come from Chat Completions alone are those of `OpenAiCompatibleMetadata`.
 *
 * `Prompt.fromResponseParts` makes options of metadata, so what an answer carries here goes back to OpenAI with the
 * history: ids, encrypted reasoning, the phase of a message, the calls of hosted tools.
 *
 * @example
 * ```ts
 * import "@llm-layers/openai/OpenAiMetadata"
 * import { Prompt } from "effect/ai"
 *
 * export const prompt = Prompt.make([
 *   { role: "system", content: "Describe pictures.", options: { openai: { role: "developer" } } },
 *   {
 *     role: "user",
 *     content: [{
 *       type: "file",
 *       mediaType: "image/png",
 *       data: new URL("https://example.com/picture.png"),
 *       options: { openai: { detail: "low" } }
 *     }]
 *   }
 * ])
 * ```
 */
import type * as Chat from "@llm-layers/openai-compatible/OpenAiCompatibleMetadata"
import type { Json } from "effect/Schema"

/** An item of the wire, kept as it came. */
export type Item = { readonly [key: string]: Json }

/**
 * The end of a part of the prompt that is to be cached, for models from `gpt-5.6` on.
 * Source: https://developers.openai.com/api/docs/guides/prompt-caching
 */
export interface PromptCacheBreakpoint {
  readonly [key: string]: Json
  readonly mode: "explicit"
  /** The least time it is kept. Default: that of the request's `promptCacheOptions`. */
  readonly ttl?: "30m" | "12h"
}

/** Of a system message. */
export type SystemMessageFields = {
  /** Default: the setting `systemRole`. */
  readonly role?: "system" | "developer"
  readonly promptCacheBreakpoint?: PromptCacheBreakpoint
}

/** Of a text. */
export type TextFields = {
  /** The id of the message the text is of. */
  readonly itemId?: string
  /** `commentary` or `final_answer`; models from `gpt-5.3-codex` on want it back. */
  readonly phase?: string
  /** The text is the model's refusal. */
  readonly refusal?: boolean
  /** Log probabilities, where `topLogprobs` or `include` asked for them. */
  readonly logprobs?: ReadonlyArray<Json>
  /** Annotations that are no `source` part, because their type is not known or their address does not parse. */
  readonly annotations?: ReadonlyArray<Json>
  /** Members of the content, or of the message, that are not known here. */
  readonly more?: Item
  /** In prompts. */
  readonly promptCacheBreakpoint?: PromptCacheBreakpoint
}

/** Of a reasoning part. */
export type ReasoningFields = {
  /** The id of the reasoning item; several parts with the same are parts of one. */
  readonly itemId?: string
  /** What the model thought, for OpenAI alone to read. On the last part of an item. */
  readonly encryptedContent?: string
  /** The text is the reasoning itself and not a summary of it. */
  readonly full?: boolean
  /** Members of the reasoning item that are not known here; on its first part. */
  readonly more?: Item
  /**
   * An item that is no reasoning but has to go back with the history: a compaction, a program, a call of a hosted tool
   * the request did not name. The text is empty then.
   */
  readonly item?: Item
}

/** Of a file. */
export type FileFields = {
  /** How closely the model looks: `low`, `high`, `auto` or `original` for images; not `original` for other files. */
  readonly detail?: "low" | "high" | "auto" | "original"
  /** In prompts. */
  readonly promptCacheBreakpoint?: PromptCacheBreakpoint
  /** The call that generated the image, without the image. */
  readonly item?: Item
}

/** Of a tool call. */
export type ToolCallFields = {
  readonly itemId?: string
  /** The type of the item, where it is not a `function_call`. */
  readonly type?: string
  /** The namespace of a tool that was found by a search. */
  readonly namespace?: string
  /** The program that made the call, where one did. */
  readonly caller?: Item
  /** Members of the call that are not known here. */
  readonly more?: Item
  /** The whole item, for tools that are no functions. */
  readonly item?: Item
}

/** Of a tool result. */
export type ToolResultFields = {
  readonly itemId?: string
  /** The item of the result, for hosted tools that have one apart from the call's. */
  readonly item?: Item
}

/** Of a source. */
export type SourceFields = {
  readonly itemId?: string
  /** The annotation as it came, with the place in the text it belongs to. */
  readonly annotation?: Item
}

/** Of the end of an answer. */
export type FinishFields = {
  /** `completed`, `incomplete`, `queued` … */
  readonly status?: string
  /** Why an answer is incomplete: `max_output_tokens`, `content_filter` … */
  readonly incompleteReason?: string
  /** The tier that served the request. */
  readonly serviceTier?: string
  /** Token counts as they came. */
  readonly usage?: Item
  /** What the hosted tools used. */
  readonly toolUsage?: Item
  /** Results of the moderation that was asked for. */
  readonly moderation?: Item
  readonly promptCacheDiagnostics?: Item
  /** The conversation the answer was added to. */
  readonly conversation?: Item
  /** Members of the response that have no other place here and do not repeat the request. */
  readonly response?: Item
  /** Items, contents and events of types that are not known here. */
  readonly unknown?: ReadonlyArray<Json>
}

declare module "effect/ai/Prompt" {
  interface SystemMessageOptions extends ProviderOptions {
    readonly openai?: SystemMessageFields & Chat.SystemMessageFields | null
  }
  interface UserMessageOptions extends ProviderOptions {
    readonly openai?: Chat.MessageFields & Chat.CacheBreakpoint | null
  }
  interface AssistantMessageOptions extends ProviderOptions {
    readonly openai?: Chat.MessageFields | null
  }
  interface TextPartOptions extends ProviderOptions {
    readonly openai?: TextFields & Chat.TextFields | null
  }
  interface ReasoningPartOptions extends ProviderOptions {
    readonly openai?: ReasoningFields & Chat.ReasoningFields | null
  }
  interface FilePartOptions extends ProviderOptions {
    readonly openai?: FileFields & Chat.FileFields | null
  }
  interface ToolCallPartOptions extends ProviderOptions {
    readonly openai?: ToolCallFields & Chat.ToolCallFields | null
  }
  interface ToolResultPartOptions extends ProviderOptions {
    readonly openai?: ToolResultFields | null
  }
}

declare module "effect/ai/Response" {
  interface TextPartMetadata extends ProviderMetadata {
    readonly openai?: TextFields & Chat.TextFields | null
  }
  interface TextStartPartMetadata extends ProviderMetadata {
    readonly openai?: TextFields & Chat.TextFields | null
  }
  interface TextEndPartMetadata extends ProviderMetadata {
    readonly openai?: TextFields & Chat.TextFields | null
  }
  interface ReasoningPartMetadata extends ProviderMetadata {
    readonly openai?: ReasoningFields & Chat.ReasoningFields | null
  }
  interface ReasoningStartPartMetadata extends ProviderMetadata {
    readonly openai?: ReasoningFields & Chat.ReasoningFields | null
  }
  interface ReasoningEndPartMetadata extends ProviderMetadata {
    readonly openai?: ReasoningFields & Chat.ReasoningFields | null
  }
  interface FilePartMetadata extends ProviderMetadata {
    readonly openai?: FileFields & Chat.FileFields | null
  }
  interface ToolCallPartMetadata extends ProviderMetadata {
    readonly openai?: ToolCallFields & Chat.ToolCallFields | null
  }
  interface ToolResultPartMetadata extends ProviderMetadata {
    readonly openai?: ToolResultFields | null
  }
  interface UrlSourcePartMetadata extends ProviderMetadata {
    readonly openai?: SourceFields & Chat.SourceFields | null
  }
  interface DocumentSourcePartMetadata extends ProviderMetadata {
    readonly openai?: SourceFields & Chat.SourceFields | null
  }
  interface FinishPartMetadata extends ProviderMetadata {
    readonly openai?: FinishFields & Chat.FinishFields | null
  }
}
