/** How OpenRouter's models are made and answered. */
import * as OpenAiSchema from "@llm-layers/openai-compatible/OpenAiSchema"
import * as OpenRouterCapabilities from "@llm-layers/openrouter/OpenRouterCapabilities"
import * as OpenRouterClient from "@llm-layers/openrouter/OpenRouterClient"
import * as OpenRouterLanguageModel from "@llm-layers/openrouter/OpenRouterLanguageModel"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import { type Answer, type Fetch, framed } from "../capture.ts"
import type { LanguageApi } from "../Vendor.ts"

export const client = (fetch: Fetch) =>
  OpenRouterClient.layer({
    apiKey: Redacted.make("sk-or-unused"),
    referer: "https://app.example.com",
    title: "Rivers",
    fetch
  })

export type Chat = LanguageApi<OpenRouterLanguageModel.Config>

export const chat: Chat = {
  models: ["anthropic/claude-sonnet-5"],
  capabilities: OpenRouterCapabilities.of,
  layer: (model, settings, fetch) => Layer.provide(OpenRouterLanguageModel.layer(model, settings), client(fetch)),
  transformer: OpenAiSchema.codecTransformer,
  answer: (text) => ({
    json: completion({ role: "assistant", content: text, refusal: null }, "stop"),
    events: framed(
      chunk({ role: "assistant", content: text }, null),
      chunk({ role: "assistant", content: "" }, "stop"),
      { ...chunk({ role: "assistant", content: "" }, null), usage },
      "[DONE]"
    )
  })
}

const usage = { prompt_tokens: 10, completion_tokens: 5, total_tokens: 15, cost: 0.0001 }
const head = { id: "gen-1", created: 1_700_000_000, model: "anthropic/claude-sonnet-5", provider: "Anthropic" }

const completion = (message: object, finish_reason: string) => ({
  ...head,
  object: "chat.completion",
  choices: [{ index: 0, message, finish_reason, native_finish_reason: finish_reason, logprobs: null }],
  usage
})

const chunk = (delta: object, finish_reason: string | null) => ({
  ...head,
  object: "chat.completion.chunk",
  choices: [{ index: 0, delta, finish_reason, native_finish_reason: finish_reason }]
})

/** An answer with this message, for the first turn of a conversation. */
export const chatMessage = (message: object, finishReason = "stop"): Answer => ({
  json: completion({ role: "assistant", content: null, refusal: null, ...message }, finishReason),
  events: ""
})
