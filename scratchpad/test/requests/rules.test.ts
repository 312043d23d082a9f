import { anthropicRules } from "../../src/requests/rules/anthropic.ts"
import { chatRules, embeddingRules, responsesRules } from "../../src/requests/rules/openai.ts"
import { type Body, type Examples, sent, suite } from "./broken.ts"

const strict = (schema: unknown) => ({ type: "function", name: "f", strict: true, parameters: schema })
const closed = { type: "object", properties: { a: { type: "string" } }, required: ["a"], additionalProperties: false }
const functionOf = (parameters: unknown) => sent({ tools: [{ type: "function", name: "f", parameters }] })
const image = (image_url: string) => sent({ input: [{ content: [{ type: "input_image", image_url }] }] })
const file = (more: Body) => sent({ input: [{ content: [{ type: "input_file", ...more }] }] })
const input = (...items: ReadonlyArray<Body>) => sent({ input: items })
const call = { type: "function_call", call_id: "c" }
const output = { type: "function_call_output", call_id: "c" }
const reasoning = { type: "reasoning", id: "rs" }

const responses: Examples = {
  "strict schemas": {
    wrong: [
      sent({ tools: [strict({ ...closed, additionalProperties: true })] }),
      sent({ tools: [strict({ ...closed, required: [] })] }),
      sent({ tools: [strict({ ...closed, properties: { a: {} } })] }),
      sent({ tools: [strict({ ...closed, properties: { a: { type: "string", minLength: 1 } } })] }),
      sent({ tools: [strict({ ...closed, properties: { a: { $ref: "#/$defs/gone" } } })] }),
      sent({ text: { format: { type: "json_schema", strict: true, schema: { anyOf: [closed] } } } }),
      sent({
        tools: [{ type: "function", function: { ...strict({ type: "array", items: closed }), type: undefined } }]
      })
    ],
    right: sent({
      tools: [strict({ ...closed, properties: { a: { $ref: "#/$defs/a" } }, $defs: { a: { type: "string" } } })],
      text: { format: { strict: false, schema: {} } }
    })
  },
  "parameters are an object, and lists have items": {
    wrong: [
      functionOf({ type: "object" }),
      functionOf({ properties: {} }),
      functionOf({ type: "object", properties: {}, anyOf: [] }),
      functionOf({ type: "object", properties: { a: { type: "array" } } })
    ],
    right: functionOf({ type: "object", properties: { a: { type: "array", items: {} }, b: { type: "object" } } })
  },
  "names of tools": {
    wrong: [
      sent({ tools: [{ type: "function", name: "a.b" }] }),
      sent({ tools: [{ type: "function", name: "a".repeat(65) }] }),
      sent({ tools: [{ type: "function", name: "a" }, { type: "custom", name: "a" }] }),
      sent({ tools: [{ type: "function", function: { name: "a b" } }] })
    ],
    right: sent({ tools: [{ type: "function", name: "a-b_C9" }, { type: "web_search" }] })
  },
  "tool choice with tools alone": {
    wrong: [sent({ tool_choice: "auto" }), sent({ tools: [], parallel_tool_calls: true })],
    right: sent({ tools: [{ type: "web_search" }], tool_choice: "auto", parallel_tool_calls: true })
  },
  images: {
    wrong: [
      image("data:image/svg+xml;base64,AA=="),
      image("AA=="),
      sent({ a: { image_url: { url: "file:///a.png" } } })
    ],
    right: image("data:image/png;base64,AA==")
  },
  files: {
    wrong: [
      file({}),
      file({ file_id: "file-1", file_url: "https://example.com/a.pdf" }),
      file({ file_data: "data:application/pdf;base64,AA==" }),
      file({ file_data: "AA==", filename: "a.pdf" })
    ],
    right: file({ file_data: "data:application/pdf;base64,AA==", filename: "a.pdf" })
  },
  "calls have outputs": {
    wrong: [
      input(call),
      input(output),
      input(call, output, output),
      input(call, call, output),
      input(call, { ...output, call_id: "d" })
    ],
    right: sent({ input: [output], previous_response_id: "resp_1" })
  },
  "reasoning is followed by its item": {
    wrong: [input(reasoning), input(reasoning, { role: "user" }), input(reasoning, output)],
    right: input(reasoning, reasoning, call, output)
  },
  "reasoning that is not stored is encrypted": {
    wrong: [sent({ store: false, input: [reasoning] })],
    right: sent({ store: false, input: [{ ...reasoning, encrypted_content: "x" }] })
  }
}

