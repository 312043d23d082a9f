/**
 * How long a server asks its callers to wait.
 */
import type * as AiError from "effect/ai/AiError"
import * as Duration from "effect/Duration"
import * as Metadata from "./Metadata.ts"

type HeaderRecord = { readonly [name: string]: string }

/**
 * The wait a response asks for, or `undefined` where it asks for none: `retry-after-ms` (milliseconds), `retry-after`
 * (seconds or a date), then the reset time of a limit that has nothing left. Nothing is made up.
 *
 * Header names are lower case. `now` is milliseconds since 1970, from Effect's `Clock`.
 *
 * Sources: RFC 9110 section 10.2.3; platform.openai.com/docs/guides/rate-limits;
 * platform.claude.com/docs/en/api/rate-limits.
 *
 * @example
 * ```ts
 * import * as RetryAfter from "@llm-layers/core/RetryAfter"
 * import { Duration } from "effect"
 * import { strictEqual } from "node:assert"
 *
 * const wait = RetryAfter.fromHeaders({ "retry-after": "Thu, 01 Jan 1970 00:00:03 GMT" }, 1_000)
 * strictEqual(wait && Duration.toMillis(wait), 2_000)
 * ```
 */
export const fromHeaders = (headers: HeaderRecord, now: number): Duration.Duration | undefined => {
  const millis = number(headers["retry-after-ms"])
  if (millis !== undefined) return Duration.millis(millis)
  const asked = headers["retry-after"]
  const seconds = number(asked)
  if (seconds !== undefined) return Duration.millis(seconds * 1000)
  const date = asked === undefined ? undefined : untilDate(asked, now)
  return date === undefined ? fromExhaustedLimit(headers, now) : Duration.millis(date)
}

/**
 * The wait that an error carries, or `undefined` where its server asked for none. `AiError` has room for it with rate
 * limits alone; other errors of this project, of a server without capacity or a breaker, have it in their metadata.
 */
export const ofError = (error: AiError.AiError): Duration.Duration | undefined => {
  if (error.retryAfter !== undefined) return error.retryAfter
  const millis = "metadata" in error.reason
    ? Metadata.get(error.reason.metadata, Metadata.namespace, "retryAfterMillis")
    : undefined
  return typeof millis === "number" ? Duration.millis(millis) : undefined
}

/**
 * OpenAI sends `x-ratelimit-remaining-requests: 0` with `x-ratelimit-reset-requests: 6m0s`, Anthropic
 * `anthropic-ratelimit-requests-remaining: 0` with a date in `anthropic-ratelimit-requests-reset`.
 */
const fromExhaustedLimit = (headers: HeaderRecord, now: number): Duration.Duration | undefined => {
  let longest: number | undefined
  for (const [name, left] of Object.entries(headers)) {
    if (number(left) !== 0 || !name.includes("remaining")) continue
    const reset = headers[name.replace("remaining", "reset")]
    const wait = reset === undefined ? undefined : untilReset(reset, now)
    if (wait !== undefined && (longest === undefined || wait > longest)) longest = wait
  }
  return longest === undefined ? undefined : Duration.millis(longest)
}

const untilReset = (reset: string, now: number): number | undefined => {
  const count = number(reset)
  if (count !== undefined) return untilCount(count, now)
  const span = /^(?:(\d+)h)?(?:(\d+)m(?!s))?(?:([\d.]+)s)?(?:([\d.]+)ms)?$/.exec(reset)
  if (span !== null && reset !== "") {
    const [, hours = "0", minutes = "0", secs = "0", millis = "0"] = span
    return Number(hours) * 3_600_000 + Number(minutes) * 60_000 + Number(secs) * 1000 + Number(millis)
  }
  return untilDate(reset, now)
}

/** OpenAI's kind send seconds to wait, gateways such as OpenRouter seconds or milliseconds since 1970. */
const untilCount = (count: number, now: number): number => {
  if (count < 1e9) return count * 1000
  return Math.max(0, (count < 1e12 ? count * 1000 : count) - now)
}

/** `Date.parse` makes a date of `-1` and of `in 5`, too; a date starts with a weekday or with the year. */
const untilDate = (text: string, now: number): number | undefined => {
  const date = /^\s*(?:(?:mon|tue|wed|thu|fri|sat|sun)|\d{4}-\d\d-\d\d)/i.test(text) ? Date.parse(text) : Number.NaN
  return Number.isNaN(date) ? undefined : Math.max(0, date - now)
}

const number = (text: string | undefined): number | undefined => {
  if (text === undefined || !/^\s*\d+(\.\d+)?\s*$/.test(text)) return undefined
  return Number(text)
}
