/** What was asked of a server and what is still open, with effects that wait for either. */
import * as Effect from "effect/Effect"
import type { Request } from "./plan.ts"

/** What a server shows of it. */
export interface Shown {
  /** The requests so far, in the order they came. */
  readonly requests: Effect.Effect<ReadonlyArray<Request>>
  /** Waits until so many requests have come. */
  readonly received: (count: number) => Effect.Effect<void>
  /** Waits until nothing is open. Dies with a message after a second of real time. */
  readonly closed: Effect.Effect<void>
  /** How many answers the client did not wait for: it left before their end. */
  readonly abandoned: Effect.Effect<number>
}

export interface Ledger {
  readonly shown: Shown
  /** Keeps a request and gives its place, counted from 0. */
  readonly add: (request: Request) => number
  readonly abandon: () => void
  /** To be called after each change. */
  readonly tell: () => void
}

/** `what` is open, in the plural. */
export const make = (open: () => number, what: string): Ledger => {
  const requests: Array<Request> = []
  const waiting = new Set<() => void>()
  let abandoned = 0

  const until = (condition: () => boolean): Effect.Effect<void> =>
    Effect.callback((resume) => {
      const check = () => {
        if (!condition()) return
        waiting.delete(check)
        resume(Effect.void)
      }
      waiting.add(check)
      check()
      return Effect.sync(() => waiting.delete(check))
    })

  return {
    add: (request) => requests.push(request) - 1,
    abandon: () => {
      abandoned++
    },
    tell: () => waiting.forEach((check) => check()),
    shown: {
      requests: Effect.sync(() => [...requests]),
      received: (count) => until(() => requests.length >= count),
      closed: Effect.raceFirst(
        until(() => open() === 0),
        Effect.callback<void>((resume) => {
          const timer = setTimeout(() => resume(Effect.die(new Error(`${open()} ${what} are still open`))), 1000)
          return Effect.sync(() => clearTimeout(timer))
        })
      ),
      abandoned: Effect.sync(() => abandoned)
    }
  }
}
