/**
 * Providers by name: from `"anthropic/claude-sonnet-4-5"`, or from `"claude-sonnet-4-5"` alone, to a model.
 *
 * A registry is a value of its scope. Clients are made when the first model of a provider is used, shared by all of its
 * models, and released when none was used for a while.
 */
import type * as Capability from "@llm-layers/core/Capability"
import type * as Provider from "@llm-layers/core/Provider"
import type * as Settings from "@llm-layers/core/Settings"
import type * as AiError from "effect/ai/AiError"
import type * as EmbeddingModel from "effect/ai/EmbeddingModel"
import type * as LanguageModel from "effect/ai/LanguageModel"
import type * as Model from "effect/ai/Model"
import type * as Config from "effect/Config"
import type * as Duration from "effect/Duration"
import type * as Effect from "effect/Effect"
import type * as Layer from "effect/Layer"
import type * as Result from "effect/Result"
import type * as Scope from "effect/Scope"
import * as Made from "./internal/registry/made.ts"
import type * as ModelCatalog from "./ModelCatalog.ts"
import type * as ModelFacts from "./ModelFacts.ts"
import type * as RegistryError from "./RegistryError.ts"

/** What a language model of the registry supplies. */
export type Supplied = LanguageModel.LanguageModel | Model.ProviderName | Model.ModelName

/** What an embedding model of the registry supplies. */
export type SuppliedEmbeddings = EmbeddingModel.EmbeddingModel | Model.ProviderName | Model.ModelName

/**
 * A name that may be asked for: `provider/model` of a provider that is there, a model's own name, or a text that is known
 * at run time only. A text that is written out with another provider in it does not compile.
 */
export type Named<Names extends string, Name extends string> = string extends Name ? Name
  : Name extends "" | `${string}/` ? "It names no model"
  : Name extends `${Names}/${string}` ? Name
  : Name extends `${infer Wrong}/${string}` ? `There is no provider "${Wrong}" in this registry`
  : Name

/** What can be wrong with a name. A provider that is written out and there leaves nothing but its configuration. */
export type Failure<Names extends string, Name extends string> = Name extends `${Names}/${string}` ? Config.ConfigError
  : Config.ConfigError | RegistryError.ResolutionError

/** A model that was found. */
export interface Found<Names extends string = string> {
  readonly provider: Names
  readonly model: string
}

/** What is known of a model. */
export interface Info<Names extends string = string> extends Found<Names> {
  /** By its provider's table; all of them where the table does not name the model. */
  readonly capabilities: Capability.Capabilities
  /** Of the catalogue, where it has the model. */
  readonly facts: ModelFacts.ModelFacts | undefined
}

/** Why a provider's models could not be listed. */
export type ListFailure = AiError.AiError | Config.ConfigError | RegistryError.NotListed

/** The models of each provider, or why they could not be listed. */
export type Listed<Names extends string> = {
  readonly [name in Names]: Result.Result<ReadonlyArray<Provider.ListedModel>, ListFailure>
}

