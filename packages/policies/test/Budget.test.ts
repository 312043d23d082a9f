import * as NodeRedis from "@effect/platform-node/NodeRedis"
import { assert, describe, it } from "@effect/vitest"
import {
  type ErrorKind,
  PartCollector,
  Pricing,
  ProviderError,
  RequestObserver,
  TokenEstimate,
  Usage
} from "@llm-layers/core"
import * as PolicyLaws from "@llm-layers/testing/PolicyLaws"
import { BigDecimal, Effect, Fiber, Layer, Result, Stream } from "effect"
import { type AiError, Prompt } from "effect/ai"
import { TestClock } from "effect/testing"
import * as Budget from "../src/Budget.ts"
import * as BudgetStore from "../src/BudgetStore.ts"
import * as Answering from "./fixtures/answering.ts"
import * as RedisServer from "./fixtures/redis.ts"

PolicyLaws.suite("Budget of a call", () => Budget.make({ tokens: 100_000, per: "call" }))
PolicyLaws.suite("Budget of a fiber", () => Budget.make({ tokens: 100_000 }))
PolicyLaws.suite("Budget of a tenant", () => Budget.makeShared({ tokens: 100_000 }), { layer: BudgetStore.layerMemory })

const metadataOf = (error: AiError.AiError) => {
  const facts = "metadata" in error.reason ? error.reason.metadata["llmLayers"] : undefined
  return typeof facts === "object" && facts !== null && !Array.isArray(facts) ? facts : {}
}

const used = (input: number, output: number) => Answering.answer(Usage.make({ inputTotal: input, outputTotal: output }))

const input = TokenEstimate.ofPrompt(Prompt.make("Hello"))
const origin = { provider: "acme", module: "AcmeLanguageModel", method: "generateText" }

/** A dollar for a thousand tokens. */
const priced = Effect.provideService(
  Pricing.Prices,
  ({ usage }) => BigDecimal.make(BigInt((usage.inputTokens.total ?? 0) + (usage.outputTokens.total ?? 0)), 3)
)

const kindOf = (result: Result.Result<unknown, AiError.AiError>) =>
  Result.isFailure(result) ? ProviderError.kindOf(result.failure) : "answered"

/** How many calls pass, one after the other. */
const passing = <R>(call: Effect.Effect<unknown, AiError.AiError, R>, calls = 20) =>
  Effect.map(
    Effect.forEach(Array.from({ length: calls }), () => Effect.result(call)),
    (results) => results.filter(Result.isSuccess).length
  )

describe("a call", () => {
  it.effect("is held to the estimate, before the network", () =>
    Effect.gen(function*() {
      const { asked, driver } = Answering.make()
      const limited = yield* Budget.make({ tokens: 100, per: "call", outputTokens: 50 })(driver)
      assert.strictEqual(yield* passing(Answering.ask(limited)), 20)
      const long = "word ".repeat(60)
      for (const call of [Answering.ask(limited, long), Stream.runDrain(Answering.askStream(limited, long))]) {
        const error = yield* Effect.flip<unknown, AiError.AiError, never>(call)
        assert.strictEqual(ProviderError.kindOf(error), "BudgetExceeded")
        assert.isFalse(error.isRetryable)
        const tokens = TokenEstimate.ofPrompt(Prompt.make(long)) + 50
        assert.deepInclude(metadataOf(error), {
          scope: "call",
          exceeded: "tokens",
          needed: { tokens, usd: "0" },
          used: { tokens: 0, usd: "0" },
          limit: { tokens: 100 }
        })
        assert.include(error.message, `${tokens} tokens`)
      }
      assert.strictEqual(asked.length, 20)
    }))

  it.effect("reserves its own maxOutputTokens", () =>
    Effect.gen(function*() {
      const { driver } = Answering.make(undefined, Effect.succeed({ maxTokens: 2_000 }))
      const limited = yield* Budget.make({ tokens: 1_500, per: "call" })(driver)
      assert.strictEqual(kindOf(yield* Effect.result(Answering.ask(limited))), "BudgetExceeded")
    }))
})

