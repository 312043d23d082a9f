/**
 * What a provider package exports to be listed in a registry.
 */
import type * as AiError from "effect/ai/AiError"
import type * as EmbeddingModel from "effect/ai/EmbeddingModel"
import type * as LanguageModel from "effect/ai/LanguageModel"
import type * as Model from "effect/ai/Model"
import type * as Prompt from "effect/ai/Prompt"
import type * as Tool from "effect/ai/Tool"
import type * as Config from "effect/Config"
import type * as Effect from "effect/Effect"
import type * as Layer from "effect/Layer"
import type * as Capability from "./Capability.ts"
import type * as ErrorTable from "./ErrorTable.ts"
import type * as Settings from "./Settings.ts"

/** A model as a vendor lists it. What the vendor does not say is absent. */
export interface ListedModel {
  readonly id: string
  /** For people. */
  readonly name?: string | undefined
  /** Tokens of prompt and answer together. */
  readonly contextTokens?: number | undefined
  readonly outputTokens?: number | undefined
  readonly released?: Date | undefined
  /** Whether it is a model for language or for embeddings. */
  readonly kind?: "language" | "embedding" | "other" | undefined
}

/** What is counted: what a request would have. */
export interface CountRequest {
  readonly prompt: Prompt.RawInput
  /** Default: none. */
  readonly tools?: ReadonlyArray<Tool.Any> | undefined
  /** Default: `auto`. A forced call has tokens of its own with some vendors. */
  readonly toolChoice?: LanguageModel.ToolChoice<string> | undefined
}

/** A count that was made on this machine. */
export interface LocalCount {
  readonly tokens: number
  /** How: `o200k_base`. */
  readonly method: string
  /** By how many tokens the vendor's count may differ, as far as was measured. */
  readonly errorBound: number
}

/**
 * A provider by name: its models, its client, and which model names it claims.
 */
export interface Provider<Name extends string, Client> {
  /** The name in `name/model`. */
  readonly name: Name
  /** Whether a bare model name is one of this provider's, by its form. */
  readonly claims: (model: string) => boolean
  /** A language model by name, with settings that mean the same with every vendor. */
  readonly languageModel: (
    model: string,
    options?: Settings.ModelOptions<Settings.Common, never> | undefined
  ) => Model.Model<Name, LanguageModel.LanguageModel, Client>
  /** An embedding model by name, where the vendor embeds. */
  readonly embeddingModel?: ((model: string) => Model.Model<Name, EmbeddingModel.EmbeddingModel, Client>) | undefined
  /** The models that the vendor lists for the key, where it has an endpoint for it. */
  readonly listModels?: Effect.Effect<ReadonlyArray<ListedModel>, AiError.AiError, Client> | undefined
  /** The tokens of a request as the vendor counts them, by a request of its own, where it has an endpoint for it. */
  readonly countTokens?:
    | ((model: string, request: CountRequest) => Effect.Effect<number, AiError.AiError, Client>)
    | undefined
  /**
   * The tokens of a request by a vocabulary on this machine, where there is one. Fails where it cannot be loaded;
   * `undefined` for what cannot be counted so: tools of the vendor, files elsewhere.
   */
  readonly countLocally?:
    | ((model: string, request: CountRequest) => Effect.Effect<LocalCount | undefined, AiError.AiError>)
    | undefined
  /** The client, from the vendor's standard environment names. */
  readonly client: Layer.Layer<Client, Config.ConfigError>
  /** The environment name of the key, for messages. */
  readonly keyName: string
  readonly capabilities: Capability.Table
  /** The vendor's own rows of the error table, for the documentation. */
  readonly errors: ReadonlyArray<ErrorTable.Row>
}

/**
 * A provider of whatever client, for those who hold several. What its models require is what its client supplies.
 */
export interface Any extends Pick<Provider<string, never>, "name" | "claims" | "keyName" | "capabilities" | "errors"> {
  readonly languageModel: (
    model: string,
    options?: Settings.ModelOptions<Settings.Common, never> | undefined
  ) => Layer.Layer<LanguageModel.LanguageModel | Model.ProviderName | Model.ModelName, never, unknown>
  readonly embeddingModel?:
    | ((
      model: string
    ) => Layer.Layer<EmbeddingModel.EmbeddingModel | Model.ProviderName | Model.ModelName, never, unknown>)
    | undefined
  readonly listModels?: Effect.Effect<ReadonlyArray<ListedModel>, AiError.AiError, unknown> | undefined
  readonly countTokens?:
    | ((model: string, request: CountRequest) => Effect.Effect<number, AiError.AiError, unknown>)
    | undefined
  readonly countLocally?: Provider<string, never>["countLocally"]
  readonly client: Layer.Layer<never, Config.ConfigError>
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
 *   languageModel: (model, options) => Model.make("acme", model, OpenAiCompatibleLanguageModel.layer(model, options)),
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
