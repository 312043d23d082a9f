/** Small answers of each API that have between them all a decoder can get wrong. */
import type { Api } from "../../src/recordings/Api.ts"
import type { Json } from "../../src/recordings/json.ts"
import { anthropicApis } from "../../src/recordings/providers/anthropic.ts"
import { openaiApis } from "../../src/recordings/providers/openai.ts"
import type { RecordedExchange } from "../../src/recordings/record.ts"
import { answered, asking, streamed } from "./exchange.ts"

export interface Recorded {
  readonly name: string
  readonly api: Api
  readonly exchange: RecordedExchange
}

const apiOf = (apis: Readonly<Record<string, Api>>, name: string): Api => {
  const api = apis[name]
  if (api === undefined) throw new Error(`no API ${name}`)
  return api
}

const messages = apiOf(anthropicApis, "messages")
const chat = apiOf(openaiApis, "chat-completions")
const responses = apiOf(openaiApis, "responses")

const citation = (text: string, start: number): Json => ({
  type: "char_location",
  cited_text: text,
  document_index: 0,
  document_title: "Notes",
  start_char_index: start,
  end_char_index: start + text.length
})

const page: Json = {
  type: "web_search_result_location",
  url: "https://example.org/p",
  title: "A page",
  cited_text: "paged",
  encrypted_index: "index-of-the-page"
}

const blocks: ReadonlyArray<Json> = [
  { type: "thinking", thinking: "Let me see.", signature: "signature-of-the-thought" },
  { type: "redacted_thinking", data: "redacted-thought" },
  { type: "text", text: "First. " },
  { type: "server_tool_use", id: "srvtoolu_1", name: "web_search", input: { query: "weather" } },
  {
    type: "web_search_tool_result",
    tool_use_id: "srvtoolu_1",
    content: [{
      type: "web_search_result",
      url: "https://example.org/p",
      title: "A page",
      encrypted_content: "found-it"
    }]
  },
  { type: "text", text: "Second.", citations: [citation("one", 3), citation("two", 40), page] },
  { type: "compaction", content: "What was said before." },
  { type: "tool_use", id: "toolu_1", name: "look", input: { place: "Lima", days: 2 }, caller: { type: "direct" } },
  { type: "tool_use", id: "toolu_2", name: "look", input: { place: "Oslo", days: 3 } }
]

const usage: Json = {
  input_tokens: 40,
  cache_read_input_tokens: 300,
  cache_creation_input_tokens: 60,
  output_tokens: 50,
  output_tokens_details: { thinking_tokens: 20 },
  service_tier: "standard",
  server_tool_use: { web_search_requests: 1 }
}

const message: Json = {
  type: "message",
  id: "msg_1",
  role: "assistant",
  model: "claude-sonnet-4-5-20250929",
  content: blocks,
  stop_reason: "tool_use",
  stop_sequence: null,
  container: { id: "container_1", expires_at: "2026-01-01T00:00:00Z" },
  context_management: { applied_edits: [{ type: "clear_tool_uses_20250919", cleared_tool_uses: 3 }] },
  usage
}

const messagesRequest: Json = {
  model: "claude-sonnet-4-5",
  max_tokens: 100,
  messages: [{ role: "user", content: "How is it?" }],
  tools: [
    { name: "look", input_schema: { type: "object", properties: { place: { type: "string" } } } },
    { type: "web_search_20250305", name: "web_search" }
  ]
}

/** A text in two pieces, or JSON as text. */
const halves = (value: Json | undefined): ReadonlyArray<string> => {
  const text = typeof value === "string" ? value : JSON.stringify(value)
  return [text.slice(0, 5), text.slice(5)]
}

const deltasOf = (index: number, block: { readonly [name: string]: Json }): ReadonlyArray<Json> => {
  const start = (content_block: Json): Json => ({ type: "content_block_start", index, content_block })
  const delta = (value: Json): Json => ({ type: "content_block_delta", index, delta: value })
  const stop: Json = { type: "content_block_stop", index }
  switch (block["type"]) {
    case "text": {
      const citations = Array.isArray(block["citations"]) ? block["citations"] : []
      return [
        start({ type: "text", text: "" }),
        ...halves(block["text"]).map((text) => delta({ type: "text_delta", text })),
        ...citations.map((one: Json) => delta({ type: "citations_delta", citation: one })),
        stop
      ]
    }
    case "thinking":
      return [
        start({ type: "thinking", thinking: "", signature: "" }),
        ...halves(block["thinking"]).map((thinking) => delta({ type: "thinking_delta", thinking })),
        delta({ type: "signature_delta", signature: block["signature"] ?? null }),
        stop
      ]
    case "tool_use":
    case "server_tool_use":
      return [
        start({ ...block, input: {} }),
        ...halves(block["input"]).map((partial_json) => delta({ type: "input_json_delta", partial_json })),
        stop
      ]
    default:
      return [start(block), stop]
  }
}

const messagesStream = streamed(
  {
    type: "message_start",
    message: {
      ...message,
      content: [],
      stop_reason: null,
      usage: { input_tokens: 40, output_tokens: 1 }
    }
  },
  { type: "ping" },
  ...blocks.flatMap((block, index) => deltasOf(index, block as { [name: string]: Json })),
  { type: "message_delta", delta: { stop_reason: "tool_use", stop_sequence: null }, usage },
  { type: "message_stop" }
)

const logprob = (token: string, value: number): Json => ({
  token,
  logprob: value,
  bytes: [...Buffer.from(token)],
  top_logprobs: []
})

