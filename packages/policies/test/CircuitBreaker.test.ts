import { NodeRedis } from "@effect/platform-node"
import { assert, describe, it } from "@effect/vitest"
import * as Capability from "@llm-layers/core/Capability"
import type * as Driver from "@llm-layers/core/Driver"
import * as ErrorKind from "@llm-layers/core/ErrorKind"
import * as ProviderError from "@llm-layers/core/ProviderError"
import * as RetryAfter from "@llm-layers/core/RetryAfter"
import * as ToolParameters from "@llm-layers/core/ToolParameters"
import * as Usage from "@llm-layers/core/Usage"
import { generate, stream } from "@llm-layers/testing/DriverRequest"
import * as PolicyLaws from "@llm-layers/testing/PolicyLaws"
import { Duration, Effect, Exit, Fiber, Layer, Stream } from "effect"
import type { AiError } from "effect/ai"
import * as Breaker from "effect/persistence/CircuitBreaker"
import { TestClock } from "effect/testing"
import * as CircuitBreaker from "../src/CircuitBreaker.ts"
import * as RedisServer from "./fixtures/redis.ts"
import * as Server from "./fixtures/server.ts"
import * as Steps from "./fixtures/steps.ts"

PolicyLaws.suite("CircuitBreaker", () => CircuitBreaker.make())
PolicyLaws.suite("CircuitBreaker, shared", () => CircuitBreaker.makeShared(), {
  layer: CircuitBreaker.layerStoreMemory()
})

const finish = { type: "finish", reason: "stop", usage: Usage.unknown } as const
const text = { type: "text-delta", id: "0", delta: "Hello" } as const

/** A model that is well, or fails as it is told. */
const model = () => {
  const state: { fails: AiError.AiError | "never" | undefined; asked: number } = { fails: undefined, asked: 0 }
  const answer = <A>(value: A): Effect.Effect<A, AiError.AiError> =>
    Effect.suspend(() => {
      state.asked++
      if (state.fails === "never") return Effect.never
      return state.fails === undefined ? Effect.succeed(value) : Effect.fail(state.fails)
    })
  const driver: Driver.Driver = {
    provider: "acme",
    module: "AcmeLanguageModel",
    model: "acme-1",
    capabilities: Capability.all,
    codecTransformer: ToolParameters.plain,
    generateText: () => answer([{ type: "text", text: "Hello" }, finish]),
    streamText: () => Stream.concat(Stream.make(text), Stream.fromEffect(answer(finish)))
  }
  return { driver, state }
}

const failure = (kind: ErrorKind.Name = "Overloaded", detail?: ProviderError.Detail) =>
  ProviderError.make({ provider: "acme", module: "AcmeLanguageModel", method: "generateText" }, kind, detail)

const two: CircuitBreaker.SharedOptions = { tripPolicy: CircuitBreaker.consecutive(2), openFor: "10 seconds" }

const guarded = (options: CircuitBreaker.SharedOptions = two, layer = CircuitBreaker.layerStoreMemory()) =>
  Effect.gen(function*() {
    const { driver, state } = model()
    const context = yield* Layer.build(layer)
    const wrapped = yield* Effect.provideContext(CircuitBreaker.makeShared(options)(driver), context)
    const kind = Effect.map(
      Effect.result(generate(wrapped)),
      (result) => result._tag === "Success" ? "answered" : ProviderError.kindOf(result.failure)
    )
    return { driver: wrapped, state, kind, context, streamed: Stream.runDrain(stream(wrapped)) }
  })

/** The memory store, which takes a few turns to answer. */
const slow = Layer.effect(
  Breaker.CircuitBreakerStore,
  Effect.map(Breaker.CircuitBreakerStore, (store) => ({
    admit: (key: string) => Effect.tap(Effect.andThen(Steps.turns(2), store.admit(key)), Steps.turns(2)),
    record: (options: Parameters<typeof store.record>[0]) => Effect.andThen(Steps.turns(2), store.record(options)),
    state: store.state
  }))
).pipe(Layer.provide(CircuitBreaker.layerStoreMemory()))

/** With the circuit open. */
const opened = (options?: CircuitBreaker.SharedOptions, layer?: Parameters<typeof guarded>[1]) =>
  Effect.tap(guarded(options, layer), ({ kind, state }) =>
    Effect.gen(function*() {
      state.fails = failure()
      yield* kind
      yield* kind
    }))

