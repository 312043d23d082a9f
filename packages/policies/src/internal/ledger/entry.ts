/** What is booked. */
import type * as ErrorKind from "@llm-layers/core/ErrorKind"
import type * as Usage from "@llm-layers/core/Usage"
import type * as BigDecimal from "effect/BigDecimal"
import type * as Duration from "effect/Duration"

/** Where the tokens of an entry come from. */
export type Status =
  /** The vendor said them. */
  | "reported"
  /** Made up from what was sent and what had come, because the vendor did not say them. */
  | "estimated"
  /** Nobody knows. */
  | "unknown"

/** One attempt that reached a vendor. */
export interface Entry {
  /** The provider's name by the GenAI conventions: `openai`. */
  readonly provider: string
  /** The model that was asked. */
  readonly model: string
  readonly method: "generateText" | "streamText" | "embedMany"
  /** When it was asked, in milliseconds since 1970. */
  readonly startedAt: number
  /** From then to the first part that says something, where one came; of a plain answer to its end. */
  readonly timeToFirstPart: Duration.Duration | undefined
  /** From then to the end: the last part, the failure, or the moment the caller left. */
  readonly duration: Duration.Duration
  /** Counts that are not known are left out; they are never 0. */
  readonly usage: Usage.Encoded
  readonly status: Status
  /** US dollars, or `undefined` where nobody knows. The vendor's own figure where it gives one. */
  readonly cost: BigDecimal.BigDecimal | undefined
  /** `interrupted` is also what lost to a hedge, ran into a timeout, or was left before its end. */
  readonly outcome: "answered" | "failed" | "interrupted"
  /** How it failed, where it did. */
  readonly kind: ErrorKind.Name | undefined
  /** Requests that left for this attempt, where the driver tells of them. Mostly 1. */
  readonly requests: number | undefined
  /** The vendor's name for the request, where it gave one. */
  readonly requestId: string | undefined
  /** The vendor's name for the answer, where it gave one. */
  readonly responseId: string | undefined
}
