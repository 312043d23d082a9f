/** Embeddings: every setting, and any number of texts. */
import * as GoogleEmbeddingModel from "@llm-layers/google/GoogleEmbeddingModel"
import * as EmbeddingModel from "effect/ai/EmbeddingModel"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import type { Answer } from "../capture.ts"
import type { Check } from "../Vendor.ts"
import { client } from "./api.ts"

const vectors = (count: number): Answer => ({
  json: { embeddings: Array.from({ length: count }, () => ({ values: [0.5, -0.5] })) },
  events: ""
})

const embed = (
  name: string,
  inputs: ReadonlyArray<string>,
  config: GoogleEmbeddingModel.Config = {},
  requests: ReadonlyArray<number> = [inputs.length]
): Check => {
  const [first = 0, ...rest] = requests
  return {
    name,
    model: "gemini-embedding-001",
    mode: "embed",
    answers: [vectors(first), ...rest.map(vectors)],
    said: requests.length > 1 ? [] : [
      ...inputs.map((input) => ({ what: "a text", forms: [input] })),
      ...Object.values(config).filter((value) => typeof value !== "object").map((value) => ({
        what: "what was set",
        forms: [String(value)]
      }))
    ],
    refusedFor: [],
    run: (fetch) =>
      Effect.flatMap(EmbeddingModel.EmbeddingModel, (service) => service.embedMany(inputs)).pipe(
        Effect.as({ warnings: [] }),
        Effect.provide(Layer.provide(GoogleEmbeddingModel.layer("gemini-embedding-001", config), client(fetch)))
      )
  }
}

const colours = ["red", "green", "blue"]

export const embeddings: ReadonlyArray<Check> = [
  embed("one text", ["red"]),
  embed("several texts", colours),
  // Asked for once.
  embed("the same text twice", ["red", "red"], {}, [1]),
  embed("dimensions", colours, { dimensions: 255 }),
  embed("a task", colours, { taskType: "SEMANTIC_SIMILARITY" }),
  embed("documents with a title", colours, { taskType: "RETRIEVAL_DOCUMENT", title: "Colours" }),
  embed("members of the caller's own", colours, { extraBody: { title: "Colours" } }),
  embed("as many as a request takes", Array.from({ length: 100 }, (_, index) => `text ${index}`)),
  embed("more than a request takes", Array.from({ length: 101 }, (_, index) => `text ${index}`), { concurrency: 1 }, [
    100,
    1
  ])
]