describe("a circuit", () => {
  it.effect("opens after failures in a row, and says for how long", () =>
    Effect.gen(function*() {
      const { driver, kind, state } = yield* opened()
      const error = yield* Effect.flip(generate(driver))
      assert.strictEqual(ProviderError.kindOf(error), "CircuitOpen")
      assert.deepStrictEqual(RetryAfter.ofError(error), Duration.seconds(10))
      assert.include(error.message, "acme-1 failed too often of late, and is not asked for 10s")
      yield* TestClock.adjust("4 seconds")
      assert.deepStrictEqual(
        RetryAfter.ofError(yield* Effect.flip(Stream.runDrain(stream(driver)))),
        Duration.seconds(6)
      )
      assert.strictEqual(state.asked, 2)
      assert.strictEqual(yield* kind, "CircuitOpen")
    }))

  it.effect("closes when the model is well, and stays open longer while it is not", () =>
    Effect.gen(function*() {
      const { driver, kind, state } = yield* opened({ ...two, maxOpenFor: "35 seconds" })
      for (const seconds of [10, 20, 35, 35]) {
        yield* TestClock.adjust(Duration.seconds(seconds - 1))
        assert.strictEqual(yield* kind, "CircuitOpen")
        yield* TestClock.adjust("1 second")
        assert.strictEqual(yield* kind, "Overloaded")
      }
      state.fails = undefined
      yield* TestClock.adjust("35 seconds")
      yield* Stream.runDrain(stream(driver))
      assert.strictEqual(yield* kind, "answered")
    }))

  it.effect("stays open as long as the vendor asks, to a bound", () =>
    Effect.gen(function*() {
      const asks = yield* guarded({ ...two, maxOpenFor: "1 minute" })
      asks.state.fails = failure("Overloaded", { retryAfter: Duration.seconds(40) })
      yield* asks.kind
      yield* asks.kind
      assert.deepStrictEqual(RetryAfter.ofError(yield* Effect.flip(generate(asks.driver))), Duration.seconds(40))
    }))

  it.effect("is not opened by what is the caller's, and what the caller does is no success either", () =>
    Effect.gen(function*() {
      const failures: Array<string> = []
      for (const kind of Object.keys(ErrorKind.kinds) as ReadonlyArray<ErrorKind.Name>) {
        const one = yield* guarded()
        one.state.fails = failure(kind)
        yield* one.kind
        yield* one.kind
        if (kind !== "CircuitOpen" && (yield* one.kind) === "CircuitOpen") failures.push(kind)
      }
      assert.deepStrictEqual(failures.toSorted(), [
        "ConnectionFailed",
        "Overloaded",
        "ProviderFailed",
        "StreamInterrupted",
        "TimedOut"
      ])
      const { kind, state } = yield* guarded()
      for (const fails of ["Overloaded", "InvalidRequest", "RateLimited", "Overloaded"] as const) {
        state.fails = failure(fails)
        yield* kind
      }
      assert.strictEqual(yield* kind, "CircuitOpen")
    }))

  it.effect("counts what it is told to count", () =>
    Effect.gen(function*() {
      const { kind, state } = yield* guarded({
        ...two,
        isFailure: (error) => ProviderError.kindOf(error) === "RateLimited"
      })
      state.fails = failure()
      yield* kind
      yield* kind
      state.fails = failure("RateLimited")
      yield* kind
      assert.strictEqual(yield* kind, "RateLimited")
      assert.strictEqual(yield* kind, "CircuitOpen")
    }))

  it.effect("takes a stream for what it comes to", () =>
    Effect.gen(function*() {
      const { driver, kind, state, streamed } = yield* guarded()
      state.fails = failure("StreamInterrupted")
      yield* Effect.flip(streamed)
      state.fails = undefined
      yield* streamed
      state.fails = failure("StreamInterrupted")
      yield* Effect.flip(streamed)
      // Left before its end: it says nothing.
      yield* Stream.runDrain(Stream.take(stream(driver), 1))
      assert.strictEqual(state.asked, 3)
      yield* Effect.flip(streamed)
      assert.strictEqual(yield* kind, "CircuitOpen")
    }))

  it.effect("takes a stream without an end for a broken one", () =>
    Effect.gen(function*() {
      const { driver } = model()
      const context = yield* Layer.build(CircuitBreaker.layerStoreMemory())
      const wrapped = yield* Effect.provideContext(
        CircuitBreaker.makeShared(two)({ ...driver, streamText: () => Stream.make(text) }),
        context
      )
      yield* Stream.runDrain(stream(wrapped))
      yield* Stream.runDrain(stream(wrapped))
      const error = yield* Effect.flip(Stream.runDrain(stream(wrapped)))
      assert.strictEqual(ProviderError.kindOf(error), "CircuitOpen")
    }))

  it.effect("stays closed by itself where a fifth of many calls fails, and they all first; and opens where all do", () =>
    Effect.gen(function*() {
      const { kind, state } = yield* guarded({})
      for (const fails of [failure(), undefined, failure()]) {
        state.fails = fails
        yield* Effect.replicateEffect(kind, fails === undefined ? 40 : 10)
      }
      assert.strictEqual(yield* kind, "Overloaded")
      yield* Effect.replicateEffect(kind, 5)
      assert.strictEqual(yield* kind, "CircuitOpen")
    }))

  it.effect("is one for each provider and model, or of the name it is given", () =>
    Effect.gen(function*() {
      const { context, kind } = yield* opened()
      assert.strictEqual(yield* kind, "CircuitOpen")
      const of = (options: CircuitBreaker.SharedOptions, name: string) =>
        Effect.flatMap(
          Effect.provideContext(CircuitBreaker.makeShared(options)({ ...model().driver, model: name }), context),
          (driver) => Effect.exit(generate(driver))
        )
      assert.isTrue(Exit.isFailure(yield* of(two, "acme-1")))
      assert.isTrue(Exit.isSuccess(yield* of(two, "acme-2")))
      assert.isTrue(Exit.isFailure(yield* of({ ...two, key: "acme/acme-1" }, "acme-2")))
    }))
})

