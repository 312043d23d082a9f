/** Holds what is good for a time and has to be asked for: once, by however many calls want it. */
import type * as AiError from "effect/ai/AiError"
import * as Clock from "effect/Clock"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import type * as Redacted from "effect/Redacted"
import type * as Scope from "effect/Scope"

/** A token, and until when it is used; times are milliseconds since 1970. */
export interface Held {
  readonly token: Redacted.Redacted
  /** From here on a new one is asked for first. */
  readonly renewAt: number
  /** Until here it still serves where no new one can be had. */
  readonly expiresAt: number
}

/** The token of the moment. */
export interface Renewal {
  /**
   * A token other than the one that was refused, if any was. Calls that wait at the same time share one request, which
   * goes on while one of them waits and is interrupted with the last.
   */
  readonly token: (refused: Redacted.Redacted | undefined) => Effect.Effect<Redacted.Redacted, AiError.AiError>
}

/** A request that is under way. */
interface Pending {
  readonly answer: Deferred.Deferred<Held, AiError.AiError>
  waiting: number
  fiber: Fiber.Fiber<unknown, unknown> | undefined
}

/** Asks with `ask`. What is held, and a request under way, end with the scope. */
export const make = (ask: Effect.Effect<Held, AiError.AiError>): Effect.Effect<Renewal, never, Scope.Scope> =>
  Effect.map(Effect.scope, (scope) => {
    let held: Held | undefined
    let pending: Pending | undefined

    const request = (mine: Pending): Effect.Effect<void> =>
      Effect.flatMap(Effect.exit(ask), (exit) =>
        Effect.sync(() => {
          if (pending === mine) pending = undefined
          if (exit._tag === "Success") held = exit.value
          Deferred.doneUnsafe(mine.answer, exit)
        }))

    const begin = (mine: Pending): Effect.Effect<void> =>
      Effect.map(Effect.forkIn(request(mine), scope), (fiber) => {
        mine.fiber = fiber
      })

    const leave = (mine: Pending): Effect.Effect<void> =>
      Effect.suspend(() => {
        mine.waiting--
        if (mine.waiting > 0 || Deferred.isDoneUnsafe(mine.answer)) return Effect.void
        if (pending === mine) pending = undefined
        return mine.fiber === undefined ? Effect.void : Fiber.interrupt(mine.fiber)
      })

    const renewed: Effect.Effect<Held, AiError.AiError> = Effect.uninterruptibleMask((restore) =>
      Effect.suspend(() => {
        const running = pending
        const mine = running ?? { answer: Deferred.makeUnsafe<Held, AiError.AiError>(), waiting: 0, fiber: undefined }
        mine.waiting++
        pending = mine
        const begun = running === undefined ? begin(mine) : Effect.void
        return Effect.ensuring(Effect.andThen(begun, restore(Deferred.await(mine.answer))), leave(mine))
      })
    )

    return {
      token: (refused) =>
        Effect.flatMap(Clock.currentTimeMillis, (now) => {
          if (refused !== undefined && held?.token === refused) held = undefined
          const old = held
          if (old !== undefined && now < old.renewAt) return Effect.succeed(old.token)
          const token = Effect.map(renewed, (next) => next.token)
          if (old === undefined) return token
          return Effect.catch(token, (error) =>
            Effect.flatMap(Clock.currentTimeMillis, (later) =>
              error.isRetryable && later < old.expiresAt ? Effect.succeed(old.token) : Effect.fail(error)))
        })
    }
  })
