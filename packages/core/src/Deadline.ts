/**
 * Timers by the clock of a call, without a fiber for each where the clock is the ordinary one.
 *
 * A sleeping fiber a request costs several turns of the event loop; a timer costs none. For those who write a provider or
 * a policy; a program has `Effect.timeout`.
 */
import * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"

/** The clock of a fiber that was given none. */
const ordinary = Context.get(Context.empty(), Clock.Clock)

/** Node takes no longer delay; 24 days without an answer are as good as never. */
const longest = 2_147_483_647

const nothing = () => {}

/**
 * Calls `run` once, so many milliseconds from now by the clock of the context, which a fiber has as `context`. What comes
 * back cancels that. A test's own clock gets a fiber, which it knows how to wake.
 *
 * @example
 * ```ts
 * import * as Deadline from "@llm-layers/core/Deadline"
 * import { Effect } from "effect"
 *
 * // Hands over to `resume` in five seconds, unless the call is interrupted before.
 * export const later = Effect.withFiber((fiber) =>
 *   Effect.callback<string>((resume) => {
 *     const cancel = Deadline.after(fiber.context, 5_000, () => resume(Effect.succeed("late")))
 *     return Effect.sync(cancel)
 *   })
 * )
 * ```
 */
export const after = (context: Context.Context<never>, millis: number, run: () => void): () => void => {
  if (Context.get(context, Clock.Clock) === ordinary) {
    if (millis > longest) return nothing
    const timer = setTimeout(run, millis)
    return () => clearTimeout(timer)
  }
  const sleeper = Effect.runForkWith(context)(Effect.andThen(Effect.sleep(millis), Effect.sync(run)))
  return () => sleeper.interruptUnsafe()
}
