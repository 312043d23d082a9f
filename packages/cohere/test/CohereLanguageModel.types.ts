/** What the compiler must know of Cohere's models. */
import type * as Policy from "@llm-layers/core/Policy"
import * as RerankModel from "@llm-layers/core/RerankModel"
import { Context, Effect, type Layer } from "effect"
import { type EmbeddingModel, LanguageModel, type Model, Prompt, type Response } from "effect/ai"
import type * as CohereClient from "../src/CohereClient.ts"
import * as CohereEmbeddingModel from "../src/CohereEmbeddingModel.ts"
import * as CohereLanguageModel from "../src/CohereLanguageModel.ts"
import * as CohereRerankModel from "../src/CohereRerankModel.ts"

class Limiter extends Context.Service<Limiter, string>()("test/Limiter") {}
declare const policy: Policy.Policy<Limiter>

export const plain: Model.Model<"cohere", LanguageModel.LanguageModel, CohereClient.CohereClient> = CohereLanguageModel
  .model("command-a-03-2025")

export const newer = CohereLanguageModel.model("command-of-tomorrow")

export const withPolicy: Model.Model<
  "cohere",
  LanguageModel.LanguageModel,
  CohereClient.CohereClient | Limiter
> = CohereLanguageModel.model("command-a-03-2025", { policy, logprobs: true })

// @ts-expect-error: what the policy needs is needed
export const forgotten: Layer.Layer<LanguageModel.LanguageModel, never, CohereClient.CohereClient> = CohereLanguageModel
  .layer("command-a-03-2025", { policy })

// @ts-expect-error: no such mode
export const mode = CohereLanguageModel.model("command-a-03-2025", { safetyMode: "NONE" })

// @ts-expect-error: reasoning that is off has no budget
export const budget = CohereLanguageModel.model("command-z", { thinking: { type: "disabled", tokenBudget: 1 } })

export const program = Effect.provide(LanguageModel.generateText({ prompt: "Hi" }), plain)

// @ts-expect-error: the client was not provided
export const unprovided: Effect.Effect<unknown, unknown> = program

export const wrongOptions = Prompt.makePart("file", {
  mediaType: "image/png",
  data: "aGk=",
  // @ts-expect-error: no such detail
  options: { cohere: { detail: "highest" } }
})

export const readMetadata = (part: Response.FinishPart): string | undefined => part.metadata.cohere?.finishReason

// @ts-expect-error: Cohere must know what the texts are
export const untold = CohereEmbeddingModel.model("embed-v4.0", {})

// @ts-expect-error: no length is known
export const length: Layer.Layer<EmbeddingModel.Dimensions, never, CohereClient.CohereClient> = CohereEmbeddingModel
  .model("embed-of-tomorrow", { inputType: "clustering" })

export const typed = Effect.map(
  CohereEmbeddingModel.embedTyped({
    model: "embed-v4.0",
    inputType: "search_document",
    embeddingTypes: ["int8", "ubinary"],
    inputs: ["a"]
  }),
  ({ embeddings }) => {
    const vectors: readonly [Int8Array | undefined, Uint8Array | undefined] = [
      embeddings.int8[0],
      embeddings.ubinary[0]
    ]
    // @ts-expect-error: floats were not asked for
    return [vectors, embeddings.float]
  }
)

export const ranked = RerankModel.rerank({ query: "q", documents: [{ title: "a" }] }).pipe(
  Effect.map(({ results }): ReadonlyArray<string> => results.map((one) => one.document.title)),
  Effect.provide(CohereRerankModel.model("rerank-v3.5"))
)
