/** How Cohere's models are made and answered. */
import * as CohereCapabilities from "@llm-layers/cohere/CohereCapabilities"
import * as CohereClient from "@llm-layers/cohere/CohereClient"
import * as CohereLanguageModel from "@llm-layers/cohere/CohereLanguageModel"
import * as CohereSchema from "@llm-layers/cohere/CohereSchema"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import { type Answer, type Fetch, framed } from "../capture.ts"
import type { LanguageApi } from "../Vendor.ts"

export type Chat = LanguageApi<CohereLanguageModel.Config>

export const client = (fetch: Fetch) => CohereClient.layer({ apiKey: Redacted.make("co-unused"), fetch })

export const chat = (models: LanguageApi["models"]): Chat => ({
  models,
  capabilities: CohereCapabilities.lookup,
  layer: (model, settings, fetch) => Layer.provide(CohereLanguageModel.layer(model, settings), client(fetch)),
  transformer: CohereSchema.codecTransformer,
  answer: (text) => ({
    json: whole({ content: [{ type: "text", text }] }, "COMPLETE"),
    events: framed(
      {
        type: "message-start",
        id: "c1",
        delta: { message: { role: "assistant", content: [], tool_plan: "", tool_calls: [], citations: [] } }
      },
      { type: "content-start", index: 0, delta: { message: { content: { type: "text", text: "" } } } },
      { type: "content-delta", index: 0, delta: { message: { content: { text } } } },
      { type: "content-end", index: 0 },
      { type: "message-end", delta: { finish_reason: "COMPLETE", usage } }
    )
  })
})

const usage = {
  billed_units: { input_tokens: 4, output_tokens: 5 },
  tokens: { input_tokens: 10, output_tokens: 5 },
  cached_tokens: 0
}

const whole = (message: object, finish_reason: string) => ({
  id: "c1",
  message: { role: "assistant", ...message },
  finish_reason,
  usage
})

/** An answer with this message, for the first turn of a conversation. */
export const chatMessage = (message: object, finishReason = "COMPLETE"): Answer => ({
  json: whole(message, finishReason),
  events: ""
})
