import { assert, describe, it } from "@effect/vitest"
import type { ErrorReason } from "../../src/recordings/expectation/Expectation.ts"
import { readOpenAiError } from "../../src/recordings/expectation/openai-errors.ts"
import type { Json } from "../../src/recordings/json.ts"
import { answered } from "./exchange.ts"

const read = (status: number, error: Json, headers: Record<string, string> = {}) =>
  readOpenAiError(answered({ error }, status, headers).response)

describe("readOpenAiError", () => {
  it("goes by the status", () => {
    const table: ReadonlyArray<readonly [number, ErrorReason, boolean]> = [
      [400, "InvalidRequestError", false],
      [401, "AuthenticationError", false],
      [402, "QuotaExhaustedError", false],
      [403, "AuthenticationError", false],
      [404, "InvalidRequestError", false],
      [422, "InvalidRequestError", false],
      [429, "RateLimitError", true],
      [500, "InternalProviderError", true],
      [503, "InternalProviderError", true]
    ]
    for (const [status, reason, retryable] of table) {
      assert.deepInclude(read(status, { message: "m" }), { reasons: [reason], retryable })
    }
  })

  it("lets the code say more than the status", () => {
    assert.deepInclude(read(429, { code: "insufficient_quota" }), {
      reasons: ["QuotaExhaustedError"],
      retryable: false
    })
    assert.deepInclude(read(400, { code: "content_policy_violation" }), { reasons: ["ContentPolicyError"] })
  })

  it("reads the wait", () => {
    assert.strictEqual(read(429, {}, { "retry-after": "2" }).retryAfterMillis, 2000)
    assert.strictEqual(read(429, {}, { "retry-after-ms": "150", "retry-after": "2" }).retryAfterMillis, 150)
    assert.strictEqual(read(429, {}, { "retry-after": "Wed, 21 Oct 2015 07:28:00 GMT" }).retryAfterMillis, 0)
    const limits = { "x-ratelimit-remaining-requests": "0", "x-ratelimit-reset-requests": "1m0.5s" }
    assert.strictEqual(read(429, {}, limits).retryAfterMillis, 60_500)
    assert.isUndefined(read(429, {}, { ...limits, "x-ratelimit-remaining-requests": "1" }).retryAfterMillis)
  })

  it("hears what the vendor says, but for keys", () => {
    assert.deepStrictEqual(
      read(401, { message: "Incorrect key sk-abc***def given. See the site.", code: "invalid_api_key", param: null })
        .said,
      ["Incorrect key", "given. See the site.", "invalid_api_key"]
    )
  })

  it("reads errors that are a text or a list", () => {
    const text = { ...answered({ error: "slow down", code: "rate_limit_exceeded" }, 429).response }
    assert.deepInclude(readOpenAiError(text), {
      reasons: ["RateLimitError"],
      said: ["slow down", "rate_limit_exceeded"]
    })
    const list = answered([{ error: { code: "insufficient_quota" } }], 429).response
    assert.deepInclude(readOpenAiError(list), { reasons: ["QuotaExhaustedError"] })
  })

  it("reads a body that is no JSON by its status", () => {
    const html = { ...answered({}, 502).response, body: "<html>bad gateway</html>" }
    assert.deepInclude(readOpenAiError(html), { reasons: ["InternalProviderError"], retryable: true })
  })
})
