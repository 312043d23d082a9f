import { assert, describe, it } from "@effect/vitest"
import { AnthropicClient, AnthropicLanguageModel } from "@llm-layers/anthropic"
import { ProviderError } from "@llm-layers/core"
import { OpenAiClient, OpenAiLanguageModel } from "@llm-layers/openai"
import { LoopbackServer } from "@llm-layers/testing"
import { ConfigProvider, Deferred, Duration, Effect, Fiber, Layer, Redacted, Stream } from "effect"
import { LanguageModel } from "effect/ai"
import { TestClock } from "effect/testing"
import { watchRejections } from "./rejections.ts"
import { call, cases, eventStream, failing, kept, noSecret, textOf, ways } from "./run.ts"

watchRejections()

const said = { deltas: ["Hel", "lo"] }

describe.each(cases)("$name", (one) => {
  const { way, wire } = one

  it.effect("a connection that is reset", () =>
    Effect.gen(function*() {
      const { error, parts } = yield* failing(one, "reset")
      assert.strictEqual(error.reason._tag, "NetworkError")
      assert.strictEqual(ProviderError.kindOf(error), "ConnectionFailed")
      assert.strictEqual(error.isRetryable, true)
      assert.include(error.message, wire.path)
      assert.lengthOf(parts, 0)
    }))

  it.effect("a host that does not resolve", () =>
    Effect.gen(function*() {
      const { error } = yield* call(one, "http://nonexistent.invalid")
      assert.isDefined(error)
      assert.strictEqual(error.reason._tag, "NetworkError")
      assert.strictEqual(ProviderError.kindOf(error), "ConnectionFailed")
      assert.strictEqual(error.isRetryable, true)
      assert.include(error.message, "nonexistent.invalid")
      noSecret(error)
    }))

  it.effect("a port on which nobody listens", () =>
    Effect.gen(function*() {
      // Closed with its scope, so that its port is free.
      const { url } = yield* Effect.scoped(LoopbackServer.make([]))
      const { error } = yield* call(one, url)
      assert.isDefined(error)
      assert.strictEqual(ProviderError.kindOf(error), "ConnectionFailed")
      assert.include(error.message, "ECONNREFUSED")
      noSecret(error)
    }))

  it.effect("a server that never answers", () =>
    Effect.scoped(Effect.gen(function*() {
      const server = yield* LoopbackServer.make(["silence"])
      const running = yield* Effect.forkChild(call(one, server.url, { client: { timeout: "20 seconds" } }))
      yield* server.received(1)
      yield* TestClock.adjust("19 seconds")
      assert.isUndefined(running.pollUnsafe())
      yield* TestClock.adjust("1 second")
      const { error } = yield* Fiber.join(running)
      assert.isDefined(error)
      assert.strictEqual(error.reason._tag, "InternalProviderError")
      assert.strictEqual(ProviderError.kindOf(error), "TimedOut")
      assert.strictEqual(error.isRetryable, true)
      assert.include(error.message, "20s")
      noSecret(error)
      yield* server.closed
      assert.strictEqual(yield* server.abandoned, 1)
    })))

  it.live("a server that never answers, by the real clock", () =>
    Effect.gen(function*() {
      const { error } = yield* failing(one, "silence", { client: { timeout: Duration.millis(50) } })
      assert.strictEqual(ProviderError.kindOf(error), "TimedOut")
    }))

  it.effect("a server that stops in the middle of its answer", () =>
    Effect.scoped(Effect.gen(function*() {
      const { before } = wire.stream(said)
      const half = way === "generateText" ? [wire.answer(said).slice(0, 30)] : before
      const server = yield* LoopbackServer.make([{ headers: eventStream, body: half, end: "silence" }])
      const last = yield* Deferred.make<void>()
      const running = yield* Effect.forkChild(
        call(
          one,
          server.url,
          { client: { timeout: "20 seconds" } },
          (part) => textOf([part]) === "lo" ? Deferred.succeed(last, undefined) : Effect.void
        )
      )
      yield* way === "generateText" ? server.received(1) : Deferred.await(last)
      yield* TestClock.adjust("20 seconds")
      const { error, parts } = yield* Fiber.join(running)
      assert.isDefined(error)
      assert.strictEqual(ProviderError.kindOf(error), "TimedOut")
      assert.strictEqual(error.isRetryable, true)
      if (way === "streamText") {
        assert.strictEqual(textOf(parts), "Hello")
        assert.strictEqual(textOf(kept(error)), "Hello")
      }
      yield* server.closed
    })))
})

describe("a missing key", () => {
  const empty = ConfigProvider.layer(ConfigProvider.fromEnv({ env: {} }))
  const models = [
    ["OPENAI_API_KEY", Layer.provide(OpenAiLanguageModel.model("gpt-5.1"), OpenAiClient.layerConfig())],
    [
      "ANTHROPIC_API_KEY",
      Layer.provide(AnthropicLanguageModel.model("claude-haiku-5-5"), AnthropicClient.layerConfig())
    ]
  ] as const

  for (const [variable, layer] of models) {
    for (const way of ways) {
      it.effect(`fails the Layer with the name of its variable: ${variable}, ${way}`, () =>
        Effect.gen(function*() {
          const running = way === "generateText"
            ? Effect.asVoid(LanguageModel.generateText({ prompt: "Hello" }))
            : Stream.runDrain(LanguageModel.streamText({ prompt: "Hello" }))
          const error = yield* running.pipe(Effect.provide(layer), Effect.provide(empty), Effect.flip)
          assert.strictEqual(error._tag, "ConfigError")
          assert.include(String(error), variable)
        }))
    }
  }
})

describe.each(cases)("$name: a key that cannot be used", (one) => {
  it.effect("is not sent, and not shown", () =>
    Effect.scoped(Effect.gen(function*() {
      const server = yield* LoopbackServer.make([])
      const { error } = yield* call(one, server.url, { client: { apiKey: Redacted.make("fault+key/\n0123456789") } })
      assert.isDefined(error)
      assert.deepInclude(error.reason, { _tag: "AuthenticationError", kind: "InvalidKey" })
      assert.strictEqual(error.isRetryable, false)
      assert.notInclude(JSON.stringify(error), "0123456789")
      assert.lengthOf(yield* server.requests, 0)
    })))

  it.effect("or cannot be read, is an authentication error", () =>
    Effect.scoped(Effect.gen(function*() {
      const server = yield* LoopbackServer.make([])
      const { error } = yield* call(one, server.url, { client: { apiKey: Effect.fail("vault is sealed") } })
      assert.isDefined(error)
      assert.deepInclude(error.reason, { _tag: "AuthenticationError", kind: "MissingKey" })
      assert.lengthOf(yield* server.requests, 0)
    })))
})
