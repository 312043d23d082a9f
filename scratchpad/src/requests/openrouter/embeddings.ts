/** Embeddings: every setting, and any number of texts. */
import * as OpenRouterEmbeddingModel from "@llm-layers/openrouter/OpenRouterEmbeddingModel"
import * as EmbeddingModel from "effect/ai/EmbeddingModel"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import type { Answer } from "../capture.ts"
import type { Check } from "../Vendor.ts"
import { client } from "./api.ts"

const model = "openai/text-embedding-3-small"

const vectors = (count: number): Answer => ({
  json: {
    object: "list",
    model,
    data: Array.from({ length: count }, (_, index) => ({ object: "embedding", index, embedding: [0.5, -0.5] })),
    usage: { prompt_tokens: count, total_tokens: count, cost: 0.000001 }
  },
  events: ""
})

const embed = (
  name: string,
  inputs: ReadonlyArray<string>,
  config: OpenRouterEmbeddingModel.Config = {},
  requests: ReadonlyArray<number> = [inputs.length]
): Check => {
  const [first = 0, ...rest] = requests
  const texts = inputs.map((input) => ({ what: "a text", forms: [input] }))
  const given = Object.values(config).filter((value) => typeof value !== "object").map((value) => ({
    what: "what was set",
    forms: [String(value)]
  }))
  return {
    name,
    model,
    mode: "embed",
    answers: [vectors(first), ...rest.map(vectors)],
    said: requests.length > 1 ? [] : [...texts, ...given],
    refusedFor: [],
    run: (fetch) =>
      Effect.flatMap(EmbeddingModel.EmbeddingModel, (service) => service.embedMany(inputs)).pipe(
        Effect.as({ warnings: [] }),
        Effect.provide(Layer.provide(OpenRouterEmbeddingModel.layer(model, config), client(fetch)))
      )
  }
}

const colours = ["red", "green", "blue"]

export const embeddings: ReadonlyArray<Check> = [
  embed("one text", ["red"]),
  embed("several texts", colours),
  // Asked for once.
  embed("the same text twice", ["red", "red"], {}, [1]),
  embed("scripts of the world", ["Übermäßig", "こんにちは", "👩‍👩‍👧‍👦", "line\nbreak\t\"quoted\""]),
  embed("dimensions", colours, { dimensions: 255 }),
  embed("vectors as numbers", colours, { encodingFormat: "float" }),
  embed("vectors as base64", colours, { encodingFormat: "base64" }),
  embed("a kind of input", colours, { inputType: "search_query" }),
  embed("routing", colours, { provider: { only: ["openai"], dataCollection: "deny" } }),
  embed("a user", colours, { user: "user-7f3a" }),
  embed("members of the caller's own", colours, { extraBody: { user: "user-8" } }),
  embed("more than a request takes", Array.from({ length: 101 }, (_, index) => `text ${index}`), { concurrency: 1 }, [
    100,
    1
  ])
]
