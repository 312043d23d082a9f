/** How OpenAI's models are made and answered. */
import * as OpenAiSchema from "@llm-layers/openai-compatible/OpenAiSchema"
import * as OpenAiCapabilities from "@llm-layers/openai/OpenAiCapabilities"
import * as OpenAiChatLanguageModel from "@llm-layers/openai/OpenAiChatLanguageModel"
import * as OpenAiClient from "@llm-layers/openai/OpenAiClient"
import * as OpenAiLanguageModel from "@llm-layers/openai/OpenAiLanguageModel"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import { type Answer, type Fetch, framed } from "../capture.ts"
import type { LanguageApi } from "../Vendor.ts"

export const client = (fetch: Fetch) => OpenAiClient.layer({ apiKey: Redacted.make("sk-unused"), fetch })

export type Responses = LanguageApi<OpenAiLanguageModel.Config>

export const responses: Responses = {
  // One that reasons, one that does not, one that no table names.
  models: ["gpt-5.1", "gpt-4.1", "gpt-6.1-sol"],
  capabilities: OpenAiCapabilities.of,
  layer: (model, settings, fetch) => Layer.provide(OpenAiLanguageModel.layer(model, settings), client(fetch)),
  transformer: OpenAiSchema.codecTransformer,
  answer: (text) => ({
    json: response([textItem(text)]),
    events: framed(
      { type: "response.created", response: { ...response([]), status: "in_progress" } },
      { type: "response.output_item.done", output_index: 0, item: textItem(text) },
      { type: "response.completed", response: response([textItem(text)]) }
    )
  })
}

const response = (output: ReadonlyArray<unknown>) => ({
  id: "resp_1",
  object: "response",
  created_at: 1_700_000_000,
  model: "gpt",
  status: "completed",
  output,
  usage: { input_tokens: 10, output_tokens: 5, total_tokens: 15 }
})

export const textItem = (text: string, more: object = {}) => ({
  id: "msg_0f3a",
  type: "message",
  role: "assistant",
  status: "completed",
  content: [{ type: "output_text", text, annotations: [], logprobs: [] }],
  ...more
})

/** An answer with these items, for the first turn of a conversation, which is asked whole. */
export const items = (...output: ReadonlyArray<unknown>): Answer => ({ json: response(output), events: "" })

export type Chat = LanguageApi<OpenAiChatLanguageModel.Config>

export const chat: Chat = {
  // As above, and one that hears.
  models: ["gpt-5.1", "gpt-4.1", "gpt-audio", "gpt-6.1-sol"],
  capabilities: OpenAiChatLanguageModel.capabilities,
  layer: (model, settings, fetch) => Layer.provide(OpenAiChatLanguageModel.layer(model, settings), client(fetch)),
  transformer: OpenAiSchema.codecTransformer,
  answer: (text) => ({
    json: completion({ role: "assistant", content: text, refusal: null }, "stop"),
    events: framed(
      chunk({ role: "assistant", content: text }, null),
      chunk({}, "stop"),
      { ...head, object: "chat.completion.chunk", choices: [], usage },
      "[DONE]"
    )
  })
}

const usage = { prompt_tokens: 10, completion_tokens: 5, total_tokens: 15 }
const head = { id: "chatcmpl-1", created: 1_700_000_000, model: "gpt" }

const completion = (message: object, finish_reason: string) => ({
  ...head,
  object: "chat.completion",
  choices: [{ index: 0, message, finish_reason, logprobs: null }],
  usage
})

const chunk = (delta: object, finish_reason: string | null) => ({
  ...head,
  object: "chat.completion.chunk",
  choices: [{ index: 0, delta, finish_reason }]
})

/** An answer with this message, for the first turn of a conversation. */
export const chatMessage = (message: object, finishReason = "stop"): Answer => ({
  json: completion({ role: "assistant", content: null, refusal: null, ...message }, finishReason),
  events: ""
})
