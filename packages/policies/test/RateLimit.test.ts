import { assert, describe, it } from "@effect/vitest"
import { type Driver, type Policy, ProviderError, RequestObserver, Usage } from "@llm-layers/core"
import * as PolicyLaws from "@llm-layers/testing/PolicyLaws"
import { Deferred, Duration, Effect, Exit, Fiber, Layer, Stream } from "effect"
import type { AiError } from "effect/ai"
import { TestClock } from "effect/testing"
import * as RateLimit from "../src/RateLimit.ts"
import * as RateLimitStore from "../src/RateLimitStore.ts"
import * as Answering from "./fixtures/answering.ts"
import * as Steps from "./fixtures/steps.ts"

PolicyLaws.suite("RateLimit without limits", () => RateLimit.make())
PolicyLaws.suite(
  "RateLimit",
  () => RateLimit.make({ requestsPerMinute: 100, tokensPerMinute: 100_000, concurrency: 10 })
)
PolicyLaws.suite("RateLimit, shared", () => RateLimit.makeShared({ requestsPerMinute: 100 }), {
  layer: RateLimitStore.layerMemory
})

/** The driver under a policy. */
const under = <R>(policy: Policy.Policy<R>, respond?: Parameters<typeof Answering.make>[0]) =>
  Effect.gen(function*() {
    const { asked, driver } = Answering.make(respond)
    return { asked, driver: yield* policy(driver) }
  })

/** Lets what is ready run. */
const turns = Effect.repeat(Effect.yieldNow, { times: 20 })

const used = (input: number, output: number) => Answering.answer(Usage.make({ inputTotal: input, outputTotal: output }))

/** An answer under a head with these headers. */
const headed = (status: number, headers: { readonly [name: string]: string }) =>
  Effect.withFiber<void>((fiber) => {
    for (const observer of RequestObserver.ofFiber(fiber)) observer.onHead?.(status, new Headers(headers))
    return Effect.void
  })

const metadataOf = (error: AiError.AiError) => {
  const facts = "metadata" in error.reason ? error.reason.metadata["llmLayers"] : undefined
  return typeof facts === "object" && facts !== null && !Array.isArray(facts) ? facts : {}
}

