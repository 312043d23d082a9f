/** Promises that are rejected with nobody waiting for them, while an effect runs. */
import * as Effect from "effect/Effect"
import type { LawBroken } from "../../Law.ts"
import { broken } from "./broken.ts"

type Listener = NodeJS.UnhandledRejectionListener

/** Node tells of a rejection after the microtasks in which it happened; what closes late is given some turns. */
const turns = 4

const settle = Effect.promise(async () => {
  for (let turn = 0; turn < turns; turn++) await new Promise((resume) => setImmediate(resume))
})

/** The laws that are being checked, each with the rejections of its time; Node's own listeners are away meanwhile. */
const watching = new Set<Array<unknown>>()
let others: ReadonlyArray<Listener> = []

const keep: Listener = (reason) => {
  for (const seen of watching) seen.push(reason)
}

const begin = (): Array<unknown> => {
  if (watching.size === 0) {
    others = process.listeners("unhandledRejection")
    process.removeAllListeners("unhandledRejection")
    process.on("unhandledRejection", keep)
  }
  const seen: Array<unknown> = []
  watching.add(seen)
  return seen
}

const end = (seen: Array<unknown>): void => {
  watching.delete(seen)
  if (watching.size > 0) return
  process.off("unhandledRejection", keep)
  for (const listener of others) process.on("unhandledRejection", listener)
}

/**
 * Breaks the law that left them. Other listeners hear nothing meanwhile, so that one rejection is told of once. Of laws
 * that are checked at the same time it breaks each, because nothing says whose it was.
 */
export const watchRejections = <A>(check: Effect.Effect<A, LawBroken>): Effect.Effect<A, LawBroken> =>
  Effect.acquireUseRelease(
    Effect.sync(begin),
    (seen) =>
      Effect.tap(
        Effect.ensuring(check, settle),
        () =>
          seen.length === 0
            ? Effect.void
            : broken("a promise was rejected and nobody waited for it", "no unhandled rejection", seen[0])
      ),
    (seen) => Effect.sync(() => end(seen))
  )
