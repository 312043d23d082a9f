import { assert, describe, it } from "@effect/vitest"
import * as Capability from "@llm-layers/core/Capability"
import * as Connection from "@llm-layers/core/Connection"
import * as Driver from "@llm-layers/core/Driver"
import type * as ErrorKind from "@llm-layers/core/ErrorKind"
import * as ProviderError from "@llm-layers/core/ProviderError"
import * as RetryAfter from "@llm-layers/core/RetryAfter"
import * as ToolParameters from "@llm-layers/core/ToolParameters"
import * as Usage from "@llm-layers/core/Usage"
import * as LoopbackServer from "@llm-layers/testing/LoopbackServer"
import * as PolicyLaws from "@llm-layers/testing/PolicyLaws"
import { Duration, Effect, Exit, Redacted, Stream } from "effect"
import { LanguageModel } from "effect/ai"
import { TestClock } from "effect/testing"
import { inspect } from "node:util"
import * as KeyRotation from "../src/KeyRotation.ts"

const key = (name: string) => Redacted.make(`secret-${name}`)
const origin = { provider: "acme", module: "AcmeLanguageModel", method: "generateText" }

PolicyLaws.suite(
  "KeyRotation",
  () => (driver) => Effect.flatMap(KeyRotation.pool([key("a"), key("b")]), (pool) => KeyRotation.make(pool)(driver)),
  { asksAgainAfter: ["AuthenticationFailed", "QuotaExhausted"] }
)

type Failing = { readonly [name: string]: ErrorKind.Name | readonly [ErrorKind.Name, Duration.Duration] | undefined }

/** A model whose keys fail as said, and the keys it was asked with. */
const acme = (pool: KeyRotation.KeyPool, failing: Failing) => {
  const used: Array<string> = []
  const begin = Effect.gen(function*() {
    const name = Redacted.value(yield* pool.apiKey).replace("secret-", "")
    used.push(name)
    const given = failing[name]
    if (given === undefined) return
    const [kind, retryAfter] = typeof given === "string" ? [given, undefined] : given
    return yield* ProviderError.make(origin, kind, { retryAfter })
  })
  const finish = { type: "finish", reason: "stop", usage: Usage.unknown } as const
  const driver: Driver.Driver = {
    provider: "acme",
    module: "AcmeLanguageModel",
    model: "acme-1",
    capabilities: Capability.all,
    codecTransformer: ToolParameters.plain,
    generateText: () => Effect.as(begin, [{ type: "text", text: "Hi." }, finish]),
    streamText: () =>
      Stream.concat(
        Stream.drain(Stream.fromEffect(begin)),
        Stream.make(
          { type: "text-start", id: "0" },
          { type: "text-delta", id: "0", delta: "Hi." },
          { type: "text-end", id: "0" },
          finish
        )
      )
  }
  return { used, model: Driver.layer(Effect.succeed(driver), KeyRotation.make(pool)) }
}

const ask = LanguageModel.generateText({ prompt: "Hello" })
const askStreamed = Stream.runDrain(LanguageModel.streamText({ prompt: "Hello" }))

