/** What requests are made of. OpenAI's own shapes, and the members compatible servers have added to them. */

/** Where a cached prefix ends. */
export interface CacheBreakpoint {
  readonly mode: "explicit"
  readonly ttl?: "30m" | "12h"
}

/** Marks the end of a cached prefix: OpenAI's way, and Anthropic's, which OpenRouter has. */
export interface Cacheable {
  readonly prompt_cache_breakpoint?: CacheBreakpoint
  readonly cache_control?: unknown
}

export interface TextPart extends Cacheable {
  readonly type: "text"
  readonly text: string
}

export interface RefusalPart {
  readonly type: "refusal"
  readonly refusal: string
}

/** A part of a user message. */
export type ContentPart =
  | TextPart
  | Cacheable & { readonly type: "image_url"; readonly image_url: { readonly url: string; readonly detail?: string } }
  | Cacheable & {
    readonly type: "input_audio"
    readonly input_audio: { readonly data: string; readonly format: string }
  }
  | Cacheable & {
    readonly type: "file"
    readonly file: { readonly file_data?: string; readonly filename?: string; readonly file_id?: string }
  }
  | Cacheable & { readonly type: "video_url"; readonly video_url: { readonly url: string } }

export type ToolCall =
  | {
    readonly id: string
    readonly type: "function"
    readonly function: { readonly name: string; readonly arguments: string }
    readonly extra_content?: unknown
  }
  | { readonly id: string; readonly type: "custom"; readonly custom: { readonly name: string; readonly input: string } }

export interface SystemMessage {
  readonly role: "system" | "developer"
  readonly content: string | ReadonlyArray<TextPart>
  readonly name?: string
}

export interface UserMessage {
  readonly role: "user"
  readonly content: string | ReadonlyArray<ContentPart>
  readonly name?: string
}

export interface AssistantMessage {
  readonly role: "assistant"
  readonly content: string | ReadonlyArray<TextPart | RefusalPart> | null
  readonly name?: string
  readonly tool_calls?: ReadonlyArray<ToolCall>
  readonly audio?: { readonly id: string }
  readonly refusal?: string
  readonly reasoning_content?: string
  readonly reasoning?: string
  readonly reasoning_details?: ReadonlyArray<unknown>
  readonly images?: ReadonlyArray<{ readonly image_url: { readonly url: string } }>
}

export interface ToolMessage {
  readonly role: "tool"
  readonly tool_call_id: string
  readonly content: string | ReadonlyArray<ContentPart>
}

export type Message = SystemMessage | UserMessage | AssistantMessage | ToolMessage