describe("requests", () => {
  it.effect("those over the limit wait, in the order they came", () =>
    Effect.gen(function*() {
      const { asked, driver } = yield* under(RateLimit.make({ requestsPerMinute: 2 }))
      const fibers = yield* Effect.forEach(
        ["1", "2", "3", "4", "5"],
        (name) => Effect.forkChild(Answering.ask(driver, name), { startImmediately: true })
      )
      const names = () => asked.map(({ prompt }) => JSON.stringify(prompt.content).match(/"text":"(.)"/)?.[1]).join("")
      yield* turns
      assert.strictEqual(names(), "12")
      yield* TestClock.adjust("60 seconds")
      assert.strictEqual(names(), "12")
      yield* TestClock.adjust("1 second")
      assert.strictEqual(names(), "1234")
      yield* TestClock.adjust("61 seconds")
      assert.strictEqual(names(), "12345")
      yield* Effect.forEach(fibers, Fiber.join)
    }))

  it.effect("those beyond the queue fail at once, and say so", () =>
    Effect.gen(function*() {
      const { asked, driver } = yield* under(RateLimit.make({ requestsPerMinute: 1, maxQueued: 2 }))
      yield* Answering.ask(driver)
      for (const _ of [1, 2]) yield* Effect.forkChild(Answering.ask(driver), { startImmediately: true })
      const error = yield* Effect.flip(Answering.ask(driver))
      assert.strictEqual(ProviderError.kindOf(error), "QueueFull")
      assert.isTrue(error.isRetryable)
      assert.deepInclude(metadataOf(error), { policy: "RateLimit", key: "acme/acme-1", waiting: 2, maxQueued: 2 })
      assert.strictEqual(asked.length, 1)
    }))

  it.effect("with no queue, nothing waits", () =>
    Effect.gen(function*() {
      const { driver } = yield* under(RateLimit.make({ requestsPerMinute: 1, maxQueued: 0 }))
      yield* Answering.ask(driver)
      const error = yield* Effect.flip(Answering.ask(driver))
      assert.strictEqual(ProviderError.kindOf(error), "QueueFull")
      assert.strictEqual(error.retryAfter && Duration.toMillis(error.retryAfter), 61_000)
    }))

  it.effect("a wait longer than maxWait fails at once", () =>
    Effect.gen(function*() {
      const { driver } = yield* under(RateLimit.make({ requestsPerMinute: 1, maxWait: "30 seconds" }))
      yield* Answering.ask(driver)
      const error = yield* Effect.flip(Answering.ask(driver))
      assert.strictEqual(ProviderError.kindOf(error), "RateLimited")
      assert.strictEqual(error.retryAfter && Duration.toMillis(error.retryAfter), 61_000)
      yield* TestClock.adjust("40 seconds")
      const waiting = yield* Effect.forkChild(Answering.ask(driver), { startImmediately: true })
      yield* TestClock.adjust("21 seconds")
      yield* Fiber.join(waiting)
    }))

  it.effect("a clock that is set neither holds for ever nor lets all through", () =>
    Effect.gen(function*() {
      const { asked, driver } = yield* under(RateLimit.make({ requestsPerMinute: 2 }))
      yield* TestClock.setTime(100_000_000)
      for (const _ of [1, 2]) yield* Answering.ask(driver)
      yield* TestClock.setTime(50_000_000)
      const ask = Effect.forkChild(Answering.ask(driver), { startImmediately: true })
      for (const _ of [1, 2, 3]) yield* ask
      yield* TestClock.adjust("60 seconds")
      assert.strictEqual(asked.length, 2)
      yield* TestClock.adjust("1 second")
      assert.strictEqual(asked.length, 4)
      yield* TestClock.setTime(900_000_000)
      assert.strictEqual(asked.length, 5)
      for (const _ of [1, 2, 3]) yield* ask
      yield* turns
      assert.strictEqual(asked.length, 7)
    }))
})

describe("interruption", () => {
  it.effect("a call that waits leaves at once, and the next has its place", () =>
    Effect.gen(function*() {
      const { asked, driver } = yield* under(RateLimit.make({ requestsPerMinute: 1, maxQueued: 3 }))
      yield* Answering.ask(driver)
      const ask = Effect.forkChild(Answering.ask(driver), { startImmediately: true })
      const [first, second, third] = [yield* ask, yield* ask, yield* ask]
      yield* Fiber.interrupt(second)
      yield* Fiber.interrupt(first)
      assert.strictEqual(asked.length, 1)
      const others = [yield* ask, yield* ask]
      assert.strictEqual(ProviderError.kindOf(yield* Effect.flip(Answering.ask(driver))), "QueueFull")
      yield* TestClock.adjust("61 seconds")
      yield* Fiber.join(third)
      assert.strictEqual(asked.length, 2)
      yield* Fiber.interruptAll(others)
      yield* TestClock.adjust("61 seconds")
      yield* Answering.ask(driver)
      assert.strictEqual(asked.length, 3)
    }))

  it.effect("a call that runs gives its place back, as does a stream that is left", () =>
    Effect.gen(function*() {
      const { asked, driver } = yield* under(RateLimit.make({ concurrency: 1 }), (call) =>
        call === 1 ? Effect.never : Effect.succeed(Answering.answer()))
      const running = yield* Effect.forkChild(Answering.ask(driver), { startImmediately: true })
      const waiting = yield* Effect.forkChild(Stream.runHead(Answering.askStream(driver)), { startImmediately: true })
      yield* turns
      assert.strictEqual(asked.length, 1)
      yield* Fiber.interrupt(running)
      yield* Fiber.join(waiting)
      yield* Answering.ask(driver)
      assert.strictEqual(asked.length, 3)
    }))

  it.effect.each(
    [
      ["plain", Answering.ask],
      ["streamed", (driver: Driver.Driver) => Stream.runDrain(Answering.askStream(driver))]
    ] as const
  )("a call gives its place back wherever it is interrupted: %s", ([, call]) =>
    Effect.gen(function*() {
      const context = yield* Effect.context()
      for (let step = 0;; step++) {
        const { driver } = yield* under(RateLimit.make({ concurrency: 1 }))
        const { ended, exit } = Steps.run(call(driver), context, step)
        assert.isDefined(exit)
        const next = Steps.run(Answering.ask(driver), context)
        assert.isTrue(next.exit !== undefined && Exit.isSuccess(next.exit), `interrupted after ${step} steps`)
        if (ended) break
      }
    }))
})