it.effect("a driver has a circuit of its own where none is shared", () =>
  Effect.gen(function*() {
    const { driver, state } = model()
    const policy = CircuitBreaker.make(two)
    const one = yield* policy(driver)
    const other = yield* policy(driver)
    state.fails = failure()
    const kinds = Effect.map(Effect.flip(generate(one)), ProviderError.kindOf)
    assert.deepStrictEqual(yield* Effect.all([kinds, kinds, kinds]), ["Overloaded", "Overloaded", "CircuitOpen"])
    assert.strictEqual(ProviderError.kindOf(yield* Effect.flip(generate(other))), "Overloaded")
  }))

describe("the call that looks whether the model is well", () => {
  const begin = (call: (driver: Driver.Driver) => Effect.Effect<unknown, unknown>) =>
    Effect.gen(function*() {
      const one = yield* opened()
      yield* TestClock.adjust("10 seconds")
      one.state.fails = "never"
      const probe = yield* Effect.forkChild(call(one.driver), { startImmediately: true })
      assert.strictEqual(one.state.asked, 3)
      return { ...one, probe }
    })

  it.effect.each(
    [
      ["plain", generate],
      ["streamed", (driver: Driver.Driver) => Stream.runDrain(stream(driver))]
    ] as const
  )("is alone, and gives its place back when it is interrupted: %s", ([, call]) =>
    Effect.gen(function*() {
      const { driver, kind, probe, state } = yield* begin(call)
      const error = yield* Effect.flip(generate(driver))
      assert.strictEqual(ProviderError.kindOf(error), "CircuitOpen")
      assert.isUndefined(RetryAfter.ofError(error))
      assert.include(error.message, "one call is out to see whether it is well")
      yield* Fiber.interrupt(probe)
      state.fails = undefined
      assert.strictEqual(yield* kind, "answered")
      assert.strictEqual(yield* kind, "answered")
    }))

  it.effect.each(
    [
      ["plain", "memory", generate],
      ["streamed", "memory", (driver: Driver.Driver) => Stream.runDrain(stream(driver))],
      ["plain", "a slow store", generate],
      ["streamed", "a slow store", (driver: Driver.Driver) => Stream.runDrain(stream(driver))]
    ] as const
  )("gives its place back wherever it is interrupted: %s, %s", ([, where, call]) =>
    Effect.gen(function*() {
      const context = yield* Effect.context()
      for (let step = 0;; step++) {
        const { driver, state } = yield* opened(two, where === "memory" ? undefined : slow)
        yield* TestClock.adjust("10 seconds")
        state.fails = undefined
        const { ended, exit } = Steps.run(call(driver), context, step)
        assert.isDefined(exit)
        const next = Steps.run(generate(driver), context)
        assert.isTrue(next.exit !== undefined && Exit.isSuccess(next.exit), `interrupted after ${step} steps`)
        if (ended) break
      }
    }))

  it.effect("gives its place back when the caller was at fault", () =>
    Effect.gen(function*() {
      const { kind, state } = yield* opened()
      yield* TestClock.adjust("10 seconds")
      state.fails = failure("InvalidRequest")
      assert.strictEqual(yield* kind, "InvalidRequest")
      assert.strictEqual(yield* kind, "InvalidRequest")
    }))
})

