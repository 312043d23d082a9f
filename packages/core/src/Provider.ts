/**
 * What a provider package exports to be listed in a registry.
 */
import type * as EmbeddingModel from "effect/ai/EmbeddingModel"
import type * as LanguageModel from "effect/ai/LanguageModel"
import type * as Model from "effect/ai/Model"
import type * as Config from "effect/Config"
import type * as Layer from "effect/Layer"
import type * as Capability from "./Capability.ts"
import type * as ErrorTable from "./ErrorTable.ts"

/**
 * A provider by name: its models, its client, and which model names it claims.
 */
export interface Provider<Name extends string, Client> {
  /** The name in `name/model`. */
  readonly name: Name
  /** Whether a bare model name is one of this provider's, by its form. */
  readonly claims: (model: string) => boolean
  /** A language model by name. */
  readonly languageModel: (model: string) => Model.Model<Name, LanguageModel.LanguageModel, Client>
  /** An embedding model by name, where the vendor embeds. */
  readonly embeddingModel?: ((model: string) => Model.Model<Name, EmbeddingModel.EmbeddingModel, Client>) | undefined
  /** The client, from the vendor's standard environment names. */
  readonly client: Layer.Layer<Client, Config.ConfigError>
  /** The environment name of the key, for messages. */
  readonly keyName: string
  readonly capabilities: Capability.Table
  /** The vendor's own rows of the error table, for the documentation. */
  readonly errors: ReadonlyArray<ErrorTable.Row>
}

/**
 * Keeps the literal type of the name.
 *
 * @example
 * ```ts
 * import * as ClientConfig from "@llm-layers/core/ClientConfig"
 * import * as Provider from "@llm-layers/core/Provider"
 * import * as OpenAiCompatibleClient from "@llm-layers/openai-compatible/OpenAiCompatibleClient"
 * import * as OpenAiCompatibleLanguageModel from "@llm-layers/openai-compatible/OpenAiCompatibleLanguageModel"
 * import { Effect, Layer } from "effect"
 * import { Model } from "effect/ai"
 * import { strictEqual } from "node:assert"
 *
 * const names = { apiKey: "ACME_API_KEY", baseUrl: "ACME_BASE_URL", others: {} }
 *
 * const acme = Provider.make({
 *   name: "acme",
 *   claims: (model) => model.startsWith("acme-"),
 *   languageModel: (model) => Model.make("acme", model, OpenAiCompatibleLanguageModel.layer(model)),
 *   client: Layer.unwrap(Effect.map(
 *     ClientConfig.load({}, names),
 *     ({ apiKey, baseUrl = "https://api.acme.example/v1" }) => OpenAiCompatibleClient.layer({ apiKey, baseUrl })
 *   )),
 *   keyName: names.apiKey,
 *   capabilities: { provider: {}, rows: [] },
 *   errors: OpenAiCompatibleClient.errors.rows
 * })
 * strictEqual(acme.claims("acme-1"), true)
 * strictEqual(acme.languageModel("acme-1").provider, "acme")
 * ```
 */
export const make = <const Name extends string, Client>(provider: Provider<Name, Client>): Provider<Name, Client> =>
  provider