describe("concurrency", () => {
  it.effect("a stream counts until it ends", () =>
    Effect.gen(function*() {
      const { asked, driver } = yield* under(RateLimit.make({ concurrency: 1, maxWait: "1 minute" }))
      const [read, go] = [yield* Deferred.make<void>(), yield* Deferred.make<void>()]
      const stream = yield* Answering.askStream(driver).pipe(
        Stream.runForEach(() => Effect.andThen(Deferred.succeed(read, undefined), Deferred.await(go))),
        Effect.forkChild({ startImmediately: true })
      )
      yield* Deferred.await(read)
      const waiting = yield* Effect.forkChild(Answering.ask(driver), { startImmediately: true })
      yield* turns
      assert.strictEqual(asked.length, 1)
      yield* Deferred.succeed(go, undefined)
      yield* Fiber.join(stream)
      yield* Fiber.join(waiting)
      assert.strictEqual(asked.length, 2)
    }))

  it.effect("a wait for other calls ends with maxWait", () =>
    Effect.gen(function*() {
      const { driver } = yield* under(RateLimit.make({ concurrency: 1, maxWait: "10 seconds" }), () => Effect.never)
      yield* Effect.forkChild(Answering.ask(driver), { startImmediately: true })
      const [second, third] = [
        yield* Effect.forkChild(Effect.flip(Answering.ask(driver)), { startImmediately: true }),
        yield* Effect.forkChild(Effect.flip(Answering.ask(driver)), { startImmediately: true })
      ]
      yield* TestClock.adjust("10 seconds")
      for (const fiber of [second, third]) {
        const error = yield* Fiber.join(fiber)
        assert.strictEqual(ProviderError.kindOf(error), "RateLimited")
        assert.strictEqual(metadataOf(error)["waitedMillis"], 10_000)
      }
    }))
})

