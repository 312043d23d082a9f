/**
 * How many tokens a request has, before it is sent: as the vendor counts them, with a vocabulary on this machine, or by
 * characters. Each count says which, and how far off it may be.
 *
 * How far off was measured with recorded requests whose tokens the vendor counted; `npm run counts` prints the figures.
 */
import type * as Provider from "@llm-layers/core/Provider"
import type * as AiError from "effect/ai/AiError"
import * as Context from "effect/Context"
import type * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { type Count, type Estimated, least, type Method, most, type Unknown } from "./internal/count/Count.ts"
import * as Heuristic from "./internal/count/heuristic.ts"
import * as Limit from "./internal/count/limit.ts"
import * as Methods from "./internal/count/methods.ts"
import * as Truncation from "./internal/count/truncation.ts"
import * as ModelCatalog from "./ModelCatalog.ts"
import type * as ModelFacts from "./ModelFacts.ts"

export {
  type Count,
  type Estimated,
  type Exact,
  type Failure,
  least,
  type Method,
  most,
  type Unknown
} from "./internal/count/Count.ts"
export type { Truncated } from "./internal/count/truncation.ts"

/**
 * By characters, and what is known of how the model's vendor frames a request. At once, without a network or a vocabulary.
 * The model may have its provider before it.
 *
 * @example
 * ```ts
 * import * as TokenCounter from "@llm-layers/registry/TokenCounter"
 * import { deepStrictEqual } from "node:assert"
 *
 * const count = TokenCounter.estimate("gpt-5.5", { prompt: "Explain layers in one sentence" })
 * deepStrictEqual(count, { _tag: "Estimated", tokens: 13, method: "heuristic", errorBound: 24 })
 * ```
 */
export const estimate = (model: string, request: Provider.CountRequest): Estimated | Unknown => {
  const { errorBound, missing, tokens } = Heuristic.count(model, request)
  return missing === undefined
    ? { _tag: "Estimated", tokens, method: "heuristic", errorBound }
    : { _tag: "Unknown", reason: `The vendor alone can count ${missing}`, atLeast: Math.max(0, tokens - errorBound) }
}

/** What is kept for the answer. */
export interface Reserve {
  /** Tokens kept for the answer, reasoning included. Default: none. */
  readonly reserve?: number | undefined
}

/** Whether a request fits into a model. `limit` is for its input: the context window less what is kept for the answer. */
export type Fit =
  | { readonly _tag: "Fits"; readonly count: Count; readonly limit: number }
  | { readonly _tag: "TooLong"; readonly count: Count; readonly limit: number }
  /** The limit is not known, the count is not, or the limit is within the error of the count. */
  | { readonly _tag: "Unsure"; readonly count: Count; readonly limit: number | undefined }

/**
 * Whether a count fits into a model of which these facts are known.
 *
 * @example
 * ```ts
 * import * as ModelFacts from "@llm-layers/registry/ModelFacts"
 * import * as TokenCounter from "@llm-layers/registry/TokenCounter"
 * import { strictEqual } from "node:assert"
 *
 * const facts = ModelFacts.make("acme", "acme-1", { contextTokens: 1_000 }, "user")
 * const count = TokenCounter.estimate("acme-1", { prompt: "word ".repeat(2_000) })
 * strictEqual(TokenCounter.fits(count, facts, { reserve: 200 })._tag, "TooLong")
 * ```
 */
export const fits = (count: Count, facts: ModelFacts.ModelFacts | undefined, options: Reserve = {}): Fit => {
  const limit = Limit.of(facts, options.reserve ?? 0)
  if (limit === undefined) return { _tag: "Unsure", count, limit }
  if (least(count) > limit) return { _tag: "TooLong", count, limit }
  return count._tag !== "Unknown" && most(count) <= limit
    ? { _tag: "Fits", count, limit }
    : { _tag: "Unsure", count, limit }
}

