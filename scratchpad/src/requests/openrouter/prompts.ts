/** The options `OpenRouterMetadata` has for prompts, tools that run at OpenRouter, and its answers given back to it. */
import * as OpenRouterTool from "@llm-layers/openrouter/OpenRouterTool"
import * as Tool from "effect/ai/Tool"
import * as Schema from "effect/Schema"
import { conversation, own, ownTool, results } from "../own-cases.ts"
import type { Check } from "../Vendor.ts"
import { type Chat, chatMessage } from "./api.ts"

const cacheControl = { type: "ephemeral", ttl: "1h" } as const
const marked = { openrouter: { cacheControl } } as const

const rate = Tool.make("exchange_rate", {
  description: "Gives a rate.",
  parameters: Schema.Struct({ from: Schema.String }),
  success: Schema.Finite
})

const call = { id: "call_0f3a", type: "function", function: { name: rate.name, arguments: `{"from":"EUR"}` } }

const searches = {
  max_results: 3,
  max_uses: 2,
  search_context_size: "low",
  allowed_domains: ["example.com"],
  user_location: { type: "approximate", city: "Lisbon", country: "PT" }
} as const

export const prompts = (api: Chat): ReadonlyArray<Check> => [
  ...own(api, "cache breakpoints", {}, {
    prompt: [
      { role: "system", content: "A long contract.", options: marked },
      {
        role: "user",
        content: [
          { type: "text", text: "The map:", options: marked },
          { type: "file", mediaType: "image/png", data: "https://example.com/map.png" }
        ],
        options: marked
      },
      { role: "assistant", content: "I see.", options: marked },
      { role: "user", content: "Where does it end?", options: marked }
    ],
    said: ["ephemeral", "1h"]
  }),
  ...own(api, "a tool that ends a cached prefix", {}, {
    tools: [rate.annotate(OpenRouterTool.Options, { cacheControl })],
    said: ["ephemeral"]
  }),
  ...(["low", "high", "auto", "original"] as const).flatMap((detail) =>
    own(api, `an image looked at with detail ${detail}`, {}, {
      prompt: [{
        role: "user",
        content: [{
          type: "file",
          mediaType: "image/png",
          data: "https://example.com/map.png",
          options: { openrouter: { detail } }
        }]
      }],
      said: [detail]
    })
  ),
  ...ownTool(api, OpenRouterTool.WebSearch(searches), {}),
  ...ownTool(api, OpenRouterTool.WebFetch({ max_uses: 2, allowed_domains: ["example.com"] }), {}),
  ...ownTool(api, OpenRouterTool.Datetime({ timezone: "Europe/Lisbon" }), {}),
  ...ownTool(api, OpenRouterTool.ImageGeneration({ model: "google/gemini-3-image" }), {}),
  ...ownTool(api, OpenRouterTool.Advisor({ model: "anthropic/claude-opus-5", instructions: "Be strict." }), {}),
  ...ownTool(api, OpenRouterTool.Bash({}), {}),
  ...own(api, "a search that is forced", {}, {
    tools: [OpenRouterTool.WebSearch({})],
    toolChoice: { tool: "OpenRouterWebSearch" },
    said: ["openrouter:web_search"]
  })
]

const text = {
  type: "reasoning.text",
  text: "A river.",
  signature: "sig-secret",
  format: "anthropic-claude-v1",
  index: 0
}
const encrypted = {
  type: "reasoning.encrypted",
  data: "enc-secret",
  id: "rs_0f3a",
  format: "openai-responses-v1",
  index: 1
}
const summary = { type: "reasoning.summary", summary: "**Rivers**", format: "openai-responses-v1", index: 0 }

export const conversations = (api: Chat): ReadonlyArray<Check> => [
  ...conversation(api, "signed reasoning in the history", {}, {
    answer: chatMessage({ content: "The Tagus.", reasoning: "A river.", reasoning_details: [text] }),
    said: ["A river.", "sig-secret", "The Tagus."]
  }),
  ...conversation(api, "a summary and encrypted reasoning before calls in the history", {}, {
    tools: [rate],
    answer: chatMessage({
      reasoning: "**Rivers**",
      reasoning_details: [summary, encrypted],
      tool_calls: [call, { ...call, id: "call_1" }]
    }, "tool_calls"),
    next: results(1.25),
    said: ["**Rivers**", "enc-secret", "rs_0f3a", "call_0f3a", "call_1", "1.25"]
  }),
  ...conversation(api, "encrypted reasoning without a text in the history", {}, {
    answer: chatMessage({ content: "The Tagus.", reasoning: null, reasoning_details: [encrypted] }),
    said: ["enc-secret"]
  }),
  ...conversation(api, "a refusal in the history", {}, {
    answer: chatMessage({ refusal: "I cannot." }),
    said: ["I cannot."]
  }),
  ...conversation(api, "an image in the history", {}, {
    answer: chatMessage({
      content: "Here.",
      images: [{ type: "image_url", image_url: { url: "data:image/png;base64,iVBORw0KGgo=" } }]
    }),
    said: ["Here.", "iVBORw0KGgo="]
  }),
  ...conversation(api, "citations in the history", {}, {
    answer: chatMessage({
      content: "It is long.",
      annotations: [{
        type: "url_citation",
        url_citation: { url: "https://example.com/tagus", title: "Tagus", start_index: 0, end_index: 5 }
      }]
    }),
    said: ["It is long."]
  })
]
