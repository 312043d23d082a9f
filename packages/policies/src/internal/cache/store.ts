/** Use of a store that may be gone, slow or mad: no call of it fails, lasts longer than its limit, or goes unnoticed. */
import * as Deadline from "@llm-layers/core/Deadline"
import * as Redaction from "@llm-layers/core/Redaction"
import type * as Arr from "effect/Array"
import * as Cause from "effect/Cause"
import * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import type * as Exit from "effect/Exit"
import type * as Persistence from "effect/persistence/Persistence"

/** The store did not answer. */
export class Down {
  readonly _tag = "Down"
  readonly description: string
  readonly cause: Error | undefined
  constructor(description: string, cause: Error | undefined) {
    this.description = description
    this.cause = cause
  }
}

type Value = object | undefined

export interface Store {
  /** `undefined` for what is not there, and for what can no longer be read. */
  readonly get: (key: string) => Effect.Effect<Value | Down>
  readonly getMany: (keys: Arr.NonEmptyArray<string>) => Effect.Effect<ReadonlyArray<Value> | Down>
  readonly setMany: (
    entries: Arr.NonEmptyArray<readonly [key: string, value: object]>
  ) => Effect.Effect<void | Down>
}

/** In milliseconds: after it has not answered in time, a store is not asked again for so long. */
const pause = 5_000

/** `limit`, in milliseconds, is for each use of it. */
export const make = (
  store: Persistence.BackingPersistenceStore,
  options: { readonly limit: number; readonly timeToLive: Duration.Duration }
): Store => {
  const { limit } = options
  const timeToLive = Duration.isFinite(options.timeToLive) ? options.timeToLive : undefined
  let silentSince: number | undefined
  let isDown = false

  const down = (description: string, thrown: unknown): Effect.Effect<Down> => {
    const one = new Down(description, thrown === undefined ? undefined : Redaction.cause(thrown))
    if (isDown) return Effect.succeed(one)
    isDown = true
    return Effect.as(Effect.logWarning(`The store of a response cache failed: ${description}`), one)
  }

  const use = <A>(
    effect: Effect.Effect<A, Persistence.PersistenceError>,
    unreadable: A
  ): Effect.Effect<A | Down> =>
    Effect.withFiber((fiber): Effect.Effect<A | Down> => {
      const now = fiber.getRef(Clock.Clock).currentTimeMillisUnsafe()
      // A clock that was put back must not lengthen the pause.
      if (silentSince !== undefined && Math.abs(now - silentSince) < pause) return down(silence(limit), undefined)
      return Effect.flatMap(within(limit, effect), (exit): Effect.Effect<A | Down> => {
        if (exit === undefined) {
          silentSince = fiber.getRef(Clock.Clock).currentTimeMillisUnsafe()
          return down(silence(limit), undefined)
        }
        silentSince = undefined
        if (exit._tag === "Success") {
          isDown = false
          return Effect.succeed(exit.value)
        }
        const thrown = Cause.squash(exit.cause)
        return isUnreadable(thrown)
          ? Effect.succeed(unreadable)
          : down(thrown instanceof Error ? Redaction.text(thrown.message) : "it failed", thrown)
      })
    })

  return {
    get: (key) => use(store.get(key), undefined),
    getMany: (keys) => use<ReadonlyArray<Value>>(store.getMany(keys), keys.map(() => undefined)),
    setMany: (entries) => {
      const [[key, value], ...others] = entries
      return use(
        others.length === 0
          ? store.set(key, value, timeToLive)
          : store.setMany([
            [key, value, timeToLive],
            ...others.map(([key, value]) => [key, value, timeToLive] as const)
          ]),
        undefined
      )
    }
  }
}

const silence = (limit: number): string => `it did not answer within ${limit} ms`

/** The stores of `effect/persistence` say so of an entry that is not JSON. */
const isUnreadable = (thrown: unknown): boolean => thrown instanceof Error && thrown.cause instanceof SyntaxError

/**
 * The exit of an effect, or `undefined` where it has none in time. Who waits is let go then, even if the effect cannot be
 * interrupted.
 */
const within = <A, E>(limit: number, effect: Effect.Effect<A, E>): Effect.Effect<Exit.Exit<A, E> | undefined> =>
  Effect.withFiber(({ context }) =>
    Effect.callback((resume) => {
      const running = Effect.runForkWith(context)(effect)
      const ended = running.pollUnsafe()
      if (ended !== undefined) return resume(Effect.succeed(ended))
      const cancel = Deadline.after(context, limit, () => {
        // First, because the end of the other is told of at once.
        resume(Effect.succeed(undefined))
        running.interruptUnsafe()
      })
      running.addObserver((exit) => {
        cancel()
        resume(Effect.succeed(exit))
      })
      return Effect.sync(() => {
        cancel()
        running.interruptUnsafe()
      })
    })
  )
