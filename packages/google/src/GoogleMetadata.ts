/**
 * What Google adds to prompts and to answers, under the key `google`: the options a program can set on parts, and the
 * metadata it can read from parts. `Prompt.fromResponseParts` carries the metadata of an answer into the options of the
 * next prompt, from which it goes back to the API unchanged.
 *
 * @example
 * ```ts
 * import "@llm-layers/google/GoogleMetadata"
 * import { Prompt } from "effect/ai"
 *
 * export const prompt = Prompt.make([{
 *   role: "user",
 *   content: [
 *     { type: "text", text: "What happens between the first and the second minute?" },
 *     {
 *       type: "file",
 *       mediaType: "video/mp4",
 *       data: new URL("https://www.youtube.com/watch?v=9hE5-98ZeCg"),
 *       options: { google: { videoMetadata: { startOffset: "60s", endOffset: "120s" } } }
 *     }
 *   ]
 * }])
 * ```
 */
import type { Json } from "effect/Schema"

/** On a part of an answer: the signature of the thoughts behind it. It goes back on the same part. */
export type Signed = { readonly thoughtSignature?: string }

/** On a file. */
export type FileOptions = Signed & {
  /** Which piece of a video is looked at, and how often: `startOffset` and `endOffset` as `60s`, `fps`. */
  readonly videoMetadata?: Json
  /** How many tokens this file is given. Since Gemini 3. */
  readonly mediaResolution?: "low" | "medium" | "high" | "ultra_high"
}

/** On reasoning, from an answer. A part without any of these cannot be sent back. */
export type Reasoning = Signed & {
  /** A summary of the thoughts. */
  readonly thought?: boolean
  /** A part that is neither text nor a call of the program's tools, as it came; the text of the part is empty. */
  readonly part?: Json
}

/** On a call of a tool, and on the result of one that ran at Google. */
export type ToolPart = Signed & {
  /** The part as it came, where the tool ran at Google. */
  readonly part?: Json
}

/** On a source: the grounding chunk, the citation or the address as it came. */
export type Source = {
  readonly groundingChunk?: Json
  readonly citation?: Json
  readonly urlMetadata?: Json
}

/** On the finish part. */
export type Finish = {
  /** As it came: `STOP`, `SAFETY`, … */
  readonly finishReason?: string
  readonly finishMessage?: string
  readonly safetyRatings?: Json
  /** Searches, chunks and which text they support. */
  readonly groundingMetadata?: Json
  readonly urlContextMetadata?: Json
  readonly citationMetadata?: Json
  readonly avgLogprobs?: number
  /** With the setting `topLogprobs`: one a chunk of the answer. */
  readonly logprobs?: ReadonlyArray<Json>
  /** Token counts as they came, by modality too. */
  readonly usage?: Json
  readonly promptFeedback?: Json
  /** Candidates but the first, where more were asked for. */
  readonly candidates?: ReadonlyArray<Json>
  /** Members of answer and candidate that this package does not know. */
  readonly more?: Json
  /** Parts and events that this package does not know, as they came. */
  readonly unknown?: ReadonlyArray<Json>
}

declare module "effect/ai/Prompt" {
  interface TextPartOptions {
    readonly google?: Signed | null
  }
  interface FilePartOptions {
    readonly google?: FileOptions | null
  }
  interface ReasoningPartOptions {
    readonly google?: Reasoning | null
  }
  interface ToolCallPartOptions {
    readonly google?: ToolPart | null
  }
  interface ToolResultPartOptions {
    readonly google?: ToolPart | null
  }
}

declare module "effect/ai/Response" {
  interface TextPartMetadata {
    readonly google?: Signed
  }
  interface TextEndPartMetadata {
    readonly google?: Signed
  }
  interface ReasoningPartMetadata {
    readonly google?: Reasoning
  }
  interface ReasoningEndPartMetadata {
    readonly google?: Reasoning
  }
  interface FilePartMetadata {
    readonly google?: Signed
  }
  interface ToolCallPartMetadata {
    readonly google?: ToolPart
  }
  interface ToolResultPartMetadata {
    readonly google?: ToolPart
  }
  interface DocumentSourcePartMetadata {
    readonly google?: Source
  }
  interface UrlSourcePartMetadata {
    readonly google?: Source
  }
  interface FinishPartMetadata {
    readonly google?: Finish
  }
}
