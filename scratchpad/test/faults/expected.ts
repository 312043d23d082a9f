/** What an error must be. */
import type { ErrorKind } from "@llm-layers/core"
import type { AiError } from "effect/ai"

export interface Expected {
  readonly kind: ErrorKind.Name
  readonly tag: AiError.AiErrorReason["_tag"]
  readonly retryable: boolean
  /** What is wrong with the key. */
  readonly authentication?: string | undefined
  /** Milliseconds. */
  readonly retryAfter?: number | undefined
}
