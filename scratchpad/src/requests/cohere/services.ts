/** What is neither chat nor embedding: documents in an order, and tokens. */
import type { CohereClient } from "@llm-layers/cohere/CohereClient"
import * as CohereRerankModel from "@llm-layers/cohere/CohereRerankModel"
import * as CohereTokenizer from "@llm-layers/cohere/CohereTokenizer"
import * as RerankModel from "@llm-layers/core/RerankModel"
import type * as AiError from "effect/ai/AiError"
import * as Tokenizer from "effect/ai/Tokenizer"
import * as Effect from "effect/Effect"
import type { Check } from "../Vendor.ts"
import { client } from "./api.ts"

const check = (
  mode: "rerank" | "tokenize",
  model: string,
  name: string,
  json: unknown,
  run: Effect.Effect<unknown, AiError.AiError, CohereClient>,
  said: ReadonlyArray<string>
): Check => ({
  name,
  model,
  mode,
  answers: [{ json, events: "" }],
  said: said.map((form) => ({ what: "what was asked", forms: [form] })),
  refusedFor: [],
  run: (fetch) => run.pipe(Effect.as({ warnings: [] }), Effect.provide(client(fetch)))
})

const ranked = {
  id: "r1",
  results: [{ index: 1, relevance_score: 0.75 }, { index: 0, relevance_score: 0.25 }],
  meta: { billed_units: { search_units: 1 } }
}

const rank = (
  name: string,
  request: RerankModel.Request,
  config: CohereRerankModel.Config,
  said: ReadonlyArray<string>
): Check =>
  check(
    "rerank",
    "rerank-v3.5",
    name,
    ranked,
    RerankModel.rerank(request).pipe(Effect.provide(CohereRerankModel.layer("rerank-v3.5", config))),
    [request.query, ...said]
  )

const query = "Which river ends in Lisbon?"
const texts = ["The Douro.", "The Tagus."]

export const rerank: ReadonlyArray<Check> = [
  rank("documents that are texts", { query, documents: texts }, {}, texts),
  rank(
    "documents that are objects",
    { query, documents: [{ title: "Douro", metres: 897_000 }, { "title": "Tagus", "ends at": ["Lisbon"] }] },
    {},
    ["Douro", "897000", "Tagus", "Lisbon"]
  ),
  rank("the best alone", { query, documents: texts, topN: 2 }, {}, ["2"]),
  rank("long documents, later than others", { query, documents: texts }, { maxTokensPerDocument: 511, priority: 7 }, [
    "511",
    "7"
  ]),
  rank("members of the caller's own", { query, documents: texts }, { extraBody: { priority: 8 } }, ["8"])
]

const model = "command-a-03-2025"
const tokens = { tokens: [8466, 5169], token_strings: ["Name", " rivers"] }

export const tokenizer: ReadonlyArray<Check> = [
  check("tokenize", model, "the tokens of a text", tokens, CohereTokenizer.tokenize(model, "Name rivers"), [
    model,
    "Name rivers"
  ]),
  check(
    "tokenize",
    model,
    "the tokens of a prompt",
    tokens,
    Effect.flatMap(Tokenizer.Tokenizer, (service) => service.tokenize("Name rivers")).pipe(
      Effect.provide(CohereTokenizer.layer(model))
    ),
    ["Name rivers"]
  ),
  check("tokenize", model, "the text of tokens", { text: "Name" }, CohereTokenizer.detokenize(model, [8466]), ["8466"])
]