describe("a clock that jumps", () => {
  it.effect("neither opens for ever nor lets everything through", () =>
    Effect.gen(function*() {
      yield* TestClock.setTime(1_000_000)
      const { kind } = yield* opened()
      yield* TestClock.setTime(999_000)
      assert.strictEqual(yield* kind, "CircuitOpen")
      yield* TestClock.setTime(1_010_000)
      assert.strictEqual(yield* kind, "Overloaded")
      assert.strictEqual(yield* kind, "CircuitOpen")
    }))

  it.effect.each(["of its own", "in memory"] as const)(
    "put back far, keeps no circuit open for longer: %s",
    (where) =>
      Effect.gen(function*() {
        yield* TestClock.setTime(1_000_000_000)
        const { driver, state } = model()
        const wrapped = where === "of its own"
          ? yield* CircuitBreaker.make(two)(driver)
          : (yield* opened()).driver
        const kind = Effect.map(Effect.flip(generate(wrapped)), ProviderError.kindOf)
        state.fails = failure()
        if (where === "of its own") yield* Effect.all([kind, kind])
        yield* TestClock.setTime(1_000)
        yield* TestClock.adjust("9 seconds")
        assert.strictEqual(yield* kind, "CircuitOpen")
        yield* TestClock.adjust("1 second")
        assert.strictEqual(yield* kind, "Overloaded")
      })
  )
})

describe("a store that fails", () => {
  type Store = Breaker.CircuitBreakerStore["Service"]

  /** The memory store, as long as it is well. */
  const unwell = () => {
    type Is = "well" | "gone" | "silent" | "mad"
    const state: { is: Is; afterwards: Is | undefined; admits: number } = {
      is: "well",
      afterwards: undefined,
      admits: 0
    }
    const use = <A, R>(
      effect: Effect.Effect<A, Breaker.CircuitBreakerError, R>
    ): Effect.Effect<A, Breaker.CircuitBreakerError, R> =>
      Effect.suspend(() => {
        switch (state.is) {
          case "well":
            return effect
          case "silent":
            return Effect.never
          case "gone":
            return Effect.fail(
              new Breaker.CircuitBreakerError({ reason: new Breaker.CircuitBreakerStoreError({ message: "gone" }) })
            )
          case "mad":
            return Effect.die(new TypeError("result is not iterable"))
        }
      })
    const layer = Layer.effect(
      Breaker.CircuitBreakerStore,
      Effect.map(Breaker.CircuitBreakerStore, (store): Store => ({
        admit: (key) =>
          Effect.suspend(() => {
            state.admits++
            return Effect.tap(use(store.admit(key)), () =>
              Effect.sync(() => {
                state.is = state.afterwards ?? state.is
              }))
          }),
        record: (options) => use(store.record(options)),
        state: store.state
      }))
    ).pipe(Layer.provide(CircuitBreaker.layerStoreMemory()))
    return { layer, state }
  }

  it.effect.each(["gone", "mad"] as const)("%s: calls go through, or fail, as is said", (is) =>
    Effect.gen(function*() {
      const store = unwell()
      store.state.is = is
      const open = yield* guarded(two, store.layer)
      assert.strictEqual(yield* open.kind, "answered")
      yield* open.streamed
      const closed = yield* guarded({ ...two, onStoreFailure: "closed" }, store.layer)
      assert.strictEqual(yield* closed.kind, "StoreFailed")
      assert.strictEqual(closed.state.asked, 0)
      store.state.is = "well"
      assert.strictEqual(yield* closed.kind, "answered")
      // In the middle: the outcome is lost, the answer is not.
      closed.state.fails = failure()
      yield* closed.kind
      store.state.is = is
      assert.strictEqual(yield* closed.kind, "StoreFailed")
      store.state.is = "well"
      assert.strictEqual(yield* closed.kind, "Overloaded")
      assert.strictEqual(yield* closed.kind, "CircuitOpen")
    }))

  it.effect("silent: it is waited for only so long, then left alone for a while, then asked again", () =>
    Effect.gen(function*() {
      const store = unwell()
      store.state.is = "silent"
      const { kind } = yield* guarded({ ...two, onStoreFailure: "closed", storeTimeout: "2 seconds" }, store.layer)
      const waiting = yield* Effect.forkChild(kind, { startImmediately: true })
      yield* TestClock.adjust("1999 millis")
      assert.isUndefined(waiting.pollUnsafe())
      yield* TestClock.adjust("1 millis")
      assert.strictEqual(yield* Fiber.join(waiting), "StoreFailed")
      assert.strictEqual(yield* kind, "StoreFailed")
      assert.strictEqual(store.state.admits, 1)
      store.state.is = "well"
      yield* TestClock.adjust("9999 millis")
      assert.strictEqual(yield* kind, "StoreFailed")
      yield* TestClock.adjust("1 millis")
      assert.strictEqual(yield* kind, "answered")
    }))

  it.effect("silent: who is interrupted leaves at once, while it is asked and while it is told", () =>
    Effect.gen(function*() {
      const store = unwell()
      const { kind, state } = yield* guarded(two, store.layer)
      store.state.is = "silent"
      const asking = yield* Effect.forkChild(kind, { startImmediately: true })
      yield* Fiber.interrupt(asking)
      assert.strictEqual(state.asked, 0)
      store.state.is = "well"
      state.fails = "never"
      const running = yield* Effect.forkChild(kind, { startImmediately: true })
      store.state.is = "silent"
      yield* Fiber.interrupt(running)
      store.state.is = "well"
      state.fails = failure()
      store.state.afterwards = "silent"
      const telling = yield* Effect.forkChild(kind, { startImmediately: true })
      assert.strictEqual(state.asked, 2)
      assert.isUndefined(telling.pollUnsafe())
      yield* Fiber.interrupt(telling)
    }))
})

