/**
 * Where budgets of tenants are kept: what each has spent in a period. In the memory of this process, or in Redis for all
 * processes that use the same.
 */
import * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import * as Data from "effect/Data"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Redis from "effect/persistence/Redis"
import { type Amount, exceeds, type Limits, nothing, plus } from "./internal/budget/amount.ts"

export type { Amount, Limits }

/** The store cannot be reached, does not answer in time, or answers nonsense. */
export class BudgetStoreError extends Data.TaggedError("BudgetStoreError")<{
  readonly message: string
  readonly cause?: unknown
}> {}

/** Whether an amount was taken, and what is used in the period then. */
export interface Taken {
  readonly taken: boolean
  readonly used: Amount
}

/** A store. Each step is atomic. Keys have their period in them; they may be forgotten when it is over. */
export interface Store<E = BudgetStoreError> {
  /** Takes the amount where the limits allow it. */
  readonly take: (key: string, ask: Amount, limits: Limits, expiresIn: number) => Effect.Effect<Taken, E>
  /** Adds to what was taken; below 0 gives back. */
  readonly add: (key: string, by: Amount, expiresIn: number) => Effect.Effect<void, E>
}

/** The store of a program. */
export class BudgetStore extends Context.Service<BudgetStore, Store>()("@llm-layers/policies/BudgetStore") {}

interface Account {
  used: Amount
  readonly until: number
}

/** A store in memory. */
export const makeMemory = (): Store<never> => {
  const accounts = new Map<string, Account>()
  let leftOver = 0
  const accountOf = (key: string, expiresIn: number): Effect.Effect<Account> =>
    Effect.map(Clock.currentTimeMillis, (now) => {
      const known = accounts.get(key)
      if (known !== undefined) return known
      if (accounts.size >= 2 * leftOver + 16) {
        for (const [other, { until }] of accounts) if (until <= now) accounts.delete(other)
        leftOver = accounts.size
      }
      const account = { used: nothing, until: now + expiresIn }
      accounts.set(key, account)
      return account
    })
  return {
    take: (key, ask, limits, expiresIn) =>
      Effect.map(accountOf(key, expiresIn), (account) => {
        const after = plus(account.used, ask)
        if (exceeds(after, limits) !== undefined) return { taken: false, used: account.used }
        account.used = after
        return { taken: true, used: after }
      }),
    add: (key, by, expiresIn) =>
      Effect.map(accountOf(key, expiresIn), (account) => {
        account.used = atLeastNothing(plus(account.used, by))
      })
  }
}

const atLeastNothing = ({ nanoUsd, tokens }: Amount): Amount => ({
  tokens: Math.max(0, tokens),
  nanoUsd: Math.max(0, nanoUsd)
})

/** A store in the memory of this process. What was spent is forgotten with it. */
export const layerMemory: Layer.Layer<BudgetStore> = Layer.sync(BudgetStore, makeMemory)

const take = Redis.script(
  (key: string, tokens: number, usd: number, tokensLimit: number, usdLimit: number, expiresIn: number) => [
    key,
    tokens,
    usd,
    tokensLimit,
    usdLimit,
    expiresIn
  ],
  {
    numberOfKeys: 1,
    lua: `
local used = redis.call("HMGET", KEYS[1], "tokens", "usd")
local tokens, usd = tonumber(used[1] or 0), tonumber(used[2] or 0)
local nextTokens, nextUsd = tokens + tonumber(ARGV[1]), usd + tonumber(ARGV[2])
local limitTokens, limitUsd = tonumber(ARGV[3]), tonumber(ARGV[4])
if (limitTokens >= 0 and nextTokens > limitTokens) or (limitUsd >= 0 and nextUsd > limitUsd) then
  return { 0, tokens, usd }
end
redis.call("HSET", KEYS[1], "tokens", nextTokens, "usd", nextUsd)
if tonumber(ARGV[5]) > 0 then redis.call("PEXPIRE", KEYS[1], ARGV[5]) end
return { 1, nextTokens, nextUsd }
`
  }
).withReturnType<unknown>()

const add = Redis.script(
  (key: string, tokens: number, usd: number, expiresIn: number) => [key, tokens, usd, expiresIn],
  {
    numberOfKeys: 1,
    lua: `
local used = redis.call("HMGET", KEYS[1], "tokens", "usd")
local tokens, usd = tonumber(used[1] or 0), tonumber(used[2] or 0)
tokens, usd = math.max(0, tokens + tonumber(ARGV[1])), math.max(0, usd + tonumber(ARGV[2]))
redis.call("HSET", KEYS[1], "tokens", tokens, "usd", usd)
if tonumber(ARGV[3]) > 0 then redis.call("PEXPIRE", KEYS[1], ARGV[3]) end
return 0
`
  }
).withReturnType<unknown>()

/** How a store in Redis is used. */
export interface RedisOptions {
  /** Begins every key in Redis. Default: `llm-layers:budget:`. */
  readonly prefix?: string | undefined
}

/** A store in Redis. Redis forgets a tenant's period when it is over. */
export const layerRedis = (options: RedisOptions = {}): Layer.Layer<BudgetStore, never, Redis.Redis> =>
  Layer.effect(BudgetStore, Effect.map(Redis.Redis, (redis) => makeRedis(redis, options)))

const makeRedis = (redis: Redis.Redis["Service"], options: RedisOptions): Store => {
  const prefix = options.prefix ?? "llm-layers:budget:"
  const [taking, adding] = [redis.eval(take), redis.eval(add)]
  /** Whole milliseconds, or 0 for never: all that Redis takes. */
  const expiry = (millis: number): number => Number.isFinite(millis) ? Math.ceil(millis) : 0
  const asked = (effect: Effect.Effect<unknown, Redis.RedisError>) =>
    Effect.mapError(
      effect,
      ({ cause }) => new BudgetStoreError({ message: "Redis cannot be asked for the budget", cause })
    )
  return {
    take: (key, ask, limits, expiresIn) =>
      Effect.flatMap(
        asked(
          taking(prefix + key, ask.tokens, ask.nanoUsd, limits.tokens ?? -1, limits.nanoUsd ?? -1, expiry(expiresIn))
        ),
        (reply) => {
          const [taken, tokens, nanoUsd]: ReadonlyArray<unknown> = Array.isArray(reply) ? reply : []
          return typeof taken === "number" && typeof tokens === "number" && typeof nanoUsd === "number"
            ? Effect.succeed({ taken: taken === 1, used: { tokens, nanoUsd } })
            : Effect.fail(new BudgetStoreError({ message: "Redis answers the budget with something that is none" }))
        }
      ),
    add: (key, by, expiresIn) => Effect.asVoid(asked(adding(prefix + key, by.tokens, by.nanoUsd, expiry(expiresIn))))
  }
}
