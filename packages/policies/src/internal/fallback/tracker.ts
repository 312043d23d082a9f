/**
 * `ResponseIdTracker` for several models: each has its own, because the id of one vendor's answer is nothing to another. A
 * model that takes over is sent the whole conversation.
 */
import type * as LanguageModel from "effect/ai/LanguageModel"
import * as ResponseIdTracker from "effect/ai/ResponseIdTracker"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"

type Own = WeakMap<LanguageModel.LanguageModel, ResponseIdTracker.Service>

/** By the tracker of the caller. */
const known = new WeakMap<ResponseIdTracker.Service, Own>()

const none = Effect.succeed(undefined)

/** The model's own tracker beneath that of the caller, where there is one. */
export const trackerOf = (
  model: LanguageModel.LanguageModel
): Effect.Effect<ResponseIdTracker.Service | undefined> =>
  Effect.withFiber((fiber) => {
    const callers = Context.getOrUndefined(fiber.context, ResponseIdTracker.ResponseIdTracker)
    if (callers === undefined) return none
    const all: Own = known.get(callers) ?? new WeakMap()
    known.set(callers, all)
    const own = all.get(model)
    return own !== undefined ? Effect.succeed(own) : Effect.tap(
      ResponseIdTracker.make,
      (made) => Effect.sync(() => all.set(model, made))
    )
  })
