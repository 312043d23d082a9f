/**
 * Models that put documents in the order of how much they say about a query. A service of this project's own: `effect/ai`
 * has none for it.
 */
import type * as AiError from "effect/ai/AiError"
import * as AiTelemetry from "effect/ai/Telemetry"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as ProviderError from "./ProviderError.ts"
import * as Telemetry from "./Telemetry.ts"

/** A text, or members by name, such as `title` and `text`. */
export type Document = string | { readonly [name: string]: unknown }

/** What is asked. */
export interface Request<D extends Document = Document> {
  readonly query: string
  readonly documents: ReadonlyArray<D>
  /** How many of the best are given, 1 or more. Default: all. */
  readonly topN?: number | undefined
}

/** A document in its place. */
export interface Ranked<D extends Document = Document> {
  /** Its place among the documents of the request, from 0. */
  readonly index: number
  /** How much it says about the query; higher is more. The scale is the vendor's, mostly from 0 to 1. */
  readonly score: number
  readonly document: D
}

/** What a call cost, as far as the vendor says. */
export interface Usage {
  readonly inputTokens?: number | undefined
  /** Units some vendors charge by: at Cohere, a query with up to 100 documents is one. */
  readonly searchUnits?: number | undefined
}

/** What comes back. */
export interface Response<D extends Document = Document> {
  /** The vendor's id of the answer. */
  readonly id: string | undefined
  /** The best first. */
  readonly results: ReadonlyArray<Ranked<D>>
  readonly usage: Usage
}

/** What a model does. */
export interface Service {
  /**
   * Ranks the documents of a request. Without documents the answer is empty and nothing is sent. Fails with `AiError`, as
   * language models do.
   */
  readonly rerank: <D extends Document>(request: Request<D>) => Effect.Effect<Response<D>, AiError.AiError>
}

/**
 * A model that ranks documents.
 */
export class RerankModel extends Context.Service<RerankModel, Service>()("@llm-layers/core/RerankModel") {}

/** What a vendor answered: for each document that is given, its place in the request and its score. */
export interface Answer {
  readonly id?: string | undefined
  readonly results: ReadonlyArray<{ readonly index: number | undefined; readonly score: number | undefined }>
  readonly usage?: Usage | undefined
}

/** A vendor's model. */
export interface Driver {
  /** The method is that of the effect. */
  readonly origin: ProviderError.Origin
  readonly model: string
  /** One request, with one document or more. */
  readonly rerank: (request: Request) => Effect.Effect<Answer, AiError.AiError>
}

/**
 * The service of a vendor's model. What is asked is checked before the network, the answer after it, and the call has a
 * span, `RerankModel.rerank`.
 *
 * @example
 * ```ts
 * import * as RerankModel from "@llm-layers/core/RerankModel"
 * import { Effect } from "effect"
 * import { deepStrictEqual } from "node:assert"
 *
 * const longest = RerankModel.make({
 *   origin: { provider: "acme", module: "AcmeRerankModel", method: "rerank" },
 *   model: "longest",
 *   rerank: ({ documents }) =>
 *     Effect.succeed({ results: documents.map((text, index) => ({ index, score: String(text).length })) })
 * })
 *
 * const program = RerankModel.rerank({ query: "layers", documents: ["a", "bbb", "cc"], topN: 2 })
 * const { results } = await Effect.runPromise(Effect.provideService(program, RerankModel.RerankModel, longest))
 * deepStrictEqual(results.map((one) => one.document), ["bbb", "cc"])
 * ```
 */
export const make = (driver: Driver): Service => ({
  rerank: (request) => {
    const problem = problemOf(request)
    if (problem !== undefined) {
      return Effect.fail(
        ProviderError.make(driver.origin, "InvalidRequest", { description: problem, parameter: "topN" })
      )
    }
    if (request.documents.length === 0) return Effect.succeed({ id: undefined, results: [], usage: {} })
    return driver.rerank(request).pipe(
      Effect.flatMap((answer) => ranked(driver.origin, request, answer)),
      Effect.tap(({ id, usage }) => annotate(driver, id, usage)),
      Effect.tapError((error) => annotateError(driver, error)),
      Effect.withSpan("RerankModel.rerank", { kind: "client" })
    )
  }
})

/** Ranks documents with the model that is provided. */
export const rerank = <D extends Document>(
  request: Request<D>
): Effect.Effect<Response<D>, AiError.AiError, RerankModel> =>
  Effect.flatMap(RerankModel, (model) => model.rerank(request))

const problemOf = ({ topN }: Request): string | undefined =>
  topN === undefined || Number.isInteger(topN) && topN >= 1 ? undefined : `topN is ${topN}; it is a whole number from 1`

/** Vendors give the best first and no more than were asked for; one that does not is put right. */
const ranked = <D extends Document>(
  origin: ProviderError.Origin,
  { documents, topN }: Request<D>,
  answer: Answer
): Effect.Effect<Response<D>, AiError.AiError> => {
  const invalid = (description: string) => Effect.fail(ProviderError.make(origin, "InvalidOutput", { description }))
  const wanted = Math.min(topN ?? documents.length, documents.length)
  const results = new Map<number, Ranked<D>>()
  for (const { index, score } of answer.results) {
    const document = index === undefined ? undefined : documents[index]
    if (index === undefined || document === undefined || results.has(index)) {
      return invalid(`A result is of document ${index}, which is not one of ${documents.length}, or has one already`)
    }
    if (score === undefined || !Number.isFinite(score)) return invalid(`The score of document ${index} is no number`)
    results.set(index, { index, score, document })
  }
  if (results.size < wanted) return invalid(`${results.size} results came for ${wanted} documents`)
  return Effect.succeed({
    id: answer.id,
    results: [...results.values()].toSorted((a, b) => b.score - a.score).slice(0, wanted),
    usage: answer.usage ?? {}
  })
}

const annotate = (driver: Driver, id: string | undefined, usage: Usage): Effect.Effect<void> =>
  withSpan((span) => {
    AiTelemetry.addGenAIAnnotations(span, {
      provider: { name: driver.origin.provider },
      operation: { name: "rerank" },
      request: { model: driver.model },
      response: { id },
      usage: { inputTokens: usage.inputTokens }
    })
  })

const annotateError = (driver: Driver, error: AiError.AiError): Effect.Effect<void> =>
  withSpan((span) => {
    AiTelemetry.addGenAIAnnotations(span, {
      provider: { name: driver.origin.provider },
      operation: { name: "rerank" },
      request: { model: driver.model }
    })
    Telemetry.annotateError(span, ProviderError.kindOf(error))
  })

const withSpan = (use: (span: Parameters<typeof Telemetry.annotateError>[0]) => void): Effect.Effect<void> =>
  Effect.match(Effect.currentSpan, { onFailure: () => undefined, onSuccess: use })
