import * as Driver from "@llm-layers/core/Driver"
import * as Policy from "@llm-layers/core/Policy"
import { Context, type Effect, type Layer } from "effect"
import type { LanguageModel } from "effect/ai"

class Limiter extends Context.Service<Limiter, {}>()("@test/Limiter") {}
class Store extends Context.Service<Store, {}>()("@test/Store") {}

declare const free: Policy.Policy
declare const limited: Policy.Policy<Limiter>
declare const stored: Policy.Policy<Store>
declare const driver: Effect.Effect<Driver.Driver>

export const none: Policy.Policy = Policy.compose()
export const nothing: Policy.Policy = Policy.compose(free, free)
export const together: Policy.Policy<Limiter | Store> = Policy.compose(free, limited, stored)
export const nested: Policy.Policy<Limiter | Store> = Policy.compose(Policy.compose(limited), stored)

// @ts-expect-error: the limiter is needed
export const forgotten: Policy.Policy<Store> = Policy.compose(limited, stored)

export const layer: Layer.Layer<LanguageModel.LanguageModel, never, Limiter | Store> = Driver.layer(
  driver,
  Policy.compose(limited, stored)
)

export const without: Layer.Layer<LanguageModel.LanguageModel> = Driver.layer(driver)

// @ts-expect-error: what a policy needs shows in the Layer
export const hidden: Layer.Layer<LanguageModel.LanguageModel> = Driver.layer(driver, limited)
