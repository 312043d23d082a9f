/** Answers as the Responses API gives them, given back with the next question. */
import * as OpenAiTool from "@llm-layers/openai/OpenAiTool"
import * as ResponseIdTracker from "effect/ai/ResponseIdTracker"
import * as Tool from "effect/ai/Tool"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { conversation, results } from "../own-cases.ts"
import type { Check } from "../Vendor.ts"
import { items, type Responses, textItem } from "./api.ts"

const rate = Tool.make("exchange_rate", {
  description: "Gives a rate.",
  parameters: Schema.Struct({ from: Schema.String }),
  success: Schema.Finite
})

const thought = {
  type: "reasoning",
  id: "rs_0f3a",
  summary: [{ type: "summary_text", text: "**A river**" }, { type: "summary_text", text: "It is long." }],
  encrypted_content: "gAAAAABm-secret"
}
const call = {
  type: "function_call",
  id: "fc_0f3a",
  call_id: "call_0f3a",
  name: rate.name,
  arguments: `{"from":"EUR"}`,
  status: "completed"
}

const stored = { store: true } as const
const unstored = { store: false } as const

/** The same with and without OpenAI's keeping it. */
const kept = (api: Responses, name: string, turn: Parameters<typeof conversation>[3]): ReadonlyArray<Check> => [
  ...conversation(api, `${name} in the history`, stored, turn),
  ...conversation(api, `${name} in the history, not stored`, unstored, turn)
]

