/** The policies with nothing to do, and what they need in memory. */
import * as Driver from "@llm-layers/core/Driver"
import type * as Policy from "@llm-layers/core/Policy"
import * as Budget from "@llm-layers/policies/Budget"
import * as BudgetStore from "@llm-layers/policies/BudgetStore"
import * as CircuitBreaker from "@llm-layers/policies/CircuitBreaker"
import * as Fallback from "@llm-layers/policies/Fallback"
import * as Hedge from "@llm-layers/policies/Hedge"
import * as KeyRotation from "@llm-layers/policies/KeyRotation"
import * as RateLimit from "@llm-layers/policies/RateLimit"
import * as RateLimitStore from "@llm-layers/policies/RateLimitStore"
import * as Recommended from "@llm-layers/policies/Recommended"
import * as ResponseCache from "@llm-layers/policies/ResponseCache"
import * as Retry from "@llm-layers/policies/Retry"
import * as Timeout from "@llm-layers/policies/Timeout"
import * as TokenLimit from "@llm-layers/policies/TokenLimit"
import * as UsageLedger from "@llm-layers/policies/UsageLedger"
import { Effect, Layer, Redacted, Stream } from "effect"
import { IdGenerator, type LanguageModel } from "effect/ai"
import { prompt, requestOf } from "./answers.ts"

/** What the policies need of a program: a ledger, and stores in memory. */
export const services = Layer.mergeAll(
  UsageLedger.layer(),
  BudgetStore.layerMemory,
  RateLimitStore.layerMemory,
  CircuitBreaker.layerStoreMemory(),
  Layer.succeed(IdGenerator.IdGenerator, IdGenerator.defaultIdGenerator)
)

export type Services = Layer.Success<typeof services>

/** What is called over and over. */
export interface Subject {
  readonly call: Effect.Effect<unknown, unknown, Services>
  readonly stream: Effect.Effect<unknown, unknown, Services>
}

/** A policy around a driver or a model, or one of these alone. */
export interface Member {
  readonly name: string
  /** What it is compared with. */
  readonly base: string
  /** Whether it has something to do, so that it is shown and not judged. */
  readonly busy?: boolean
  readonly subject: (driver: Driver.Driver) => Effect.Effect<Subject, never, Services>
}

const bareDriver = "a driver"
const bareModel = "a model"

const subjectOf = (driver: Driver.Driver): Subject => ({
  call: Effect.suspend(() => driver.generateText(requestOf())),
  stream: Effect.suspend(() => Stream.runDrain(driver.streamText(requestOf())))
})

const around = (name: string, policy: Policy.Policy<Services>, busy = false): Member => ({
  name,
  base: bareDriver,
  busy,
  subject: (driver) => Effect.map(policy(driver), subjectOf)
})

/** For what is not around drivers but around models. */
const ofModel = (
  name: string,
  wrap: (model: LanguageModel.LanguageModel) => LanguageModel.LanguageModel = (model) => model
): Member => ({
  name,
  base: bareModel,
  subject: (driver) =>
    Effect.map(Driver.toLanguageModel(driver), (model) => {
      const wrapped = wrap(model)
      return {
        call: Effect.suspend(() => wrapped.generateText({ prompt })),
        stream: Effect.suspend(() => Stream.runDrain(wrapped.streamText({ prompt })))
      }
    })
})

/** So much that it is never reached. */
const plenty = Number.MAX_SAFE_INTEGER

const keys = KeyRotation.pool([Redacted.make("one"), Redacted.make("two")])

export const members: ReadonlyArray<Member> = [
  { name: bareDriver, base: bareDriver, subject: (driver) => Effect.succeed(subjectOf(driver)) },
  around("Retry", Retry.make()),
  around("Timeout", Timeout.make()),
  around("RateLimit, no limit", RateLimit.make()),
  around("RateLimit, requests", RateLimit.make({ requestsPerMinute: plenty })),
  around("RateLimit, requests and tokens", RateLimit.make({ requestsPerMinute: plenty, tokensPerMinute: plenty })),
  around("RateLimit, in a store", RateLimit.makeShared({ requestsPerMinute: plenty, tokensPerMinute: plenty })),
  around("TokenLimit", TokenLimit.make({ max: 128_000 })),
  around("Budget, of a call", Budget.make({ tokens: plenty })),
  around("Budget, of a tenant", Budget.makeShared({ tokens: plenty })),
  around("CircuitBreaker", CircuitBreaker.make()),
  around("KeyRotation", (driver) => Effect.flatMap(keys, (pool) => KeyRotation.make(pool)(driver))),
  around("Hedge", Hedge.make()),
  around("UsageLedger", UsageLedger.make()),
  around(
    "ResponseCache, not for this call",
    (driver) => ResponseCache.make()({ ...driver, identity: Effect.succeed(undefined) })
  ),
  around("ResponseCache, a miss", ResponseCache.make({ cacheWhen: () => false }), true),
  around("ResponseCache, a hit", ResponseCache.make(), true),
  around("Recommended, five of these", Recommended.make(), true),
  ofModel(bareModel),
  ofModel("Fallback", (model) => Fallback.make([{ service: model }, { service: model }]))
]
