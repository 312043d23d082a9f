/** What the compiler must know of presets. */
import { Effect, Layer } from "effect"
import { LanguageModel, type Model } from "effect/ai"
import type * as Preset from "../src/Preset.ts"
import * as Presets from "../src/Presets.ts"

export const groq: Model.Model<"groq", LanguageModel.LanguageModel, Preset.Client<"groq">> = Presets.groq.model("a")

const ask = LanguageModel.generateText({ prompt: "Hi" })

export const whole: Layer.Layer<LanguageModel.LanguageModel, unknown> = Layer.provide(
  Presets.groq.model("a"),
  Presets.groq.layerConfig()
)

// @ts-expect-error: the client of another preset is another client
export const crossed: Layer.Layer<LanguageModel.LanguageModel, unknown> = Layer.provide(
  Presets.groq.model("a"),
  Presets.mistral.layerConfig()
)

// @ts-expect-error: the client was not provided
export const unprovided: Effect.Effect<unknown, unknown> = Effect.provide(ask, groq)

// @ts-expect-error: no such setting
export const setting = Presets.groq.model("a", { temperatur: 1 })