export const conversations = (api: Responses): ReadonlyArray<Check> => [
  ...kept(api, "reasoning", {
    answer: items(thought, textItem("The Tagus.", { phase: "final_answer" })),
    said: ["rs_0f3a", "gAAAAABm-secret", "**A river**", "It is long.", "The Tagus.", "final_answer"]
  }),
  ...kept(api, "reasoning before calls", {
    tools: [rate],
    answer: items(thought, textItem("I look.", { phase: "commentary" }), call, {
      ...call,
      id: "fc_1",
      call_id: "call_1"
    }),
    next: results(1.25),
    said: ["rs_0f3a", "call_0f3a", "call_1", "1.25", "commentary"]
  }),
  ...kept(api, "reasoning without a summary", {
    tools: [rate],
    answer: items({ ...thought, summary: [] }, call),
    next: results(1.25, { isFailure: true }),
    said: ["gAAAAABm-secret"]
  }),
  ...kept(api, "reasoning in full", {
    answer: items(
      { ...thought, summary: [], content: [{ type: "reasoning_text", text: "All of it." }] },
      textItem("The Tagus.")
    ),
    said: ["All of it."]
  }),
  ...kept(api, "a refusal", {
    answer: items({ ...textItem(""), content: [{ type: "refusal", refusal: "I cannot." }] }),
    said: ["I cannot."]
  }),
  ...kept(api, "a web search with citations", {
    tools: [OpenAiTool.WebSearch({})],
    answer: items(
      thought,
      {
        type: "web_search_call",
        id: "ws_0f3a",
        status: "completed",
        action: {
          type: "search",
          query: "Tagus",
          queries: ["Tagus"],
          sources: [{ type: "url", url: "https://example.com/tagus" }]
        }
      },
      textItem("It is long.", {
        content: [{
          type: "output_text",
          text: "It is long.",
          annotations: [{
            type: "url_citation",
            start_index: 0,
            end_index: 11,
            url: "https://example.com/tagus",
            title: "The Tagus"
          }]
        }]
      })
    ),
    said: ["ws_0f3a", "It is long."]
  }),
  ...kept(api, "opened and searched pages", {
    tools: [OpenAiTool.WebSearch({})],
    answer: items(
      {
        type: "web_search_call",
        id: "ws_1",
        status: "completed",
        action: { type: "open_page", url: "https://example.com/" }
      },
      {
        type: "web_search_call",
        id: "ws_2",
        status: "completed",
        action: { type: "find_in_page", url: "https://example.com/", pattern: "Tagus" }
      },
      textItem("Found.")
    ),
    said: ["ws_1", "ws_2"]
  }),
  ...kept(api, "a file search", {
    tools: [OpenAiTool.FileSearch({ vector_store_ids: ["vs_68a1"] })],
    answer: items({
      type: "file_search_call",
      id: "fs_0f3a",
      status: "completed",
      queries: ["Tagus"],
      results: [{ file_id: "file-abc123", filename: "a.txt", score: 0.5, text: "The Tagus is long.", attributes: {} }]
    }, textItem("Long.")),
    said: ["fs_0f3a", "The Tagus is long."]
  }),
  ...kept(api, "a run of code", {
    tools: [OpenAiTool.CodeInterpreter({ container: { type: "auto" } })],
    answer: items({
      type: "code_interpreter_call",
      id: "ci_0f3a",
      status: "completed",
      container_id: "cntr_68a1",
      code: "print(7)",
      outputs: [{ type: "logs", logs: "7\n" }]
    }, textItem("Seven.")),
    said: ["ci_0f3a", "print(7)", "7\n"]
  }),
  ...kept(api, "a generated image", {
    tools: [OpenAiTool.ImageGeneration({})],
    answer: items({
      type: "image_generation_call",
      id: "ig_0f3a",
      status: "completed",
      result: "iVBORw0KGgo=",
      output_format: "png",
      quality: "low",
      size: "1024x1024",
      background: "opaque",
      revised_prompt: "A river",
      action: "generate"
    }, textItem("Here.")),
    said: ["ig_0f3a", "iVBORw0KGgo="]
  }),
  ...kept(api, "an MCP call", {
    tools: [OpenAiTool.Mcp({ server_label: "docs", server_url: "https://mcp.example.com" })],
    answer: items(
      {
        type: "mcp_list_tools",
        id: "mcpl_0f3a",
        server_label: "docs",
        tools: [{ name: "find", description: "Finds.", input_schema: { type: "object" }, annotations: null }],
        error: null
      },
      {
        type: "mcp_call",
        id: "mcp_0f3a",
        server_label: "docs",
        name: "find",
        arguments: `{"q":"Tagus"}`,
        output: "1007 km",
        error: null,
        status: "completed",
        approval_request_id: null
      },
      textItem("Long.")
    ),
    said: ["mcpl_0f3a", "mcp_0f3a", "1007 km"]
  }),
  ...kept(api, "a call of an MCP server that has to be approved", {
    tools: [OpenAiTool.Mcp({ server_label: "docs", server_url: "https://mcp.example.com" })],
    answer: items({
      type: "mcp_approval_request",
      id: "mcpr_0f3a",
      server_label: "docs",
      name: "find",
      arguments: `{"q":"Tagus"}`
    }),
    next: () => [OpenAiTool.approval({ approvalId: "mcpr_0f3a" }, { approved: true, reason: "It only reads." })],
    said: ["mcpr_0f3a", "It only reads."]
  }),
  ...kept(api, "a shell call in a container", {
    tools: [OpenAiTool.HostedShell({ environment: { type: "container_auto" } })],
    answer: items(
      {
        type: "shell_call",
        id: "sh_0f3a",
        call_id: "call_sh",
        status: "completed",
        action: { commands: ["ls"], timeout_ms: 1000, max_output_length: 4096 },
        environment: { type: "container_reference", container_id: "cntr_68a1" }
      },
      {
        type: "shell_call_output",
        id: "sho_0f3a",
        call_id: "call_sh",
        status: "completed",
        output: [{ stdout: "a.txt", stderr: "", outcome: { type: "exit", exit_code: 0 } }],
        max_output_length: 4096
      },
      textItem("One file.")
    ),
    said: ["call_sh", "a.txt"]
  }),
  ...kept(api, "a shell call run here", {
    tools: [OpenAiTool.Shell({})],
    answer: items({
      type: "shell_call",
      id: "sh_0f3a",
      call_id: "call_sh",
      status: "completed",
      action: { commands: ["ls"], timeout_ms: null, max_output_length: 4096 },
      environment: { type: "local" }
    }),
    next: results({ output: [{ stdout: "a.txt", stderr: "", outcome: { type: "exit", exit_code: 0 } }] }),
    said: ["call_sh", "a.txt"]
  }),
  ...kept(api, "a failed shell call", {
    tools: [OpenAiTool.Shell({})],
    answer: items({
      type: "shell_call",
      id: "sh_0f3a",
      call_id: "call_sh",
      status: "completed",
      action: { commands: ["ls"] },
      environment: { type: "local" }
    }),
    next: results({ reason: "No shell here." }, { isFailure: true }),
    said: ["No shell here."]
  }),
  ...kept(api, "a local shell call", {
    tools: [OpenAiTool.LocalShell({})],
    answer: items({
      type: "local_shell_call",
      id: "lsh_0f3a",
      call_id: "call_lsh",
      status: "completed",
      action: { type: "exec", command: ["ls"], env: {}, timeout_ms: null, user: null, working_directory: null }
    }),
    next: results("a.txt"),
    said: ["call_lsh", "a.txt"]
  }),
  ...kept(api, "a patch", {
    tools: [OpenAiTool.ApplyPatch({})],
    answer: items({
      type: "apply_patch_call",
      id: "apc_0f3a",
      call_id: "call_apc",
      status: "completed",
      operation: { type: "create_file", path: "a.txt", diff: "+Tagus" }
    }),
    next: results("done"),
    said: ["call_apc", "done", "+Tagus"]
  }),
  ...kept(api, "an action on a screen", {
    tools: [OpenAiTool.ComputerUse({})],
    answer: items({
      type: "computer_call",
      id: "cu_0f3a",
      call_id: "call_cu",
      status: "completed",
      actions: [{ type: "click", button: "left", x: 401, y: 301 }],
      pending_safety_checks: [{ id: "sc_1", code: "malicious_instructions", message: "Careful." }]
    }),
    next: results({
      output: { type: "computer_screenshot", image_url: "data:image/png;base64,iVBORw0KGgo=" },
      acknowledged_safety_checks: [{ id: "sc_1", code: "malicious_instructions", message: "Careful." }]
    }),
    said: ["call_cu", "401", "iVBORw0KGgo=", "sc_1"]
  }),
  ...kept(api, "a call of a free-form tool", {
    tools: [OpenAiTool.Custom("calculator", {})],
    answer: items(thought, {
      type: "custom_tool_call",
      id: "ctc_0f3a",
      call_id: "call_ctc",
      name: "calculator",
      input: "7 * 6",
      status: "completed"
    }),
    next: results("42"),
    said: ["call_ctc", "7 * 6", "42"]
  }),
  ...kept(api, "a search of tools", {
    tools: [OpenAiTool.ToolSearch({}), rate.annotate(OpenAiTool.DeferLoading, true)],
    answer: items(
      {
        type: "tool_search_call",
        id: "tsc_0f3a",
        call_id: null,
        execution: "server",
        status: "completed",
        arguments: { paths: [rate.name] },
        created_by: "model"
      },
      {
        type: "tool_search_output",
        id: "tso_0f3a",
        call_id: null,
        execution: "server",
        status: "completed",
        tools: [{ type: "function", name: rate.name, parameters: { type: "object", properties: {} }, strict: false }]
      },
      call
    ),
    next: results(1.25),
    said: ["tsc_0f3a", "tso_0f3a"]
  }),
  ...kept(api, "a search of tools by the program", {
    tools: [
      OpenAiTool.ClientToolSearch({ execution: "client", description: "Finds tools.", parameters: { type: "object" } })
    ],
    answer: items({
      type: "tool_search_call",
      id: "tsc_0f3a",
      call_id: "call_tsc",
      execution: "client",
      status: "completed",
      arguments: { goal: "rates" }
    }),
    next: results({
      tools: [{ type: "function", name: rate.name, parameters: { type: "object", properties: {} }, strict: false }]
    }),
    said: ["call_tsc", "rates"]
  }),
  ...kept(api, "a program with a call", {
    tools: [OpenAiTool.ProgrammaticToolCalling({}), rate],
    answer: items(
      { type: "program", id: "prog_0f3a", call_id: "call_prog", code: "await rate()", fingerprint: "fp_1" },
      { ...call, caller: { type: "program", caller_id: "call_prog" } }
    ),
    next: results(1.25),
    said: ["call_prog", "await rate()", "fp_1"]
  }),
  ...kept(api, "a compaction", {
    answer: items({ type: "compaction", id: "cmp_0f3a", encrypted_content: "gAAAAABm-compact" }, textItem("Yes.")),
    said: ["gAAAAABm-compact"]
  }),
  ...conversation(api, "a conversation that OpenAI keeps", stored, {
    answer: items(thought, textItem("The Tagus.")),
    said: []
  }).map((check): Check => ({
    ...check,
    said: [{ what: "the answer that is continued", forms: ["resp_1"] }, { what: "the question", forms: ["Go on."] }],
    run: (fetch) =>
      Effect.flatMap(
        ResponseIdTracker.make,
        (tracker) => Effect.provideService(check.run(fetch), ResponseIdTracker.ResponseIdTracker, tracker)
      )
  }))
]
