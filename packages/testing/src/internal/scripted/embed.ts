/** What plays the script of an embedding model, and what it keeps of the calls. */
import * as ProviderError from "@llm-layers/core/ProviderError"
import * as AiError from "effect/ai/AiError"
import type * as EmbeddingModel from "effect/ai/EmbeddingModel"
import * as Effect from "effect/Effect"
import { wordsOf } from "./answer.ts"
import * as Played from "./script.ts"
import { faultOf, type Vector } from "./vector.ts"

/** What answers one call: a vector for each input, in their order; the vector of a single input; or a failure. */
export type Answer = Vector | ReadonlyArray<Vector> | AiError.AiError

/** An answer, or an Effect of one, which is run when the call is made. */
export type Reply = Answer | Effect.Effect<Answer, AiError.AiError>

/** What answers one call of a script. */
export type Entry = Reply | ((inputs: ReadonlyArray<string>) => Reply)

/** One entry a call, in order; or a function that gives the vector of every text. */
export type Script =
  | ReadonlyArray<Entry>
  | ((text: string) => Vector | AiError.AiError | Effect.Effect<Vector, AiError.AiError>)

/** A call as it reached the model. */
export interface Call {
  readonly inputs: ReadonlyArray<string>
  readonly outcome: Played.Outcome
}

/** What a scripted embedding model saw. */
export interface Seen {
  /** The calls so far, in their order; failed ones, too. */
  readonly calls: Effect.Effect<ReadonlyArray<Call>>
  /** Dies with a `ScriptMismatch` where a call found no answer or an answer is left. */
  readonly expectDone: Effect.Effect<void>
}

type Playing = Seen & {
  readonly embedMany: (
    options: EmbeddingModel.ProviderOptions
  ) => Effect.Effect<EmbeddingModel.ProviderResponse, AiError.AiError>
  readonly played: Played.Played<Entry>
}

/** A script from its beginning. */
export const play = (script: Script, dimensions: number | undefined): Effect.Effect<Playing> =>
  Effect.sync(() => {
    const calls: Array<Call & { outcome: Played.Outcome }> = []
    const played = Played.start(typeof script === "function" ? [] : script, labelOf)

    const answer = (inputs: ReadonlyArray<string>): Effect.Effect<ReadonlyArray<Vector>, AiError.AiError> =>
      Effect.suspend(() => {
        if (typeof script === "function") {
          return Effect.map(Effect.forEach(inputs, (text) => resolve(script(text))), (vectors) => vectors.flat())
        }
        const label = `embedMany ${Played.shortened(inputs.map(Played.quoted).join(", "))}`
        const entry = played.take(label)
        if (entry === undefined) {
          return Effect.fail(
            failure("Unknown", `The script has no answer for call ${calls.length}, ${label}.\n${played.show()}`)
          )
        }
        return resolve(typeof entry === "function" ? entry(inputs) : entry)
      })

    return {
      played,
      calls: Effect.sync(() => calls.map((call) => ({ ...call }))),
      expectDone: Played.expectDone(played),
      embedMany: ({ inputs }) =>
        Effect.suspend(() => {
          const call: Call & { outcome: Played.Outcome } = { inputs, outcome: "running" }
          calls.push(call)
          return answer(inputs).pipe(
            Effect.flatMap((vectors) => {
              const fault = faultOf(vectors, dimensions)
              return fault === undefined
                ? Effect.succeed({
                  results: vectors.map((one) => [...one]),
                  usage: { inputTokens: wordsOf(...inputs) }
                })
                : Effect.fail(failure("InvalidOutput", fault))
            }),
            Played.settle(call)
          )
        })
    }
  })

/** The vectors of an answer, which fails where it is a failure. */
export const resolve = (reply: Reply): Effect.Effect<ReadonlyArray<Vector>, AiError.AiError> => {
  if (AiError.isAiError(reply)) return Effect.fail(reply)
  if (Effect.isEffect(reply)) return Effect.flatMap(reply, resolve)
  return Effect.succeed(isVector(reply) ? [reply] : reply)
}

const isVector = (answer: Vector | ReadonlyArray<Vector>): answer is Vector => typeof answer[0] === "number"

const failure = (kind: "Unknown" | "InvalidOutput", description: string): AiError.AiError =>
  ProviderError.make({ provider: "scripted", module: "ScriptedEmbeddingModel", method: "embedMany" }, kind, {
    description
  })

const labelOf = (entry: Entry): string => {
  if (typeof entry === "function") return "a function"
  if (AiError.isAiError(entry)) return `failure ${ProviderError.kindOf(entry)}`
  return Effect.isEffect(entry) ? "an Effect" : Played.shortened(JSON.stringify(entry))
}
