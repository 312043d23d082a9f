/**
 * What programs can put on prompts for a compatible server, and what they can read from its answers, under the name
 * `openai-compatible`. A provider made with `ChatCompletions.driver` has the same under its own name.
 *
 * @example
 * ```ts
 * import "@llm-layers/openai-compatible/OpenAiCompatibleMetadata"
 * import { Prompt } from "effect/ai"
 *
 * export const prompt = Prompt.make([{
 *   role: "user",
 *   content: [{
 *     type: "file",
 *     mediaType: "image/png",
 *     data: new URL("https://example.com/picture.png"),
 *     options: { "openai-compatible": { detail: "low" } }
 *   }]
 * }])
 * ```
 */
import type { Json } from "effect/Schema"

/** Ends a cached prefix with a part or a message, where the server has explicit prompt caching. */
export type CacheBreakpoint = {
  readonly promptCacheBreakpoint?: { readonly mode: "explicit"; readonly ttl?: "30m" | "12h" }
}

/** Of a message. */
export type MessageFields = {
  /** Tells participants of the same role apart. */
  readonly name?: string
}

/** Of a system message. */
export type SystemMessageFields = MessageFields & CacheBreakpoint & {
  /** Default: the setting `systemRole`. */
  readonly role?: "system" | "developer"
}

/** Of a text. */
export type TextFields = CacheBreakpoint & {
  /** The text says why the model refused. The answer's finish reason is `content-filter`. */
  readonly refusal?: boolean
}

/** Of a file. */
export type FileFields = CacheBreakpoint & {
  /** In prompts: how closely an image is looked at. Default: the server's. */
  readonly detail?: "auto" | "low" | "high" | "original"
  /** What a later turn refers to a spoken answer by. */
  readonly audioId?: string
  /** What was said. */
  readonly transcript?: string
  /** When the server forgets the audio, in seconds since 1970. */
  readonly expiresAt?: number
}

/** Of reasoning: where it came from, and what the server wants back with it. */
export type ReasoningFields = {
  /** The member it came in: `reasoning_content`, `reasoning` or `content`. */
  readonly field?: string
  /** `reasoning_details` of OpenRouter, with signatures and encrypted reasoning. */
  readonly reasoningDetails?: ReadonlyArray<Json>
}

/** Of a tool call. */
export type ToolCallFields = {
  /** `custom_tool_call` for a free-form tool, whose input is text. */
  readonly type?: string
  /** Members of the call that this project has no place for. Google's `extra_content` goes back with the history. */
  readonly more?: Json
}

/** Of a source. */
export type SourceFields = {
  /** The annotation as it came, with the place in the text it belongs to. */
  readonly annotation?: Json
  /** Members of the annotation that this project has no place for. */
  readonly more?: Json
}

/** Of the end of an answer: all that has no part of its own. */
export type FinishFields = {
  /** The reason as the server wrote it. */
  readonly finishReason?: string
  /** The reason of the server behind a router. */
  readonly nativeFinishReason?: string
  /** What served the request, which may differ from what was asked for. */
  readonly serviceTier?: string
  readonly systemFingerprint?: string
  /** Token counts as they came, with audio tokens, accepted predictions and cost where the server gives them. */
  readonly usage?: Json
  /** Log probabilities of the tokens: `content`, and `refusal` where there is one. */
  readonly logprobs?: Json
  /** The answers besides the first. */
  readonly choices?: Json
  /** Members of the message, of the choice and of the response that this project has no place for. */
  readonly message?: Json
  readonly choice?: Json
  readonly response?: Json
  /** Parts, annotations and events of kinds this project does not know. */
  readonly unknown?: Json
}

declare module "effect/ai/Prompt" {
  interface SystemMessageOptions extends ProviderOptions {
    readonly "openai-compatible"?: SystemMessageFields | null
  }
  interface UserMessageOptions extends ProviderOptions {
    readonly "openai-compatible"?: MessageFields & CacheBreakpoint | null
  }
  interface AssistantMessageOptions extends ProviderOptions {
    readonly "openai-compatible"?: MessageFields | null
  }
  interface TextPartOptions extends ProviderOptions {
    readonly "openai-compatible"?: TextFields | null
  }
  interface FilePartOptions extends ProviderOptions {
    readonly "openai-compatible"?: FileFields | null
  }
  interface ReasoningPartOptions extends ProviderOptions {
    readonly "openai-compatible"?: ReasoningFields | null
  }
  interface ToolCallPartOptions extends ProviderOptions {
    readonly "openai-compatible"?: ToolCallFields | null
  }
}

declare module "effect/ai/Response" {
  interface TextPartMetadata extends ProviderMetadata {
    readonly "openai-compatible"?: TextFields | null
  }
  interface TextStartPartMetadata extends ProviderMetadata {
    readonly "openai-compatible"?: TextFields | null
  }
  interface ReasoningPartMetadata extends ProviderMetadata {
    readonly "openai-compatible"?: ReasoningFields | null
  }
  interface ReasoningStartPartMetadata extends ProviderMetadata {
    readonly "openai-compatible"?: ReasoningFields | null
  }
  interface ReasoningEndPartMetadata extends ProviderMetadata {
    readonly "openai-compatible"?: ReasoningFields | null
  }
  interface FilePartMetadata extends ProviderMetadata {
    readonly "openai-compatible"?: FileFields | null
  }
  interface ToolCallPartMetadata extends ProviderMetadata {
    readonly "openai-compatible"?: ToolCallFields | null
  }
  interface UrlSourcePartMetadata extends ProviderMetadata {
    readonly "openai-compatible"?: SourceFields | null
  }
  interface FinishPartMetadata extends ProviderMetadata {
    readonly "openai-compatible"?: FinishFields | null
  }
}