describe("options that cannot be used", () => {
  it.effect.each([{ openFor: 0 }, { maxOpenFor: Number.NaN }, { storeTimeout: -1 }])(
    "%j",
    (options) =>
      Effect.gen(function*() {
        const { kind, state } = yield* guarded(options)
        assert.strictEqual(yield* kind, "Unsupported")
        assert.strictEqual(state.asked, 0)
      })
  )
})

describe.skipIf(!RedisServer.installed)(`in Redis${RedisServer.installed ? "" : " (skipped: no redis-server)"}`, () => {
  const client = (port: number) =>
    CircuitBreaker.layerStoreRedis().pipe(
      Layer.provide(NodeRedis.layer({ socket: { host: Server.host, port } })),
      Layer.orDie
    )

  it.live("is one circuit for all processes, goes on without the store, and finds back to it", () =>
    Effect.gen(function*() {
      const server = yield* RedisServer.make
      const proxy = yield* Server.proxy(server.port)
      const options = { ...two, openFor: "1 minute", storeTimeout: "100 millis" } as const
      const one = yield* guarded(options, client(proxy.port))
      const other = yield* guarded({ ...options, onStoreFailure: "closed" }, client(server.port))
      one.state.fails = failure()
      yield* one.kind
      yield* one.kind
      assert.strictEqual(yield* other.kind, "CircuitOpen")
      assert.strictEqual(other.state.asked, 0)

      yield* proxy.behave("hold")
      assert.strictEqual(yield* one.kind, "Overloaded")
      yield* server.stop
      assert.strictEqual(yield* other.kind, "StoreFailed")
      yield* server.start
      yield* proxy.behave("pass")
      // The client connects again on its own time.
      const until = (kind: Effect.Effect<string>, wanted: string): Effect.Effect<void> =>
        Effect.flatMap(
          kind,
          (is) => is === wanted ? Effect.void : Effect.andThen(Effect.sleep("20 millis"), until(kind, wanted))
        )
      yield* until(other.kind, "answered")
    }))

  it.live("gives the place of an interrupted probe back", () =>
    Effect.gen(function*() {
      const server = yield* RedisServer.make
      const { kind, state } = yield* guarded({ ...two, openFor: "1 millis" }, client(server.port))
      state.fails = failure()
      yield* kind
      yield* kind
      state.fails = "never"
      const asked = state.asked
      const probe = yield* Effect.forkChild(Effect.repeat(kind, { until: (said) => said !== "CircuitOpen" }))
      while (state.asked === asked) yield* Effect.promise(() => new Promise(setImmediate))
      assert.strictEqual(yield* kind, "CircuitOpen")
      yield* Fiber.interrupt(probe)
      state.fails = undefined
      // It is given back in the background, long before its lease of ten seconds ends.
      yield* Effect.repeat(kind, { until: (said) => said === "answered" })
    }))
})