describe("tokens", () => {
  it.effect("are taken by an estimate, and corrected by the answer", () =>
    Effect.gen(function*() {
      const { asked, driver } = yield* under(
        RateLimit.make({ tokensPerMinute: 1_000, outputTokens: 600 }),
        () => Effect.succeed(used(10, 90))
      )
      for (const _ of Array.from({ length: 4 })) yield* Answering.ask(driver)
      assert.strictEqual(asked.length, 4)
      yield* Effect.forkChild(Answering.ask(driver), { startImmediately: true })
      yield* turns
      assert.strictEqual(asked.length, 4)
      yield* TestClock.adjust("61 seconds")
      assert.strictEqual(asked.length, 5)
    }))

  it.effect.each(["in memory", "in a store"] as const)(
    "that are given back go to who waits, at once: %s",
    (where) =>
      Effect.gen(function*() {
        const options = { tokensPerMinute: 1_000, outputTokens: 600 }
        const { asked, driver } = yield* under(
          where === "in memory" ? RateLimit.make(options) : RateLimit.makeShared(options),
          () => Effect.delay(Effect.succeed(used(10, 90)), "1 second")
        )
        const calls = yield* Effect.forkChild(
          Effect.forEach([1, 2, 3], () => Answering.ask(driver), { concurrency: 3 }),
          { startImmediately: true }
        )
        yield* turns
        assert.strictEqual(asked.length, 1)
        yield* TestClock.adjust("1 second")
        yield* turns
        assert.strictEqual(asked.length, 2)
        yield* TestClock.adjust("2 seconds")
        yield* turns
        yield* Fiber.join(calls)
      }).pipe(Effect.provide(RateLimitStore.layerMemory))
  )

  it.effect("of a stream are corrected as well, and those of a failure by what it kept", () =>
    Effect.gen(function*() {
      const partial = { parts: [], usage: Usage.make({ inputTotal: 10, outputTotal: 90 }) }
      const origin = { provider: "acme", module: "AcmeLanguageModel", method: "generateText" }
      const { asked, driver } = yield* under(
        RateLimit.make({ tokensPerMinute: 1_000, outputTokens: 600 }),
        (call) =>
          call === 2
            ? Effect.fail(ProviderError.withPartial(origin, ProviderError.make(origin, "StreamInterrupted"), partial))
            : Effect.succeed(used(10, 90))
      )
      yield* Stream.runDrain(Answering.askStream(driver))
      yield* Effect.flip(Answering.ask(driver))
      yield* Answering.ask(driver)
      assert.strictEqual(asked.length, 3)
    }))

  it.effect("a request that never left gives back what it took", () =>
    Effect.gen(function*() {
      const { asked, driver } = yield* under(
        RateLimit.make({ requestsPerMinute: 1, tokensPerMinute: 1_000 }),
        () =>
          Effect.withFiber((fiber) => {
            for (const observer of RequestObserver.ofFiber(fiber)) {
              observer.onPrepare?.()
              if (asked.length === 1) continue
              observer.onSend?.()
              if (asked.length === 2) observer.onUnreached?.()
            }
            return Effect.fail(ProviderError.make(origin, "ConnectionFailed"))
          })
      )
      const origin = { provider: "acme", module: "AcmeLanguageModel", method: "generateText" }
      for (const _ of [1, 2, 3]) yield* Effect.flip(Answering.ask(driver))
      assert.strictEqual(asked.length, 3)
      const fourth = yield* Effect.forkChild(Answering.ask(driver), { startImmediately: true })
      yield* turns
      assert.strictEqual(asked.length, 3)
      yield* Fiber.interrupt(fourth)
    }))

  it.effect("a prompt larger than the limit is refused, a large guess at its output is not", () =>
    Effect.gen(function*() {
      const { asked, driver } = yield* under(RateLimit.make({ tokensPerMinute: 100, outputTokens: 100_000 }))
      yield* Answering.ask(driver)
      const error = yield* Effect.flip(Answering.ask(driver, "word ".repeat(200)))
      assert.strictEqual(ProviderError.kindOf(error), "BudgetExceeded")
      assert.strictEqual(metadataOf(error)["limit"], 100)
      assert.strictEqual(asked.length, 1)
    }))

  it.effect("the output is taken from the call's own limit", () =>
    Effect.gen(function*() {
      const { asked, driver } = Answering.make(undefined, Effect.succeed({ maxTokens: 400 }))
      const limited = yield* RateLimit.make({ tokensPerMinute: 1_000 })(driver)
      for (const _ of [1, 2]) yield* Answering.ask(limited)
      yield* Effect.forkChild(Answering.ask(limited), { startImmediately: true })
      yield* turns
      assert.strictEqual(asked.length, 2)
    }))
})

const openai = {
  "x-ratelimit-limit-requests": "3",
  "x-ratelimit-remaining-requests": "2",
  "x-ratelimit-reset-requests": "20s"
}

