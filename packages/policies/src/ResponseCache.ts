/**
 * Answers that are given out again to the same request, in memory or in a store that processes share.
 *
 * The same request is one that would be sent the same: provider, model, address and settings, those around the call
 * included, and prompt, tools with their schemas, tool choice, response format, and the response that is continued.
 * The keys of a store are digests (SHA-256) of these; the answers in it are as they came.
 */
import * as Metadata from "@llm-layers/core/Metadata"
import type * as Policy from "@llm-layers/core/Policy"
import type * as ProviderError from "@llm-layers/core/ProviderError"
import * as EmbeddingModel from "effect/ai/EmbeddingModel"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Persistence from "effect/persistence/Persistence"
import * as Embeddings from "./internal/cache/embeddings.ts"
import { type Answer, type CacheWhen, ended } from "./internal/cache/keeping.ts"
import * as LazyStore from "./internal/cache/lazyStore.ts"
import * as Responses from "./internal/cache/responses.ts"
import * as Settings from "./internal/cache/settings.ts"
import * as OptionChecks from "./internal/options.ts"

export type { Answer, CacheWhen }

/** What all caches of answers take. */
export interface CommonOptions extends Settings.Common {
  /**
   * Which answers are kept. Default: those that ended by themselves (`stop`, `tool-calls`), because one that was cut by a
   * limit or a filter may be whole the next time. Whatever it says, failures are never kept, nor answers that would
   * become one: without the object that was asked for, or with arguments that a tool does not take.
   */
  readonly cacheWhen?: CacheWhen | undefined
}

/** A cache in memory. */
export interface Options extends CommonOptions, Settings.MemoryBounds {}

/** A cache in a store. */
export interface SharedOptions extends CommonOptions, Settings.Shared {}

/** A cache of embeddings in memory. */
export interface EmbeddingOptions extends Settings.Common, Settings.MemoryBounds {}

/** A cache of embeddings in a store. */
export interface SharedEmbeddingOptions extends Settings.Common, Settings.Shared {}

/**
 * A cache in memory, for one model: the answer that was asked for longest ago goes first where there is no room.
 *
 * A call that asks the same as one that is on its way joins it, and gets what has come from the start; the request goes
 * on until nobody waits for it. Streams are given out again as streams. Plain and streamed answers are kept apart.
 *
 * What was not asked for has a usage of 0 and no cost, so that no ledger counts it twice, and says so: see {@link hitOf}.
 *
 * Not kept are answers of drivers without an `identity`, of calls in a conversation that the vendor keeps, and of requests
 * with something in them that cannot be told apart from others, such as a function. They pass as if there were no cache.
 *
 * @example
 * ```ts
 * import * as ResponseCache from "@llm-layers/policies/ResponseCache"
 * import { ScriptedModel } from "@llm-layers/testing"
 * import { Effect } from "effect"
 * import { LanguageModel } from "effect/ai"
 * import { deepStrictEqual } from "node:assert"
 *
 * const policy = ResponseCache.make({ timeToLive: "10 minutes" })
 * const ask = LanguageModel.generateText({ prompt: "Name a colour." })
 *
 * // The script has one answer.
 * const both = Effect.all([ask, ask]).pipe(Effect.provide(ScriptedModel.layer(["Blue."], { policy })))
 * const [first, second] = await Effect.runPromise(both)
 * deepStrictEqual([first.text, second.text], ["Blue.", "Blue."])
 * deepStrictEqual([first.usage.outputTokens.total, second.usage.outputTokens.total], [1, 0])
 * ```
 */
export const make = (options: Options = {}): Policy.Policy => (driver) => {
  const problem = Settings.problemOf(options)
  return problem === undefined
    ? Effect.map(
      Settings.open(options, storeIds.responses, Settings.memory(options)),
      (opened) => Responses.cached(driver, opened, options.cacheWhen ?? ended)
    )
    : Effect.succeed(OptionChecks.refuse(driver, problem))
}

