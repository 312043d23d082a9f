/** Calls that may hang, or refuse to be interrupted: the law that looks at them must not. */
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import type * as Scope from "effect/Scope"

/** Runs the effect beside the law. It is interrupted with the scope, which does not wait for its end. */
export const fork = <A, E, R>(
  effect: Effect.Effect<A, E, R>
): Effect.Effect<Fiber.Fiber<A, E>, never, R | Scope.Scope> =>
  Effect.acquireRelease(Effect.forkDetach(effect), (fiber) => Effect.sync(() => fiber.interruptUnsafe()))

/** The effect, of which an interruption does not wait for its end. */
export const run = <A, E, R>(effect: Effect.Effect<A, E, R>): Effect.Effect<A, E, R> =>
  Effect.scoped(Effect.flatMap(fork(effect), Fiber.join))
