/**
 * StackSpot AI as a provider, for registries.
 */
import * as Provider from "@llm-layers/core/Provider"
import { errors } from "./internal/errors.ts"
import * as StackSpotCapabilities from "./StackSpotCapabilities.ts"
import * as StackSpotClient from "./StackSpotClient.ts"
import * as StackSpotLanguageModel from "./StackSpotLanguageModel.ts"

/** Ids of agents are ULIDs. */
const agentId = /^[0-7][0-9A-HJKMNP-TV-Z]{25}$/

/**
 * StackSpot AI. Its models are agents, by their ids.
 *
 * @example
 * ```ts
 * import { provider } from "@llm-layers/stackspot/StackSpotProvider"
 * import { strictEqual } from "node:assert"
 *
 * strictEqual(provider.claims("01ARZ3NDEKTSV4RRFFQ69G5FAV"), true)
 * strictEqual(provider.claims("gpt-5.1"), false)
 * ```
 */
export const provider: Provider.Provider<"stackspot", StackSpotClient.StackSpotClient> = Provider.make({
  name: "stackspot",
  claims: (model) => agentId.test(model),
  languageModel: (model, options) => StackSpotLanguageModel.model(model, options),
  client: StackSpotClient.layerConfig(),
  keyName: "STACKSPOT_CLIENT_KEY",
  capabilities: StackSpotCapabilities.table,
  errors: errors.rows
})
