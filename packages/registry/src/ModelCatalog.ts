/**
 * Facts on models: a dated list that comes with this package, under what vendors list and what the program knows better.
 *
 * A model that is not in it is unknown, not refused: the list is older than the newest models.
 */
import type * as Provider from "@llm-layers/core/Provider"
import * as BigDecimal from "effect/BigDecimal"
import * as Context from "effect/Context"
import * as Data from "effect/Data"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Generated from "./internal/catalogue/generated.ts"
import * as Nearest from "./internal/catalogue/nearest.ts"
import * as ModelFacts from "./ModelFacts.ts"

/** No model has the name. Says which have names like it. */
export class UnknownModel extends Data.TaggedError("UnknownModel")<{
  readonly model: string
  readonly nearest: ReadonlyArray<string>
}> {
  override get message(): string {
    const like = this.nearest.length === 0 ? "" : ` Did you mean ${this.nearest.join(", ")}?`
    return `The catalogue has no model "${this.model}".${like}`
  }
}

/** Several providers have a model of the name. */
export class AmbiguousModel extends Data.TaggedError("AmbiguousModel")<{
  readonly model: string
  /** As `provider/model`. */
  readonly candidates: ReadonlyArray<string>
}> {
  override get message(): string {
    return `Several providers have a model "${this.model}": say which, as in ${this.candidates.join(", ")}`
  }
}

/** What models are wanted. A model of which a fact that is asked for is not known is left out. */
export interface Query {
  readonly provider?: string | undefined
  readonly tools?: boolean | undefined
  readonly reasoning?: boolean | undefined
  readonly structuredOutput?: boolean | undefined
  readonly openWeights?: boolean | undefined
  /** All of them. */
  readonly input?: ReadonlyArray<ModelFacts.Modality> | undefined
  /** All of them. */
  readonly output?: ReadonlyArray<ModelFacts.Modality> | undefined
  readonly minContextTokens?: number | undefined
  readonly minOutputTokens?: number | undefined
  /** US dollars for a million tokens, at most. */
  readonly maxPrice?: { readonly input?: number | undefined; readonly output?: number | undefined } | undefined
  /** Since a date or a month: `2026-03`. */
  readonly releasedSince?: string | undefined
  /** Deprecated models too. Default: no. */
  readonly deprecated?: boolean | undefined
}

/** A list of facts, and how to find some. */
export interface Catalog {
  /** By provider and id. */
  readonly models: ReadonlyArray<ModelFacts.ModelFacts>
  /** The model of a provider, by its id or another name of it; by rule where the list has none of the name. */
  readonly get: (provider: string, model: string) => ModelFacts.ModelFacts | undefined
  /** By `provider/model`, or by the model's own name where one provider alone has it. */
  readonly resolve: (name: string) => Effect.Effect<ModelFacts.ModelFacts, UnknownModel | AmbiguousModel>
  /** In the order of their names. */
  readonly find: (query: Query) => ReadonlyArray<ModelFacts.ModelFacts>
  /** Names like this one, as `provider/model`, the likest first; at most `count`, 3 by default. */
  readonly nearest: (name: string, count?: number) => ReadonlyArray<string>
}

/** The catalogue of a program. */
export class ModelCatalog extends Context.Service<ModelCatalog, Catalog>()("@llm-layers/registry/ModelCatalog") {}

/**
 * A catalogue of these facts. Several on one model are merged: the program's own win over the vendor's, those over the
 * list of this package.
 *
 * @example
 * ```ts
 * import * as ModelCatalog from "@llm-layers/registry/ModelCatalog"
 * import * as ModelFacts from "@llm-layers/registry/ModelFacts"
 * import { deepStrictEqual } from "node:assert"
 *
 * const catalog = ModelCatalog.make([
 *   ModelFacts.make("acme", "acme-1", { tools: true, input: ["text", "image"], contextTokens: 8_000 }, "user"),
 *   ModelFacts.make("acme", "acme-embed", { tools: false }, "user")
 * ])
 * deepStrictEqual(catalog.find({ tools: true, input: ["image"] }).map(({ id }) => id), ["acme-1"])
 * deepStrictEqual(catalog.nearest("acme-11", 1), ["acme/acme-1"])
 * ```
 */
