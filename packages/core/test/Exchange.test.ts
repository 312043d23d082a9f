import { assert, describe, it } from "@effect/vitest"
import * as Exchange from "@llm-layers/core/Exchange"
import * as ProviderError from "@llm-layers/core/ProviderError"
import { Cause, Duration, Effect, Exit, Fiber, Stream } from "effect"
import { TestClock } from "effect/testing"
import { inspect } from "node:util"
import { errors, key, origin, secret } from "./fixtures/acme.ts"

const context: Exchange.Context = {
  origin,
  vendor: errors,
  url: "https://api.acme.test/v1/ask",
  timeout: Duration.minutes(1),
  secrets: [key]
}

const thrown = (error: unknown) => Effect.flip(Exchange.json(context, () => Promise.reject(error)))

const withCode = (code: string, message = "socket") => Object.assign(new Error(message), { code })

describe("what fetch throws", () => {
  it.effect.each(
    [
      ["ECONNREFUSED", "ConnectionFailed"],
      ["ECONNRESET", "ConnectionFailed"],
      ["ENOTFOUND", "ConnectionFailed"],
      ["EAI_AGAIN", "ConnectionFailed"],
      ["CERT_HAS_EXPIRED", "ConnectionFailed"],
      ["UND_ERR_SOCKET", "ConnectionFailed"],
      ["UND_ERR_CONNECT_TIMEOUT", "TimedOut"],
      ["UND_ERR_HEADERS_TIMEOUT", "TimedOut"],
      ["UND_ERR_BODY_TIMEOUT", "TimedOut"],
      ["ETIMEDOUT", "TimedOut"]
    ] as const
  )("%s is %s, however deep it lies", ([code, kind]) =>
    Effect.gen(function*() {
      const deep = new TypeError("fetch failed", { cause: withCode(code) })
      for (const error of [withCode(code), deep, new Error("of an SDK", { cause: deep })]) {
        const failed = yield* thrown(error)
        assert.strictEqual(ProviderError.kindOf(failed), kind)
        assert.strictEqual(failed.isRetryable, true)
        assert.include(failed.message, code)
        assert.include(failed.message, "socket")
      }
    }))

  it.effect("without a code is the network's where it is a TypeError, else unknown", () =>
    Effect.gen(function*() {
      assert.strictEqual(ProviderError.kindOf(yield* thrown(new TypeError("terminated"))), "ConnectionFailed")
      const unknown = yield* thrown(new Error("bug in a wrapper"))
      assert.strictEqual(ProviderError.kindOf(unknown), "Unknown")
      assert.strictEqual(unknown.isRetryable, false)
      assert.include(unknown.message, "bug in a wrapper")
      assert.strictEqual(ProviderError.kindOf(yield* thrown("just text")), "Unknown")
    }))

  it.effect("loses the key, in message and cause", () =>
    Effect.gen(function*() {
      const error = Object.assign(new TypeError(`bad header ${secret}`), { request: { headers: { key: secret } } })
      const failed = yield* thrown(error)
      assert.notInclude(inspect(failed, { depth: 20, showHidden: true }), secret)
      assert.notInclude(inspect(failed.reason.cause, { depth: 20, showHidden: true }), secret)
    }))

  it.effect("while the request is made is an error, too", () =>
    Effect.gen(function*() {
      const send = () => {
        throw new TypeError("no such URL")
      }
      assert.strictEqual(ProviderError.kindOf(yield* Effect.flip(Exchange.json(context, send))), "ConnectionFailed")
      assert.strictEqual(
        ProviderError.kindOf(yield* Effect.flip(Effect.scoped(Exchange.events(context, send)))),
        "ConnectionFailed"
      )
    }))
})

describe("interruption", () => {
  for (const way of ["json", "events"] as const) {
    it.effect(`tells the request: ${way}`, () =>
      Effect.gen(function*() {
        let signal: AbortSignal | undefined
        const send: Exchange.Send = (given) => {
          signal = given
          return new Promise((_, reject) => given.addEventListener("abort", () => reject(given.reason)))
        }
        const call: Effect.Effect<void, unknown> = way === "json"
          ? Effect.asVoid(Exchange.json(context, send))
          : Effect.asVoid(Effect.scoped(Exchange.events(context, send)))
        const running = yield* Effect.forkChild(call)
        yield* Effect.yieldNow
        assert.isFalse(signal?.aborted)
        running.interruptUnsafe()
        const exit = yield* Effect.promise(() =>
          new Promise<Exit.Exit<void, unknown>>((resolve) => {
            running.addObserver(resolve)
          })
        )
        assert.isTrue(Exit.isFailure(exit) && Cause.hasInterruptsOnly(exit.cause))
        assert.isTrue(signal?.aborted)
      }))
  }
})

describe("events", () => {
  it.effect("that time out tell the request, although their scope stays open", () =>
    Effect.scoped(Effect.gen(function*() {
      let signal: AbortSignal | undefined
      const send: Exchange.Send = (given) => {
        signal = given
        return new Promise((_, reject) => given.addEventListener("abort", () => reject(given.reason)))
      }
      const running = yield* Effect.forkChild(Effect.flip(Exchange.events(context, send)))
      yield* TestClock.adjust("1 minute")
      assert.strictEqual(ProviderError.kindOf(yield* Fiber.join(running)), "TimedOut")
      assert.isTrue(signal?.aborted)
    })))

  it.effect("can be read to their end, and the request is told when the scope closes", () =>
    Effect.gen(function*() {
      let signal: AbortSignal | undefined
      const send: Exchange.Send = async (given) => {
        signal = given
        return new Response("data: 1\n\ndata: 2\n\n", { headers: { "x-request-id": "r" } })
      }
      const seen = yield* Effect.scoped(Effect.gen(function*() {
        const answer = yield* Exchange.events(context, send)
        assert.strictEqual(answer.headers["x-request-id"], "r")
        const events = yield* Stream.runCollect(answer.events)
        assert.isFalse(signal?.aborted)
        return events
      }))
      assert.deepStrictEqual(seen.map((event) => event.data), [1, 2])
      assert.isTrue(signal?.aborted)
    }))
})

describe("text", () => {
  it.effect("is the whole answer, whatever it is, unless its status is an error", () =>
    Effect.gen(function*() {
      assert.strictEqual(yield* Exchange.text(context, async () => new Response(null, { status: 204 })), "")
      assert.strictEqual(yield* Exchange.text(context, async () => new Response("<ok/>")), "<ok/>")
      const refused = Exchange.text(context, async () => new Response(`<no>${secret}</no>`, { status: 403 }))
      const error = yield* Effect.flip(refused)
      assert.strictEqual(ProviderError.kindOf(error), "AuthenticationFailed")
      assert.notInclude(inspect(error, { depth: 20 }), secret)
    }))
})

describe("eventError", () => {
  it("has when to come back, where the head of the answer said so", () => {
    const error = Exchange.eventError(context, 0, { error: { message: "m" } }, { "retry-after": "2" })
    assert.include(JSON.stringify(error), "\"retryAfterMillis\":2000")
  })
})
