/** A message with all a decoder of Messages can get wrong, and any message as a stream. */
import type { Json } from "../../src/recordings/json.ts"
import type { RecordedExchange } from "../../src/recordings/record.ts"
import { answered, halves, streamed } from "./exchange.ts"

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

const message: { readonly [name: string]: Json } = {
  type: "message",
  id: "msg_1",
  role: "assistant",
  model: "claude-sonnet-4-5-20250929",
  stop_reason: "tool_use",
  stop_sequence: null,
  container: { id: "container_1", expires_at: "2026-01-01T00:00:00Z" },
  context_management: { applied_edits: [{ type: "clear_tool_uses_20250919", cleared_tool_uses: 3 }] },
  usage
}

export const messagesRequest = {
  model: "claude-sonnet-4-5",
  max_tokens: 100,
  messages: [{ role: "user", content: "How is it?" }],
  tools: [
    { name: "look", input_schema: { type: "object", properties: { place: { type: "string" } } } },
    { type: "web_search_20250305", name: "web_search" }
  ]
}

/** The events of a block. */
const eventsOf = (index: number, block: { readonly [name: string]: Json }): ReadonlyArray<Json> => {
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
    case "mcp_tool_use":
      return [
        start({ ...block, input: {} }),
        ...halves(block["input"]).map((partial_json) => delta({ type: "input_json_delta", partial_json })),
        stop
      ]
    default:
      return [start(block), stop]
  }
}

/** A message with these blocks, plain and as a stream. */
export const asMessages = (
  content: ReadonlyArray<Json> = blocks
): { readonly plain: RecordedExchange; readonly stream: RecordedExchange } => ({
  plain: answered({ ...message, content }),
  stream: streamed(
    {
      type: "message_start",
      message: { ...message, content: [], stop_reason: null, usage: { input_tokens: 40, output_tokens: 1 } }
    },
    { type: "ping" },
    // Blocks are objects.
    ...content.flatMap((block, index) => eventsOf(index, block as { [name: string]: Json })),
    { type: "message_delta", delta: { stop_reason: "tool_use", stop_sequence: null }, usage },
    { type: "message_stop" }
  )
})