describe("what the vendor says", () => {
  /** How many of ten calls leave at once, and after so many seconds. */
  const leaving = (
    policy: Policy.Policy,
    headers: { readonly [name: string]: string },
    seconds: number,
    status = 200
  ) =>
    Effect.gen(function*() {
      yield* TestClock.setTime(1_000_000_000)
      const { asked, driver } = yield* under(policy, (call) =>
        call > 1
          ? Effect.succeed(Answering.answer())
          : Effect.as(headed(status, headers), Answering.answer()))
      yield* Answering.ask(driver)
      for (let call = 0; call < 10; call++) {
        yield* Effect.forkChild(Answering.ask(driver), { startImmediately: true })
      }
      yield* turns
      const atOnce = asked.length - 1
      yield* TestClock.adjust(Duration.seconds(seconds - 1))
      const before = asked.length - 1
      yield* TestClock.adjust("1 second")
      return [atOnce, before, asked.length - 1]
    })

  it.effect("a lower limit wins over the one that was set", () =>
    Effect.gen(function*() {
      const headers = { "x-ratelimit-limit-requests": "4" }
      assert.deepStrictEqual(
        yield* leaving(RateLimit.make({ requestsPerMinute: 8 }), headers, 61),
        [3, 3, 7]
      )
    }))

  it.effect("a higher one does not, nor any where nothing is learned", () =>
    Effect.gen(function*() {
      const headers = { "x-ratelimit-limit-requests": "4" }
      const deaf = RateLimit.make({ requestsPerMinute: 8, learn: false })
      assert.deepStrictEqual(yield* leaving(deaf, headers, 61), [7, 7, 10])
      const more = { "x-ratelimit-limit-requests": "400" }
      assert.deepStrictEqual(yield* leaving(RateLimit.make({ requestsPerMinute: 8 }), more, 61), [7, 7, 10])
    }))

  it.effect("nothing left waits for the reset", () =>
    Effect.gen(function*() {
      const headers = { ...openai, "x-ratelimit-limit-requests": "500", "x-ratelimit-remaining-requests": "0" }
      assert.deepStrictEqual(yield* leaving(RateLimit.make(), headers, 20), [0, 0, 10])
    }))

  it.effect("a little left is used up first", () =>
    Effect.gen(function*() {
      const headers = { ...openai, "x-ratelimit-limit-requests": "500" }
      assert.deepStrictEqual(yield* leaving(RateLimit.make(), headers, 20), [2, 2, 10])
    }))

  it.effect("tokens left are counted down by the estimate", () =>
    Effect.gen(function*() {
      const headers = {
        "x-ratelimit-limit-tokens": "100000",
        "x-ratelimit-remaining-tokens": "3100",
        "x-ratelimit-reset-tokens": "1m30s"
      }
      assert.deepStrictEqual(yield* leaving(RateLimit.make(), headers, 90), [3, 3, 10])
    }))

  it.effect("Anthropic's dates are understood, and its limits of input and output", () =>
    Effect.gen(function*() {
      const reset = new Date(1_000_000_000 + 30_000).toISOString()
      const requests = {
        "anthropic-ratelimit-requests-limit": "50",
        "anthropic-ratelimit-requests-remaining": "1",
        "anthropic-ratelimit-requests-reset": reset
      }
      assert.deepStrictEqual(yield* leaving(RateLimit.make(), requests, 30), [1, 1, 10])
      const output = {
        "anthropic-ratelimit-output-tokens-remaining": "0",
        "anthropic-ratelimit-output-tokens-reset": reset
      }
      assert.deepStrictEqual(yield* leaving(RateLimit.make(), output, 30), [0, 0, 10])
    }))

  it.effect("a 429 holds all for as long as it asks; another status does not", () =>
    Effect.gen(function*() {
      assert.deepStrictEqual(yield* leaving(RateLimit.make(), { "retry-after": "45" }, 45, 429), [0, 0, 10])
      assert.deepStrictEqual(yield* leaving(RateLimit.make(), { "retry-after": "45" }, 45, 200), [10, 10, 10])
    }))

  it.effect("so does an error that asks for a wait, of a driver that shows no head", () =>
    Effect.gen(function*() {
      const origin = { provider: "acme", module: "AcmeLanguageModel", method: "generateText" }
      const { asked, driver } = yield* under(RateLimit.make(), (call) =>
        call === 1
          ? Effect.fail(ProviderError.make(origin, "RateLimited", { retryAfter: Duration.hours(1) }))
          : Effect.succeed(Answering.answer()))
      yield* Effect.flip(Answering.ask(driver))
      const error = yield* Effect.flip(Answering.ask(driver))
      assert.strictEqual(error.retryAfter && Duration.toMillis(error.retryAfter), 3_600_000)
      yield* TestClock.adjust("1 hour")
      yield* Answering.ask(driver)
      assert.strictEqual(asked.length, 2)
    }))

  it.effect("nonsense is not heeded", () =>
    Effect.gen(function*() {
      const headers = {
        "x-ratelimit-limit-requests": "0",
        "x-ratelimit-remaining-requests": "-1",
        "x-ratelimit-reset-requests": "soon",
        "x-ratelimit-limit-tokens": "NaN",
        "x-ratelimit-remaining-tokens": "0",
        "x-ratelimit-reset-tokens": "never"
      }
      assert.deepStrictEqual(yield* leaving(RateLimit.make(), headers, 10), [10, 10, 10])
    }))
})

