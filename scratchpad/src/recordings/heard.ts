import type * as AiError from "effect/ai/AiError"
import type * as Response from "effect/ai/Response"
import type { Json } from "./json.ts"

/** What a caller of the public API got, as it came. */
export type Heard = HeardAnswer | HeardError | HeardEmbeddings | HeardTokens | HeardCompaction

export interface HeardAnswer {
  readonly kind: "answer"
  readonly parts: ReadonlyArray<Response.AnyPart>
  /** The value of a structured answer, where one was asked for. */
  readonly object: unknown
}

export interface HeardError {
  readonly kind: "error"
  readonly error: AiError.AiError
  /** What a stream gave before it failed. */
  readonly parts: ReadonlyArray<Response.AnyPart>
}

export interface HeardEmbeddings {
  readonly kind: "embeddings"
  readonly vectors: ReadonlyArray<ReadonlyArray<number>>
  readonly inputTokens: number | undefined
}

export interface HeardTokens {
  readonly kind: "tokens"
  readonly tokens: number
}

export interface HeardCompaction {
  readonly kind: "compaction"
  readonly id: string | undefined
  readonly usage: typeof Response.Usage.Encoded
  /** The items of a request that goes on from it. */
  readonly next: Json | undefined
}
