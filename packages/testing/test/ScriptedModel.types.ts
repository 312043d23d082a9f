import * as ScriptedEmbeddingModel from "@llm-layers/testing/ScriptedEmbeddingModel"
import * as ScriptedModel from "@llm-layers/testing/ScriptedModel"
import { Effect } from "effect"
import { EmbeddingModel, LanguageModel } from "effect/ai"

const ask = Effect.asVoid(LanguageModel.generateText({ prompt: "?" }))
const dimensions = Effect.map(EmbeddingModel.Dimensions, (length) => length)

/** What the program still needs, or can fail with, shows. */
export const asked: Effect.Effect<void, unknown> = Effect.provide(ask, ScriptedModel.layer(["Hi.", () => "Ho."]))
export const known: Effect.Effect<number> = Effect.provide(dimensions, ScriptedEmbeddingModel.layer())
export const said: Effect.Effect<number> = Effect.provide(
  dimensions,
  ScriptedEmbeddingModel.layer([[1, 0]], { dimensions: 2 })
)

// @ts-expect-error: the length of a script's vectors is not known
export const unknown: Effect.Effect<number> = Effect.provide(dimensions, ScriptedEmbeddingModel.layer([[1, 0]]))

// @ts-expect-error: an answer is no number
export const number = ScriptedModel.layer([1])

// @ts-expect-error: a failure of a model is an `AiError`
export const failure = ScriptedModel.layer([Effect.fail(new Error("no"))])

// @ts-expect-error: the Effect of an answer needs nothing
export const needy = ScriptedModel.layer([Effect.map(dimensions, String)])

// @ts-expect-error: no such knob
export const knob = ScriptedModel.deliver("Hi.", { before: "1 second" })

// @ts-expect-error: no such kind of failure
export const kind = ScriptedModel.fail("Hungry")

// @ts-expect-error: a condition alone is no entry
export const condition = ScriptedModel.when("Oslo")
