/**
 * Where rate limits are kept: what was sent in the last minute, under a key. In the memory of this process, or in Redis
 * for all processes that use the same.
 *
 * A minute is a sliding one, in slots of a second: no minute, wherever it begins, has more than the limit. The limiters
 * of `effect/persistence` let nearly twice the limit through in a minute that lies across two of their windows, or across
 * a full bucket and its refill, and a vendor answers that with 429.
 */
import * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import * as Data from "effect/Data"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Redis from "effect/persistence/Redis"
import * as RedisWindow from "./internal/limits/redisWindow.ts"
import { type Limits, type SlidingWindow, Windows } from "./internal/limits/slidingWindow.ts"

export type { Limits }

/** The store cannot be reached, does not answer in time, or answers nonsense. */
export class RateLimitStoreError extends Data.TaggedError("RateLimitStoreError")<{
  readonly message: string
  readonly cause?: unknown
}> {}

/** Room for a request, or how long there is none. */
export type Taken =
  | { readonly _tag: "Taken"; readonly slot: number }
  | { readonly _tag: "Full"; readonly wait: Duration.Duration }

/** A store. Each step is atomic. */
export interface Store<E = RateLimitStoreError> {
  /** Takes room for one request of so many tokens under a key, where all limits have it. */
  readonly take: (key: string, limits: Limits, tokens: number) => Effect.Effect<Taken, E>
  /** Adds to what was taken in a slot; a number below 0 gives back. A slot that is older than the window stays as it is. */
  readonly correct: (
    key: string,
    slot: number,
    by: { readonly requests: number; readonly tokens: number }
  ) => Effect.Effect<void, E>
  /** Nothing has room under the key for so long: the vendor said so. */
  readonly pause: (key: string, time: Duration.Duration) => Effect.Effect<void, E>
}

/** The store of a program. */
export class RateLimitStore extends Context.Service<RateLimitStore, Store>()("@llm-layers/policies/RateLimitStore") {}

/** A store in memory. It forgets a key that nothing was sent under for a minute. */
export const makeMemory = (): Store<never> => {
  const windows = new Windows()
  const withWindow = <A>(key: string, use: (window: SlidingWindow, now: number) => A): Effect.Effect<A> =>
    Effect.withFiber((fiber) => {
      const now = fiber.getRef(Clock.Clock).currentTimeMillisUnsafe()
      return Effect.succeed(use(windows.of(key, now), now))
    })
  return {
    take: (key, limits, tokens) => withWindow(key, (window, now) => toTaken(window.take(now, limits, tokens))),
    correct: (key, slot, by) => withWindow(key, (window, now) => window.correct(now, slot, by.requests, by.tokens)),
    pause: (key, time) => withWindow(key, (window, now) => window.pause(now, Duration.toMillis(time)))
  }
}

const toTaken = (result: number): Taken =>
  result < 0 ? { _tag: "Full", wait: Duration.millis(-result) } : { _tag: "Taken", slot: result }

/**
 * A store in the memory of this process, for several models that share a limit.
 */
export const layerMemory: Layer.Layer<RateLimitStore> = Layer.sync(RateLimitStore, makeMemory)

/** How a store in Redis is used. */
export interface RedisOptions {
  /** Begins every key in Redis. Default: `llm-layers:rate-limit:`. */
  readonly prefix?: string | undefined
  /**
   * Whose time it is: the server's, on which all hosts agree, or that of Effect's `Clock`, for tests. Default: `server`.
   */
  readonly time?: "server" | "clock" | undefined
}

/**
 * A store in Redis 5 or later. Each key is a hash of at most 124 fields, which Redis drops a minute after the last
 * request. In a cluster each key lies on one node.
 *
 * @example
 * ```ts no-run
 * import * as NodeRedis from "@effect/platform-node/NodeRedis"
 * import * as RateLimitStore from "@llm-layers/policies/RateLimitStore"
 * import { Layer } from "effect"
 *
 * export const store = Layer.provide(RateLimitStore.layerRedis(), NodeRedis.layer({ url: "redis://localhost:6379" }))
 * ```
 */
export const layerRedis = (options: RedisOptions = {}): Layer.Layer<RateLimitStore, never, Redis.Redis> =>
  Layer.effect(RateLimitStore, Effect.map(Redis.Redis, (redis) => makeRedis(redis, options)))

const makeRedis = (redis: Redis.Redis["Service"], options: RedisOptions): Store => {
  const prefix = options.prefix ?? "llm-layers:rate-limit:"
  const now = options.time === "clock" ? Clock.currentTimeMillis : Effect.succeed(-1)
  const [take, correct, pause] = [
    redis.eval(RedisWindow.take),
    redis.eval(RedisWindow.correct),
    redis.eval(RedisWindow.pause)
  ]
  const asked = (effect: (now: number) => Effect.Effect<unknown, Redis.RedisError>) =>
    Effect.mapError(
      Effect.flatMap(now, (millis) => effect(Math.floor(millis))),
      ({ cause }) => new RateLimitStoreError({ message: "Redis cannot be asked for the rate limit", cause })
    )
  const number = (reply: unknown): Effect.Effect<number, RateLimitStoreError> =>
    typeof reply === "number" && Number.isSafeInteger(reply)
      ? Effect.succeed(reply)
      : Effect.fail(
        new RateLimitStoreError({ message: "Redis answers the rate limit with something that is no number" })
      )
  return {
    take: (key, limits, tokens) =>
      asked((now) => take(prefix + key, now, limits.requests ?? -1, limits.tokens ?? -1, tokens)).pipe(
        Effect.flatMap(number),
        Effect.map(toTaken)
      ),
    correct: (key, slot, by) => Effect.asVoid(asked((now) => correct(prefix + key, now, slot, by.requests, by.tokens))),
    pause: (key, time) => Effect.asVoid(asked((now) => pause(prefix + key, now, Math.ceil(Duration.toMillis(time)))))
  }
}
