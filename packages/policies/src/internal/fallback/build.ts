/** The models of Layers. */
import * as LanguageModel from "effect/ai/LanguageModel"
import * as Model from "effect/ai/Model"
import * as Cause from "effect/Cause"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Layer from "effect/Layer"
import type * as Scope from "effect/Scope"
import { onlyError } from "../content.ts"
import type { Member, Members } from "./request.ts"

/**
 * Builds the models one after the other, on one memo map, so that a client several are built on is built once. A model that
 * cannot be built is left out where that is asked for and another is left.
 */
export const build = <E, R>(
  layers: ReadonlyArray<Layer.Layer<LanguageModel.LanguageModel, E, R>>,
  leaveOut: boolean,
  memoMap: Layer.MemoMap,
  scope: Scope.Scope
): Effect.Effect<Members, E, R> =>
  Effect.gen(function*() {
    const built: Array<Member> = []
    let failed: Cause.Cause<E> = Cause.empty
    for (const [index, layer] of layers.entries()) {
      const exit = yield* Effect.exit(Layer.buildWithMemoMap(layer, memoMap, scope))
      if (Exit.isSuccess(exit)) {
        built.push(memberOf(exit.value))
        continue
      }
      if (!leaveOut || onlyError(exit.cause)._tag === "None") return yield* Effect.failCause(exit.cause)
      yield* Effect.logWarning(`Fallback: member ${index} cannot be built and is left out`, exit.cause)
      if (failed.reasons.length === 0) failed = exit.cause
    }
    const [first, ...others] = built
    return first === undefined ? yield* Effect.failCause(failed) : [first, ...others]
  })

/** A `Model` also supplies what it is called. */
const memberOf = (context: Context.Context<LanguageModel.LanguageModel>): Member => ({
  service: Context.get(context, LanguageModel.LanguageModel),
  provider: Context.getOrUndefined(context, Model.ProviderName),
  model: Context.getOrUndefined(context, Model.ModelName)
})
