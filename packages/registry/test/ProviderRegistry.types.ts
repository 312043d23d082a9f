import type * as Policy from "@llm-layers/core/Policy"
import type * as Provider from "@llm-layers/core/Provider"
import type { RegistryError } from "@llm-layers/registry"
import * as ProviderRegistry from "@llm-layers/registry/ProviderRegistry"
import type { Config, Layer } from "effect"

declare const red: Provider.Provider<"red", "red client">
declare const blue: Provider.Provider<"blue", "blue client">

export const made = ProviderRegistry.make({ providers: [red, blue], roles: { large: "red/big" } })

declare const registry: ProviderRegistry.Registry<"red" | "blue", "large">

export const named: Layer.Layer<ProviderRegistry.Supplied, Config.ConfigError> = registry.languageModel("red/big")

export const bare: Layer.Layer<ProviderRegistry.Supplied, Config.ConfigError | RegistryError.ResolutionError> = registry
  .languageModel("big")

declare const name: string

export const late: Layer.Layer<ProviderRegistry.Supplied, Config.ConfigError | RegistryError.ResolutionError> = registry
  .languageModel(name)

// @ts-expect-error: a misspelt provider
registry.languageModel("rde/big")

// @ts-expect-error: a misspelt provider
registry.embeddingModel("bleu/vectors")

// @ts-expect-error: a provider and no model
registry.languageModel("red/")

// @ts-expect-error: a name that is known at run time only can be unknown
export const unknown: Layer.Layer<ProviderRegistry.Supplied, Config.ConfigError> = registry.languageModel(name)

registry.role("large")

// @ts-expect-error: no model has the role
registry.role("small")

// @ts-expect-error: it is gone
registry.remove("red").languageModel("red/big")

// @ts-expect-error: it was never there
registry.remove("green")

// @ts-expect-error: it is no provider
registry.add({ name: "green", languageModel: () => "a model" })

declare const policy: Policy.Policy<"need">

// @ts-expect-error: what a policy needs is needed
export const needs: Layer.Layer<ProviderRegistry.Supplied, Config.ConfigError> = registry.languageModel("red/big", {
  policy
})
