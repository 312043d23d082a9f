/**
 * Every pair of policies, in both orders, is held to the laws of one policy. One test a pair, in which all laws run at the
 * same time: a test a law would cost more than the laws do. What is broken is named in the failure.
 */
import { assert, describe, it } from "@effect/vitest"
import type * as ErrorKind from "@llm-layers/core/ErrorKind"
import * as Policy from "@llm-layers/core/Policy"
import * as ConformanceLaws from "@llm-layers/testing/ConformanceLaws"
import { Effect, Layer, Redacted } from "effect"
import * as Policies from "../src/index.ts"

const layer = Layer.mergeAll(Policies.UsageLedger.layer(), Policies.CircuitBreaker.layerStoreMemory())

/** The policies by name, each made anew. */
const members: { readonly [name: string]: () => Policy.Policy<Layer.Success<typeof layer>> } = {
  Budget: () => Policies.Budget.make({ tokens: 100_000 }),
  CircuitBreaker: () => Policies.CircuitBreaker.makeShared(),
  Hedge: () => Policies.Hedge.make(),
  KeyRotation: () => (driver) =>
    Effect.flatMap(
      Policies.KeyRotation.pool([Redacted.make("a"), Redacted.make("b")]),
      (pool) => Policies.KeyRotation.make(pool)(driver)
    ),
  RateLimit: () => Policies.RateLimit.make({ requestsPerMinute: 100, tokensPerMinute: 100_000, concurrency: 10 }),
  ResponseCache: () => Policies.ResponseCache.make(),
  Retry: () => Policies.Retry.make(),
  Timeout: () => Policies.Timeout.make(),
  TokenLimit: () => Policies.TokenLimit.make({ max: 1_000_000 }),
  UsageLedger: () => Policies.UsageLedger.make()
}

/** Failures after which a pair with it asks again although they are not retryable: with another key. */
const asksAgainAfter: { readonly [name: string]: ReadonlyArray<ErrorKind.Name> } = {
  KeyRotation: ["AuthenticationFailed", "QuotaExhausted"]
}

/** The laws that do not hold of a pair, and those that were left out. */
const broken = (outer: string, inner: string) =>
  Effect.gen(function*() {
    const [first, second] = [members[outer], members[inner]]
    if (first === undefined || second === undefined) return ["no such policy"]
    const laws = ConformanceLaws.policy(
      { policy: () => Policy.compose(first(), second()), layer },
      { asksAgainAfter: [...asksAgainAfter[outer] ?? [], ...asksAgainAfter[inner] ?? []] }
    )
    const results = yield* Effect.forEach(
      laws,
      ({ check, group, name, skipped }) =>
        Effect.map(Effect.result(check), (result) =>
          skipped !== undefined
            ? [`${group}: ${name} is skipped: ${skipped}`]
            : result._tag === "Failure"
            ? [`${group}: ${name}: ${result.failure.message}`]
            : []),
      { concurrency: "unbounded" }
    )
    assert.isAbove(laws.length, 50)
    return results.flat()
  })

describe("pairs of policies keep to the laws", () => {
  it("all policies are among them", () => {
    const others = ["Fallback", "Recommended"]
    const modules = Object.keys(Policies).filter((name) => !name.endsWith("Store") && !others.includes(name))
    assert.deepStrictEqual(modules, Object.keys(members))
  })

  for (const outer of Object.keys(members)) {
    for (const inner of Object.keys(members)) {
      if (outer === inner) continue
      it.live(`${outer} around ${inner}`, () =>
        Effect.map(broken(outer, inner), (problems) => assert.deepStrictEqual(problems, [])))
    }
  }
})
