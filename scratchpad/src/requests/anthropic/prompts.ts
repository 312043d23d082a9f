/** The options `AnthropicMetadata` has for prompts. */
import * as AnthropicTool from "@llm-layers/anthropic/AnthropicTool"
import * as Tool from "effect/ai/Tool"
import * as Schema from "effect/Schema"
import { own } from "../own-cases.ts"
import type { Check } from "../Vendor.ts"
import type { Messages } from "./api.ts"

const hour = { cacheControl: { type: "ephemeral", ttl: "1h" } } as const
const minutes = { cacheControl: { type: "ephemeral" } } as const

const pdf = { type: "file", mediaType: "application/pdf", data: "file_011CNha8iCJcU1wXNR6q4V8w" } as const

const search = Tool.make("search_docs", {
  description: "Searches the documents.",
  parameters: Schema.Struct({ query: Schema.String }),
  success: Schema.String
})

export const prompts = (api: Messages): ReadonlyArray<Check> => [
  ...own(api, "cache marks on messages", {}, {
    prompt: [
      { role: "system", content: "A long contract.", options: { anthropic: hour } },
      { role: "user", content: "Question one.", options: { anthropic: minutes } },
      { role: "assistant", content: "Answer one.", options: { anthropic: minutes } },
      { role: "user", content: "Question two." }
    ],
    said: ["ephemeral", "1h"]
  }),
  ...own(api, "cache marks on parts", {}, {
    prompt: [
      { role: "system", content: "You read contracts." },
      {
        role: "user",
        content: [
          { type: "text", text: "The contract:" },
          { ...pdf, options: { anthropic: hour } },
          { type: "text", text: "When does it end?", options: { anthropic: minutes } }
        ]
      },
      {
        role: "assistant",
        content: [{
          type: "tool-call",
          id: "toolu_1",
          name: search.name,
          params: { query: "end" },
          options: { anthropic: minutes }
        }]
      },
      {
        role: "tool",
        content: [{
          type: "tool-result",
          id: "toolu_1",
          name: search.name,
          isFailure: false,
          result: "In June.",
          options: { anthropic: minutes }
        }]
      }
    ],
    tools: [search],
    said: ["ephemeral", "1h"]
  }),
  ...own(api, "a cache mark on results", {}, {
    prompt: [
      { role: "user", content: "When does it end?" },
      {
        role: "assistant",
        content: [{ type: "tool-call", id: "toolu_1", name: search.name, params: { query: "end" } }]
      },
      {
        role: "tool",
        content: [{ type: "tool-result", id: "toolu_1", name: search.name, isFailure: false, result: "In June." }],
        options: { anthropic: minutes }
      }
    ],
    tools: [search],
    said: ["ephemeral"]
  }),
  ...own(api, "an uploaded image and an uploaded document", {}, {
    prompt: [{
      role: "user",
      content: [{ type: "file", mediaType: "image/png", data: "file_011CPMxVD3fHLUhvTqtsQA5w" }, pdf, {
        type: "text",
        text: "Compare."
      }]
    }]
  }),
  ...own(api, "a file for the container", {}, {
    prompt: [{
      role: "user",
      content: [{ type: "text", text: "Sum it up." }, {
        type: "file",
        mediaType: "text/csv",
        data: "file_011CNha8iCJcU1wXNR6q4V8w",
        options: { anthropic: { containerUpload: true } }
      }]
    }],
    tools: [AnthropicTool.CodeExecution({})],
    said: ["container_upload"]
  }),
  ...own(api, "a document with a title, a context and citations", {}, {
    prompt: [{
      role: "user",
      content: [{
        type: "file",
        mediaType: "text/plain",
        data: new TextEncoder().encode("The grass is green."),
        options: { anthropic: { title: "On grass", context: "Written in 1901.", citations: { enabled: true } } }
      }, { type: "text", text: "What colour is grass?" }]
    }],
    said: ["On grass", "Written in 1901."]
  }),
  ...own(api, "search results", {}, {
    prompt: [{
      role: "user",
      content: [{
        type: "text",
        text: "Grass is green.",
        options: {
          anthropic: {
            searchResult: { source: "https://example.com/grass", title: "Grass", citations: true },
            ...minutes
          }
        }
      }, { type: "text", text: "What colour is grass?" }]
    }],
    said: ["https://example.com/grass", "Grass", "search_result"]
  }),
  ...own(api, "search results of a tool", {}, {
    prompt: [
      { role: "user", content: "What colour is grass?" },
      {
        role: "assistant",
        content: [{ type: "tool-call", id: "toolu_1", name: search.name, params: { query: "grass" } }]
      },
      {
        role: "tool",
        content: [{
          type: "tool-result",
          id: "toolu_1",
          name: search.name,
          isFailure: false,
          result: "not for the model",
          modelOutput: [{
            type: "text",
            text: "Grass is green.",
            options: { anthropic: { searchResult: { source: "grass.txt", title: "Grass", citations: true } } }
          }]
        }]
      }
    ],
    tools: [search],
    said: ["grass.txt"]
  }),
  ...own(api, "a tool with all options", {}, {
    tools: [
      search.annotate(AnthropicTool.Options, {
        cacheControl: { type: "ephemeral", ttl: "1h" },
        eager_input_streaming: true,
        input_examples: [{ query: "grass" }],
        allowed_callers: ["direct"]
      })
    ],
    said: ["1h", "grass", "direct"]
  })
]