describe("a scope", () => {
  const limit = { tokens: 1_000, outputTokens: 100 }

  it.effect("books what was used in place of the estimate, of streams too", () =>
    Effect.gen(function*() {
      const { driver } = Answering.make(() => Effect.succeed(used(150, 150)))
      const limited = yield* Budget.make(limit)(driver)
      assert.strictEqual(yield* Budget.scoped(passing(Answering.ask(limited))), 3)
      assert.strictEqual(yield* Budget.scoped(passing(Stream.runDrain(Answering.askStream(limited)))), 3)
      const stream = Budget.scoped(
        Stream.flatMap(Stream.range(1, 20), () => Answering.askStream(limited), { concurrency: 1 })
      )
      const parts = yield* Stream.runFold(stream, () => 0, (count, { type }) => count + (type === "finish" ? 1 : 0))
        .pipe(
          Effect.flip
        )
      assert.strictEqual(ProviderError.kindOf(parts), "BudgetExceeded")
      // Outside of any, each call is by itself.
      assert.strictEqual(yield* passing(Answering.ask(limited)), 20)
    }))

  it.effect("nested scopes count for the outer one; two budgets do not mix", () =>
    Effect.gen(function*() {
      const { driver } = Answering.make(() => Effect.succeed(used(150, 150)))
      const limited = yield* Budget.make(limit)(driver)
      const other = yield* Budget.make(limit)(driver)
      const nested = Effect.gen(function*() {
        const inner = yield* Budget.scoped(passing(Answering.ask(limited), 2))
        return [inner, yield* passing(Answering.ask(limited)), yield* passing(Answering.ask(other))]
      })
      assert.deepStrictEqual(yield* Budget.scoped(nested), [2, 1, 3])
    }))

  it.effect("ten at once cannot all pass on what is left once", () =>
    Effect.gen(function*() {
      const { asked, driver } = Answering.make(() => Effect.as(Effect.sleep("1 second"), used(10, 10)))
      const limited = yield* Budget.make({ tokens: 2 * (input + 100), outputTokens: 100 })(driver)
      const all = yield* Effect.forkChild(Budget.scoped(
        Effect.forEach(Array.from({ length: 10 }), () => Effect.result(Answering.ask(limited)), {
          concurrency: "unbounded"
        })
      ))
      yield* TestClock.adjust("1 second")
      assert.strictEqual((yield* Fiber.join(all)).filter(Result.isSuccess).length, 2)
      assert.strictEqual(asked.length, 2)
    }))

  it.effect("a failure gives back what was reserved, but for what it used", () =>
    Effect.gen(function*() {
      const failed = ProviderError.make(origin, "Overloaded")
      const broken = ProviderError.withPartial(origin, ProviderError.make(origin, "StreamInterrupted"), {
        parts: [],
        usage: Usage.make({ inputTotal: 100, outputTotal: 300 })
      })
      const failing = (error: AiError.AiError) =>
        Effect.gen(function*() {
          const { asked, driver } = Answering.make(() => Effect.fail(error))
          const limited = yield* Budget.make(limit)(driver)
          yield* Budget.scoped(passing(Answering.ask(limited)))
          return asked.length
        })
      assert.strictEqual(yield* failing(failed), 20)
      assert.strictEqual(yield* failing(broken), 3)
    }))

  it.effect("a failure behind which a vendor may have worked is charged by what was asked and had come", () =>
    Effect.gen(function*() {
      /** How many of twenty calls of 100 tokens reach the driver. */
      const failing = (kind: ErrorKind.Name, sends: boolean, written = "") =>
        Effect.gen(function*() {
          const failed = ProviderError.make(origin, kind)
          const { asked, driver } = Answering.make(() =>
            Effect.withFiber((fiber) => {
              if (sends) { for (const observer of RequestObserver.ofFiber(fiber)) observer.onSend?.() }
              return Effect.fail(
                written === "" ? failed : ProviderError.withPartial(origin, failed, {
                  parts: [{ type: "text", text: written }],
                  usage: undefined
                })
              )
            })
          )
          const limited = yield* Budget.make({ tokens: 1_000, outputTokens: 500 })(driver)
          yield* Budget.scoped(passing(Answering.ask(limited, "word ".repeat(95))))
          return asked.length
        })
      for (const kind of ["TimedOut", "ConnectionFailed", "StreamInterrupted"] as const) {
        assert.isBelow(yield* failing(kind, true), 7)
        assert.strictEqual(yield* failing(kind, false), 20)
      }
      assert.strictEqual(yield* failing("Overloaded", true), 20)
      assert.isBelow(yield* failing("InvalidOutput", true, "word ".repeat(200)), 4)
    }))

  it.effect("a count that came at the beginning does not hide what was written since", () =>
    Effect.gen(function*() {
      const { asked, driver } = Answering.make()
      const limited = yield* Budget.make({ tokens: 1_000, outputTokens: 300 })({
        ...driver,
        streamText: (options) => {
          asked.push(options)
          const metadata = PartCollector.earlyUsage(Usage.make({ inputTotal: 2, outputTotal: 1 }))
          return Stream.concat(
            Stream.make(
              { type: "response-metadata", metadata },
              { type: "text-delta", id: "0", delta: "word ".repeat(200) }
            ),
            Stream.fail(ProviderError.make(origin, "StreamInterrupted"))
          )
        }
      })
      yield* Budget.scoped(passing(Stream.runDrain(Answering.askStream(limited))))
      assert.isBelow(asked.length, 6)
    }))

  it.effect("an interruption gives back what was reserved, but for what was asked and said", () =>
    Effect.gen(function*() {
      /** How many of twenty calls that are left reach the driver. */
      const leaving = (sends: boolean, says: string) =>
        Effect.gen(function*() {
          const { asked, driver } = Answering.make()
          const limited = yield* Budget.make({ tokens: 1_000, outputTokens: 800 })({
            ...driver,
            streamText: (options) => {
              asked.push(options)
              return Stream.unwrap(Effect.withFiber((fiber) => {
                if (sends) { for (const observer of RequestObserver.ofFiber(fiber)) observer.onSend?.() }
                return Effect.succeed(Stream.concat(
                  says === "" ? Stream.empty : Stream.make({ type: "text-delta", id: "0", delta: says } as const),
                  Stream.never
                ))
              }))
            }
          })
          const one = Effect.gen(function*() {
            const fiber = yield* Effect.forkChild(Effect.result(Stream.runDrain(Answering.askStream(limited))), {
              startImmediately: true
            })
            yield* Effect.yieldNow
            yield* Fiber.interrupt(fiber)
          })
          yield* Budget.scoped(Effect.forEach(Array.from({ length: 20 }), () => one))
          return asked.length
        })
      assert.strictEqual(yield* leaving(false, ""), 20)
      assert.strictEqual(yield* leaving(true, ""), 20)
      const words = "word ".repeat(95)
      assert.isBelow(yield* leaving(true, words), 4)
      assert.isBelow(yield* leaving(false, words), 4)
    }))
})

