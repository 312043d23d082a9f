/** A provider in a registry: its models, over a client that they share. */
import * as Capability from "@llm-layers/core/Capability"
import type * as Policy from "@llm-layers/core/Policy"
import type * as Provider from "@llm-layers/core/Provider"
import type * as Settings from "@llm-layers/core/Settings"
import type * as AiError from "effect/ai/AiError"
import type * as EmbeddingModel from "effect/ai/EmbeddingModel"
import type * as LanguageModel from "effect/ai/LanguageModel"
import type * as Model from "effect/ai/Model"
import type * as Config from "effect/Config"
import type * as Context from "effect/Context"
import type * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as LayerRef from "effect/LayerRef"
import type * as Scope from "effect/Scope"
import { NoEmbeddings, NotListed } from "../../RegistryError.ts"

type Named = Model.ProviderName | Model.ModelName

export interface Entry {
  readonly name: string
  readonly keyName: string
  readonly claims: (model: string) => boolean
  readonly capabilities: (model: string) => Capability.Capabilities
  /** Why no client can be made, for want of a key mostly; `undefined` where one can. */
  readonly lacks: Effect.Effect<Config.ConfigError | undefined>
  readonly languageModel: <R>(
    model: string,
    settings?: Settings.ModelOptions<Settings.Common, R>
  ) => Layer.Layer<LanguageModel.LanguageModel | Named, Config.ConfigError, R>
  readonly embeddingModel: (
    model: string
  ) => Layer.Layer<EmbeddingModel.EmbeddingModel | Named, Config.ConfigError | NoEmbeddings>
  readonly listModels: Effect.Effect<
    ReadonlyArray<Provider.ListedModel>,
    AiError.AiError | Config.ConfigError | NotListed
  >
  /** Lets go of the client. */
  readonly invalidate: Effect.Effect<void>
}

export type Entries = ReadonlyArray<Entry>

export const make = (
  provider: Provider.Any,
  idleTimeToLive: Duration.Input
): Effect.Effect<Entry, never, Scope.Scope> =>
  // Layers are memoized by reference, as long as any use of them lasts: a client that was let go of would come back.
  Effect.map(LayerRef.make(Layer.fresh(provider.client), { idleTimeToLive, preload: false }), (client) => {
    const { capabilities, claims, embeddingModel, keyName, listModels, name } = provider
    let letGo = 0
    // One that was still being made when it was let go of is the last that is made so.
    const made = Effect.suspend(() => {
      const before = letGo
      return Effect.tap(client.contextEffect, () => before === letGo ? Effect.void : client.invalidate)
    })
    const current = Layer.fresh(Layer.effectContext(made))
    // What the provider's own effects require is what its client supplies: `Provider` says so of the two together.
    const supplied = <A>(layer: Layer.Layer<A, never, unknown>) =>
      Layer.provide(layer, current) as Layer.Layer<A, Config.ConfigError>
    return {
      name,
      keyName,
      claims,
      capabilities: (model) => Capability.lookup(capabilities, model),
      invalidate: Effect.suspend(() => {
        letGo++
        return client.invalidate
      }),
      lacks: Effect.scoped(Effect.match(made, {
        onFailure: (error) => error,
        onSuccess: () => undefined
      })),
      languageModel: <R>(model: string, settings?: Settings.ModelOptions<Settings.Common, R>) =>
        Layer.unwrap(
          Effect.contextWith((context: Context.Context<R>) =>
            Effect.succeed(supplied(provider.languageModel(model, closed(settings, context))))
          )
        ),
      embeddingModel: (model) =>
        embeddingModel === undefined
          ? Layer.effectContext(Effect.fail(new NoEmbeddings({ provider: name, model })))
          : supplied(embeddingModel(model)),
      listModels: listModels === undefined
        ? Effect.fail(new NotListed({ provider: name }))
        // As above.
        : Effect.provide(listModels, current) as Effect.Effect<
          ReadonlyArray<Provider.ListedModel>,
          AiError.AiError | Config.ConfigError
        >
    }
  })

/** The settings, whose policy has what it needs. */
const closed = <R>(
  settings: Settings.ModelOptions<Settings.Common, R> | undefined,
  context: Context.Context<R>
): Settings.ModelOptions<Settings.Common, never> | undefined => {
  if (settings === undefined) return undefined
  const { policy, ...others } = settings
  const satisfied: Policy.Policy | undefined = policy && ((driver) => Effect.provideContext(policy(driver), context))
  return { ...others, policy: satisfied }
}
