/** Embeddings: every setting, every type of vector, and any number of texts. */
import type { CohereClient } from "@llm-layers/cohere/CohereClient"
import * as CohereEmbeddingModel from "@llm-layers/cohere/CohereEmbeddingModel"
import type * as AiError from "effect/ai/AiError"
import * as EmbeddingModel from "effect/ai/EmbeddingModel"
import * as Effect from "effect/Effect"
import type { Answer } from "../capture.ts"
import type { Check } from "../Vendor.ts"
import { client } from "./api.ts"

type Config = CohereEmbeddingModel.Config

const model = "embed-v4.0"

const vectors = (count: number, types: ReadonlyArray<string>): Answer => ({
  json: {
    id: "e1",
    embeddings: Object.fromEntries(types.map((type) => [type, Array.from({ length: count }, () => [1, 2])])),
    meta: { billed_units: { input_tokens: count } }
  },
  events: ""
})

const check = (
  name: string,
  run: Effect.Effect<unknown, AiError.AiError, CohereClient>,
  answers: Check["answers"],
  said: ReadonlyArray<string>
): Check => ({
  name,
  model,
  mode: "embed",
  answers,
  said: said.map((form) => ({ what: "what was asked", forms: [form] })),
  refusedFor: [],
  run: (fetch) => run.pipe(Effect.as({ warnings: [] }), Effect.provide(client(fetch)))
})

const embed = (
  name: string,
  inputs: ReadonlyArray<string>,
  more: Partial<Config> = {},
  requests: ReadonlyArray<number> = [inputs.length]
): Check => {
  const config: Config = { inputType: "search_document", ...more }
  const [first = 0, ...rest] = requests.map((count) => vectors(count, ["float"]))
  return check(
    name,
    Effect.flatMap(EmbeddingModel.EmbeddingModel, (service) => service.embedMany(inputs)).pipe(
      Effect.provide(CohereEmbeddingModel.layer(model, config))
    ),
    [first === 0 ? vectors(0, []) : first, ...rest],
    requests.length > 1 ? [] : [
      ...inputs,
      ...Object.values(config).filter((value) => typeof value !== "object").map(String)
    ]
  )
}

const typed = (
  name: string,
  embeddingTypes: ReadonlyArray<CohereEmbeddingModel.EmbeddingType>,
  more: Partial<Config> = {}
): Check =>
  check(
    name,
    CohereEmbeddingModel.embedTyped({ model, inputType: "clustering", embeddingTypes, inputs: colours, ...more }),
    [vectors(colours.length, embeddingTypes)],
    [...colours, ...embeddingTypes]
  )

const colours = ["red", "green", "blue"]

export const embeddings: ReadonlyArray<Check> = [
  embed("one text", ["red"]),
  embed("several texts", colours),
  // Asked for once.
  embed("the same text twice", ["red", "red"], {}, [1]),
  embed("scripts of the world", ["Übermäßig", "こんにちは", "👩‍👩‍👧‍👦", "line\nbreak\t\"quoted\""]),
  ...(["search_query", "classification", "clustering"] as const).map((inputType) =>
    embed(`texts for ${inputType}`, colours, { inputType })
  ),
  embed("dimensions", colours, { dimensions: 256 }),
  ...(["NONE", "START", "END"] as const).map((truncate) => embed(`cut at ${truncate}`, colours, { truncate })),
  embed("so many tokens of a text", colours, { maxTokens: 511 }),
  embed("a priority", colours, { priority: 7 }),
  embed("members of the caller's own", colours, { extraBody: { max_tokens: 511 } }),
  embed("as many as a request takes", Array.from({ length: 96 }, (_, index) => `text ${index}`)),
  embed("more than a request takes", Array.from({ length: 97 }, (_, index) => `text ${index}`), { concurrency: 1 }, [
    96,
    1
  ]),
  ...(["float", "int8", "uint8", "binary", "ubinary"] as const).map((type) => typed(`vectors of type ${type}`, [type])),
  typed("vectors of two types", ["int8", "ubinary"], { dimensions: 1024, truncate: "NONE" })
]
