/**
 * What all embedding models share: any number of texts, split to what a request of the vendor takes; equal texts sent
 * once; vectors back in the order of the texts, each of them checked.
 */
import type * as AiError from "effect/ai/AiError"
import * as EmbeddingModel from "effect/ai/EmbeddingModel"
import * as AiTelemetry from "effect/ai/Telemetry"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as ProviderError from "./ProviderError.ts"
import type * as Settings from "./Settings.ts"

/** What one request of a vendor takes. */
export interface Limits {
  readonly inputs: number
  /** Tokens of all inputs together. Default: no limit. */
  readonly tokens?: number | undefined
  /** Tokens of one input, above which it is cut or refused. Default: no limit. */
  readonly tokensOfInput?: number | undefined
}

/** What came back for the texts of one request. */
export interface Answer {
  /** One a text, in their order. */
  readonly vectors: ReadonlyArray<Array<number>>
  /** What the vendor reported, or `undefined`. */
  readonly tokens: number | undefined
}

/** Settings that mean the same with every vendor. A provider's own extend these. */
export interface Common {
  /** How many requests are sent at once for inputs that need several. Default: 4. */
  readonly concurrency?: number | undefined
  /** Members of the request body that this project has no name for. They win over what it writes. */
  readonly extraBody?: { readonly [key: string]: unknown } | undefined
}

/** A vendor's embedding model. */
export interface Driver<S extends Common> {
  /** The method is that of the effect. */
  readonly origin: ProviderError.Origin
  readonly model: string
  readonly limits: Limits
  /** Where its requests are sent. Default: to one place. */
  readonly baseUrl?: string | undefined
  /** The settings of the model, and those around a call, which win. */
  readonly settings: S
  readonly override: Settings.Override<S>
  /** The error for a text that the vendor refuses, found before any request. Default: none is refused. */
  readonly refuse?: ((input: string, index: number) => AiError.AiError | undefined) | undefined
  /** One request. Never more texts than the limits say, none twice. */
  readonly embed: (settings: S, inputs: ReadonlyArray<string>) => Effect.Effect<Answer, AiError.AiError>
  /** What is put on the span of a call, beside the model. Default: nothing. */
  readonly attributes?: ((settings: S) => AiTelemetry.RequestAttributes) | undefined
}

const defaultConcurrency = 4

/**
 * The service of an embedding model. So many requests at once as `concurrency` of the settings says, 4 by default.
 *
 * @example
 * ```ts
 * import * as Embedding from "@llm-layers/core/Embedding"
 * import * as Settings from "@llm-layers/core/Settings"
 * import { Effect } from "effect"
 * import { deepStrictEqual } from "node:assert"
 *
 * const override = Settings.override<Embedding.Common>("acme/AcmeEmbeddingModel")
 * const requests: Array<number> = []
 * const lengths = Embedding.make({
 *   origin: { provider: "acme", module: "AcmeEmbeddingModel", method: "embedMany" },
 *   model: "lengths",
 *   limits: { inputs: 2 },
 *   settings: {},
 *   override,
 *   embed: (_, inputs) =>
 *     Effect.sync(() => {
 *       requests.push(inputs.length)
 *       return { vectors: inputs.map((text) => [text.length]), tokens: undefined }
 *     })
 * })
 *
 * const { embeddings } = await Effect.runPromise(
 *   Effect.flatMap(lengths, (model) => model.embedMany(["a", "bb", "a", "ccc"]))
 * )
 * deepStrictEqual(embeddings.map((one) => one.vector), [[1], [2], [1], [3]])
 * deepStrictEqual(requests, [2, 1])
 * ```
 */
export const make = <S extends Common>(
  driver: Driver<S>
): Effect.Effect<EmbeddingModel.EmbeddingModel> =>
  Effect.map(makeService(driver), (service) => {
    const { baseUrl, model, origin, override, settings } = driver
    wrappers.set(service, (wrap) =>
      make<S>({
        ...driver,
        embed: (settings, inputs) => wrap({ provider: origin.provider, model, inputs }, driver.embed(settings, inputs))
      }))
    identities.set(service, (context) => ({
      provider: origin.provider,
      module: origin.module,
      model,
      baseUrl,
      settings: { ...settings, ...Context.get(context, override.reference) }
    }))
    return service
  })