describe("keys", () => {
  it.effect("take turns by their weight", () =>
    Effect.gen(function*() {
      const pool = yield* KeyRotation.pool([{ key: key("a"), weight: 3 }, key("b")])
      const { model, used } = acme(pool, {})
      yield* Effect.provide(Effect.repeat(ask, { times: 7 }), model)
      assert.deepStrictEqual(used, ["a", "a", "b", "a", "a", "a", "b", "a"])
    }))

  it.effect("that are refused, or have no credit, are out for a while; the next is asked at once", () =>
    Effect.gen(function*() {
      for (const kind of ["AuthenticationFailed", "QuotaExhausted"] as const) {
        for (const call of [ask, askStreamed]) {
          const pool = yield* KeyRotation.pool([key("a"), { key: key("b"), name: "spare" }], {
            refusedFor: "5 minutes"
          })
          const { model, used } = acme(pool, { a: kind })
          const run = Effect.provide(call, model)
          yield* run
          yield* run
          const states = yield* pool.states
          assert.deepStrictEqual(states.map(({ name, out }) => [name, out?.kind]), [["key 1", kind], [
            "spare",
            undefined
          ]])
          yield* TestClock.adjust("299 seconds")
          yield* run
          assert.deepStrictEqual(used, ["a", "b", "b", "b"])
          yield* TestClock.adjust("1 second")
          yield* run
          yield* run
          assert.deepStrictEqual(used.slice(4), ["b", "a", "b"])
        }
      }
    }))

  it.effect("that are limited wait as long as they are told, or for the default", () =>
    Effect.gen(function*() {
      const pool = yield* KeyRotation.pool([key("a"), key("b")], { limitedFor: "20 seconds" })
      const { model } = acme(pool, { a: ["RateLimited", Duration.seconds(7)], b: "RateLimited" })
      const error = yield* Effect.flip(Effect.provide(ask, model))
      const states = yield* pool.states
      assert.deepStrictEqual(states.map(({ out }) => out?.until.getTime()), [7000, 20_000])
      // The error is that of the key that is back first.
      assert.deepStrictEqual(error.retryAfter, Duration.seconds(7))
      yield* TestClock.adjust("2 seconds")
      const later = yield* Effect.flip(Effect.provide(ask, model))
      assert.strictEqual(ProviderError.kindOf(later), "RateLimited")
      assert.deepStrictEqual(RetryAfter.ofError(later), Duration.seconds(5))
    }))

  it.effect("keep their longer time where two calls fail with one", () =>
    Effect.gen(function*() {
      const pool = yield* KeyRotation.pool([key("a")])
      let calls = 0
      const waits = [60, 1]
      const { model } = acme(pool, {
        get a() {
          return ["RateLimited", Duration.seconds(waits[calls++] ?? 1)] as const
        }
      })
      yield* Effect.all([Effect.flip(ask), Effect.flip(ask)], { concurrency: 2 }).pipe(Effect.provide(model))
      const [state] = yield* pool.states
      assert.strictEqual(state?.out?.until.getTime(), 60_000)
    }))

  it.effect("stay in when the failure is not theirs, which passes as it is", () =>
    Effect.gen(function*() {
      for (const kind of ["Overloaded", "ProviderFailed", "InvalidRequest", "ConnectionFailed"] as const) {
        const pool = yield* KeyRotation.pool([key("a"), key("b")])
        const { model, used } = acme(pool, { a: kind })
        const error = yield* Effect.flip(Effect.provide(ask, model))
        assert.strictEqual(ProviderError.kindOf(error), kind)
        assert.deepStrictEqual(used, ["a"])
        assert.isTrue((yield* pool.states).every(({ out }) => out === undefined))
      }
    }))

  it.effect("are asked no more when all are out, until one is back", () =>
    Effect.gen(function*() {
      const pool = yield* KeyRotation.pool([key("a"), key("b")])
      const { model, used } = acme(pool, { a: "AuthenticationFailed", b: "QuotaExhausted" })
      yield* Effect.flip(Effect.provide(ask, model))
      const error = yield* Effect.flip(Effect.provide(ask, model))
      assert.deepStrictEqual(used, ["a", "b"])
      assert.strictEqual(ProviderError.kindOf(error), "AuthenticationFailed")
      assert.deepStrictEqual(RetryAfter.ofError(error), Duration.minutes(10))
      assert.strictEqual((yield* Effect.flip(pool.apiKey)).reason._tag, "AuthenticationError")
    }))

  it.effect("are in again when the clock is put back", () =>
    Effect.gen(function*() {
      yield* TestClock.setTime(Duration.toMillis(Duration.days(2)))
      const pool = yield* KeyRotation.pool([key("a")])
      const { model, used } = acme(pool, { a: "AuthenticationFailed" })
      yield* Effect.flip(Effect.provide(ask, model))
      yield* TestClock.setTime(Duration.toMillis(Duration.days(1)))
      yield* Effect.flip(Effect.provide(ask, model))
      assert.deepStrictEqual(used, ["a", "a"])
    }))

  it.effect("take turns without the policy as well", () =>
    Effect.gen(function*() {
      const pool = yield* KeyRotation.pool([key("a"), key("b")])
      const picked = yield* Effect.all([pool.apiKey, pool.apiKey, pool.apiKey])
      assert.deepStrictEqual(picked.map(Redacted.value), ["secret-a", "secret-b", "secret-a"])
    }))

  it.effect("appear nowhere", () =>
    Effect.gen(function*() {
      const pool = yield* KeyRotation.pool([{ key: key("a"), name: "first" }, key("b")])
      const { model } = acme(pool, { a: "AuthenticationFailed", b: "RateLimited" })
      const exit = yield* Effect.exit(Effect.provide(ask, model))
      assert.isTrue(Exit.isFailure(exit))
      const shown = [pool, KeyRotation.make(pool), exit, yield* pool.states].flatMap((one) => [
        inspect(one, { depth: 20, showHidden: true }),
        JSON.stringify(one)
      ])
      assert.deepStrictEqual(shown.filter((text) => text?.includes("secret-")), [])
    }))
})

