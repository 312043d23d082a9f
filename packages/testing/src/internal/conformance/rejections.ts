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

/**
 * Breaks the law that left them. Other listeners hear nothing meanwhile, so that one rejection is told of once and by the
 * name of its law; therefore laws are checked one after the other.
 */
export const watchRejections = <A>(check: Effect.Effect<A, LawBroken>): Effect.Effect<A, LawBroken> =>
  Effect.acquireUseRelease(
    Effect.sync(() => {
      const seen: Array<unknown> = []
      const keep: Listener = (reason) => seen.push(reason)
      const others = process.listeners("unhandledRejection")
      process.removeAllListeners("unhandledRejection")
      process.on("unhandledRejection", keep)
      return { seen, keep, others }
    }),
    ({ seen }) =>
      Effect.tap(
        Effect.ensuring(check, settle),
        () =>
          seen.length === 0
            ? Effect.void
            : broken("a promise was rejected and nobody waited for it", "no unhandled rejection", seen[0])
      ),
    ({ keep, others }) =>
      Effect.sync(() => {
        process.off("unhandledRejection", keep)
        for (const listener of others) process.on("unhandledRejection", listener)
      })
  )