const identities = new WeakMap<EmbeddingModel.EmbeddingModel, (context: Context.Context<never>) => object>()

/**
 * What the vectors of a model depend on besides the texts, in the context of a call: model, settings, and where it is
 * asked. For caches. `undefined` for a model that {@link make} did not make.
 */
export const identityOf = (
  model: EmbeddingModel.EmbeddingModel
): ((context: Context.Context<never>) => object) | undefined => identities.get(model)

/** One request of an embedding model to its vendor. */
export interface Request {
  /** The provider's name by the GenAI conventions: `openai`. */
  readonly provider: string
  readonly model: string
  readonly inputs: ReadonlyArray<string>
}

/** What is done around each request. */
export interface Around {
  (request: Request, answer: Effect.Effect<Answer, AiError.AiError>): Effect.Effect<Answer, AiError.AiError>
}

const wrappers = new WeakMap<
  EmbeddingModel.EmbeddingModel,
  (wrap: Around) => Effect.Effect<EmbeddingModel.EmbeddingModel>
>()

/**
 * The model with something around each of its requests to the vendor, of which a call may make several: for policies.
 * What its vectors depend on stays the same. `undefined` for a model that {@link make} did not make.
 */
export const around = (
  model: EmbeddingModel.EmbeddingModel,
  wrap: Around
): Effect.Effect<EmbeddingModel.EmbeddingModel> | undefined => wrappers.get(model)?.(wrap)

const makeService = <S extends Common>(driver: Driver<S>): Effect.Effect<EmbeddingModel.EmbeddingModel> =>
  EmbeddingModel.make({
    // Calls that are gathered into one run in the context of the first: settings keep them apart.
    batchKey: (context) => JSON.stringify(Context.get(context, driver.override.reference)),
    embedMany: ({ inputs }) =>
      Effect.gen(function*() {
        const settings: S = { ...driver.settings, ...(yield* driver.override.reference) }
        for (const [index, input] of inputs.entries()) {
          const refused = driver.refuse?.(input, index)
          if (refused !== undefined) return yield* refused
        }
        const distinct = [...new Set(inputs)]
        const answers = yield* Effect.forEach(split(distinct, driver.limits), (group) =>
          checked(driver, settings, group), {
          concurrency: settings.concurrency ?? defaultConcurrency
        })
        const vectors = new Map<string, Array<number>>()
        for (
          const vector of answers.flatMap((answer) =>
            answer.vectors
          )
        ) {
          const text = distinct[vectors.size]
          if (text !== undefined) vectors.set(text, vector)
        }
        const inputTokens = total(answers.map((answer) => answer.tokens))
        yield* annotate(driver, settings, inputTokens)
        return { results: inputs.map((text) => vectors.get(text) ?? []), usage: { inputTokens } }
      })
  })

/** What a model supplies: `Dimensions` too, where the length of the vectors is known. */
export type Supplied = EmbeddingModel.EmbeddingModel | EmbeddingModel.Dimensions

/**
 * The service of a model with the length of its vectors, where it is known. The type is that of a known length; who does
 * not know it has the type of the service alone.
 */
export const withDimensions = <E, R>(
  service: Layer.Layer<EmbeddingModel.EmbeddingModel, E, R>,
  length: number | undefined
): Layer.Layer<Supplied, E, R> =>
  length === undefined
    // Callers give this a type without `Dimensions`.
    ? service as Layer.Layer<Supplied, E, R>
    : Layer.merge(service, Layer.succeed(EmbeddingModel.Dimensions, length))

/**
 * Groups that fit into a request each. Tokens are not counted: a text has at most as many as it has bytes of UTF-8, and
 * no more than the limit of one, or it is cut or refused in any case.
 */