/** Providers by name. `Names` are theirs, `Roles` those of models that have one. */
export interface Registry<in out Names extends string, in out Roles extends string = never> {
  /** In alphabetical order. */
  readonly list: ReadonlyArray<Names>
  readonly has: (name: string) => name is Names
  /** The registry with a provider more, or with another in the place of one that has its name, which is logged. */
  readonly add: <P extends Provider.Any>(
    provider: P
  ) => Effect.Effect<Registry<Names | P["name"], Roles>>
  /** The registry without a provider. Clients of its models stay until those are done. */
  readonly remove: <Name extends Names>(name: Name) => Registry<Exclude<Names, Name>, Roles>
  /**
   * Which model a name stands for: the provider before the first slash where it is one of the registry; else the model of
   * the catalogue that has the name; else the first provider that claims names of its form. Only providers with a key.
   */
  readonly resolve: (name: string) => Effect.Effect<Found<Names>, RegistryError.ResolutionError>
  /** A language model by name. */
  readonly languageModel: <const Name extends string, R = never>(
    name: Named<Names, Name>,
    options?: Settings.ModelOptions<Settings.Common, R> | undefined
  ) => Layer.Layer<Supplied, Failure<Names, Name>, R>
  /** An embedding model by name. */
  readonly embeddingModel: <const Name extends string>(
    name: Named<Names, Name>
  ) => Layer.Layer<SuppliedEmbeddings, Failure<Names, Name> | RegistryError.NoEmbeddings>
  /** The language model that has a role. */
  readonly role: <R = never>(
    role: Roles,
    options?: Settings.ModelOptions<Settings.Common, R> | undefined
  ) => Layer.Layer<Supplied, Config.ConfigError | RegistryError.ResolutionError, R>
  readonly info: (name: string) => Effect.Effect<Info<Names>, RegistryError.ResolutionError>
  /**
   * The models of all providers, asked for at once. A failure of one leaves the others. It takes as long as the slowest:
   * for a time limit of each, see `listModelsOf`.
   */
  readonly listModels: Effect.Effect<Listed<Names>>
  /** The models that a provider lists. */
  readonly listModelsOf: (name: Names) => Effect.Effect<ReadonlyArray<Provider.ListedModel>, ListFailure>
  /** Lets go of a provider's client: the next model of it gets a new one, for a key that has changed. */
  readonly invalidate: (name: Names) => Effect.Effect<void>
  readonly invalidateAll: Effect.Effect<void>
}

/** What a registry is made of. */
export interface Options<Providers extends ReadonlyArray<Provider.Any>, Roles extends string> {
  /**
   * In the order in which they are asked whether a name is theirs. A provider with a client of the program's own is
   * `{ ...provider, client: OpenAiClient.layer({ … }) }`.
   */
  readonly providers: Providers
  /** Models by what they are for: `{ large: "openai/gpt-5.5", small: "openai/gpt-5.5-mini" }`. Default: none. */
  readonly roles?: { readonly [role in Roles]: string } | undefined
  /** How long a client stays without any model that uses it. Default: 5 minutes. */
  readonly idleTimeToLive?: Duration.Input | undefined
}

/**
 * A registry of providers, whose clients live no longer than the scope.
 *
 * @example
 * ```ts
 * import { provider as anthropic } from "@llm-layers/anthropic/AnthropicProvider"
 * import { provider as openai } from "@llm-layers/openai/OpenAiProvider"
 * import * as ModelCatalog from "@llm-layers/registry/ModelCatalog"
 * import * as ProviderRegistry from "@llm-layers/registry/ProviderRegistry"
 * import { ConfigProvider, Effect } from "effect"
 * import { LanguageModel, Model } from "effect/ai"
 * import { deepStrictEqual, strictEqual } from "node:assert"
 *
 * const program = Effect.gen(function*() {
 *   const registry = yield* ProviderRegistry.make({ providers: [openai, anthropic] })
 *   deepStrictEqual(registry.list, ["anthropic", "openai"])
 *   // By the catalogue.
 *   deepStrictEqual(yield* registry.resolve("claude-sonnet-4-5"), { provider: "anthropic", model: "claude-sonnet-4-5" })
 *   const name = yield* Effect.provide(Model.ModelName, registry.languageModel("anthropic/claude-sonnet-4-5"))
 *   strictEqual(name, "claude-sonnet-4-5")
 * })
 *
 * const keys = ConfigProvider.fromEnv({ env: { ANTHROPIC_API_KEY: "secret" } })
 * await program.pipe(
 *   Effect.scoped,
 *   Effect.provide(ModelCatalog.layer()),
 *   Effect.provide(ConfigProvider.layer(keys)),
 *   Effect.runPromise
 * )
 * ```
 */
export const make = <const Providers extends ReadonlyArray<Provider.Any>, const Roles extends string = never>(
  options: Options<Providers, Roles>
): Effect.Effect<Registry<Providers[number]["name"], Roles>, never, Scope.Scope | ModelCatalog.ModelCatalog> =>
  // Its names and roles are those of the options, which the type says and the value has as texts.
  Made.make(options.providers, options.roles ?? {}, options.idleTimeToLive ?? defaultIdle) as Effect.Effect<
    Registry<Providers[number]["name"], Roles>,
    never,
    Scope.Scope | ModelCatalog.ModelCatalog
  >

const defaultIdle = "5 minutes"
