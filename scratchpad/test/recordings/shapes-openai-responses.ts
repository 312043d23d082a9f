import type { Json } from "../../src/recordings/json.ts"

export const look: Json = { type: "function", name: "look", parameters: { type: "object", properties: {} } }
const said: Json = { type: "message", id: "msg_1", role: "assistant", content: [{ type: "output_text", text: "So." }] }
const container = { type: "container_reference", container_id: "cntr_1" }

/** Outputs of Responses. */
export const items: Readonly<Record<string, ReadonlyArray<Json>>> = {
  "no items": [],
  "a message without content": [{ type: "message", id: "msg_1", role: "assistant", content: null }],
  "a refusal after a text": [{
    type: "message",
    id: "msg_1",
    content: [{ type: "output_text", text: "Hm. " }, { type: "refusal", refusal: "No." }]
  }],
  "contents and members nobody knows": [{
    type: "message",
    id: "msg_1",
    mood: { level: 3 },
    content: [{ type: "output_text", text: "Listen", tone: "kind" }, { type: "output_audio", data: "QUJD" }]
  }],
  "citations without a name, an address or a known type": [{
    type: "message",
    id: "msg_1",
    content: [{
      type: "output_text",
      text: "So.",
      annotations: [
        { type: "file_path", file_id: "file-1", index: 3 },
        { type: "url_citation", url: "no address", title: "T" },
        { type: "invented_citation", where: "somewhere else" },
        { type: "container_file_citation", container_id: "c", file_id: "cfile-1", filename: "plot.png" }
      ]
    }]
  }],
  "reasoning itself, and none": [
    { type: "reasoning", id: "rs_1", summary: null, content: [{ type: "reasoning_text", text: "Thought" }] },
    { type: "reasoning", id: "rs_2", summary: [], encrypted_content: "encrypted-thought" },
    said
  ],
  "arguments that are empty, cut and a list": [
    { type: "function_call", id: "fc_1", call_id: "c1", name: "look", arguments: "" },
    { type: "function_call", id: "fc_2", call_id: "c2", name: "look", arguments: "{\"place\":\"Li" },
    { type: "function_call", id: "fc_3", call_id: "c3", name: "look", arguments: "[1]" }
  ],
  "a tool that takes text": [{ type: "custom_tool_call", id: "ct_1", call_id: "c1", name: "sql", input: "SELECT 1" }],
  "searches": [
    {
      type: "web_search_call",
      id: "ws_1",
      status: "failed",
      action: { type: "open_page", url: "https://example.org" }
    },
    { type: "web_search_call", id: "ws_2", status: "completed" },
    { type: "file_search_call", id: "fs_1", status: "completed", queries: ["q"], results: null },
    said
  ],
  "code without output": [
    { type: "code_interpreter_call", id: "ci_1", container_id: "cntr_1", code: null, outputs: null },
    said
  ],
  "an image, and one that is none": [
    { type: "image_generation_call", id: "ig_1", status: "completed", result: "iVBORw0KGgo=", output_format: "png" },
    { type: "image_generation_call", id: "ig_2", status: "failed", result: null }
  ],
  "MCP that fails": [
    { type: "mcp_list_tools", id: "mcpl_1", server_label: "docs", tools: [], error: "no connection" },
    { type: "mcp_call", id: "mcp_1", server_label: "docs", name: "ask", arguments: "no JSON", error: { code: 7 } }
  ],
  "MCP that asks": [{ type: "mcp_approval_request", id: "mcpr_1", server_label: "docs", name: "ask", arguments: "{}" }],
  "calls that wait for the program": [
    { type: "local_shell_call", id: "ls_1", call_id: "c1", action: { command: ["ls"] } },
    { type: "apply_patch_call", id: "ap_1", call_id: "c2", operation: { type: "delete_file", path: "a" } },
    { type: "computer_call", id: "cu_1", call_id: "c3", action: { type: "wait" }, pending_safety_checks: [] },
    { type: "shell_call", id: "sh_1", call_id: "c4", action: { commands: ["ls"] }, environment: null }
  ],
  "calls with results of their own": [
    { type: "shell_call", id: "sh_1", call_id: "c1", action: { commands: ["ls"] }, environment: container },
    { type: "shell_call_output", id: "so_1", call_id: "c1", output: [{ stdout: "a", outcome: { exit_code: 1 } }] },
    { type: "tool_search_call", id: "ts_1", call_id: null, execution: "server", arguments: { query: "q" } },
    { type: "tool_search_output", id: "to_1", call_id: null, execution: "server", tools: [look] },
    { type: "program", id: "p_1", call_id: "c2", code: "look()", fingerprint: "fp" },
    { type: "program_output", id: "po_1", call_id: "c2", result: "done" },
    said
  ],
  "what only goes back": [
    { type: "compaction", id: "cmp_1", encrypted_content: "encrypted-past", created_by: "somebody" },
    { type: "invented_item", id: "inv_1", payload: { a: [1, "two"], flag: true } },
    said
  ]
}

/** Tools that declare what the items call. */
export const hosted: ReadonlyArray<Json> = [
  look,
  { type: "custom", name: "sql" },
  { type: "web_search" },
  { type: "file_search", vector_store_ids: ["vs_1"] },
  { type: "code_interpreter", container: "cntr_1" },
  { type: "image_generation" },
  { type: "mcp", server_label: "docs", server_url: "https://mcp.example.org" },
  { type: "local_shell" },
  { type: "apply_patch" },
  { type: "computer" },
  { type: "tool_search" },
  { type: "programmatic_tool_calling" }
]
