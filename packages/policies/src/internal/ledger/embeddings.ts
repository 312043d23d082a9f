/** An embedding model whose requests are booked. */
import * as Embedding from "@llm-layers/core/Embedding"
import type * as ProviderError from "@llm-layers/core/ProviderError"
import * as RequestObserver from "@llm-layers/core/RequestObserver"
import * as TokenEstimate from "@llm-layers/core/TokenEstimate"
import * as Usage from "@llm-layers/core/Usage"
import type * as AiError from "effect/ai/AiError"
import * as EmbeddingModel from "effect/ai/EmbeddingModel"
import * as Model from "effect/ai/Model"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import type * as Fiber from "effect/Fiber"
import * as Option from "effect/Option"
import type { Span } from "effect/Tracer"
import type { Attempt } from "./attempt.ts"

/** Begins to book a request. */
export interface Begin {
  (fiber: Fiber.Fiber<unknown, unknown>, request: Embedding.Request, span: Span | undefined): Attempt
}

export const origin: ProviderError.Origin = { provider: "", module: "EmbeddingModel", method: "embedMany" }

/** Tokens of texts, estimated. */
export const tokensOf = (texts: ReadonlyArray<string>): number =>
  texts.reduce((sum, text) => sum + TokenEstimate.ofText(text), 0)

/** The embedding model of the services. */
export const booked = (
  services: Context.Context<EmbeddingModel.EmbeddingModel>,
  begin: Begin
): Effect.Effect<EmbeddingModel.EmbeddingModel> => {
  const book = <A>(
    request: Embedding.Request,
    answer: Effect.Effect<A, AiError.AiError>,
    tokensOf: (answer: A) => number | undefined
  ): Effect.Effect<A, AiError.AiError> =>
    Effect.flatMap(Effect.option(Effect.currentSpan), (span) =>
      Effect.withFiber((fiber) => {
        const attempt = begin(fiber, request, Option.getOrUndefined(span))
        return Effect.onExit(RequestObserver.observe(answer, attempt.observer), (exit) =>
          Effect.sync(() => attempt.end(Exit.map(exit, (answer) => [finish(tokensOf(answer))]))))
      }))

  const model = Context.get(services, EmbeddingModel.EmbeddingModel)
  const ours = Embedding.around(model, (request, answer) => book(request, answer, ({ tokens }) => tokens))
  if (ours !== undefined) return ours
  const named = {
    provider: Context.getOrUndefined(services, Model.ProviderName) ?? "unknown",
    model: Context.getOrUndefined(services, Model.ModelName) ?? "unknown"
  }
  return Effect.succeed({
    ...model,
    embed: (input) => book({ ...named, inputs: [input] }, model.embed(input), () => undefined),
    embedMany: (inputs) =>
      inputs.length === 0
        ? model.embedMany(inputs)
        : book({ ...named, inputs }, model.embedMany(inputs), ({ usage }) => usage.inputTokens)
  })
}

/** An answer in vectors has no output. */
const finish = (tokens: number | undefined) =>
  ({ type: "finish", reason: "stop", usage: Usage.make({ inputTotal: tokens, outputTotal: 0 }) }) as const
