/** Counts of tokens, with the settings that have some. */
import * as AnthropicClient from "@llm-layers/anthropic/AnthropicClient"
import * as AnthropicLanguageModel from "@llm-layers/anthropic/AnthropicLanguageModel"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import type { Fetch } from "../capture.ts"
import { type CountApi, counted, counts as shared } from "../count-cases.ts"
import type { Check } from "../Vendor.ts"

const model = "claude-sonnet-5"

export const client = (fetch: Fetch) => AnthropicClient.layer({ apiKey: Redacted.make("sk-ant-unused"), fetch })

const api: CountApi<AnthropicLanguageModel.Config> = {
  model,
  json: { input_tokens: 7 },
  count: (options, fetch) => Effect.provide(AnthropicLanguageModel.countTokens(model, options), client(fetch))
}

export const counts: ReadonlyArray<Check> = [
  ...shared(api),
  counted(
    api,
    "settings that have tokens, among others",
    {
      prompt: "Name three rivers.",
      settings: {
        thinking: { type: "adaptive" },
        effort: "high",
        cacheControl: { type: "ephemeral" },
        maxOutputTokens: 1999,
        stopSequences: ["END"],
        serviceTier: "standard_only",
        metadata: { userId: "user-7" }
      }
    },
    ["adaptive", "high", "ephemeral"]
  )
]
