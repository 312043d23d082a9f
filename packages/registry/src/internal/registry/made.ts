/** A registry as it is, whose names are texts; the public type knows them. */
import type * as Provider from "@llm-layers/core/Provider"
import type * as Settings from "@llm-layers/core/Settings"
import type * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Scope from "effect/Scope"
import * as ModelCatalog from "../../ModelCatalog.ts"
import { NotListed, type ResolutionError } from "../../RegistryError.ts"
import * as Entry from "./entry.ts"
import * as Resolution from "./resolution.ts"

/** What registries that were made of each other share. */
interface Shared {
  readonly catalog: ModelCatalog.Catalog
  readonly roles: { readonly [role: string]: string }
  readonly enter: (provider: Provider.Any) => Effect.Effect<Entry.Entry>
}

export const make = (
  providers: ReadonlyArray<Provider.Any>,
  roles: Shared["roles"],
  idleTimeToLive: Duration.Input
) =>
  Effect.gen(function*() {
    const catalog = yield* ModelCatalog.ModelCatalog
    const scope = yield* Effect.scope
    const enter: Shared["enter"] = (provider) => Scope.provide(Entry.make(provider, idleTimeToLive), scope)
    const byName = new Map<string, Provider.Any>()
    for (const provider of providers) {
      if (byName.has(provider.name)) yield* replaces(provider)
      byName.set(provider.name, provider)
    }
    return of({ catalog, roles, enter }, yield* Effect.forEach(byName.values(), enter))
  })

const of = (shared: Shared, entries: Entry.Entries): object => {
  const resolve = (name: string) => Resolution.resolve(entries, shared.catalog, name)
  const resolved = <A, E, R>(
    name: string,
    use: (entry: Entry.Entry, model: string) => Layer.Layer<A, E, R>
  ): Layer.Layer<A, E | ResolutionError, R> =>
    Layer.unwrap(Effect.map(resolve(name), ({ entry, model }) => use(entry, model)))
  const languageModel = <R>(name: string, settings?: Settings.ModelOptions<Settings.Common, R>) =>
    resolved(name, (entry, model) => entry.languageModel(model, settings))
  const named = (name: string) => entries.filter((entry) => entry.name === name)

  return {
    list: entries.map(({ name }) => name).toSorted(),
    has: (name: string) => named(name).length > 0,
    add: (provider: Provider.Any) =>
      Effect.gen(function*() {
        yield* named(provider.name).length > 0
          ? replaces(provider)
          : Effect.logDebug(`The registry has a provider "${provider.name}" more`)
        return of(shared, [...without(entries, provider.name), yield* shared.enter(provider)])
      }),
    remove: (name: string) => of(shared, without(entries, name)),
    resolve: (name: string) => Effect.map(resolve(name), ({ entry, model }) => ({ provider: entry.name, model })),
    languageModel,
    embeddingModel: (name: string) => resolved(name, (entry, model) => entry.embeddingModel(model)),
    role: <R>(role: string, settings?: Settings.ModelOptions<Settings.Common, R>) =>
      languageModel(Object.hasOwn(shared.roles, role) ? shared.roles[role] ?? role : role, settings),
    info: (name: string) =>
      Effect.map(resolve(name), ({ entry, model }) => ({
        provider: entry.name,
        model,
        capabilities: entry.capabilities(model),
        facts: shared.catalog.get(entry.name, model)
      })),
    listModels: listed(entries),
    listModelsOf: (name: string) =>
      Effect.suspend(() => named(name)[0]?.listModels ?? Effect.fail(new NotListed({ provider: name }))),
    invalidate: (name: string) => invalidated(named(name)),
    invalidateAll: invalidated(entries)
  }
}

const replaces = ({ name }: Provider.Any): Effect.Effect<void> =>
  Effect.logWarning(`The registry has another provider "${name}" now`)

const without = (entries: Entry.Entries, name: string): Entry.Entries => entries.filter((entry) => entry.name !== name)

const invalidated = (entries: Entry.Entries): Effect.Effect<void> =>
  Effect.forEach(entries, ({ invalidate }) => invalidate, { discard: true })

/** Whichever of them answer. */
const listed = (entries: Entry.Entries) =>
  Effect.map(
    Effect.forEach(
      entries,
      ({ listModels, name }) => Effect.map(Effect.result(listModels), (models) => [name, models] as const),
      { concurrency: "unbounded" }
    ),
    (all) => Object.fromEntries(all)
  )
