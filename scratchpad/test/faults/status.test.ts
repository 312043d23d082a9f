import { assert, describe, it } from "@effect/vitest"
import { ProviderError } from "@llm-layers/core"
import { Duration, Effect } from "effect"
import { watchRejections } from "./rejections.ts"
import { cases, failing, secret } from "./run.ts"
import { rejectionsOf } from "./said.ts"

watchRejections()

describe.each(cases)("$name", (one) => {
  describe("an error status", () => {
    for (const { expected, failed, headers, name, status } of rejectionsOf(one.wire)) {
      it.effect(`${status}: ${name}`, () =>
        Effect.gen(function*() {
          const { error, parts } = yield* failing(one, {
            status,
            // A server that repeats the key, as OpenAI's does in part.
            headers: { "x-request-id": "req_1", "x-echo": secret, ...headers },
            body: one.wire.error({ ...failed, message: `${failed.message} (${secret})` })
          })
          assert.lengthOf(parts, 0)
          assert.strictEqual(ProviderError.kindOf(error), expected.kind)
          assert.strictEqual(error.reason._tag, expected.tag)
          assert.strictEqual(error.isRetryable, expected.retryable)
          assert.strictEqual(error.module, one.wire.module)
          assert.strictEqual(error.method, one.way)
          assert.deepStrictEqual(
            error.retryAfter === undefined ? undefined : Duration.toMillis(error.retryAfter),
            expected.retryAfter
          )
          if (error.reason._tag === "AuthenticationError") {
            assert.strictEqual(error.reason.kind, expected.authentication)
          }
          // What the vendor said, and the id its support asks for, are kept.
          const said = JSON.stringify(error)
          assert.include(said, JSON.stringify(failed.message).slice(1, -1))
          assert.include(said, "req_1")
          const http = "http" in error.reason ? error.reason.http : undefined
          assert.strictEqual(http?.response?.status, status)
        }))
    }

    it.effect("502 with a page of a proxy", () =>
      Effect.gen(function*() {
        const { error } = yield* failing(one, {
          status: 502,
          headers: { "content-type": "text/html" },
          body: `<!DOCTYPE html><html><body><h1>502 Bad Gateway</h1>${secret}</body></html>`
        })
        assert.strictEqual(ProviderError.kindOf(error), "ProviderFailed")
        assert.strictEqual(error.isRetryable, true)
        assert.include(error.message, "a page instead of the vendor's error")
      }))

    it.effect("500 with an empty body", () =>
      Effect.gen(function*() {
        const { error } = yield* failing(one, { status: 500 })
        assert.strictEqual(ProviderError.kindOf(error), "ProviderFailed")
        assert.include(error.message, "HTTP 500 with an empty body")
      }))

    it.effect("429 whose body is cut short", () =>
      Effect.gen(function*() {
        for (const end of ["complete", "cut"] as const) {
          const { error } = yield* failing(one, {
            status: 429,
            headers: { "retry-after": "3" },
            body: one.wire.error({ message: "slow down" }),
            bytes: 20,
            end
          })
          assert.strictEqual(ProviderError.kindOf(error), "RateLimited")
          assert.deepStrictEqual(error.retryAfter, Duration.seconds(3))
        }
      }))
  })
})
