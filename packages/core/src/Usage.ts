/**
 * Token counts in the one form `effect/ai` accepts: whole numbers, with
 * `input.total = uncached + cacheRead + cacheWrite` and `output.text = output.total - reasoning`.
 */
import type * as Response from "effect/ai/Response"

/**
 * What a vendor reported, each count as it came: a number, a numeric string, or nothing. A count that is not known
 * stays out; it is never 0.
 */
export interface Reported {
  /** Input tokens with those read from and written to a cache. Give this or `inputUncached`. */
  readonly inputTotal?: unknown
  /** Input tokens without those read from or written to a cache. */
  readonly inputUncached?: unknown
  readonly cacheRead?: unknown
  readonly cacheWrite?: unknown
  /** Output tokens with reasoning. */
  readonly outputTotal?: unknown
  /** Part of `outputTotal`. */
  readonly reasoning?: unknown
}

/**
 * The encoded usage of a finish part.
 */
export type Encoded = typeof Response.Usage.Encoded

/**
 * A count as a whole number of tokens, or `undefined` where the value is none. Fractions are rounded, negative and
 * non-finite values dropped, because one bad count fails the whole response in `effect/ai`.
 */
export const toCount = (value: unknown): number | undefined => {
  const number = typeof value === "string" && value.trim() !== "" ? Number(value) : value
  return typeof number === "number" && Number.isFinite(number) && number >= 0 ? Math.round(number) : undefined
}

/**
 * Usage from what a vendor reported, with the missing totals computed where the parts are known.
 *
 * @example
 * ```ts
 * import * as Usage from "@llm-layers/core/Usage"
 * import { deepStrictEqual } from "node:assert"
 *
 * deepStrictEqual(Usage.make({ inputUncached: 10, cacheRead: 90, outputTotal: 7, reasoning: 3 }), {
 *   inputTokens: { uncached: 10, total: 100, cacheRead: 90 },
 *   outputTokens: { total: 7, text: 4, reasoning: 3 }
 * })
 * ```
 */
export const make = (reported: Reported): Encoded => {
  const cacheRead = toCount(reported.cacheRead)
  const cacheWrite = toCount(reported.cacheWrite)
  const cached = (cacheRead ?? 0) + (cacheWrite ?? 0)
  const givenTotal = toCount(reported.inputTotal)
  const givenUncached = toCount(reported.inputUncached)
  const uncached = givenUncached ?? (givenTotal === undefined ? undefined : Math.max(0, givenTotal - cached))
  const total = givenTotal ?? (givenUncached === undefined ? undefined : givenUncached + cached)
  const outputTotal = toCount(reported.outputTotal)
  const reasoning = toCount(reported.reasoning)
  return {
    inputTokens: {
      ...(uncached === undefined ? undefined : { uncached }),
      ...(total === undefined ? undefined : { total }),
      ...(cacheRead === undefined ? undefined : { cacheRead }),
      ...(cacheWrite === undefined ? undefined : { cacheWrite })
    },
    outputTokens: {
      ...(outputTotal === undefined ? undefined : { total: outputTotal }),
      ...(outputTotal === undefined ? undefined : { text: Math.max(0, outputTotal - (reasoning ?? 0)) }),
      ...(reasoning === undefined ? undefined : { reasoning })
    }
  }
}

/**
 * Usage of a response that reported none: everything unknown.
 */
export const unknown: Encoded = { inputTokens: {}, outputTokens: {} }