const split = (inputs: ReadonlyArray<string>, limits: Limits): ReadonlyArray<ReadonlyArray<string>> => {
  const { tokens: all = Number.POSITIVE_INFINITY, tokensOfInput = Number.POSITIVE_INFINITY } = limits
  const groups: Array<Array<string>> = []
  let tokens = 0
  for (const input of inputs) {
    const most = Math.min(Buffer.byteLength(input), tokensOfInput)
    const group = groups.at(-1)
    if (group === undefined || group.length === limits.inputs || tokens + most > all) {
      groups.push([input])
      tokens = most
    } else {
      group.push(input)
      tokens += most
    }
  }
  return groups
}

const checked = <S extends Common>(
  driver: Driver<S>,
  settings: S,
  group: ReadonlyArray<string>
): Effect.Effect<Answer, AiError.AiError> =>
  Effect.flatMap(driver.embed(settings, group), (answer) => {
    const problem = problemOf(answer.vectors, group.length)
    return problem === undefined
      ? Effect.succeed(answer)
      : Effect.fail(ProviderError.make(driver.origin, "InvalidOutput", { description: problem }))
  })

const problemOf = (vectors: ReadonlyArray<ReadonlyArray<unknown>>, count: number): string | undefined => {
  if (vectors.length !== count) return `${vectors.length} embeddings came for ${count} inputs`
  const wrong = vectors.findIndex((vector) => !isVector(vector))
  return wrong < 0 ? undefined : `The embedding of input ${wrong} is not a list of finite numbers`
}

const isVector = (vector: unknown): boolean =>
  Array.isArray(vector) && vector.length > 0 && vector.every((value) => Number.isFinite(value))

/**
 * Vectors in the order of the texts, from items that say their place. An item without one has the place it came at.
 * Several for one place, or none for one, are no answer.
 */
export const inOrder = (
  origin: ProviderError.Origin,
  items: ReadonlyArray<{ readonly index: number | undefined; readonly vector: ReadonlyArray<unknown> }>,
  count: number
): Effect.Effect<ReadonlyArray<Array<number>>, AiError.AiError> => {
  const invalid = (description: string) => Effect.fail(ProviderError.make(origin, "InvalidOutput", { description }))
  if (items.length !== count) return invalid(`${items.length} embeddings came for ${count} inputs`)
  const vectors: Array<Array<number>> = []
  for (const [place, { index = place, vector }] of items.entries()) {
    if (index < 0 || index >= count || vectors[index] !== undefined) {
      return invalid(`An embedding says that it is of input ${index}, which is not one of ${count}, or has one already`)
    }
    // What is no number is found by `make`, which says of which text it is.
    vectors[index] = [...vector] as Array<number>
  }
  return Effect.succeed(vectors)
}

/** 32-bit floats, little-endian, in base64. A vector that was torn has a last number that is none. */
export const decodeFloats = (base64: string): Array<number> => {
  const bytes = Buffer.from(base64, "base64")
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  return Array.from(
    { length: Math.ceil(bytes.byteLength / 4) },
    (_, at) => at * 4 + 4 <= bytes.byteLength ? view.getFloat32(at * 4, true) : Number.NaN
  )
}

/** Unknown where one of the counts is. */
const total = (counts: ReadonlyArray<number | undefined>): number | undefined => {
  let sum = 0
  for (const count of counts) {
    if (count === undefined) return undefined
    sum += count
  }
  return sum
}

const annotate = <S extends Common>(
  driver: Driver<S>,
  settings: S,
  inputTokens: number | undefined
): Effect.Effect<void> =>
  Effect.match(Effect.currentSpan, {
    onFailure: () => undefined,
    onSuccess: (span) =>
      AiTelemetry.addGenAIAnnotations(span, {
        provider: { name: driver.origin.provider },
        operation: { name: "embeddings" },
        request: { model: driver.model, ...driver.attributes?.(settings) },
        usage: { inputTokens }
      })
  })
