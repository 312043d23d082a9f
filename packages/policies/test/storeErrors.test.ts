import { assert, describe, it } from "@effect/vitest"
import { type Policy, ProviderError } from "@llm-layers/core"
import { Effect, Layer, Logger } from "effect"
import { CircuitBreaker as Breaker, Persistence } from "effect/persistence"
import { inspect } from "node:util"
import * as Budget from "../src/Budget.ts"
import * as BudgetStore from "../src/BudgetStore.ts"
import * as CircuitBreaker from "../src/CircuitBreaker.ts"
import * as RateLimit from "../src/RateLimit.ts"
import * as RateLimitStore from "../src/RateLimitStore.ts"
import * as ResponseCache from "../src/ResponseCache.ts"
import * as Answering from "./fixtures/answering.ts"

const message = "connect ECONNREFUSED redis://user:hunter22@redis.example:6379"

/** As clients of stores throw: with the address, and the command with its arguments. */
const cause = Object.assign(new Error(message), { command: { name: "auth", args: ["hunter22"] } })

const fails = {
  budget: Effect.fail(new BudgetStore.BudgetStoreError({ message, cause })),
  rateLimit: Effect.fail(new RateLimitStore.RateLimitStoreError({ message, cause })),
  breaker: Effect.fail(
    new Breaker.CircuitBreakerError({ reason: new Breaker.CircuitBreakerStoreError({ message, cause }) })
  ),
  cache: Effect.fail(new Persistence.PersistenceError({ message, cause }))
}

const closed = { onStoreFailure: "closed" } as const

const policies: { readonly [name: string]: Effect.Effect<Policy.Policy> } = {
  Budget: withStore(
    Budget.makeShared({ tokens: 9_000 }),
    Layer.succeed(BudgetStore.BudgetStore, { take: () => fails.budget, add: () => fails.budget })
  ),
  RateLimit: withStore(
    RateLimit.makeShared({ requestsPerMinute: 9, ...closed }),
    Layer.succeed(RateLimitStore.RateLimitStore, {
      take: () => fails.rateLimit,
      correct: () => fails.rateLimit,
      pause: () => fails.rateLimit
    })
  ),
  CircuitBreaker: withStore(
    CircuitBreaker.makeShared(closed),
    Layer.succeed(Breaker.CircuitBreakerStore, {
      admit: () => fails.breaker,
      record: () => fails.breaker,
      state: () => fails.breaker
    })
  ),
  ResponseCache: withStore(
    ResponseCache.makeShared(closed),
    Layer.succeed(Persistence.BackingPersistence, {
      make: () =>
        Effect.succeed({
          get: () => fails.cache,
          getMany: () => fails.cache,
          set: () => fails.cache,
          setMany: () => fails.cache,
          remove: () => fails.cache,
          clear: fails.cache
        })
    })
  )
}

function withStore<R>(policy: Policy.Policy<R>, store: Layer.Layer<R>): Effect.Effect<Policy.Policy> {
  return Effect.succeed((driver) => Effect.provide(policy(driver), store))
}

describe("an error of a store shows no credential, and says what failed", () => {
  it.effect.each(Object.entries(policies))("%s", ([, policy]) =>
    Effect.gen(function*() {
      const lines: Array<unknown> = []
      const logger = Logger.make(({ cause, message }) => lines.push(message, cause))
      const driver = { ...Answering.make().driver, identity: Effect.succeed({}) }
      const limited = yield* Effect.flatMap(policy, (one) => one(driver))
      const error = yield* Effect.flip(Answering.ask(limited)).pipe(Effect.provide(Logger.layer([logger])))
      assert.strictEqual(ProviderError.kindOf(error), "StoreFailed")
      assert.include(error.message, "ECONNREFUSED")
      assert.notInclude(inspect([error, lines], { depth: 12 }), "hunter22")
    }))
})