/** Counts tokens of requests. Models are named `provider/model`, or alone where a provider claims names like theirs. */
export interface Counter {
  /** By the first method that can. Never fails: what failed is in the count. */
  readonly count: (model: string, request: Provider.CountRequest) => Effect.Effect<Count>
  /** Whether the request fits, by the catalogue. */
  readonly fits: (model: string, request: Provider.CountRequest, options?: Reserve) => Effect.Effect<Fit>
  /** The same, which fails with `ContextOverflow` where the request is too long for certain. */
  readonly check: (
    model: string,
    request: Provider.CountRequest,
    options?: Reserve
  ) => Effect.Effect<Fit, AiError.AiError>
  /**
   * Leaves the oldest messages out until the rest fits with the error of its count. System messages, the last message of the
   * user and what comes last stay; tool calls go with their results. Fails with `ContextOverflow` where that is not
   * enough. Where no limit is known the prompt stays as it is.
   */
  readonly truncate: (
    model: string,
    request: Provider.CountRequest,
    options?: Reserve
  ) => Effect.Effect<Truncation.Truncated, AiError.AiError>
}

/** The token counter of a program. */
export class TokenCounter extends Context.Service<TokenCounter, Counter>()("@llm-layers/registry/TokenCounter") {}

/** What a counter counts with. */
export interface Options {
  /** Those whose endpoints and vocabularies are used. Default: none, so that counts are by characters. */
  readonly providers?: ReadonlyArray<Provider.Any> | undefined
  /** In this order. Default: `endpoint` (a request of its own for each count), `local`, `heuristic`. */
  readonly methods?: ReadonlyArray<Method> | undefined
  /** How long an endpoint may take. Default: 5 seconds. */
  readonly timeout?: Duration.Input | undefined
}

/**
 * The counter as a Layer. A provider's client is made when its endpoint is first asked; without a key, or where the endpoint
 * fails or is slow, the next method counts, and the count has the failure.
 *
 * @example
 * ```ts
 * import { provider as openai } from "@llm-layers/openai/OpenAiProvider"
 * import * as ModelCatalog from "@llm-layers/registry/ModelCatalog"
 * import * as TokenCounter from "@llm-layers/registry/TokenCounter"
 * import { Effect, Layer } from "effect"
 * import { deepStrictEqual } from "node:assert"
 *
 * const counter = TokenCounter.layer({ providers: [openai], methods: ["local", "heuristic"] })
 *
 * const count = await Effect.gen(function*() {
 *   const counter = yield* TokenCounter.TokenCounter
 *   return yield* counter.count("openai/gpt-4o", { prompt: "Say hello" })
 * }).pipe(Effect.provide(Layer.provide(counter, ModelCatalog.layer())), Effect.runPromise)
 * deepStrictEqual(count, { _tag: "Estimated", tokens: 9, method: "o200k_base", errorBound: 1 })
 * ```
 */
export const layer = (options: Options = {}): Layer.Layer<TokenCounter, never, ModelCatalog.ModelCatalog> =>
  Layer.effect(
    TokenCounter,
    Effect.gen(function*() {
      const catalog = yield* ModelCatalog.ModelCatalog
      const sources = yield* Effect.forEach(
        options.providers ?? [],
        (provider) => Methods.sourceOf(provider, options.timeout ?? "5 seconds")
      )
      const find = (name: string) => Methods.find(sources, name)
      const count: Counter["count"] = (name, request) => {
        const { model, source } = find(name)
        return Methods.count(options.methods ?? ["endpoint", "local", "heuristic"], source, model, request)
      }
      const factsOf = (name: string) => {
        const { model, source } = find(name)
        const [provider = "", ...rest] = name.split("/")
        // OpenRouter claims every name with a slash.
        return (source && catalog.get(source.name, model)) ?? catalog.get(provider, rest.join("/"))
      }
      const fit: Counter["fits"] = (name, request, reserve) =>
        Effect.map(count(name, request), (counted) => fits(counted, factsOf(name), reserve))
      return {
        count,
        fits: fit,
        check: (name, request, reserve) =>
          Effect.flatMap(
            fit(name, request, reserve),
            (fit): Effect.Effect<Fit, AiError.AiError> =>
              fit._tag === "TooLong"
                ? Effect.fail(Limit.overflow("check", name, fit.count, fit.limit))
                : Effect.succeed(fit)
          ),
        truncate: (name, request, reserve) =>
          Truncation.truncate(
            name,
            request,
            Limit.of(factsOf(name), reserve?.reserve ?? 0),
            (shorter) => count(name, shorter)
          )
      }
    })
  )
