/**
 * What a vendor says of its limits in the head of an answer.
 *
 * OpenAI and those who speak its dialect: `x-ratelimit-limit-requests`, `-remaining-requests`, `-reset-requests` and the
 * same of `tokens`, the reset as a span (`1s`, `6m0s`) (platform.openai.com/docs/guides/rate-limits). Groq sends the same
 * names, its requests by the day (console.groq.com/docs/rate-limits). Anthropic: `anthropic-ratelimit-requests-limit`,
 * `-remaining`, `-reset` and the same of `tokens`, `input-tokens` and `output-tokens`, the reset as a date
 * (platform.claude.com/docs/en/api/rate-limits).
 */
import * as RetryAfter from "@llm-layers/core/RetryAfter"
import * as Duration from "effect/Duration"

/** What is left of one limit, and how long it stays so. */
interface Left {
  readonly count: number
  readonly since: number
  readonly until: number
}

type What = "requests" | "tokens"

/** The headers of one limit. */
interface Names {
  readonly limit: string
  readonly remaining: string
  readonly reset: string
}

const names: { readonly [what in What]: ReadonlyArray<Names> } = {
  requests: [
    {
      limit: "x-ratelimit-limit-requests",
      remaining: "x-ratelimit-remaining-requests",
      reset: "x-ratelimit-reset-requests"
    },
    {
      limit: "anthropic-ratelimit-requests-limit",
      remaining: "anthropic-ratelimit-requests-remaining",
      reset: "anthropic-ratelimit-requests-reset"
    }
  ],
  tokens: [
    { limit: "x-ratelimit-limit-tokens", remaining: "x-ratelimit-remaining-tokens", reset: "x-ratelimit-reset-tokens" },
    {
      limit: "anthropic-ratelimit-tokens-limit",
      remaining: "anthropic-ratelimit-tokens-remaining",
      reset: "anthropic-ratelimit-tokens-reset"
    }
  ]
}

/** Limits of their own kind: only that nothing is left of them is heeded. */
const alsoExhaustible = ["anthropic-ratelimit-input-tokens-remaining", "anthropic-ratelimit-output-tokens-remaining"]

/** What one vendor has said so far. */
export class VendorLimits {
  /** The latest limits, per minute. */
  requests: number | undefined
  tokens: number | undefined
  #pausedSince = 0
  #pausedUntil = 0
  readonly #left: { [what in What]?: Left | undefined } = {}

  /**
   * Reads the head of an answer. Gives how long nothing may be sent, in milliseconds, where it says so: a wait asked for
   * with a 429, or the reset of a limit of which nothing is left.
   */
  read(status: number, headers: Headers, now: number): number | undefined {
    let exhausted = false
    for (const what of ["requests", "tokens"] as const) {
      for (const name of names[what]) {
        const limit = count(headers.get(name.limit))
        if (limit !== undefined && limit > 0) this[what] = limit
        const left = count(headers.get(name.remaining))
        if (left === undefined) continue
        if (left === 0) exhausted = true
        this.#left[what] = leftUntil(left, headers.get(name.reset), now)
      }
    }
    exhausted ||= alsoExhaustible.some((name) => count(headers.get(name)) === 0)
    if (status !== 429 && !exhausted) return undefined
    const { "retry-after": asked, "retry-after-ms": askedMillis, ...rest } = Object.fromEntries(headers)
    // With a good answer only what is left counts.
    const heeded = status === 429
      ? { ...rest, ...present("retry-after", asked), ...present("retry-after-ms", askedMillis) }
      : rest
    const wait = RetryAfter.fromHeaders(heeded, now)
    return wait === undefined ? undefined : Duration.toMillis(wait)
  }

  /** Nothing is to be sent for so many milliseconds. */
  pause(millis: number, now: number): void {
    if (this.#pause(now) >= millis) return
    this.#pausedSince = now
    this.#pausedUntil = now + millis
  }

  /** What is left of the pause; a clock that was put back ends it. */
  #pause(now: number): number {
    return now < this.#pausedSince ? 0 : Math.max(0, this.#pausedUntil - now)
  }

  /** One request of so many tokens is about to be sent. */
  spend(tokens: number): void {
    for (const what of ["requests", "tokens"] as const) {
      const left = this.#left[what]
      if (left !== undefined) this.#left[what] = { ...left, count: left.count - (what === "requests" ? 1 : tokens) }
    }
  }

  /** The milliseconds until the vendor has room for a request of so many tokens, by what it said was left. */
  waitFor(tokens: number, now: number): number {
    return Math.max(this.#pause(now), this.#waitOf("requests", 1, now), this.#waitOf("tokens", tokens, now))
  }

  #waitOf(what: What, asked: number, now: number): number {
    const left = this.#left[what]
    if (left === undefined || left.count >= asked) return 0
    // Over, or the clock was put back.
    if (now >= left.until || now < left.since) {
      this.#left[what] = undefined
      return 0
    }
    return left.until - now
  }
}

const leftUntil = (left: number, reset: string | null, now: number): Left | undefined => {
  // The reset of a limit is read the way it is read in an error, which it is in for a limit with nothing left.
  const wait = reset === null ? undefined : RetryAfter.fromHeaders({ "x-remaining": "0", "x-reset": reset }, now)
  return wait === undefined ? undefined : { count: left, since: now, until: now + Duration.toMillis(wait) }
}

const present = (name: string, value: string | undefined) => value === undefined ? undefined : { [name]: value }

const count = (text: string | null): number | undefined =>
  text !== null && /^\s*\d+\s*$/.test(text) ? Number(text) : undefined
