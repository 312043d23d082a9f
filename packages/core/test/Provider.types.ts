import * as Provider from "@llm-layers/core/Provider"
import type { Config, Layer } from "effect"
import type { LanguageModel, Model } from "effect/ai"

declare const client: Layer.Layer<"client", Config.ConfigError>
declare const model: (name: string) => Model.Model<"acme", LanguageModel.LanguageModel, "client">

const acme = Provider.make({
  name: "acme",
  claims: (name) => name.startsWith("acme-"),
  languageModel: model,
  client,
  keyName: "ACME_API_KEY",
  capabilities: { provider: {}, rows: [] },
  errors: []
})

export const name: "acme" = acme.name

export const wrong = Provider.make({
  name: "other",
  claims: () => false,
  // @ts-expect-error: the models of another provider
  languageModel: model,
  client,
  keyName: "OTHER_API_KEY",
  capabilities: { provider: {}, rows: [] },
  errors: []
})
