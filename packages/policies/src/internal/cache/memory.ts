/** A store in memory, with a bound: the entry that was asked for longest ago goes first. */
import * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import type * as Persistence from "effect/persistence/Persistence"

export interface Bounds {
  readonly maxEntries: number
  readonly maxBytes: number
}

interface Kept {
  /** JSON: what was kept cannot be changed by who holds it, and its size is known. */
  readonly text: string
  readonly bytes: number
  readonly expires: number
}

/** An entry has room as long as texts in memory take two bytes a character. */
const bytesOf = (key: string, text: string): number => 2 * (key.length + text.length)

/** A map keeps the order in which its keys were set: the first is the oldest. */
export const make = ({ maxBytes, maxEntries }: Bounds): Persistence.BackingPersistence["Service"] => {
  const stores = new Map<string, Persistence.BackingPersistenceStore>()
  const kept = new Map<string, Kept>()
  let bytes = 0

  const remove = (key: string): void => {
    const one = kept.get(key)
    if (one === undefined) return
    kept.delete(key)
    bytes -= one.bytes
  }

  const makeStore = (storeId: string): Persistence.BackingPersistenceStore => {
    const prefix = `${storeId}\0`

    const get = (key: string, now: number): object | undefined => {
      const one = kept.get(prefix + key)
      if (one === undefined) return undefined
      if (one.expires <= now) {
        remove(prefix + key)
        return undefined
      }
      kept.delete(prefix + key)
      kept.set(prefix + key, one)
      return JSON.parse(one.text)
    }

    const set = (key: string, value: object, ttl: Duration.Duration | undefined, now: number): void => {
      remove(prefix + key)
      const text = JSON.stringify(value)
      const size = bytesOf(prefix + key, text)
      if (size > maxBytes) return
      const expires = ttl === undefined ? Number.POSITIVE_INFINITY : now + Duration.toMillis(ttl)
      kept.set(prefix + key, { text, bytes: size, expires })
      bytes += size
      for (const oldest of kept.keys()) {
        if (kept.size <= maxEntries && bytes <= maxBytes) return
        remove(oldest)
      }
    }

    return {
      get: (key) => withNow((now) => get(key, now)),
      // As many as there are keys, of which there is one at least.
      getMany: (keys) => withNow((now) => keys.map((key) => get(key, now)) as [object | undefined]),
      set: (key, value, ttl) => withNow((now) => set(key, value, ttl, now)),
      setMany: (entries) => withNow((now) => entries.forEach(([key, value, ttl]) => set(key, value, ttl, now))),
      remove: (key) => Effect.sync(() => remove(prefix + key)),
      clear: Effect.sync(() => {
        for (const key of kept.keys()) if (key.startsWith(prefix)) remove(key)
      })
    }
  }

  return {
    make: (storeId) =>
      Effect.sync(() => {
        const store = stores.get(storeId) ?? makeStore(storeId)
        stores.set(storeId, store)
        return store
      })
  }
}

const withNow = <A>(use: (now: number) => A): Effect.Effect<A> =>
  Effect.withFiber((fiber) => Effect.sync(() => use(fiber.getRef(Clock.Clock).currentTimeMillisUnsafe())))
