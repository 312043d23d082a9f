import { assert, describe, it, vi } from "@effect/vitest"
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

describe("the process's own environment", () => {
  const variables = {
    ANTHROPIC_API_KEY: "env-1",
    ANTHROPIC_AUTH_TOKEN: "env-2",
    ANTHROPIC_BASE_URL: "https://env.test",
    ANTHROPIC_LOG: "debug",
    ANTHROPIC_PROFILE: "env-3",
    ANTHROPIC_OPEN_TELEMETRY: "true",
    ANTHROPIC_CUSTOM_HEADERS: "x-env: env-4\nAccept: text/env\nX-Api-Key: env-5\nno name: env-6"
  }

  it.effect("has no part in a request", () =>
    Effect.gen(function*() {
      const { fetch, sent } = stub(json(message([])), json(message([])))
      yield* Effect.provide(ask, layer(fetch))
      for (const [name, value] of Object.entries(variables)) vi.stubEnv(name, value)
      yield* Effect.addFinalizer(() => Effect.sync(() => vi.unstubAllEnvs()))
      const logged = vi.spyOn(console, "debug")
      yield* Effect.provide(ask, layer(fetch))
      assert.lengthOf(sent, 2)
      assert.strictEqual(sent[1]?.url, sent[0]?.url)
      assert.deepStrictEqual([...sent[1]?.headers ?? []], [...sent[0]?.headers ?? []])
      assert.strictEqual(process.env["ANTHROPIC_CUSTOM_HEADERS"], variables.ANTHROPIC_CUSTOM_HEADERS)
      assert.lengthOf(logged.mock.calls, 0)
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