/** A store that does as it is told. */
const failing = () => {
  const inner = RateLimitStore.makeMemory()
  const seen = { asked: 0, behaves: "well" as "well" | "badly" | "not at all" }
  const as = <A>(effect: Effect.Effect<A>): Effect.Effect<A, RateLimitStore.RateLimitStoreError> =>
    Effect.suspend(() => {
      seen.asked++
      if (seen.behaves === "well") return effect
      return seen.behaves === "badly"
        ? Effect.fail(new RateLimitStore.RateLimitStoreError({ message: "The store is gone" }))
        : Effect.never
    })
  const store: RateLimitStore.Store = {
    take: (...args) => as(inner.take(...args)),
    correct: (...args) => as(inner.correct(...args)),
    pause: (...args) => as(inner.pause(...args))
  }
  return { seen, layer: Layer.succeed(RateLimitStore.RateLimitStore, store) }
}

describe("a store that fails", () => {
  for (const behaves of ["badly", "not at all"] as const) {
    it.effect(`open: each process keeps the limit alone (${behaves})`, () => {
      const { layer, seen } = failing()
      return Effect.gen(function*() {
        const { asked, driver } = yield* under(RateLimit.makeShared({ requestsPerMinute: 3 }))
        yield* Answering.ask(driver)
        seen.behaves = behaves
        const fiber = yield* Effect.forkChild(
          Effect.forEach([1, 2, 3], () => Answering.ask(driver)),
          { startImmediately: true }
        )
        yield* TestClock.adjust("1 second")
        yield* turns
        // What went through the store is not forgotten.
        assert.strictEqual(asked.length, 3)
        seen.behaves = "well"
        yield* TestClock.adjust("61 seconds")
        yield* Fiber.join(fiber)
        const before = seen.asked
        yield* Answering.ask(driver)
        assert.isAbove(seen.asked, before)
      }).pipe(Effect.provide(layer))
    })

    it.effect(`closed: calls fail, one waits for the store, and it recovers (${behaves})`, () => {
      const { layer, seen } = failing()
      return Effect.gen(function*() {
        const { asked, driver } = yield* under(RateLimit.makeShared({ requestsPerMinute: 9, onStoreFailure: "closed" }))
        seen.behaves = behaves
        const fibers = yield* Effect.forEach(
          [1, 2, 3],
          () => Effect.forkChild(Effect.flip(Answering.ask(driver)), { startImmediately: true })
        )
        yield* TestClock.adjust("1 second")
        for (const fiber of fibers) {
          const error = yield* Fiber.join(fiber)
          assert.strictEqual(ProviderError.kindOf(error), "StoreFailed")
          assert.isTrue(error.isRetryable)
        }
        assert.strictEqual(asked.length, 0)
        assert.strictEqual(seen.asked, 1)
        seen.behaves = "well"
        yield* TestClock.adjust("1 second")
        yield* Answering.ask(driver)
        assert.strictEqual(asked.length, 1)
      }).pipe(Effect.provide(layer))
    })
  }

  it.effect("models that share a key share the limit, and the pause", () =>
    Effect.gen(function*() {
      const one = yield* under(RateLimit.makeShared({ requestsPerMinute: 2, key: "account" }))
      const other = yield* under(RateLimit.makeShared({ requestsPerMinute: 2, key: "account" }), () =>
        Effect.as(headed(429, { "retry-after": "300" }), Answering.answer()))
      yield* Answering.ask(one.driver)
      yield* Answering.ask(other.driver)
      yield* turns
      const third = yield* Effect.forkChild(Answering.ask(one.driver), { startImmediately: true })
      yield* TestClock.adjust("299 seconds")
      assert.strictEqual(one.asked.length, 1)
      yield* TestClock.adjust("1 second")
      yield* Fiber.join(third)
    }).pipe(Effect.provide(RateLimitStore.layerMemory)))
})