/**
 * A cache in the `BackingPersistence` of `effect/persistence`: Redis (`layerBackingRedis`), SQL (`layerBackingSql`), files
 * or another key-value store (`layerBackingKvs`), or memory with a bound ({@link layerMemory}). Models and processes with
 * the same store share it.
 *
 * Calls in one process join as with {@link make}; between processes each asks until an answer is in the store.
 *
 * Clients that differ in what no key has, such as the account behind their API key, need a `storeId` of their own where
 * that matters.
 *
 * @example
 * ```ts
 * import * as ResponseCache from "@llm-layers/policies/ResponseCache"
 * import { ScriptedModel } from "@llm-layers/testing"
 * import { Effect, Layer } from "effect"
 * import { LanguageModel } from "effect/ai"
 * import { KeyValueStore, Persistence } from "effect/persistence"
 * import { strictEqual } from "node:assert"
 *
 * const policy = ResponseCache.makeShared({ timeToLive: "1 day" })
 * // With `KeyValueStore.layerFileSystem("cache")` the answers are files.
 * const store = Persistence.layerBackingKvs.pipe(Layer.provide(KeyValueStore.layerMemory))
 *
 * const ask = Effect.map(LanguageModel.generateText({ prompt: "Name a colour." }), (response) => response.text)
 * const program = Effect.gen(function*() {
 *   yield* ask.pipe(Effect.provide(ScriptedModel.layer(["Blue."], { policy })))
 *   // Another program, whose script has nothing to say.
 *   return yield* ask.pipe(Effect.provide(ScriptedModel.layer([], { policy })))
 * })
 * strictEqual(await Effect.runPromise(Effect.provide(program, store)), "Blue.")
 * ```
 */
export const makeShared = (options: SharedOptions = {}): Policy.Policy<Persistence.BackingPersistence> => (driver) => {
  const problem = Settings.problemOf(options)
  return problem === undefined
    ? Effect.flatMap(Persistence.BackingPersistence, (backing) =>
      Effect.map(
        Settings.open(options, storeIds.responses, backing),
        (opened) => Responses.cached(driver, opened, options.cacheWhen ?? ended)
      ))
    : Effect.succeed(OptionChecks.refuse(driver, problem))
}

/** Made to be names of tables, too. */
const storeIds = { responses: "llm_layers_responses", embeddings: "llm_layers_embeddings" }

/**
 * A layer with an embedding model, whose vectors are kept in memory, one a text: only texts that are not known are asked
 * for. Whatever else the layer supplies stays.
 *
 * The key of a vector is made of the model, its address, its settings with those around the call, and the text. A model of
 * another project's, whose settings are not known, is not cached. The usage is that of what was asked for, 0 for nothing.
 *
 * @example
 * ```ts
 * import * as ResponseCache from "@llm-layers/policies/ResponseCache"
 * import * as OpenAiEmbeddingModel from "@llm-layers/openai/OpenAiEmbeddingModel"
 *
 * export const embeddings = ResponseCache.embeddings(
 *   OpenAiEmbeddingModel.layer("text-embedding-3-small"),
 *   { timeToLive: "7 days" }
 * )
 * ```
 */
export const embeddings = <A, E, R>(
  layer: Layer.Layer<A | EmbeddingModel.EmbeddingModel, E, R>,
  options: EmbeddingOptions = {}
): Layer.Layer<A | EmbeddingModel.EmbeddingModel, E, R> => wrapped(layer, options, Settings.memory(options))

/** As {@link embeddings}, in the `BackingPersistence` of `effect/persistence`: see {@link makeShared}. */
export const embeddingsShared = <A, E, R>(
  layer: Layer.Layer<A | EmbeddingModel.EmbeddingModel, E, R>,
  options: SharedEmbeddingOptions = {}
): Layer.Layer<A | EmbeddingModel.EmbeddingModel, E, R | Persistence.BackingPersistence> =>
  Layer.unwrap(Effect.map(Persistence.BackingPersistence, (backing) => wrapped(layer, options, backing)))

