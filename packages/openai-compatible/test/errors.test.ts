import { assert, describe, it } from "@effect/vitest"
import * as ProviderError from "@llm-layers/core/ProviderError"
import { errors } from "../src/internal/errors.ts"

const origin = { provider: "acme", module: "AcmeLanguageModel", method: "generateText" }

const failure = (status: number | undefined, body: unknown) =>
  ProviderError.fromFailure(
    origin,
    errors,
    { status, headers: {}, body: JSON.stringify(body), method: "POST", url: "http://localhost/v1/chat/completions" },
    0
  )

const kind = (status: number | undefined, body: unknown) => ProviderError.kindOf(failure(status, body))

describe("errors of the dialect", () => {
  it("OpenAI's: the code decides, the parameter is kept", () => {
    const error = (code: string, param: string | null = null) => ({
      error: { message: "No.", type: "invalid_request_error", param, code }
    })
    assert.strictEqual(kind(400, error("context_length_exceeded", "messages")), "ContextOverflow")
    assert.strictEqual(kind(429, error("insufficient_quota")), "QuotaExhausted")
    assert.strictEqual(kind(429, error("rate_limit_exceeded")), "RateLimited")
    assert.strictEqual(kind(401, error("invalid_api_key")), "AuthenticationFailed")
    assert.strictEqual(kind(404, error("model_not_found")), "ModelNotFound")
    assert.strictEqual(kind(400, error("content_filter")), "ContentRefused")
    assert.strictEqual(kind(undefined, error("server_error")), "ProviderFailed")
    assert.strictEqual(kind(500, error("server_error")), "ProviderFailed")
    const { reason } = failure(400, error("unsupported_value", "messages[0].role"))
    assert.strictEqual(reason._tag === "InvalidRequestError" ? reason.parameter : undefined, "messages[0].role")
  })

  it("a wrong request may be told of inside a stream, with a code nobody knows or none", () => {
    const error = (code: string | null) => ({ error: { message: "No.", type: "invalid_request_error", code } })
    assert.strictEqual(kind(undefined, error(null)), "InvalidRequest")
    assert.strictEqual(kind(undefined, error("unheard_of")), "InvalidRequest")
    assert.strictEqual(kind(undefined, error("rate_limit_exceeded")), "RateLimited")
    assert.strictEqual(kind(500, error(null)), "ProviderFailed")
  })

  it("a status that says more than `server_error` decides", () => {
    const busy = { error: { message: "The engine is currently overloaded.", type: "server_error", code: null } }
    assert.strictEqual(kind(503, busy), "Overloaded")
    assert.strictEqual(kind(504, busy), "TimedOut")
    assert.strictEqual(kind(500, busy), "ProviderFailed")
  })

  it("a key that is wrong, and one that was right", () => {
    const what = (message: string) => {
      const { reason } = failure(401, { error: { message, code: "invalid_api_key" } })
      return reason._tag === "AuthenticationError" ? reason.kind : reason._tag
    }
    assert.strictEqual(what("Incorrect API key provided."), "InvalidKey")
    assert.strictEqual(what("Your API key has expired."), "ExpiredKey")
  })

  it("a text that is too long is an overflow, an id that is too long is a wrong request", () => {
    const error = (param: string) => ({ error: { message: "string too long", param, code: "string_above_max_length" } })
    assert.strictEqual(kind(400, error("messages[0].content")), "ContextOverflow")
    assert.strictEqual(kind(400, error("messages[1].tool_calls[0].id")), "InvalidRequest")
  })

  it("other servers' forms", () => {
    assert.include(failure(400, { code: "bad", error: "xAI says no" }).message, "xAI says no")
    assert.include(failure(500, { message: "out of memory" }).message, "out of memory")
    assert.include(failure(422, { detail: "field required" }).message, "field required")
    assert.include(failure(400, [{ error: { code: 400, message: "Google says no" } }]).message, "Google says no")
    assert.strictEqual(
      kind(402, { error: { code: "billing_insufficient_balance", message: "Pay." } }),
      "QuotaExhausted"
    )
    assert.strictEqual(kind(400, { error: { code: 400, message: "a/b is not a valid model ID" } }), "ModelNotFound")
  })

  it("in a stream, a status given as the code counts as one", () => {
    const error = (code: number, message = "Provider returned error", raw?: string) => ({
      error: { code, message, ...(raw === undefined ? undefined : { metadata: { raw } }) }
    })
    assert.strictEqual(kind(undefined, error(429)), "RateLimited")
    assert.strictEqual(kind(undefined, error(402)), "QuotaExhausted")
    assert.strictEqual(kind(undefined, error(503)), "Overloaded")
    assert.strictEqual(
      kind(undefined, error(400, "Bad request", "maximum context length is 8192 tokens")),
      "ContextOverflow"
    )
    assert.strictEqual(kind(undefined, error(12)), "ProviderFailed")
    // A response's own status is not overruled.
    assert.strictEqual(kind(500, error(429)), "ProviderFailed")
  })
})
