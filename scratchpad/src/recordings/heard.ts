import type * as AiError from "effect/ai/AiError"
import type * as Response from "effect/ai/Response"

/** What a caller of the public API got, as it came. */
export type Heard = HeardAnswer | HeardError | HeardEmbeddings

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
