/** What the compiler must know of Google's models. */
import type * as Policy from "@llm-layers/core/Policy"
import { Context, Effect, type Layer, Redacted } from "effect"
import { type EmbeddingModel, LanguageModel, type Model, Prompt, type Response, Toolkit } from "effect/ai"
import * as GoogleClient from "../src/GoogleClient.ts"
import * as GoogleEmbeddingModel from "../src/GoogleEmbeddingModel.ts"
import * as GoogleLanguageModel from "../src/GoogleLanguageModel.ts"
import * as GoogleTool from "../src/GoogleTool.ts"

class Limiter extends Context.Service<Limiter, string>()("test/Limiter") {}
declare const policy: Policy.Policy<Limiter>

export const plain: Model.Model<"google", LanguageModel.LanguageModel, GoogleClient.GoogleClient> = GoogleLanguageModel
  .model("gemini-3.5-flash")

export const newer = GoogleLanguageModel.model("gemini-of-tomorrow")

export const withPolicy: Model.Model<
  "google",
  LanguageModel.LanguageModel,
  GoogleClient.GoogleClient | Limiter
> = GoogleLanguageModel.model("gemini-3.5-flash", { policy, topLogprobs: 3 })

// @ts-expect-error: what the policy needs is needed
export const forgotten: Layer.Layer<LanguageModel.LanguageModel, never, GoogleClient.GoogleClient> = GoogleLanguageModel
  .layer("gemini-3.5-flash", { policy })

// @ts-expect-error: a level or a budget
export const both = GoogleLanguageModel.model("gemini-3.5-flash", { thinking: { level: "low", budgetTokens: 1 } })

// @ts-expect-error: no such level
export const level = GoogleLanguageModel.model("gemini-3.5-flash", { thinking: { level: "some" } })

// @ts-expect-error: the wire's own capitals are written here
export const modality = GoogleLanguageModel.model("gemini-3.5-flash", { responseModalities: ["TEXT"] })

// @ts-expect-error: no setting of this provider
export const setting = GoogleLanguageModel.model("gemini-3.5-flash", { reasoningEffort: "low" })

export const category = GoogleLanguageModel.model("gemini-3.5-flash", {
  safetySettings: [{ category: "HARM_CATEGORY_OF_TOMORROW", threshold: "OFF" }]
})

export const program = Effect.provide(LanguageModel.generateText({ prompt: "Hi" }), plain)

// @ts-expect-error: the client was not provided
export const unprovided: Effect.Effect<unknown, unknown> = program

// @ts-expect-error: Vertex AI has a project
export const nowhere = GoogleClient.layerVertex({ location: "us", accessToken: Redacted.make("t") })

export const keyed = GoogleClient.layerVertex({
  project: "p",
  location: "us",
  accessToken: Redacted.make("t"),
  // @ts-expect-error: Vertex AI takes no key
  apiKey: Redacted.make("k")
})

export const wrongOptions = Prompt.makePart("file", {
  mediaType: "image/png",
  data: "aGk=",
  // @ts-expect-error: no such resolution
  options: { google: { mediaResolution: "highest" } }
})

export const signed = Prompt.makePart("text", { text: "Hi", options: { google: { thoughtSignature: "c2ln" } } })

export const readMetadata = (part: Response.FinishPart): string | undefined => part.metadata.google?.finishMessage

// @ts-expect-error: nothing is written under this name
export const noField = (part: Response.FinishPart) => part.metadata.google?.stopReason

// @ts-expect-error: stores are missing
export const nothingToSearch = GoogleTool.FileSearch({})

// @ts-expect-error: not a number of results
export const fewest = GoogleTool.FileSearch({ fileSearchStoreNames: ["fileSearchStores/a"], topK: "few" })

export const code = LanguageModel.generateText({
  prompt: "Run it",
  toolkit: Toolkit.make(GoogleTool.CodeExecution({}))
}).pipe(
  Effect.map(({ toolResults }) =>
    toolResults.map((one): string | undefined => one.isFailure ? undefined : one.result.output)
  )
)

// @ts-expect-error: no such task
export const task: GoogleEmbeddingModel.Config = { taskType: 1 }

export const known: Layer.Layer<
  EmbeddingModel.EmbeddingModel | EmbeddingModel.Dimensions,
  never,
  GoogleClient.GoogleClient
> = GoogleEmbeddingModel.model("gemini-embedding-001", { dimensions: 768 })

// @ts-expect-error: no length is known
export const length: Layer.Layer<EmbeddingModel.Dimensions, never, GoogleClient.GoogleClient> = GoogleEmbeddingModel
  .model("gemini-embedding-of-tomorrow", { taskType: "CLUSTERING" })