const chatUsage: Json = {
  prompt_tokens: 100,
  completion_tokens: 30,
  total_tokens: 130,
  prompt_tokens_details: { cached_tokens: 64, audio_tokens: 0 },
  completion_tokens_details: { reasoning_tokens: 12, audio_tokens: 0 }
}

const chatRequest: Json = {
  model: "gpt-4.1",
  messages: [{ role: "user", content: "How is it?" }],
  n: 2,
  tools: [{ type: "function", function: { name: "look", parameters: { type: "object", properties: {} } } }]
}

const completion: Json = {
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

const chatStream = streamed(
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

const cited = (url: string, start: number): Json => ({
  type: "url_citation",
  url,
  title: `About ${url.slice(-1)}`,
  start_index: start,
  end_index: start + 5
})

const items: ReadonlyArray<Json> = [
  {
    type: "reasoning",
    id: "rs_1",
    encrypted_content: "encrypted-reasoning",
    summary: [{ type: "summary_text", text: "Thinking it over." }, { type: "summary_text", text: "Once more." }]
  },
  {
    type: "web_search_call",
    id: "ws_1",
    status: "completed",
    action: { type: "search", query: "weather", sources: [{ type: "url", url: "https://example.org/a" }] }
  },
  {
    type: "code_interpreter_call",
    id: "ci_1",
    status: "completed",
    container_id: "cntr_1",
    code: "print(40 + 2)",
    outputs: [{ type: "logs", logs: "42\n" }]
  },
  {
    type: "message",
    id: "msg_1",
    status: "completed",
    role: "assistant",
    phase: "commentary",
    content: [{
      type: "output_text",
      text: "Here it is.",
      annotations: [cited("https://example.org/a", 0), cited("https://example.org/b", 5)],
      logprobs: [logprob("Here", -0.25), logprob(" it is.", -0.625)]
    }]
  },
  { type: "invented_item", id: "inv_1", payload: { note: "unheard of", amount: 7.25 } },
  {
    type: "function_call",
    id: "fc_1",
    call_id: "call_1",
    name: "look",
    arguments: "{\"place\":\"Lima\",\"days\":2}",
    status: "completed"
  },
  {
    type: "function_call",
    id: "fc_2",
    call_id: "call_2",
    name: "look",
    arguments: "{\"place\":\"Oslo\"}",
    status: "completed"
  }
]

const response = (output: ReadonlyArray<Json>): { readonly [name: string]: Json } => ({
  id: "resp_1",
  object: "response",
  created_at: 1_700_000_000,
  status: "completed",
  completed_at: 1_700_000_009,
  billing: { payer: "developer" },
  model: "gpt-5.1-2025-11-13",
  service_tier: "default",
  temperature: 1,
  tools: [],
  error: null,
  output,
  usage: {
    input_tokens: 100,
    input_tokens_details: { cached_tokens: 64 },
    output_tokens: 30,
    output_tokens_details: { reasoning_tokens: 12 },
    total_tokens: 130
  }
})

const responsesRequest: Json = {
  model: "gpt-5.1",
  input: [{ role: "user", content: "How is it?" }],
  store: false,
  tools: [
    { type: "function", name: "look", parameters: { type: "object", properties: {} } },
    { type: "web_search" },
    { type: "code_interpreter", container: { type: "auto" } }
  ]
}

const eventsOf = (item: Json, output_index: number): ReadonlyArray<Json> => {
  const { arguments: args, content, id, summary, type } = item as { readonly [name: string]: Json }
  const place = { item_id: id ?? null, output_index }
  const added: Json = {
    type: "response.output_item.added",
    output_index,
    item: {
      ...(item as object),
      ...(content === undefined ? {} : { content: [] }),
      ...(summary === undefined ? {} : { summary: [] }),
      ...(args === undefined ? {} : { arguments: "" }),
      ...(type === "code_interpreter_call" ? { code: "", outputs: null } : {})
    }
  }
  const deltas: ReadonlyArray<Json> = type === "message"
    ? [
      { type: "response.output_text.delta", ...place, content_index: 0, delta: "Here" },
      { type: "response.output_text.delta", ...place, content_index: 0, delta: " it is." }
    ]
    : type === "function_call"
    ? halves(args).map((delta) => ({ type: "response.function_call_arguments.delta", ...place, delta }))
    : []
  return [added, ...deltas, { type: "response.output_item.done", output_index, item }]
}

const responsesStream = streamed(
  { type: "response.created", response: { ...response([]), status: "in_progress", completed_at: null, usage: null } },
  ...items.flatMap(eventsOf),
  { type: "response.invented", thought: "of an unknown kind" },
  { type: "response.completed", response: response(items) }
)

export const recorded: ReadonlyArray<Recorded> = [
  { name: "messages", api: messages, exchange: asking(messagesRequest, answered(message)) },
  { name: "messages, streamed", api: messages, exchange: asking({ ...messagesRequest, stream: true }, messagesStream) },
  { name: "chat completions", api: chat, exchange: asking(chatRequest, answered(completion)) },
  { name: "chat completions, streamed", api: chat, exchange: asking({ ...chatRequest, stream: true }, chatStream) },
  { name: "responses", api: responses, exchange: asking(responsesRequest, answered(response(items))) },
  {
    name: "responses, streamed",
    api: responses,
    exchange: asking({ ...responsesRequest, stream: true }, responsesStream)
  }
]
