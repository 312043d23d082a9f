/** Timers by the clock of a fiber, without a fiber for each where the clock is the ordinary one. */
import * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import type * as Fiber from "effect/Fiber"

/** The clock of a fiber that was given none. */
const ordinary = Context.get(Context.empty(), Clock.Clock)

/** Node takes no longer delay; 24 days without an answer are as good as never. */
const longest = 2_147_483_647

const nothing = () => {}

/**
 * Calls `run` once, so many milliseconds from now by the fiber's clock. What comes back cancels that.
 *
 * A sleeping fiber a request costs several turns of the event loop; a timer costs none. A test's own clock gets the
 * fiber, which it knows how to wake.
 */
export const after = (fiber: Fiber.Fiber<unknown, unknown>, millis: number, run: () => void): () => void => {
  if (fiber.getRef(Clock.Clock) === ordinary) {
    if (millis > longest) return nothing
    const timer = setTimeout(run, millis)
    return () => clearTimeout(timer)
  }
  const sleeper = Effect.runForkWith(fiber.context)(Effect.andThen(Effect.sleep(millis), Effect.sync(run)))
  return () => sleeper.interruptUnsafe()
}
