import { assert, describe, it } from "@effect/vitest"
import * as ProviderError from "@llm-layers/core/ProviderError"
import * as RetryAfter from "@llm-layers/core/RetryAfter"
import { Duration } from "effect"
import type { AiError } from "effect/ai"
import { origin } from "./fixtures/acme.ts"

const now = Date.parse("2026-01-01T00:00:00Z")

const millis = (headers: { readonly [name: string]: string }) => {
  const wait = RetryAfter.fromHeaders(headers, now)
  return wait === undefined ? undefined : Duration.toMillis(wait)
}

describe("fromHeaders", () => {
  it.each([
    ["milliseconds", { "retry-after-ms": "1500" }, 1500],
    ["milliseconds before seconds", { "retry-after-ms": "20", "retry-after": "7" }, 20],
    ["seconds", { "retry-after": "7" }, 7000],
    ["parts of a second", { "retry-after": "0.25" }, 250],
    ["no wait at all", { "retry-after": "0" }, 0],
    ["a date (RFC 9110, IMF-fixdate)", { "retry-after": "Thu, 01 Jan 2026 00:00:09 GMT" }, 9000],
    ["a date (RFC 9110, rfc850-date)", { "retry-after": "Thursday, 01-Jan-26 00:00:09 GMT" }, 9000],
    ["a date that has passed", { "retry-after": "Wed, 31 Dec 2025 23:00:00 GMT" }, 0],
    ["a date as ISO 8601", { "retry-after": "2026-01-01T00:00:09Z" }, 9000],
    ["nothing", {}, undefined],
    ["no number and no date", { "retry-after": "soon" }, undefined],
    ["a negative number", { "retry-after": "-1" }, undefined],
    ["a number with a unit", { "retry-after": "10s" }, undefined],
    ["words with a number", { "retry-after": "in 5" }, undefined],
    ["an empty header", { "retry-after": "", "retry-after-ms": "" }, undefined],
    ["milliseconds that are none", { "retry-after-ms": "NaN", "retry-after": "2" }, 2000]
  ])("%s", (_, headers, expected) => assert.strictEqual(millis(headers), expected))

  // platform.openai.com/docs/guides/rate-limits: spans such as `1s` and `6m0s`
  it.each([
    ["6m0s", 360_000],
    ["1s", 1000],
    ["17ms", 17],
    ["1h2m3.5s", 3_723_500],
    ["2m", 120_000],
    ["12", 12_000],
    ["2026-01-01T00:01:00Z", 60_000],
    ["2025-12-31T00:00:00Z", 0],
    ["whenever", undefined]
  ])("the reset time of a limit that is used up: %s", (reset, expected) =>
    assert.strictEqual(
      millis({ "x-ratelimit-remaining-requests": "0", "x-ratelimit-reset-requests": reset }),
      expected
    ))

  it("a reset time in seconds or milliseconds since 1970, as gateways send it", () => {
    assert.strictEqual(millis({ "x-ratelimit-remaining": "0", "x-ratelimit-reset": String(now / 1000 + 30) }), 30_000)
    assert.strictEqual(millis({ "x-ratelimit-remaining": "0", "x-ratelimit-reset": String(now + 30_000) }), 30_000)
  })

  it("the longest of the limits that are used up, not of the others", () => {
    const headers = {
      "x-ratelimit-remaining-requests": "0",
      "x-ratelimit-reset-requests": "2s",
      "x-ratelimit-remaining-tokens": "0",
      "x-ratelimit-reset-tokens": "5s",
      "x-ratelimit-remaining-images": "3",
      "x-ratelimit-reset-images": "1h"
    }
    assert.strictEqual(millis(headers), 5000)
    assert.strictEqual(millis({ ...headers, "retry-after": "1" }), 1000)
  })

  // platform.claude.com/docs/en/api/rate-limits
  it("Anthropic's names", () =>
    assert.strictEqual(
      millis({
        "anthropic-ratelimit-requests-remaining": "0",
        "anthropic-ratelimit-requests-reset": "2026-01-01T00:00:04Z"
      }),
      4000
    ))
})

describe("ofError", () => {
  it("reads the reason's own wait, and that of errors whose reason has no room for one", () => {
    const wait = (error: AiError.AiError) => {
      const found = RetryAfter.ofError(error)
      return found && Duration.toMillis(found)
    }
    const retryAfter = Duration.seconds(3)
    assert.strictEqual(wait(ProviderError.make(origin, "RateLimited", { retryAfter })), 3000)
    assert.strictEqual(wait(ProviderError.make(origin, "Overloaded", { retryAfter })), 3000)
    assert.strictEqual(wait(ProviderError.make(origin, "Overloaded")), undefined)
    assert.strictEqual(wait(ProviderError.make(origin, "ConnectionFailed", { retryAfter })), undefined)
  })
})