describe("money", () => {
  it.effect("is counted by the prices around the call, and by the vendor's own figure before them", () =>
    Effect.gen(function*() {
      const { driver } = Answering.make(() => Effect.succeed(used(150, 150)))
      const limited = yield* Budget.make({ usd: "1.20", outputTokens: 100 })(driver)
      assert.strictEqual(yield* priced(Budget.scoped(passing(Answering.ask(limited)))), 4)

      const own = Answering.make(() =>
        Effect.succeed([{ type: "finish", reason: "stop", usage: Usage.unknown, metadata: Pricing.reported(0.4) }])
      )
      const dear = yield* Budget.make({ usd: BigDecimal.make(1n, 0), outputTokens: 100 })(own.driver)
      assert.strictEqual(yield* priced(Budget.scoped(passing(Answering.ask(dear)))), 3)
    }))

  it.effect("the error says how much, exactly", () =>
    Effect.gen(function*() {
      const { driver } = Answering.make(() => Effect.succeed(used(0, 1)))
      const limited = yield* Budget.make({ usd: "0.1", outputTokens: 99 - input })(driver)
      const error = yield* priced(Budget.scoped(Effect.flip(Effect.forEach([1, 2, 3], () => Answering.ask(limited)))))
      assert.deepInclude(metadataOf(error), {
        scope: "fiber",
        exceeded: "usd",
        needed: { tokens: 99, usd: "0.099" },
        used: { tokens: 2, usd: "0.002" },
        limit: { usd: "0.1" }
      })
    }))

  it.effect("an unknown price is refused, or allowed, and then only the vendor's figure counts", () =>
    Effect.gen(function*() {
      const { asked, driver } = Answering.make()
      const limited = yield* Budget.make({ usd: "1" })(driver)
      const error = yield* Effect.flip(Answering.ask(limited))
      assert.strictEqual(ProviderError.kindOf(error), "BudgetExceeded")
      assert.strictEqual(metadataOf(error)["unknownPrice"], true)
      assert.include(error.message, "Pricing.Prices")
      assert.strictEqual(asked.length, 0)
      const own = Answering.make(() =>
        Effect.succeed([{ type: "finish", reason: "stop", usage: Usage.unknown, metadata: Pricing.reported(0.6) }])
      )
      const allowed = yield* Budget.make({ usd: "1", onUnknownPrice: "allow" })(own.driver)
      // The second is what goes over, and nobody knew before.
      assert.strictEqual(yield* Budget.scoped(passing(Answering.ask(allowed))), 2)
    }))
})

