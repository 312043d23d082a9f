import type { Json } from "../../src/recordings/json.ts"

/** Contents of Messages. */
export const blocks: Readonly<Record<string, ReadonlyArray<Json>>> = {
  "no blocks": [],
  "thoughts without text or signature": [
    { type: "thinking", thinking: "", signature: "signed-nothing" },
    { type: "thinking", thinking: "unsigned", signature: "" },
    { type: "text", text: "So." }
  ],
  "citations of every kind": [{
    type: "text",
    text: "So.",
    citations: [
      { type: "page_location", cited_text: "p", document_index: 1, document_title: null, start_page_number: 1 },
      { type: "search_result_location", cited_text: "s", source: "internal", title: null, search_result_index: 0 },
      { type: "search_result_location", cited_text: "s", source: "https://example.org/s", title: "S" },
      { type: "invented_location", cited_text: "i", where: "nowhere" }
    ]
  }],
  "tools nobody declared": [
    { type: "server_tool_use", id: "srv_1", name: "invented_tool", input: { a: 1 } },
    { type: "invented_tool_tool_result", tool_use_id: "srv_1", content: { type: "invented_result", v: "a value" } },
    { type: "text", text: "So." }
  ],
  "results that failed": [
    { type: "server_tool_use", id: "srv_1", name: "web_search", input: {} },
    { type: "web_search_tool_result", tool_use_id: "srv_1", content: { type: "web_search_tool_result_error" } },
    { type: "mcp_tool_use", id: "mcp_1", name: "ask", server_name: "docs", input: { q: "x" } },
    { type: "mcp_tool_result", tool_use_id: "mcp_1", is_error: true, content: "no" }
  ],
  "what only goes back": [
    { type: "compaction", content: "The past." },
    { type: "fallback", from: { model: "a" }, to: { model: "b" } },
    { type: "container_upload", file_id: "file_1" },
    { type: "invented_block", payload: { a: [1, "two"], flag: true } },
    { type: "text", text: "So." }
  ]
}
