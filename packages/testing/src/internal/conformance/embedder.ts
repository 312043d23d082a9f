/** An embedding model over a transport whose answers are computed from what is asked: each vector names its input. */
import { type AiError, isAiError } from "effect/ai/AiError"
import * as EmbeddingModel from "effect/ai/EmbeddingModel"
import * as Cause from "effect/Cause"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import type * as Scope from "effect/Scope"
import type { EmbeddingHarness, SaidEmbedding } from "../../Harness.ts"
import type { LawBroken } from "../../Law.ts"
import { broken } from "./broken.ts"
import { secret } from "./subject.ts"
import * as Transport from "./transport.ts"

/** The model, and what it asks over. */
export interface Embedder {
  readonly model: EmbeddingModel.EmbeddingModel
  readonly transport: Transport.Transport
}

/** Answers each request with the vectors of its inputs, changed as a law wants. */
export const make = (
  harness: EmbeddingHarness,
  change: (embeddings: ReadonlyArray<SaidEmbedding>, request: number) => ReadonlyArray<SaidEmbedding> = (all) => all
): Effect.Effect<Embedder, never, Scope.Scope> =>
  Effect.suspend(() => {
    const transport = Transport.make()
    transport.reply = ({ body }) => {
      const inputs = harness.inputs(JSON.parse(body))
      const embeddings = inputs.map((input, index) => ({ index, vector: vectorOf(input) }))
      return Transport.json(harness.answer(change(embeddings, transport.sent.length - 1), inputs.length))
    }
    return Effect.map(connect(harness, transport.fetch, "http://vendor.invalid"), (model) => ({ model, transport }))
  })

/** The model over any transport. */
export const connect = (
  harness: EmbeddingHarness,
  fetch: typeof globalThis.fetch,
  baseUrl: string
): Effect.Effect<EmbeddingModel.EmbeddingModel, never, Scope.Scope> =>
  Effect.map(
    Layer.build(harness.layer({ fetch, baseUrl, apiKey: Redacted.make(secret) })),
    (context) => Context.get(context, EmbeddingModel.EmbeddingModel)
  )

/** So many inputs, each a few bytes long. */
export const inputsOf = (count: number): ReadonlyArray<string> => Array.from({ length: count }, (_, at) => `t${at}`)

/** The vector of an input: its number, in numbers that 32 bits hold. */
export const vectorOf = (input: string): ReadonlyArray<number> => {
  const number = Number(input.slice(1))
  return [number, 0.5 - number / 2, 0.25]
}

/** The vectors and the count of tokens, or the failure. */
export const embed = (
  { model }: Embedder,
  inputs: ReadonlyArray<string>
): Effect.Effect<
  { readonly vectors: ReadonlyArray<ReadonlyArray<number>>; readonly tokens: number | undefined } | AiError,
  LawBroken
> =>
  Effect.matchCauseEffect(model.embedMany(inputs), {
    onSuccess: ({ embeddings, usage }) =>
      Effect.succeed({ vectors: embeddings.map(({ vector }) => vector), tokens: usage.inputTokens }),
    onFailure: (cause) => {
      const error = Cause.squash(cause)
      return isAiError(error) && !Cause.hasDies(cause)
        ? Effect.succeed(error)
        : broken("embedMany", "an AiError, or none", error)
    }
  })