const tenants = (layer: Layer.Layer<BudgetStore.BudgetStore>, settled: Effect.Effect<void>) => {
  it.effect("each has a budget, which begins anew with the period", () =>
    Effect.gen(function*() {
      const { driver } = Answering.make(() => Effect.succeed(used(150, 150)))
      const limited = yield* Budget.makeShared({ tokens: 1_000, outputTokens: 100, period: "1 hour" })(driver)
      const ask = Effect.tap(Answering.ask(limited), () => settled)
      assert.strictEqual(yield* Budget.withTenant(passing(ask, 6), "one"), 3)
      assert.strictEqual(yield* passing(ask, 6).pipe(Budget.withTenant("other")), 3)
      const error = yield* Budget.withTenant(Effect.flip(ask), "one")
      assert.deepInclude(metadataOf(error), { scope: "tenant one", used: { tokens: 900, usd: "0" } })
      yield* TestClock.adjust("59 minutes")
      assert.strictEqual(yield* Budget.withTenant(passing(ask, 6), "one"), 0)
      yield* TestClock.adjust("1 minute")
      assert.strictEqual(yield* Budget.withTenant(passing(ask, 6), "one"), 3)
    }).pipe(Effect.provide(layer)))

  it.effect.each([["for ever", Infinity], ["of a fraction of a millisecond", "2500000000001 nanos"]] as const)(
    "a period may be %s",
    ([, period]) =>
      Effect.gen(function*() {
        const { driver } = Answering.make(() => Effect.succeed(used(150, 150)))
        const limited = yield* Budget.makeShared({ tokens: 1_000, outputTokens: 100, period })(driver)
        const ask = Effect.tap(Answering.ask(limited), () => settled)
        assert.strictEqual(yield* Budget.withTenant(passing(ask, 6), `${period}`), 3)
        const error = yield* Budget.withTenant(Effect.flip(ask), `${period}`)
        assert.strictEqual(ProviderError.kindOf(error), "BudgetExceeded")
      }).pipe(Effect.provide(layer))
  )

  it.effect("at once, too", () =>
    Effect.gen(function*() {
      const { asked, driver } = Answering.make(() => Effect.succeed(used(input, 100)))
      const limited = yield* Budget.makeShared({ tokens: 3 * (input + 100), outputTokens: 100, tenant: () => "x" })(
        driver
      )
      const results = yield* Effect.forEach(
        Array.from({ length: 10 }),
        () => Effect.result(Answering.ask(limited)),
        { concurrency: "unbounded" }
      )
      assert.strictEqual(results.filter(Result.isSuccess).length, 3)
      assert.strictEqual(asked.length, 3)
    }).pipe(Effect.provide(layer)))
}

