/**
 * An `EmbeddingModel` whose vectors come from the texts, from a function or from a script, and that keeps what it was
 * asked: for tests of programs that embed.
 *
 * A script has to fit, as that of `ScriptedModel` has: a call that finds no answer and an answer that no call used fail
 * the test when the Layer ends, with a message that shows both sides.
 */
import type * as AiError from "effect/ai/AiError"
import * as EmbeddingModel from "effect/ai/EmbeddingModel"
import * as Model from "effect/ai/Model"
import * as Context from "effect/Context"
import type * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import {
  type Answer,
  type Call,
  type Entry,
  play,
  type Reply,
  resolve,
  type Script,
  type Seen
} from "./internal/scripted/embed.ts"
import { expectDoneAtEnd, type Outcome } from "./internal/scripted/script.ts"
import { fromText, type Vector } from "./internal/scripted/vector.ts"

export { ScriptMismatch } from "./internal/scripted/script.ts"
export type { Answer, Call, Entry, Outcome, Reply, Script, Seen, Vector }

/**
 * What a scripted embedding model saw.
 */
export class ScriptedEmbeddingModel extends Context.Service<ScriptedEmbeddingModel, Seen>()(
  "@llm-layers/testing/ScriptedEmbeddingModel"
) {}

/** How the model is. */
export interface Options {
  /** Its name. Default: `scripted`. */
  readonly model?: string | undefined
  /**
   * The length of its vectors, which is there as `EmbeddingModel.Dimensions`. A script's vector of another length fails
   * the call. Default: 64 for vectors from the texts; for those of a script, not known.
   */
  readonly dimensions?: number | undefined
}

type Supplied = EmbeddingModel.EmbeddingModel | ScriptedEmbeddingModel

/** The length of {@link vector}, where none is said. */
const defaultDimensions = 64

/** A model that is not put into a Layer. Nothing is checked at its end but by `expectDone`. */
export const make = (
  script?: Script,
  options: Options = {}
): Effect.Effect<Seen & { readonly model: EmbeddingModel.EmbeddingModel }> =>
  Effect.gen(function*() {
    const { calls, embedMany, expectDone } = yield* started(script, options)
    return { calls, expectDone, model: yield* EmbeddingModel.make({ embedMany }) }
  })

/**
 * An `EmbeddingModel`. Without a script, the vector of a text is made from it: of length one, the same for the same text,
 * and about at right angles to that of any other. A function gives the vector of each text; a list has one entry a call.
 *
 * Calls of `embed` that run side by side reach the model as one call. Tokens are counted as words. What
 * `ScriptedModel.layer` says of scripts that do not fit holds here, too.
 *
 * @example
 * ```ts
 * import * as ScriptedEmbeddingModel from "@llm-layers/testing/ScriptedEmbeddingModel"
 * import { Effect } from "effect"
 * import { EmbeddingModel } from "effect/ai"
 * import { deepStrictEqual, strictEqual } from "node:assert"
 *
 * const test = Effect.gen(function*() {
 *   const model = yield* EmbeddingModel.EmbeddingModel
 *   const { embeddings } = yield* model.embedMany(["red", "green"])
 *   deepStrictEqual(embeddings.map((one) => one.vector), [[1, 0], [0, 1]])
 *   strictEqual((yield* model.embed("blue")).vector.length, 2)
 *
 *   const calls = yield* ScriptedEmbeddingModel.calls
 *   deepStrictEqual(calls.map((call) => call.inputs), [["red", "green"], ["blue"]])
 * })
 *
 * await test.pipe(
 *   Effect.provide(ScriptedEmbeddingModel.layer([[[1, 0], [0, 1]], [0.6, 0.8]])),
 *   Effect.runPromise
 * )
 * ```
 */
export const layer: {
  (script?: undefined, options?: Options): Model.Model<"scripted", Supplied | EmbeddingModel.Dimensions, never>
  (
    script: Script,
    options: Options & { readonly dimensions: number }
  ): Model.Model<"scripted", Supplied | EmbeddingModel.Dimensions, never>
  (script: Script, options?: Options): Model.Model<"scripted", Supplied, never>
} = (script?: Script, options: Options = {}) => {
  const known = options.dimensions ?? (script === undefined ? defaultDimensions : undefined)
  const service = Layer.effectContext(Effect.gen(function*() {
    const { embedMany, played, ...seen } = yield* started(script, options)
    yield* Effect.addFinalizer(expectDoneAtEnd(played))
    return Context.make(ScriptedEmbeddingModel, seen).pipe(
      Context.add(EmbeddingModel.EmbeddingModel, yield* EmbeddingModel.make({ embedMany }))
    )
  }))
  const all = known === undefined ? service : Layer.merge(service, Layer.succeed(EmbeddingModel.Dimensions, known))
  // The first two signatures are those with a known length; `Model` is invariant, so that no one type is all three.
  return Model.make("scripted", options.model ?? "scripted", all) as never
}

const started = (script: Script | undefined, { dimensions }: Options) =>
  play(script ?? ((text) => vector(text, dimensions)), dimensions)

/** The calls the model saw so far, in their order. */
export const calls: Effect.Effect<ReadonlyArray<Call>, never, ScriptedEmbeddingModel> = Effect.flatMap(
  ScriptedEmbeddingModel,
  (model) => model.calls
)

/** Dies with {@link ScriptMismatch} where a call found no answer or an answer is left. */
export const expectDone: Effect.Effect<void, never, ScriptedEmbeddingModel> = Effect.flatMap(
  ScriptedEmbeddingModel,
  (model) => model.expectDone
)

/** An answer that comes so long after the call, by the `Clock`. */
export const deliver = (
  answer: Answer,
  delivery: { readonly after: Duration.Input }
): Effect.Effect<Answer, AiError.AiError> => Effect.delay(resolve(answer), delivery.after)

/**
 * The vector a text has where there is no script.
 *
 * @example
 * ```ts
 * import * as ScriptedEmbeddingModel from "@llm-layers/testing/ScriptedEmbeddingModel"
 * import { deepStrictEqual } from "node:assert"
 *
 * deepStrictEqual(ScriptedEmbeddingModel.vector("red", 3), ScriptedEmbeddingModel.vector("red", 3))
 * ```
 */
export const vector = (text: string, dimensions: number = defaultDimensions): Vector => fromText(text, dimensions)