describe("options that cannot be used", () => {
  const wrong: ReadonlyArray<RateLimit.SharedOptions> = [
    { requestsPerMinute: 0 },
    { requestsPerMinute: Number.NaN },
    { tokensPerMinute: -1 },
    { concurrency: 0 },
    { maxQueued: 1.5 },
    { outputTokens: Infinity },
    { maxWait: 0 },
    { storeTimeout: "-1 seconds" }
  ]
  for (const options of wrong) {
    const name = Object.keys(options)[0] ?? ""
    it.effect(`${name}: ${String(Object.values(options)[0])}`, () =>
      Effect.gen(function*() {
        const { asked, driver } = yield* under(RateLimit.make(options))
        for (const call of [Answering.ask(driver), Stream.runDrain(Answering.askStream(driver))]) {
          const error = yield* Effect.flip<unknown, AiError.AiError, never>(call)
          assert.strictEqual(ProviderError.kindOf(error), "Unsupported")
          assert.strictEqual(error.reason._tag === "InvalidRequestError" ? error.reason.parameter : "", name)
        }
        assert.strictEqual(asked.length, 0)
      }))
  }
})

describe("a long queue", () => {
  it.effect("10,000 waiting calls take less than 100 MB, and all are answered in their order", () =>
    Effect.gen(function*() {
      const order: Array<number> = []
      const { driver } = yield* under(
        RateLimit.make({ requestsPerMinute: 1, maxQueued: 10_000, maxWait: "10 days" }),
        () => Effect.succeed(Answering.answer())
      )
      yield* Answering.ask(driver)
      globalThis.gc?.()
      const before = process.memoryUsage()
      const fibers = yield* Effect.forEach(
        Array.from({ length: 10_000 }, (_, index) => index),
        (index) =>
          Effect.forkChild(
            Effect.tap(Answering.ask(driver, `Call ${index}`), () => Effect.sync(() => order.push(index))),
            { startImmediately: true }
          )
      )
      globalThis.gc?.()
      const after = process.memoryUsage()
      const grown = (after.heapUsed + after.external - before.heapUsed - before.external) / 1e6
      assert.isBelow(grown, 100)
      yield* Effect.forEach(fibers.slice(100), (fiber) => Fiber.interrupt(fiber), { discard: true })
      for (let minute = 0; minute < 100; minute++) yield* TestClock.adjust("61 seconds")
      assert.deepStrictEqual(order, Array.from({ length: 100 }, (_, index) => index))
      const exits = yield* Effect.forEach(fibers.slice(0, 100), Fiber.await)
      assert.isTrue(exits.every(Exit.isSuccess))
    }))
})
