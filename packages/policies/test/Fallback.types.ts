import type { Driver } from "@llm-layers/core/Driver"
import type * as Policy from "@llm-layers/core/Policy"
import * as ScriptedModel from "@llm-layers/testing/ScriptedModel"
import { type Config, Context, type Effect, type Layer } from "effect"
import type { LanguageModel, Model } from "effect/ai"
import * as Fallback from "../src/Fallback.ts"

class Limiter extends Context.Service<Limiter, {}>()("@test/Limiter") {}
class Store extends Context.Service<Store, {}>()("@test/Store") {}

declare const limited: Policy.Policy<Limiter>
declare const stored: Layer.Layer<LanguageModel.LanguageModel, Config.ConfigError, Store>
declare const wrong: Layer.Layer<LanguageModel.LanguageModel, "wrong">
declare const driver: Effect.Effect<Driver>
declare const several: ReadonlyArray<Layer.Layer<LanguageModel.LanguageModel>>

type Supplied<E, R> = Layer.Layer<LanguageModel.LanguageModel, E, R>

export const plain: Supplied<never, never> = Fallback.layer([ScriptedModel.layer([]), ScriptedModel.layer(["Hi."])])

export const together: Supplied<Config.ConfigError | "wrong", Limiter | Store> = Fallback.layer([
  ScriptedModel.layer([], { policy: limited }),
  stored,
  wrong
])

// @ts-expect-error: what members need shows
export const needing: Supplied<Config.ConfigError, never> = Fallback.layer([stored])

// @ts-expect-error: what members fail with shows
export const failing: Supplied<Config.ConfigError, Store> = Fallback.layer([stored, wrong])

// @ts-expect-error: one model at least
export const nobody = Fallback.layer([])

// @ts-expect-error: one model at least, which an array does not say
export const perhaps = Fallback.layer(several)

export const many = Fallback.layer([wrong, ...several])

// @ts-expect-error: a driver is none; `Driver.layer` makes one of it
export const drivers = Fallback.layer([driver])

export const model: Model.Model<"fallback", LanguageModel.LanguageModel, Limiter> = Fallback.model([
  ScriptedModel.layer([]),
  ScriptedModel.layer([], { policy: limited })
])

// @ts-expect-error: a `Model` cannot fail to be built
export const fallible = Fallback.model([ScriptedModel.layer([]), stored])

// @ts-expect-error: `when` decides, and does not wait
export const waiting = Fallback.layer([wrong], { when: async () => true })