describe("options that cannot be used", () => {
  it.effect("are told by each call", () =>
    Effect.gen(function*() {
      for (
        const [pool, parameter] of [
          [KeyRotation.pool([{ key: key("a"), weight: 0 }]), "weight"],
          [KeyRotation.pool([{ key: key("a"), weight: Number.NaN }]), "weight"],
          [KeyRotation.pool([key("a")], { refusedFor: -1 }), "refusedFor"],
          [KeyRotation.pool([key("a")], { limitedFor: 0 }), "limitedFor"],
          [Effect.succeed({ apiKey: Effect.succeed(key("a")), states: Effect.succeed([]) }), "pool"]
        ] as const
      ) {
        const { model, used } = acme(yield* pool, {})
        const error = yield* Effect.flip(Effect.provide(ask, model))
        assert.strictEqual(ProviderError.kindOf(error), "Unsupported")
        assert.strictEqual("parameter" in error.reason && error.reason.parameter, parameter)
        assert.deepStrictEqual(used, [])
      }
    }))
})

describe("over a connection", () => {
  it.live("the key of each request is the pool's choice", () =>
    Effect.gen(function*() {
      const server = yield* LoopbackServer.make(({ headers }) =>
        headers.authorization === "Bearer secret-a" ? { status: 401, body: "{}" } : { body: `{"ok":true}` }
      )
      const pool = yield* KeyRotation.pool([key("a"), key("b")])
      const connection = yield* Connection.make({ apiKey: pool.apiKey, baseUrl: server.url }, {
        baseUrl: server.url,
        errors: { rows: [], decodeError: () => ({}) },
        keyHeaders: (key) => ({ authorization: `Bearer ${key}` })
      })
      const answer = connection.json({ origin, path: "/ask", body: {} })
      const finish = { type: "finish", reason: "stop", usage: Usage.unknown } as const
      const driver: Driver.Driver = {
        provider: "acme",
        module: "AcmeLanguageModel",
        model: "acme-1",
        capabilities: Capability.all,
        codecTransformer: ToolParameters.plain,
        generateText: () => Effect.map(answer, ({ json }) => [{ type: "text", text: JSON.stringify(json) }, finish]),
        streamText: () => Stream.empty
      }
      const model = Driver.layer(Effect.succeed(driver), KeyRotation.make(pool))
      yield* Effect.provide(ask, model)
      yield* Effect.provide(ask, model)
      assert.deepStrictEqual((yield* server.requests).map(({ headers }) => headers.authorization), [
        "Bearer secret-a",
        "Bearer secret-b",
        "Bearer secret-b"
      ])
    }).pipe(Effect.scoped))
})
