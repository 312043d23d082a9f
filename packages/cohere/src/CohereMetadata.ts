/**
 * What Cohere adds to prompts and to answers, under the key `cohere`: the options a program can set on parts, and the
 * metadata it can read from parts. `Prompt.fromResponseParts` carries the metadata of an answer into the options of the
 * next prompt, from which it goes back to the API.
 *
 * @example
 * ```ts
 * import "@llm-layers/cohere/CohereMetadata"
 * import { Prompt } from "effect/ai"
 *
 * export const prompt = Prompt.make([{
 *   role: "user",
 *   content: [
 *     { type: "text", text: "What is in the picture?" },
 *     {
 *       type: "file",
 *       mediaType: "image/png",
 *       data: new URL("https://example.com/cat.png"),
 *       options: { cohere: { detail: "low" } }
 *     }
 *   ]
 * }])
 * ```
 */
import type { Json } from "effect/Schema"

/** On a file. */
export type FileOptions = {
  /** Of an image: how closely the model looks. Default: `auto`. */
  readonly detail?: "auto" | "low" | "high"
}

/** On a text: of an earlier answer, or of a tool's output (`modelOutput`). */
export type TextOptions = {
  /** On texts of an answer: what they cite, with the places of the cited words. */
  readonly citations?: ReadonlyArray<Json>
  /** On a text of a tool's output: sends this document in its place, which the answer can cite. */
  readonly document?: { readonly id?: string; readonly data: Json }
}

/** On reasoning, from an answer: what it was. A part without it cannot be sent. */
export type Reasoning = {
  /** `tool_plan` is what the model says it will do before it calls tools. */
  readonly type?: "thinking" | "tool_plan"
}

/** On a source: the citation as it came, with the cited words and their place, and which of its `sources` this is. */
export type Source = { readonly citation?: Json; readonly source?: number }

/** On the first part of an answer. */
export type ResponseInfo = {
  /** The `x-debug-trace-id` header. */
  readonly traceId?: string
}

/** On the finish part. */
export type Finish = {
  /** As it came: `COMPLETE`, `STOP_SEQUENCE`, … */
  readonly finishReason?: string
  /** Token counts as they came; `billed_units` has what is charged. */
  readonly usage?: Json
  /** Where `logprobs` was set: an item a piece of text, with its token ids and their log probabilities. */
  readonly logprobs?: ReadonlyArray<Json>
  /** Citations of what is no text: of reasoning, and of a plan. */
  readonly citations?: ReadonlyArray<Json>
  /** Members of the answer that this package does not know. */
  readonly more?: Json
  /** Contents and events that this package does not know, as they came. */
  readonly unknown?: ReadonlyArray<Json>
}

declare module "effect/ai/Prompt" {
  interface TextPartOptions {
    readonly cohere?: TextOptions | null
  }
  interface FilePartOptions {
    readonly cohere?: FileOptions | null
  }
  interface ReasoningPartOptions {
    readonly cohere?: Reasoning | null
  }
}

declare module "effect/ai/Response" {
  interface TextPartMetadata {
    readonly cohere?: TextOptions
  }
  interface TextEndPartMetadata {
    readonly cohere?: TextOptions
  }
  interface ReasoningPartMetadata {
    readonly cohere?: Reasoning
  }
  interface ReasoningEndPartMetadata {
    readonly cohere?: Reasoning
  }
  interface DocumentSourcePartMetadata {
    readonly cohere?: Source
  }
  interface UrlSourcePartMetadata {
    readonly cohere?: Source
  }
  interface ResponseMetadataPartMetadata {
    readonly cohere?: ResponseInfo
  }
  interface FinishPartMetadata {
    readonly cohere?: Finish
  }
}
