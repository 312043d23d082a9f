import { assert, describe, it } from "@effect/vitest"
import * as ProviderError from "@llm-layers/core/ProviderError"
import { Duration } from "effect"
import { errors } from "../src/internal/errors.ts"
import { error } from "./fixtures/failures.ts"

const origin = { provider: "openrouter", module: "OpenRouterLanguageModel", method: "generateText" }
const now = Date.parse("2026-01-01T00:00:00Z")

const failed = (status: number | undefined, body: unknown) =>
  ProviderError.fromFailure(
    origin,
    errors,
    { status, headers: {}, body: JSON.stringify(body), method: "POST", url: "https://openrouter.ai" },
    now
  )

const saidOf = (failure: ReturnType<typeof failed>) =>
  "metadata" in failure.reason ? Object(failure.reason.metadata)["openrouter"] : undefined

describe("what the upstream said", () => {
  it("is in the message and in the metadata, and its code decides", () => {
    const raw = { error: { message: "too much", code: "context_length_exceeded", param: "messages" } }
    const failure = failed(
      400,
      error(400, "Provider returned error", { raw: JSON.stringify(raw), provider_name: "OpenAI" })
    )
    assert.strictEqual(ProviderError.kindOf(failure), "ContextOverflow")
    assert.include(failure.message, "too much")
    assert.deepInclude(saidOf(failure), { upstream: "OpenAI", raw, code: "context_length_exceeded" })
  })

  it("may be a text, a number as its code, or nothing", () => {
    const text = failed(429, error(429, "Provider returned error", { raw: "acme/x is limited", provider_name: "Acme" }))
    assert.strictEqual(ProviderError.kindOf(text), "RateLimited")
    assert.deepInclude(saidOf(text), { upstream: "Acme", raw: "acme/x is limited" })
    const numbered = failed(502, error(502, "Bad", { raw: `{"error":{"code":500,"message":"broke"}}` }))
    assert.strictEqual(saidOf(numbered).code, "502")
    for (const metadata of [{}, { raw: null }, { raw: 7, provider_name: 7, headers: "x", reasons: "y" }]) {
      assert.strictEqual(ProviderError.kindOf(failed(502, error(502, "Bad", metadata))), "ProviderFailed")
    }
  })
})

describe("refusals", () => {
  it("a flagged prompt: why, and which part of it", () => {
    const failure = failed(
      403,
      error(403, "Flagged", { reasons: ["violence", "hate"], flagged_input: "Kill …", model_slug: "acme/x" })
    )
    assert.strictEqual(failure.reason._tag, "ContentPolicyError")
    assert.deepInclude(saidOf(failure), { reasons: ["violence", "hate"], flaggedInput: "Kill …", model: "acme/x" })
  })

  it("a status 403 without reasons is a matter of the key", () => {
    assert.strictEqual(ProviderError.kindOf(failed(403, error(403, "Not allowed"))), "AuthenticationFailed")
    assert.strictEqual(ProviderError.kindOf(failed(403, error(403, "Key limit exceeded"))), "QuotaExhausted")
  })
})

describe("limits", () => {
  it("the headers in the body say how long to wait", () => {
    const headers = {
      "X-RateLimit-Limit": "50",
      "X-RateLimit-Remaining": "0",
      "X-RateLimit-Reset": String(now + 4_000)
    }
    const failure = failed(429, error(429, "Rate limit exceeded: free-models-per-day", { headers }))
    assert.strictEqual(ProviderError.kindOf(failure), "RateLimited")
    assert.deepStrictEqual(failure.retryAfter, Duration.seconds(4))
  })
})

describe("no upstream", () => {
  it.each([
    ["No endpoints found that support tool use.", "InvalidRequest"],
    ["No endpoints found matching your data policy.", "InvalidRequest"],
    ["No allowed providers are available for the selected model.", "InvalidRequest"],
    ["No endpoints found for acme/none.", "ModelNotFound"]
  ])("%s", (message, kind) => assert.strictEqual(ProviderError.kindOf(failed(404, error(404, message))), kind))
})

describe("inside a stream", () => {
  it.each([
    ["provider_overloaded", "Overloaded"],
    ["rate_limit_exceeded", "RateLimited"],
    ["content_policy_violation", "ContentRefused"],
    ["payment_required", "QuotaExhausted"],
    ["token_limit_exceeded", "ContextOverflow"],
    ["timeout", "TimedOut"],
    ["server", "ProviderFailed"]
  ])("the type %s", (type, kind) =>
    // Its code is the status where it is a number.
    assert.strictEqual(
      ProviderError.kindOf(failed(undefined, error("server_error_x", "Broke off", { error_type: type }))),
      kind
    ))
})