const wrapped = <A, E, R>(
  layer: Layer.Layer<A | EmbeddingModel.EmbeddingModel, E, R>,
  options: Settings.Common & Settings.MemoryBounds & Settings.Shared,
  backing: Persistence.BackingPersistence["Service"]
): Layer.Layer<A | EmbeddingModel.EmbeddingModel, E, R> =>
  Layer.flatMap(layer, (services) => {
    const model = Context.get(services, EmbeddingModel.EmbeddingModel)
    const problem = Settings.problemOf(options)
    const cached = problem === undefined
      ? Effect.flatMap(
        Settings.open(options, storeIds.embeddings, backing),
        (opened) => Embeddings.cached(model, opened)
      )
      : EmbeddingModel.make({ embedMany: () => Effect.fail(OptionChecks.refusal(embeddingOrigin, problem)) })
    return Layer.effectContext(
      Effect.map(cached, (service) => Context.add(services, EmbeddingModel.EmbeddingModel, service))
    )
  })

const embeddingOrigin: ProviderError.Origin = { provider: "", module: "EmbeddingModel", method: "embedMany" }

/** A store in memory with a bound, for several models of a process. */
export const layerMemory = (bounds: Settings.MemoryBounds = {}): Layer.Layer<Persistence.BackingPersistence> =>
  Layer.sync(Persistence.BackingPersistence, () => Settings.memory(bounds))

/**
 * A store that need not be there when the program starts. It is made when it is first needed, and anew with the next call
 * as long as that fails; meanwhile it counts as one that fails. Without this a program does not start without its Redis.
 *
 * @example
 * ```ts
 * import * as ResponseCache from "@llm-layers/policies/ResponseCache"
 * import { NodeRedis } from "@effect/platform-node"
 * import { Layer } from "effect"
 * import { Persistence } from "effect/persistence"
 *
 * export const store = ResponseCache.layerLazy(
 *   // Commands fail while there is no connection, and do not pile up.
 *   Persistence.layerBackingRedis.pipe(Layer.provide(NodeRedis.layer({ disableOfflineQueue: true })))
 * )
 * ```
 */
export const layerLazy = <E, R>(
  store: Layer.Layer<Persistence.BackingPersistence, E, R>
): Layer.Layer<Persistence.BackingPersistence, never, R> =>
  Layer.effect(Persistence.BackingPersistence, LazyStore.make(store))

/**
 * How calls use the caches around them, embeddings included: `use`; `refresh`, which asks the model and keeps the answer
 * in place of what was kept; or `bypass`, which neither looks nor keeps. Default: `use`.
 *
 * @example
 * ```ts
 * import * as ResponseCache from "@llm-layers/policies/ResponseCache"
 * import { Effect } from "effect"
 * import { LanguageModel } from "effect/ai"
 *
 * // Five answers, and not one five times.
 * export const samples = Effect.all(
 *   Array.from({ length: 5 }, () => LanguageModel.generateText({ prompt: "Write a haiku." }))
 * ).pipe(Effect.provideService(ResponseCache.Mode, "bypass"))
 * ```
 */
export const Mode: Context.Reference<Responses.Mode> = Responses.CurrentMode

/** An answer that this call did not pay for. */
export interface Hit {
  /** Whether it came from the store, or from a call that was on its way. */
  readonly source: "cached" | "joined"
  /** What it had cost: token counts as they were. */
  readonly originalUsage: unknown
}

/**
 * Whether an answer came from a cache, by its parts or its response; `undefined` where the model was asked. The same is in
 * the metadata of its finish part: `llmLayers.cached`, `joined`, `originalUsage`, `originalCostUsd`.
 *
 * @example
 * ```ts
 * import * as ResponseCache from "@llm-layers/policies/ResponseCache"
 * import { Effect } from "effect"
 * import { LanguageModel } from "effect/ai"
 *
 * export const asked = Effect.map(
 *   LanguageModel.generateText({ prompt: "Name a colour." }),
 *   (response) => ResponseCache.hitOf(response.content) === undefined
 * )
 * ```
 */
export const hitOf = (
  parts: ReadonlyArray<{ readonly type: string; readonly metadata?: unknown }>
): Hit | undefined => {
  const metadata = parts.findLast((part) => part.type === "finish")?.metadata
  const member = (name: string) => Metadata.get(metadata, Metadata.namespace, name)
  return member("cached") === true
    ? { source: member("joined") === true ? "joined" : "cached", originalUsage: member("originalUsage") }
    : undefined
}
