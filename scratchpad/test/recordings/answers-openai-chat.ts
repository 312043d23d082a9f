/** A completion with all a decoder of Chat Completions can get wrong, plain and as a stream. */
import type { Json } from "../../src/recordings/json.ts"
import { logprob, streamed } from "./exchange.ts"

const chatUsage: Json = {
  prompt_tokens: 100,
  completion_tokens: 30,
  total_tokens: 130,
  prompt_tokens_details: { cached_tokens: 64, audio_tokens: 0 },
  completion_tokens_details: { reasoning_tokens: 12, audio_tokens: 0 }
}

export const chatRequest = {
  model: "gpt-4.1",
  messages: [{ role: "user", content: "How is it?" }],
  n: 2,
  tools: [{ type: "function", function: { name: "look", parameters: { type: "object", properties: {} } } }]
}

export const completion: Json = {
  id: "chatcmpl-1",
  object: "chat.completion",
  created: 1_700_000_000,
  model: "gpt-4.1-2025-04-14",
  service_tier: "default",
  system_fingerprint: "fp_1",
  choices: [
    {
      index: 0,
      finish_reason: "tool_calls",
      logprobs: { content: [logprob("Well", -0.125), logprob(",", -0.5), logprob(",", -0.5)], refusal: null },
      message: {
        role: "assistant",
        content: "Well,,",
        refusal: null,
        annotations: [
          {
            type: "url_citation",
            url_citation: { url: "https://example.org/a", title: "A", start_index: 0, end_index: 4 }
          }
        ],
        tool_calls: [
          { id: "call_1", type: "function", function: { name: "look", arguments: "{\"place\":\"Lima\",\"days\":2}" } },
          { id: "call_2", type: "function", function: { name: "look", arguments: "{}" } }
        ]
      }
    },
    { index: 1, finish_reason: "stop", logprobs: null, message: { role: "assistant", content: "Another answer." } }
  ],
  usage: chatUsage
}

const chunk = (delta: Json, more: { readonly [name: string]: Json } = {}): Json => ({
  id: "chatcmpl-2",
  object: "chat.completion.chunk",
  created: 1_700_000_000,
  model: "gpt-4.1-2025-04-14",
  system_fingerprint: "fp_1",
  choices: [{ index: 0, delta, logprobs: null, finish_reason: null, ...more }]
})

const piece = (index: number, call: { readonly [name: string]: Json }): Json =>
  chunk({ tool_calls: [{ index, ...call }] })

export const chatStream = streamed(
  chunk({ role: "assistant", content: "", refusal: null }),
  chunk({ content: "Well" }, { logprobs: { content: [logprob("Well", -0.125)], refusal: null } }),
  chunk({ content: " then." }, { logprobs: { content: [logprob(" then.", -0.75)], refusal: null } }),
  piece(0, { id: "call_1", type: "function", function: { name: "look", arguments: "" } }),
  piece(0, { function: { arguments: "{\"place\":\"Li" } }),
  piece(0, { function: { arguments: "ma\"}" } }),
  piece(1, { id: "call_2", type: "function", function: { name: "look", arguments: "" } }),
  piece(1, { function: { arguments: "{\"place\":\"Oslo\"}" } }),
  chunk({}, { finish_reason: "tool_calls" }),
  { id: "chatcmpl-2", object: "chat.completion.chunk", created: 1_700_000_000, choices: [], usage: chatUsage },
  "[DONE]"
)
