/** A count of tokens, and what is known of it. */
import type * as AiError from "effect/ai/AiError"
import type * as Config from "effect/Config"

/** The vendor's own count. Anthropic calls its count an estimate, too, that differs by little. */
export interface Exact {
  readonly _tag: "Exact"
  readonly tokens: number
  readonly method: "endpoint"
}

/** A count without the vendor. */
export interface Estimated {
  readonly _tag: "Estimated"
  readonly tokens: number
  /** `heuristic`, or the name of the vocabulary, such as `o200k_base`. */
  readonly method: string
  /** By how many tokens the vendor's count may differ: about nine of ten recorded requests were within it. */
  readonly errorBound: number
  /** Why a better method failed, the vendor's endpoint for one, where one did. */
  readonly failure?: Failure | undefined
}

/** What nobody but the vendor can count. */
export interface Unknown {
  readonly _tag: "Unknown"
  readonly reason: string
  /** Tokens of what could be counted, less what that may be off. */
  readonly atLeast: number
  readonly failure?: Failure | undefined
}

/** How many tokens a request has. */
export type Count = Exact | Estimated | Unknown

/** Why a method gave no count: the endpoint's error, or that there is no key. */
export type Failure = AiError.AiError | Config.ConfigError

/** How tokens are counted. */
export type Method = "endpoint" | "local" | "heuristic"

/** The tokens a count stands for at most, as far as it says: to be on the safe side of a limit. */
export const most = (count: Count): number => {
  switch (count._tag) {
    case "Exact":
      return count.tokens
    case "Estimated":
      return count.tokens + count.errorBound
    case "Unknown":
      return count.atLeast
  }
}

/** The tokens a count stands for at least. */
export const least = (count: Count): number => {
  switch (count._tag) {
    case "Exact":
      return count.tokens
    case "Estimated":
      return Math.max(0, count.tokens - count.errorBound)
    case "Unknown":
      return count.atLeast
  }
}
