/** Answers as Cohere gives them, given back with the next question. */
import { conversation, results } from "../own-cases.ts"
import type { Check } from "../Vendor.ts"
import { type Chat, chatMessage } from "./api.ts"
import { rate } from "./tools.ts"

const call = {
  id: "exchange_rate_0f3a",
  type: "function",
  function: { name: rate.name, arguments: "{\"from\":\"EUR\"}" }
}

/** What a text cites: a document of the request, and what a tool gave. */
const citations = [
  {
    start: 0,
    end: 9,
    text: "The Tagus",
    sources: [{ type: "document", id: "tagus", document: { id: "tagus", text: "It ends in Lisbon." } }],
    content_index: 0,
    type: "TEXT_CONTENT"
  },
  {
    start: 4,
    end: 9,
    text: "Tagus",
    sources: [{ type: "tool", id: "exchange_rate_0f3a:0", tool_output: { content: "1.25" } }],
    type: "TEXT_CONTENT"
  }
]

const text = (text: string) => ({ type: "text", text })
const thinking = { type: "thinking", thinking: "A river." }

export const conversations = (api: Chat): ReadonlyArray<Check> => [
  ...conversation(api, "thinking in the history", {}, {
    answer: chatMessage({ content: [thinking, text("The Tagus.")] }),
    said: ["A river.", "The Tagus."]
  }),
  ...conversation(api, "thinking before a call in the history", {}, {
    tools: [rate],
    answer: chatMessage({ content: [thinking], tool_calls: [call] }, "TOOL_CALL"),
    next: results(1.25),
    said: ["A river.", "exchange_rate_0f3a", "1.25"]
  }),
  ...conversation(api, "a plan and calls in the history", {}, {
    tools: [rate],
    answer: chatMessage(
      { tool_plan: "I will ask for both rates.", tool_calls: [call, { ...call, id: "exchange_rate_1" }] },
      "TOOL_CALL"
    ),
    next: results(1.25),
    said: ["I will ask for both rates.", "exchange_rate_0f3a", "exchange_rate_1", "1.25"]
  }),
  ...conversation(api, "a failed result in the history", {}, {
    tools: [rate],
    answer: chatMessage({ tool_calls: [call] }, "TOOL_CALL"),
    next: results("no such currency", { isFailure: true }),
    said: ["no such currency"]
  }),
  ...conversation(api, "a result that is a document in the history", {}, {
    tools: [rate],
    answer: chatMessage({ tool_calls: [call] }, "TOOL_CALL"),
    next: results("not for the model", {
      modelOutput: [
        // For other vendors the text stands for the document.
        { type: "text", text: "It is 1.25.", options: { cohere: { document: { data: { text: "It is 1.25." } } } } },
        { type: "text", text: "As of today." }
      ]
    }),
    said: ["It is 1.25.", "As of today."]
  }),
  ...conversation(api, "citations in the history", {
    documents: [{ id: "tagus", data: { text: "It ends in Lisbon." } }]
  }, {
    answer: chatMessage({ content: [text("The Tagus.")], citations }),
    said: ["The Tagus.", "It ends in Lisbon.", "exchange_rate_0f3a:0"]
  }),
  ...conversation(api, "two texts in the history", {}, {
    answer: chatMessage({ content: [text("The Tagus."), text("The Douro.")] }),
    said: ["The Tagus.", "The Douro."]
  })
]