const toolCall = { id: "c", type: "function", function: { name: "f", arguments: "{}" } }
const calling = { role: "assistant", content: null, tool_calls: [toolCall] }
const result = { role: "tool", tool_call_id: "c", content: "x" }
const messages = (...all: ReadonlyArray<Body>) => sent({ messages: all })

const chat: Examples = {
  "results follow their calls": {
    wrong: [
      messages(calling),
      messages(result),
      messages(calling, { role: "user", content: "x" }, result),
      messages(calling, result, result)
    ],
    right: messages({ role: "user", content: "x" }, calling, result)
  },
  "ids of calls": {
    wrong: [messages({ ...calling, tool_calls: [{ ...toolCall, id: "c".repeat(41) }] })],
    right: messages({ ...calling, tool_calls: [{ ...toolCall, id: "c".repeat(40) }] })
  },
  "assistant messages say something": {
    wrong: [messages({ role: "assistant", content: null }), messages({ role: "assistant" })],
    right: messages({ role: "assistant", content: null, audio: { id: "a" } })
  },
  "a stream is asked for its token counts": {
    wrong: [sent({ stream: true }), sent({ stream: true, stream_options: {} })],
    right: sent({ stream: true, stream_options: { include_usage: true } })
  }
}

const embeddings: Examples = {
  "inputs of embeddings": {
    wrong: [sent({ input: [] }), sent({ input: ["a", ""] }), sent({ input: Array.from({ length: 2049 }, () => "a") })],
    right: sent({ input: Array.from({ length: 2048 }, () => "a") })
  }
}

const turn = (role: string, ...content: ReadonlyArray<Body>) => ({ role, content })
const text = (said: string) => ({ type: "text", text: said })
const use = { type: "tool_use", id: "t", name: "f", input: {} }
const used = { type: "tool_result", tool_use_id: "t", content: "x" }
const mark = (ttl?: string) => ({ ...text("x"), cache_control: { type: "ephemeral", ttl } })
const formatted = (schema: unknown) => sent({ output_config: { format: { type: "json_schema", schema } } })
const budget = (more: Body, headers: { readonly [name: string]: string } = {}) =>
  sent({ max_tokens: 2048, thinking: { type: "enabled", budget_tokens: 1024 }, ...more }, headers)
const document = (citations?: boolean) => ({
  type: "document",
  ...(citations === undefined ? undefined : { citations: { enabled: citations } })
})

