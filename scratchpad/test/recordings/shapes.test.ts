import { describe, it } from "@effect/vitest"
import * as Effect from "effect/Effect"
import { deepStrictEqual } from "node:assert"
import type { Json } from "../../src/recordings/json.ts"
import { runExchange } from "../../src/recordings/run-exchange.ts"
import { startServer } from "../../src/recordings/serve.ts"
import { asMessages } from "./answers-anthropic.ts"
import { asResponse } from "./answers-openai-responses.ts"
import { chat, messages, type Recorded, responses } from "./answers.ts"
import { answered, asking, streamed } from "./exchange.ts"

/** Each answer as it is, in every form a stream has, cut, and in the next request. */
const pass = (all: ReadonlyArray<Recorded>) =>
  Effect.scoped(Effect.gen(function*() {
    const server = yield* startServer
    for (const { api, exchange, name } of all) {
      const { lines } = yield* runExchange(server, exchange, api, "seed")
      deepStrictEqual(lines, [], name)
    }
  }))

type Shapes = Readonly<Record<string, ReadonlyArray<Json>>>

const look = { type: "function", name: "look", parameters: { type: "object", properties: {} } }
const said: Json = { type: "message", id: "msg_1", role: "assistant", content: [{ type: "output_text", text: "So." }] }
const container = { type: "container_reference", container_id: "cntr_1" }

const items: Shapes = {
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

const hosted: ReadonlyArray<Json> = [
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

const blocks: Shapes = {
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

const completions: Readonly<Record<string, Json>> = {
  "no text": { content: null },
  "a refusal with a text": { content: "Hm. ", refusal: "No." },
  "a call in the old form": { content: null, function_call: { name: "look", arguments: "{\"a\":1}" } },
  "a tool that takes text": { tool_calls: [{ id: "c", type: "custom", custom: { name: "sql", input: "{\"a\":1}" } }] },
  "members nobody knows": {
    content: "So.",
    mood: "bright",
    annotations: [
      { type: "url_citation", url_citation: { url: "https://example.org/" }, score: 0.125 },
      { type: "invented", where: "nowhere" }
    ],
    tool_calls: [{
      id: "c",
      type: "function",
      function: { name: "look", arguments: "" },
      extra_content: { a: "signed" }
    }]
  },
  "a spoken answer": { audio: { id: "audio_1", data: "UklGRg==", transcript: "Hello.", expires_at: 1_700_000_000 } }
}

describe("shapes that vendors describe", () => {
  it.effect("items of Responses, declared and not, plain and streamed", () =>
    pass(
      Object.entries(items).flatMap(([name, output]) =>
        [hosted, [look, { type: "custom", name: "sql" }]].flatMap((tools) => {
          const request = { model: "gpt-5.1", input: "Go", tools }
          const { plain, stream } = asResponse(output)
          return [
            { name, api: responses, exchange: asking(request, plain) },
            { name: `${name}, streamed`, api: responses, exchange: asking({ ...request, stream: true }, stream) }
          ]
        })
      )
    ))

  it.effect("blocks of Messages, plain and streamed", () =>
    pass(
      Object.entries(blocks).flatMap(([name, content]) => {
        const tools = [{ type: "web_search_20250305", name: "web_search" }]
        const request = {
          model: "claude-sonnet-4-5",
          max_tokens: 9,
          messages: [{ role: "user", content: "Go" }],
          tools
        }
        const { plain, stream } = asMessages(content)
        return [
          { name, api: messages, exchange: asking(request, plain) },
          { name: `${name}, streamed`, api: messages, exchange: asking({ ...request, stream: true }, stream) }
        ]
      })
    ))

  it.effect("messages of Chat Completions", () =>
    pass(
      Object.entries(completions).map(([name, message]) => ({
        name,
        api: chat,
        exchange: answered({ id: "chat-1", model: "m", choices: [{ index: 0, message, finish_reason: "stop" }] })
      }))
    ))

  it.effect("events and errors of streams", () => {
    const chunk = (delta: Json, more: { readonly [name: string]: Json } = {}): Json => ({
      id: "chat-1",
      choices: [{ index: 0, delta, finish_reason: null }],
      ...more
    })
    const stop: Json = { id: "chat-1", choices: [{ index: 0, delta: {}, finish_reason: "stop" }] }
    const start: Json = { type: "message_start", message: { id: "msg_1", model: "m", content: [] } }
    const error = (type: string, code: string | null = null): Json => ({
      type: "error",
      error: { type, code, message: "M" }
    })
    const part = { type: "content_block_start", index: 0, content_block: { type: "novel", seed: "a seed" } }
    const grown = { type: "content_block_delta", index: 0, delta: { type: "novel_delta", glow: "bright glow" } }
    const end = { type: "message_delta", delta: { stop_reason: "end_turn" } }
    return pass([
      {
        name: "odd chunks",
        api: chat,
        exchange: streamed({ choices: [] }, chunk({ content: "a" }), { choices: null }, stop)
      },
      {
        name: "late members",
        api: chat,
        exchange: streamed(chunk({ content: "a" }), chunk({ content: "b" }, { sparkle: { level: 7 } }), stop)
      },
      {
        name: "an error in the middle",
        api: chat,
        exchange: streamed(chunk({ content: "a" }), { error: "overloaded" })
      },
      { name: "a wrong request", api: responses, exchange: streamed(error("invalid_request_error")) },
      { name: "a code nobody knows", api: responses, exchange: streamed(error("server_error", "invented")) },
      { name: "two starts", api: messages, exchange: streamed(start, start, end, { type: "message_stop" }) },
      { name: "a novel block", api: messages, exchange: streamed(start, part, grown, end, { type: "message_stop" }) },
      { name: "overload", api: messages, exchange: streamed(start, error("overloaded_error")) }
    ])
  })
})