export const make = (facts: Iterable<ModelFacts.ModelFacts>): Catalog => {
  const given = index(merged(facts))
  const { byId, byName, models } = index(given.models.map((model) => withRule(model, given)))

  const get: Catalog["get"] = (provider, model) =>
    byName.get(`${provider}/${model}`) ?? byRule(model, (id) => byName.get(`${provider}/${id}`))

  /** By a model's own name, the provider not being known. */
  const named = (name: string): ReadonlyArray<ModelFacts.ModelFacts> =>
    byId.get(name) ?? (byId.get(familyOf(name)) ?? []).flatMap(({ provider }) => get(provider, name) ?? [])

  const nearest: Catalog["nearest"] = (name, count = 3) => Nearest.find(name, models.map(nameOf), count)

  return {
    models,
    get,
    nearest,
    find: (query) => models.filter((model) => fits(model, query)),
    resolve: (name) => {
      const [provider = "", ...rest] = name.split("/")
      const one = rest.length === 0 ? undefined : get(provider, rest.join("/"))
      if (one !== undefined) return Effect.succeed(one)
      const [only, ...others] = named(name)
      if (only === undefined) return Effect.fail(new UnknownModel({ model: name, nearest: nearest(name) }))
      return others.length === 0
        ? Effect.succeed(only)
        : Effect.fail(new AmbiguousModel({ model: name, candidates: [only, ...others].map(nameOf) }))
    }
  }
}

const merged = (facts: Iterable<ModelFacts.ModelFacts>): ReadonlyArray<ModelFacts.ModelFacts> => {
  const byName = new Map<string, ModelFacts.ModelFacts>()
  for (const one of facts) {
    const name = nameOf(one)
    const before = byName.get(name)
    byName.set(name, before === undefined ? one : ModelFacts.merge(before, one))
  }
  return [...byName.values()].toSorted((one, other) => nameOf(one) < nameOf(other) ? -1 : 1)
}

/** Models by every name of theirs. An id counts before another model's other name. */
interface Index {
  readonly models: ReadonlyArray<ModelFacts.ModelFacts>
  /** By `provider/model`. */
  readonly byName: ReadonlyMap<string, ModelFacts.ModelFacts>
  readonly byId: ReadonlyMap<string, ReadonlyArray<ModelFacts.ModelFacts>>
}

const index = (models: ReadonlyArray<ModelFacts.ModelFacts>): Index => {
  const byName = new Map<string, ModelFacts.ModelFacts>()
  const byId = new Map<string, Array<ModelFacts.ModelFacts>>()
  const enter = (model: ModelFacts.ModelFacts, id: string) => {
    const name = `${model.provider}/${id}`
    if (byName.has(name)) return
    byName.set(name, model)
    const others = byId.get(id)
    if (others === undefined) byId.set(id, [model])
    else others.push(model)
  }
  for (const model of models) enter(model, model.id)
  for (const model of models) for (const alias of model.aliases ?? []) enter(model, alias)
  return { models, byName, byId }
}

/**
 * The list that comes with this package, of the date in {@link generatedAt}. Read when it is first asked for, once.
 *
 * Source: models.dev (MIT licence).
 */
export const generated: Effect.Effect<ReadonlyArray<ModelFacts.ModelFacts>> = Generated.models

/** The date of the list that comes with this package, and the commit of its source. */
export const generatedAt: Effect.Effect<{ readonly date: string; readonly commit: string }> = Generated.origin

/** What a vendor lists, as facts. */
export const fromListed = (
  provider: string,
  listed: Iterable<Provider.ListedModel>
): ReadonlyArray<ModelFacts.ModelFacts> =>
  Array.from(listed, ({ contextTokens, id, name, outputTokens, released }) =>
    ModelFacts.make(provider, id, {
      ...(name === undefined ? undefined : { name }),
      ...(isCount(contextTokens) ? { contextTokens } : undefined),
      ...(isCount(outputTokens) ? { outputTokens } : undefined),
      ...(released === undefined ? undefined : { released: released.toISOString().slice(0, 10) })
    }, "vendor"))

const isCount = (tokens: number | undefined): tokens is number =>
  tokens !== undefined && Number.isSafeInteger(tokens) && tokens > 0

