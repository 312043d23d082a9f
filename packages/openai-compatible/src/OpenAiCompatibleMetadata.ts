/**
 * What programs can put on prompts for a compatible server, and what they can read from its answers, under the name
 * `openai-compatible`. A provider made with `ChatCompletions.driver` has the same under its own name.
 */
import type { Json, MutableJson } from "effect/Schema"

/** Ends a cached prefix with a part or a message, where the server has explicit prompt caching. */
export interface CacheBreakpointOptions {
  readonly promptCacheBreakpoint?: { readonly mode: "explicit"; readonly ttl?: "30m" | "12h" } | undefined
}

/** Options of messages. */
export interface MessageOptions extends CacheBreakpointOptions {
  /** Tells participants of the same role apart. */
  readonly name?: string | undefined
}

/** Options of files. */
export interface FileOptions extends CacheBreakpointOptions {
  /** How closely an image is looked at. Default: the server's. */
  readonly imageDetail?: "auto" | "low" | "high" | "original" | undefined
  /** On a file of the assistant: the spoken answer it is, by the server's id. */
  readonly audioId?: string | undefined
}

/** On reasoning: where it came from, and what the server wants back with it. */
export interface ReasoningMetadata {
  /** The member it came in: `reasoning_content`, `reasoning` or `content`. */
  readonly field?: string | undefined
  /** `reasoning_details` of OpenRouter, with signatures and encrypted reasoning. */
  readonly reasoningDetails?: ReadonlyArray<Json> | undefined
}

/** On text. */
export interface TextMetadata {
  /** The text says why the model refused. The answer's finish reason is `content-filter`. */
  readonly refusal?: true | undefined
}

/** On files the model made. */
export interface FileMetadata {
  /** What a later turn refers to spoken audio by. */
  readonly audioId?: string | undefined
  /** What was said. */
  readonly transcript?: string | undefined
  /** When the server forgets the audio, in seconds since 1970. */
  readonly expiresAt?: number | undefined
}

/** On sources. */
export interface SourceMetadata {
  /** Where in the text the source is used, in characters. */
  readonly startIndex?: number | undefined
  readonly endIndex?: number | undefined
  /** The passage, where the server gives it. */
  readonly content?: string | undefined
}

/** On the finish part: all that has no part of its own. */
export interface FinishMetadata {
  /** The reason as the server wrote it. */
  readonly finishReason?: string | undefined
  /** The reason of the server behind a router. */
  readonly nativeFinishReason?: string | undefined
  /** What served the request, which may differ from what was asked for. */
  readonly serviceTier?: string | undefined
  readonly systemFingerprint?: string | undefined
  /** Token counts as they came, with audio tokens, accepted predictions and cost where the server gives them. */
  readonly usage?: MutableJson | undefined
  /** Log probabilities of the tokens: `content`, and `refusal` where there is one. */
  readonly logprobs?: MutableJson | undefined
  /** The answers besides the first. */
  readonly choices?: MutableJson | undefined
  /** Members of the message, of the choice and of the response that this project has no place for. */
  readonly message?: MutableJson | undefined
  readonly choice?: MutableJson | undefined
  readonly response?: MutableJson | undefined
  /** Parts, annotations and events of kinds this project does not know. */
  readonly unknown?: MutableJson | undefined
}

declare module "effect/ai/Prompt" {
  interface SystemMessageOptions {
    readonly "openai-compatible"?: MessageOptions | null
  }
  interface UserMessageOptions {
    readonly "openai-compatible"?: MessageOptions | null
  }
  interface AssistantMessageOptions {
    readonly "openai-compatible"?: Pick<MessageOptions, "name"> | null
  }
  interface TextPartOptions {
    readonly "openai-compatible"?: CacheBreakpointOptions & TextMetadata | null
  }
  interface FilePartOptions {
    readonly "openai-compatible"?: FileOptions | null
  }
  interface ReasoningPartOptions {
    readonly "openai-compatible"?: ReasoningMetadata | null
  }
}

declare module "effect/ai/Response" {
  interface TextPartMetadata {
    readonly "openai-compatible"?: TextMetadata | null
  }
  interface TextStartPartMetadata {
    readonly "openai-compatible"?: TextMetadata | null
  }
  interface ReasoningPartMetadata {
    readonly "openai-compatible"?: ReasoningMetadata | null
  }
  interface ReasoningStartPartMetadata {
    readonly "openai-compatible"?: ReasoningMetadata | null
  }
  interface ReasoningEndPartMetadata {
    readonly "openai-compatible"?: ReasoningMetadata | null
  }
  interface FilePartMetadata {
    readonly "openai-compatible"?: FileMetadata | null
  }
  interface UrlSourcePartMetadata {
    readonly "openai-compatible"?: SourceMetadata | null
  }
  interface FinishPartMetadata {
    readonly "openai-compatible"?: FinishMetadata | null
  }
}
