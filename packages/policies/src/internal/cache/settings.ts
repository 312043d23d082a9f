/** The options of a cache, with their defaults. */
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import type * as Persistence from "effect/persistence/Persistence"
import * as Scope from "effect/Scope"
import * as OptionChecks from "../options.ts"
import * as Memory from "./memory.ts"
import * as Store from "./store.ts"

/** What all caches take. */
export interface Common {
  /** How long an answer may be given out again. Default: 1 hour. */
  readonly timeToLive?: Duration.Input | undefined
}

/** The bounds of a cache in memory. */
export interface MemoryBounds {
  /** Default: 1,000. */
  readonly maxEntries?: number | undefined
  /** Of all entries together, a character of JSON counted as two. Default: 64 MiB. A larger entry is not kept. */
  readonly maxBytes?: number | undefined
}

/** What caches in a store take. */
export interface Shared {
  /** The name under which the store keeps the entries: caches with the same name share them. */
  readonly storeId?: string | undefined
  /**
   * What happens while the store fails: `open` asks the model, `closed` fails the call with `StoreFailed`. Default:
   * `open`. An answer that cannot be kept is given to the caller in any case.
   */
  readonly onStoreFailure?: "open" | "closed" | undefined
  /** How long to wait for the store, each time. Default: 1 second. One that was silent is left alone for 5 seconds. */
  readonly storeTimeout?: Duration.Input | undefined
}

const defaults = {
  timeToLive: "1 hour",
  maxEntries: 1000,
  maxBytes: 64 * 1024 * 1024,
  storeTimeout: "1 second"
} as const

export const problemOf = (options: Common & MemoryBounds & Shared): OptionChecks.Problem | undefined =>
  OptionChecks.ofDuration("timeToLive", options.timeToLive) ??
    OptionChecks.ofDuration("storeTimeout", options.storeTimeout) ??
    OptionChecks.ofCount("maxEntries", options.maxEntries, 1) ??
    OptionChecks.ofCount("maxBytes", options.maxBytes, 1) ??
    (options.storeId === "" ? { parameter: "storeId", description: "storeId must not be empty" } : undefined)

/** A cache that is ready: its store, and for how long its entries count, in milliseconds. */
export interface Opened {
  readonly store: Store.Store
  readonly timeToLive: number
  readonly isClosed: boolean
}

/** Options that were looked at by {@link problemOf}. */
const durationOf = (given: Duration.Input | undefined, otherwise: Duration.Input): Duration.Duration =>
  Duration.fromInputUnsafe(given ?? otherwise)

export const memory = (bounds: MemoryBounds): Persistence.BackingPersistence["Service"] =>
  Memory.make({
    maxEntries: bounds.maxEntries ?? defaults.maxEntries,
    maxBytes: bounds.maxBytes ?? defaults.maxBytes
  })

/** The store closes with the scope of the layer that the cache is part of, where there is one. */
export const open = (
  options: Common & Shared,
  storeId: string,
  backing: Persistence.BackingPersistence["Service"]
): Effect.Effect<Opened> =>
  Effect.gen(function*() {
    const around = yield* Effect.serviceOption(Scope.Scope)
    const scope = around._tag === "Some" ? around.value : yield* Scope.make()
    const timeToLive = durationOf(options.timeToLive, defaults.timeToLive)
    const store = yield* Scope.provide(backing.make(options.storeId ?? storeId), scope)
    const limit = Duration.toMillis(durationOf(options.storeTimeout, defaults.storeTimeout))
    return {
      store: Store.make(store, { limit, timeToLive }),
      timeToLive: Duration.toMillis(timeToLive),
      isClosed: options.onStoreFailure === "closed"
    }
  })
