/** How Anthropic's models are made and answered. */
import * as AnthropicCapabilities from "@llm-layers/anthropic/AnthropicCapabilities"
import * as AnthropicClient from "@llm-layers/anthropic/AnthropicClient"
import * as AnthropicLanguageModel from "@llm-layers/anthropic/AnthropicLanguageModel"
import { toCodecAnthropic } from "effect/ai/AnthropicStructuredOutput"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import { type Answer, framed } from "../capture.ts"
import type { LanguageApi } from "../Vendor.ts"

export type Messages = LanguageApi<AnthropicLanguageModel.Config>

export const messages = (
  models: LanguageApi["models"],
  apiVersion: string = AnthropicClient.defaultApiVersion
): Messages => ({
  models,
  capabilities: (model) => AnthropicCapabilities.lookup(model, apiVersion),
  layer: (model, settings, fetch) =>
    Layer.provide(
      AnthropicLanguageModel.layer(model, settings),
      AnthropicClient.layer({ apiKey: Redacted.make("sk-ant-unused"), fetch, apiVersion })
    ),
  transformer: toCodecAnthropic,
  answer: (text) => ({
    json: message([{ type: "text", text }]),
    events: framed(
      { type: "message_start", message: { ...message([]), stop_reason: null } },
      { type: "content_block_start", index: 0, content_block: { type: "text", text: "" } },
      { type: "content_block_delta", index: 0, delta: { type: "text_delta", text } },
      { type: "content_block_stop", index: 0 },
      { type: "message_delta", delta: { stop_reason: "end_turn" }, usage: { output_tokens: 5 } },
      { type: "message_stop" }
    )
  })
})

const message = (content: ReadonlyArray<unknown>, stopReason = "end_turn") => ({
  id: "msg_1",
  type: "message",
  role: "assistant",
  model: "claude",
  content,
  stop_reason: stopReason,
  stop_sequence: null,
  usage: { input_tokens: 10, output_tokens: 5 }
})

/** An answer with these blocks, for the first turn of a conversation, which is asked whole. */
export const blocks = (content: ReadonlyArray<unknown>, stopReason?: string): Answer => ({
  json: message(content, stopReason),
  events: ""
})
