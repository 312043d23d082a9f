/** What is neither an answer nor an embedding: counts of tokens, and compaction. */
import * as OpenAiCompaction from "@llm-layers/openai/OpenAiCompaction"
import * as OpenAiLanguageModel from "@llm-layers/openai/OpenAiLanguageModel"
import * as Effect from "effect/Effect"
import { type CountApi, counted, counts as shared } from "../count-cases.ts"
import type { Check } from "../Vendor.ts"
import { client } from "./api.ts"

const model = "gpt-5.5"

const api: CountApi<OpenAiLanguageModel.Config> = {
  model,
  json: { object: "response.input_tokens", input_tokens: 7 },
  count: (options, fetch) => Effect.provide(OpenAiLanguageModel.countTokens(model, options), client(fetch))
}

export const counts: ReadonlyArray<Check> = [
  ...shared(api),
  counted(
    api,
    "settings that have tokens, among others",
    {
      prompt: "Name three rivers.",
      settings: {
        instructions: "Rivers alone.",
        reasoning: { effort: "high" },
        textVerbosity: "high",
        previousResponseId: "resp_7",
        truncation: "auto",
        maxOutputTokens: 1999,
        promptCacheKey: "rivers",
        metadata: { a: "b" },
        serviceTier: "flex"
      }
    },
    ["Rivers alone.", "high", "resp_7", "auto"]
  )
]

const compacted = (name: string, options: OpenAiCompaction.Options, said: ReadonlyArray<string>): Check => ({
  name,
  model,
  mode: "compact",
  answers: [{
    json: { id: "resp_1", object: "response.compaction", output: [{ type: "compaction", encrypted_content: "gAAA" }] },
    events: ""
  }],
  said: said.map((form) => ({ what: "what was asked", forms: [form] })),
  refusedFor: [],
  run: (fetch) =>
    OpenAiCompaction.compact(model, options).pipe(
      Effect.map(({ warnings }) => ({ warnings: warnings.map(({ about, message }) => `${about}: ${message}`) })),
      Effect.provide(client(fetch))
    )
})

export const compactions: ReadonlyArray<Check> = [
  compacted("a conversation made short", {
    prompt: [
      { role: "system", content: "Name rivers alone." },
      { role: "user", content: "Name one." },
      { role: "assistant", content: "The Douro." },
      { role: "user", content: "And another." }
    ]
  }, ["Name rivers alone.", "Name one.", "The Douro.", "And another."]),
  compacted("one that was made short before", {
    prompt: [
      { role: "user", content: "Name one." },
      {
        role: "assistant",
        content: [{
          type: "reasoning",
          text: "",
          options: { openai: { item: { type: "compaction", id: "cmp_1", encrypted_content: "gAAB" } } }
        }]
      },
      { role: "user", content: "And another." }
    ]
  }, ["Name one.", "gAAB", "And another."]),
  compacted("all settings of a compaction", {
    prompt: "Name three rivers.",
    instructions: "Rivers alone.",
    previousResponseId: "resp_7",
    promptCacheKey: "rivers",
    promptCacheRetention: "24h",
    serviceTier: "flex",
    store: false
  }, ["Rivers alone.", "resp_7", "rivers", "24h", "flex"])
]