/** Where a catalogue takes its facts from, beside the list of this package. */
export interface Options {
  /** What the program knows better, or of models of its own. */
  readonly facts?: Iterable<ModelFacts.ModelFacts> | undefined
  /** Without the list of this package. Default: with it. */
  readonly generated?: boolean | undefined
}

/**
 * The catalogue as a Layer: the list of this package under the program's own facts.
 *
 * @example
 * ```ts
 * import * as ModelCatalog from "@llm-layers/registry/ModelCatalog"
 * import { Effect } from "effect"
 *
 * const program = Effect.gen(function*() {
 *   const catalog = yield* ModelCatalog.ModelCatalog
 *   return catalog.find({ tools: true, input: ["image"], maxPrice: { output: 1 } }).map(({ id }) => id)
 * })
 *
 * await Effect.runPromise(Effect.provide(program, ModelCatalog.layer()))
 * ```
 */
export const layer = (options: Options = {}): Layer.Layer<ModelCatalog> =>
  Layer.effect(
    ModelCatalog,
    Effect.map(
      options.generated === false ? Effect.succeed([]) : generated,
      (list) => make([...list, ...options.facts ?? []])
    )
  )

/** `provider/model`. */
export const nameOf = ({ id, provider }: ModelFacts.ModelFacts): string => `${provider}/${id}`

/**
 * A dated version of a model: `gpt-5-2025-08-07`, `claude-opus-4-20250514`, `gemini-2.5-flash-001`; or OpenRouter's choice
 * among the hosts of one (https://openrouter.ai/docs/guides/routing/model-variants). Its other variants, `:free` and
 * `:extended` among them, have limits of their own.
 */
const dated = /(?:[-@](?:\d{4}-\d{2}-\d{2}|\d{8}|\d{6}|\d{3})|-latest|:(?:nitro|floor|online|exacto))$/

const familyOf = (model: string): string => model.replace(dated, "")

/** Of a version that the list lacks, the facts of the model. Prices may differ, so that they stay out. */
const byRule = (
  model: string,
  find: (id: string) => ModelFacts.ModelFacts | undefined
): ModelFacts.ModelFacts | undefined => {
  const family = familyOf(model)
  const known = family === model ? undefined : find(family)
  if (known === undefined) return undefined
  const { aliases: _, id: _id, prices: _prices, provider, released: _released, sources: _sources, ...facts } = known
  return ModelFacts.make(provider, model, facts, "rule")
}

/** What a vendor or the program says of a version is not all there is to know of it, as it is of a model of the list. */
const withRule = (model: ModelFacts.ModelFacts, { byName }: Index): ModelFacts.ModelFacts => {
  if (Object.values(model.sources).includes("generated")) return model
  const ruled = byRule(model.id, (id) => byName.get(`${model.provider}/${id}`))
  return ruled === undefined ? model : ModelFacts.merge(ruled, model)
}

const fits = (model: ModelFacts.ModelFacts, query: Query): boolean => {
  const is = (asked: boolean | undefined, known: boolean | undefined) => asked === undefined || asked === known
  const has = (asked: ReadonlyArray<string> = [], known: ReadonlyArray<string> = []) =>
    asked.every((one) => known.includes(one))
  const atLeast = (asked: number | undefined, known: number | undefined) =>
    asked === undefined || (known !== undefined && known >= asked)
  const atMost = (asked: number | undefined, known: BigDecimal.BigDecimal | undefined) =>
    asked === undefined || (known !== undefined && BigDecimal.toNumberUnsafe(known) <= asked)
  return (query.provider === undefined || query.provider === model.provider)
    && (query.deprecated === true || model.status !== "deprecated")
    && is(query.tools, model.tools)
    && is(query.reasoning, model.reasoning)
    && is(query.structuredOutput, model.structuredOutput)
    && is(query.openWeights, model.openWeights)
    && has(query.input, model.input)
    && has(query.output, model.output)
    && atLeast(query.minContextTokens, model.contextTokens)
    && atLeast(query.minOutputTokens, model.outputTokens)
    && atMost(query.maxPrice?.input, model.prices?.input)
    && atMost(query.maxPrice?.output, model.prices?.output)
    && (query.releasedSince === undefined || (model.released !== undefined && model.released >= query.releasedSince))
}