const anthropic: Examples = {
  "roles alternate": {
    wrong: [messages(turn("user", text("a")), turn("user", text("b")))],
    right: messages(turn("user", text("a")), turn("assistant", text("b")), turn("user", text("c")))
  },
  "later system messages stand after a user turn and before none": {
    wrong: [
      messages(turn("system", text("a")), turn("assistant", text("b"))),
      messages(turn("user", text("a")), turn("assistant", text("b")), turn("system", text("c"))),
      messages(turn("user", text("a")), turn("system", text("b")), turn("user", text("c")))
    ],
    right: messages(turn("user", text("a")), turn("system", text("b")), turn("assistant", text("c")))
  },
  "texts say something": {
    wrong: [
      messages(turn("user", text(""))),
      messages(turn("user", text(" \n"))),
      sent({ system: [text("")] }),
      messages(turn("user"))
    ],
    right: messages(turn("user", text(" a")))
  },
  "results come first, in the turn after their calls": {
    wrong: [
      messages(turn("assistant", use), turn("user", text("a"), used)),
      messages(turn("assistant", use), turn("user", text("a"))),
      messages(turn("user", used)),
      messages(turn("assistant", use), turn("user", used, used))
    ],
    right: messages(turn("assistant", text("a"), use), turn("user", used, text("b")))
  },
  "failures are text": {
    wrong: [
      messages(turn("user", { ...used, is_error: true, content: "" })),
      messages(turn("user", { ...used, is_error: true, content: undefined })),
      messages(turn("user", { ...used, is_error: true, content: [] })),
      messages(turn("user", { ...used, is_error: true, content: [{ type: "image" }] }))
    ],
    right: messages(turn("user", { ...used, is_error: true, content: [text("no")] }))
  },
  "four cache marks, the longer ones first": {
    wrong: [
      sent({ system: [mark(), mark(), mark(), mark()], cache_control: { type: "ephemeral" } }),
      sent({ system: [mark()], messages: [turn("user", mark("1h"))] })
    ],
    right: sent({
      system: [mark("1h"), mark()],
      messages: [turn("user", mark("5m"))],
      cache_control: { type: "ephemeral" }
    })
  },
  "no cache mark on thinking": {
    wrong: [messages(turn("assistant", { type: "thinking", cache_control: { type: "ephemeral" } }))],
    right: messages(turn("assistant", { type: "thinking" }, mark()))
  },
  "thinking is signed": {
    wrong: [messages(turn("assistant", { type: "thinking", thinking: "a", signature: "" }))],
    right: messages(turn("assistant", { type: "thinking", thinking: "", signature: "s" }))
  },
  "schemas answers are held to": {
    wrong: [
      formatted({ type: "object", properties: {} }),
      formatted({ ...closed, properties: { a: { type: "integer", minimum: 1 } } }),
      formatted({
        ...closed,
        properties: { a: { $ref: "#/$defs/a" } },
        $defs: { a: { ...closed, properties: { a: { $ref: "#/$defs/a" } } } }
      }),
      sent({ tools: [{ name: "f", strict: true, input_schema: { type: "object", properties: {} } }] })
    ],
    right: formatted({ ...closed, required: [] })
  },
  "no name of a tool twice": {
    wrong: [sent({ tools: [{ name: "a" }, { name: "a" }] })],
    right: sent({ tools: [{ name: "a" }, { type: "computer_toolset_20260801" }, { type: "browser_toolset_20260801" }] })
  },
  "tool choice with tools alone": {
    wrong: [sent({ tool_choice: { type: "auto" } })],
    right: sent({ tools: [{ name: "a" }], tool_choice: { type: "auto" } })
  },
  "no white space at the end of a prefill": {
    wrong: [messages(turn("user", text("a")), turn("assistant", text("b ")))],
    right: messages(turn("assistant", text("b ")), turn("user", text("a ")))
  },
  "no sampling settings since 2026-10-21": {
    wrong: ["temperature", "top_p", "top_k"].map((member) =>
      sent({ [member]: 1 }, { "anthropic-version": "2026-10-21" })
    ),
    right: sent({ temperature: 1 }, { "anthropic-version": "2023-06-01" })
  },
  "what thinking allows": {
    wrong: [
      budget({ thinking: { type: "enabled", budget_tokens: 1023 } }),
      budget({ max_tokens: 1024 }),
      budget({ tool_choice: { type: "any" } })
    ],
    right: budget({ max_tokens: 512, tool_choice: { type: "auto" } }, {
      "anthropic-beta": "interleaved-thinking-2025-05-14"
    })
  },
  "citations of all documents or of none": {
    wrong: [messages(turn("user", document(true), document()))],
    right: messages(turn("user", document(false), document()))
  },
  "betas are named": {
    wrong: [sent({ mcp_servers: [] }), sent({ speed: "fast" }, { "anthropic-beta": "mcp-client-2025-11-20" })],
    right: sent({ mcp_servers: [] }, { "anthropic-beta": "a-2026-01-01,mcp-client-2025-11-20" })
  }
}

suite("the Responses API", responsesRules, responses)
suite("Chat Completions", chatRules, { ...responses, ...chat })
suite("embeddings", embeddingRules, embeddings)
suite("Anthropic", anthropicRules, anthropic)
