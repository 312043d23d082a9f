import { assert, describe, it } from "@effect/vitest"
import * as ProviderError from "@llm-layers/core/ProviderError"
import { ConfigProvider, Effect, Layer, Redacted } from "effect"
import { LanguageModel } from "effect/ai"
import * as AnthropicClient from "../src/AnthropicClient.ts"
import * as AnthropicLanguageModel from "../src/AnthropicLanguageModel.ts"
import { message } from "./fixtures/events.ts"
import { json, layer, stub } from "./fixtures/stub.ts"

const ask = LanguageModel.generateText({ prompt: "Hi" })
const env = (values: { readonly [name: string]: string }) =>
  ConfigProvider.layer(ConfigProvider.fromEnv({ env: values }))

describe("layerConfig", () => {
  it.effect("reads key and address from the environment", () =>
    Effect.gen(function*() {
      const { fetch, sent } = stub(json(message([])))
      const model = AnthropicLanguageModel.layer("claude-sonnet-5-5").pipe(
        Layer.provide(AnthropicClient.layerConfig({ fetch })),
        Layer.provide(env({ ANTHROPIC_API_KEY: "from-env", ANTHROPIC_BASE_URL: "https://proxy.example/a/" }))
      )
      yield* Effect.provide(ask, model)
      assert.strictEqual(sent[0]?.url, "https://proxy.example/a/v1/messages")
      assert.strictEqual(sent[0]?.headers.get("authorization"), "Bearer from-env")
    }))

  it.effect("names the variable that is missing or empty", () =>
    Effect.gen(function*() {
      for (const values of [{}, { ANTHROPIC_API_KEY: "" }]) {
        const error = yield* AnthropicClient.AnthropicClient.pipe(
          Effect.provide(AnthropicClient.layerConfig()),
          Effect.provide(env(values)),
          Effect.flip
        )
        assert.include(String(error), "ANTHROPIC_API_KEY")
      }
    }))
})

describe("the key", () => {
  it.effect("may be read for each request, and never is in an error", () =>
    Effect.gen(function*() {
      const keys = ["sk-ant-first-key", "sk-ant-second-key"]
      const apiKey = Effect.sync(() => Redacted.make(keys.shift() ?? ""))
      const refused = json(
        { type: "error", error: { type: "authentication_error", message: "invalid key sk-ant-second-key" } },
        { status: 401 }
      )
      const { fetch, sent } = stub(json(message([])), refused)
      const model = layer(fetch, "claude-sonnet-5-5", {}, { apiKey })
      const error = yield* Effect.provide(Effect.andThen(ask, Effect.flip(ask)), model)
      assert.deepStrictEqual(sent.map((request) => request.headers.get("authorization")), [
        "Bearer sk-ant-first-key",
        "Bearer sk-ant-second-key"
      ])
      assert.strictEqual(ProviderError.kindOf(error), "AuthenticationFailed")
      assert.notInclude(JSON.stringify(error) + String(error), "second-key")
    }))
})

describe("errors", () => {
  const failing = (status: number, type: string, text: string, details: object = {}) =>
    Effect.gen(function*() {
      const { fetch } = stub(json({ type: "error", error: { type, message: text, ...details } }, { status }))
      return yield* Effect.provide(Effect.flip(ask), layer(fetch))
    })

  // platform.claude.com/docs/en/api/errors
  it.effect("by type and status", () =>
    Effect.gen(function*() {
      const cases = [
        [400, "invalid_request_error", "max_tokens: too large", "InvalidRequest", false],
        [400, "invalid_request_error", "prompt is too long: 210000 tokens > 200000 maximum", "ContextOverflow", false],
        [400, "invalid_request_error", "Your credit balance is too low", "QuotaExhausted", false],
        [401, "authentication_error", "invalid x-api-key", "AuthenticationFailed", false],
        [402, "billing_error", "Payment required", "QuotaExhausted", false],
        [403, "permission_error", "not allowed", "AuthenticationFailed", false],
        [404, "not_found_error", "model: claude-of-yore", "ModelNotFound", false],
        [413, "request_too_large", "too large", "RequestTooLarge", false],
        [429, "rate_limit_error", "slow down", "RateLimited", true],
        [500, "api_error", "oops", "ProviderFailed", true],
        [504, "timeout_error", "timed out", "TimedOut", true],
        [529, "overloaded_error", "Overloaded", "Overloaded", true]
      ] as const
      for (const [status, type, text, kind, retryable] of cases) {
        const error = yield* failing(status, type, text)
        assert.strictEqual(ProviderError.kindOf(error), kind, text)
        assert.strictEqual(error.isRetryable, retryable, text)
      }
    }))

  it.effect("a spend limit comes as 429 and is no rate limit", () =>
    Effect.gen(function*() {
      const error = yield* failing(429, "rate_limit_error", "spend limit", {
        details: { error_code: "enforced_spend_limit_reached" }
      })
      assert.strictEqual(ProviderError.kindOf(error), "QuotaExhausted")
      assert.isFalse(error.isRetryable)
    }))
})
