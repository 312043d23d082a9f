/** What Ctrl-C ends: what runs in the front, where something does, or else the command. */
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import type * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"

/** The front of a process. Its signals are told to what is there. */
export interface Front {
  running: Fiber.Fiber<unknown, unknown> | undefined
}

export class Interrupt extends Context.Service<Interrupt, Front>()("@llm-layers/cli/Interrupt") {}

/** Runs something that Ctrl-C ends alone. A second Ctrl-C, while it ends, is for the command. */
export const alone = <A, E, R>(self: Effect.Effect<A, E, R>): Effect.Effect<Exit.Exit<A, E>, never, R | Interrupt> =>
  Effect.gen(function*() {
    const front = yield* Interrupt
    const fiber = yield* Effect.forkChild(self)
    front.running = fiber
    return yield* Effect.ensuring(
      Fiber.await(fiber),
      Effect.sync(() => {
        front.running = undefined
      })
    )
  })
