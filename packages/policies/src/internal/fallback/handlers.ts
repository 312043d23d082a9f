/** Whether the program's own part of a request has begun: its tools. A model is changed before that, or not at all. */
import type * as LanguageModel from "effect/ai/LanguageModel"
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import * as RetryBudget from "../retryBudget.ts"

/** What is asked of a model. */
export type Options = Parameters<LanguageModel.LanguageModel["streamText"]>[0]

type Toolkit = Options["toolkit"]
type Tools = Exclude<Toolkit, Effect.Effect<unknown, unknown, unknown>>

/** The toolkit of a request, watched. */
export interface Watched {
  readonly toolkit: Toolkit | undefined
  /** Whether a handler has been called: a failure may be the program's from then on. */
  readonly begun: () => boolean
}

const without: Watched = { toolkit: undefined, begun: () => false }

/**
 * A toolkit that is an effect is made once for a request, whoever answers it. What handlers ask of models are requests of
 * their own, with the budget that was around this one.
 */
export const watch = (given: Toolkit | undefined, around: RetryBudget.RetryBudget | undefined): Watched => {
  if (given === undefined) return without
  let begun = false
  const watched = (tools: Tools): Tools => ({
    ...tools,
    handle: (name, params, id, options) =>
      Effect.suspend(() => {
        begun = true
        return tools.handle(name, params, id, options).pipe(
          Effect.map(Stream.provideService(RetryBudget.Current, around)),
          Effect.provideService(RetryBudget.Current, around)
        )
      })
  })
  if (!Effect.isEffect(given)) return { toolkit: watched(given), begun: () => begun }
  let made: Tools | undefined
  const toolkit = Effect.suspend(() =>
    made === undefined ? Effect.map(given, (tools) => made = watched(tools)) : Effect.succeed(made)
  )
  return { toolkit, begun: () => begun }
}