/** Some turns of the event loop, in which a store hears what was used. */
const turns = Effect.promise(async () => {
  for (let turn = 0; turn < 5; turn++) await new Promise((resume) => setImmediate(resume))
})

describe("tenants in memory", () => tenants(BudgetStore.layerMemory, turns))

describe.skipIf(!RedisServer.installed)(
  `tenants in Redis${RedisServer.installed ? "" : " (skipped: no redis-server)"}`,
  () => {
    const redis = Layer.unwrap(
      Effect.map(RedisServer.make, ({ host, port }) => NodeRedis.layer({ socket: { host, port } }))
    )
    tenants(
      Layer.orDie(Layer.provide(BudgetStore.layerRedis(), redis)),
      Effect.promise(() => new Promise((resume) => setTimeout(resume, 20)))
    )
  }
)

describe("a store that fails", () => {
  const failing = (behaves: "badly" | "not at all") => {
    const fails = behaves === "badly"
      ? Effect.fail(new BudgetStore.BudgetStoreError({ message: "The store is gone" }))
      : Effect.never
    return Layer.succeed(BudgetStore.BudgetStore, { take: () => fails, add: () => fails })
  }

  for (const behaves of ["badly", "not at all"] as const) {
    it.effect(`closed fails calls, open lets them pass (${behaves})`, () =>
      Effect.gen(function*() {
        const { asked, driver } = Answering.make()
        const closed = yield* Budget.makeShared({ tokens: 9_000 })(driver)
        const open = yield* Budget.makeShared({ tokens: 9_000, onStoreFailure: "open" })(driver)
        const both = yield* Effect.forkChild(
          Effect.all([Effect.result(Answering.ask(closed)), Effect.result(Answering.ask(open))], { concurrency: 2 }),
          { startImmediately: true }
        )
        yield* TestClock.adjust("1 second")
        assert.deepStrictEqual((yield* Fiber.join(both)).map(kindOf), ["StoreFailed", "answered"])
        assert.strictEqual(asked.length, 1)
      }).pipe(Effect.provide(failing(behaves))))
  }

  it.effect("who leaves does not wait for it, and what it takes then is given back", () => {
    const memory = BudgetStore.makeMemory()
    const slow: BudgetStore.Store = {
      take: (...args) => Effect.delay(memory.take(...args), "500 millis"),
      add: memory.add
    }
    return Effect.gen(function*() {
      const { asked, driver } = Answering.make()
      const limited = yield* Budget.makeShared({ tokens: input + 100, outputTokens: 100 })(driver)
      const first = yield* Effect.forkChild(Answering.ask(limited), { startImmediately: true })
      yield* Effect.yieldNow
      yield* Fiber.interrupt(first)
      yield* TestClock.adjust("500 millis")
      yield* turns
      const second = yield* Effect.forkChild(Answering.ask(limited), { startImmediately: true })
      yield* TestClock.adjust("500 millis")
      yield* Fiber.join(second)
      assert.strictEqual(asked.length, 1)
    }).pipe(Effect.provideService(BudgetStore.BudgetStore, slow))
  })
})

describe("options that cannot be used", () => {
  const wrong: ReadonlyArray<Budget.SharedOptions> = [
    { tokens: 0 },
    { usd: "a lot" },
    { usd: "-1" },
    { usd: "100000000" },
    { outputTokens: -1 },
    { period: 0 },
    { storeTimeout: 0 }
  ]
  for (const options of wrong) {
    const name = Object.keys(options)[0] ?? ""
    it.effect(`${name}: ${String(Object.values(options)[0])}`, () =>
      Effect.gen(function*() {
        const { driver } = Answering.make()
        const error = yield* Effect.flip(Answering.ask(yield* Budget.makeShared(options)(driver)))
        assert.strictEqual(ProviderError.kindOf(error), "Unsupported")
        assert.strictEqual(error.reason._tag === "InvalidRequestError" ? error.reason.parameter : "", name)
      }).pipe(Effect.provide(BudgetStore.layerMemory)))
  }
})
