/** Acme's entry for a registry. */
import * as Provider from "@llm-layers/core/Provider"
import * as AcmeCapabilities from "./AcmeCapabilities.ts"
import * as AcmeClient from "./AcmeClient.ts"
import * as AcmeLanguageModel from "./AcmeLanguageModel.ts"
import { errors } from "./internal/errors.ts"

export const provider = Provider.make({
  name: "acme",
  claims: (model) => model.startsWith("acme-"),
  languageModel: (model, options) => AcmeLanguageModel.model(model, options),
  client: AcmeClient.layerConfig(),
  keyName: "ACME_API_KEY",
  capabilities: AcmeCapabilities.table,
  errors: errors.rows
})
