/** Which model of which provider a name stands for. */
import * as Effect from "effect/Effect"
import type * as ModelCatalog from "../../ModelCatalog.ts"
import * as RegistryError from "../../RegistryError.ts"
import type { Entries, Entry } from "./entry.ts"

export interface Resolved {
  readonly entry: Entry
  readonly model: string
}

export const resolve = (
  entries: Entries,
  catalog: ModelCatalog.Catalog,
  name: string
): Effect.Effect<Resolved, RegistryError.ResolutionError> =>
  Effect.gen(function*() {
    const slash = name.indexOf("/")
    const prefix = name.slice(0, Math.max(slash, 0))
    const model = name.slice(slash + 1)
    const available = entries.map((entry) => entry.name).toSorted()
    if (model === "") return yield* new RegistryError.UnknownModel({ model: name, nearest: [], available })
    const named = slash < 1 ? undefined : entries.find((entry) => entry.name === prefix)
    if (named !== undefined) return { entry: named, model }

    const listed = entries.filter((entry) => isListed(catalog, entry, name))
    const [only, ...others] = yield* Effect.filter(listed, hasClient)
    if (only !== undefined) {
      return others.length === 0
        ? { entry: only, model: name }
        : yield* new RegistryError.AmbiguousModel({
          model: name,
          candidates: [only, ...others].map((entry) => `${entry.name}/${name}`)
        })
    }

    const claimed = entries.filter((entry) => entry.claims(name))
    for (const entry of claimed) if (yield* hasClient(entry)) return { entry, model: name }

    const keyless = [...new Set([...listed, ...claimed])]
    if (keyless.length > 0) {
      const providers = yield* Effect.forEach(keyless, ({ keyName, lacks, name }) =>
        Effect.map(lacks, (error) => ({ name, keyName, error })))
      const alike = listed.length > 0 ? [] : nearest(entries, catalog, name)
      return yield* new RegistryError.NoKey({ model: name, providers, nearest: alike })
    }
    const alike = nearest(entries, catalog, name)
    return yield* prefix === ""
      ? new RegistryError.UnknownModel({ model: name, nearest: alike, available })
      : new RegistryError.UnknownProvider({ provider: prefix, model, nearest: alike, available })
  })

const hasClient = ({ lacks }: Entry): Effect.Effect<boolean> => Effect.map(lacks, (error) => error === undefined)

/** Not by rule: of a version that the catalogue lacks, the provider itself knows better whether it is its own. */
const isListed = (catalog: ModelCatalog.Catalog, { name }: Entry, model: string): boolean =>
  catalog.models.some(({ aliases = [], id, provider }) =>
    provider === name && (id === model || aliases.includes(model))
  )

const nearest = (entries: Entries, catalog: ModelCatalog.Catalog, name: string): ReadonlyArray<string> => {
  const own = new Set(entries.map((entry) => entry.name))
  return catalog.nearest(name, Infinity).filter((one) => own.has(one.slice(0, one.indexOf("/")))).slice(0, 3)
}
