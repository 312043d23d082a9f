import { OpenAiClient, OpenAiLanguageModel } from "@llm-layers/openai"
import { Layer } from "effect"
import type { Call, Failed, Said, Wire } from "./Wire.ts"

const usage = {
  input_tokens: 5,
  input_tokens_details: { cached_tokens: 0 },
  output_tokens: 7,
  output_tokens_details: { reasoning_tokens: 0 },
  total_tokens: 12
}

const response = (status: string, output: ReadonlyArray<object>) => ({
  id: "resp_1",
  object: "response",
  created_at: 1_790_000_000,
  status,
  error: null,
  incomplete_details: null,
  model: "gpt-5.1-2025-11-13",
  output,
  usage: status === "completed" ? usage : null
})

const message = (text: string, status = "completed") => ({
  id: "msg_1",
  type: "message",
  role: "assistant",
  status,
  content: status === "completed" ? [{ type: "output_text", text, annotations: [] }] : []
})

const functionCall = (call: Call, status = "completed") => ({
  id: "fc_1",
  type: "function_call",
  call_id: "call_1",
  status,
  name: call.name,
  arguments: status === "completed" ? call.arguments : ""
})

const output = ({ call, deltas }: Said) => [
  ...(deltas === undefined ? [] : [message(deltas.join(""))]),
  ...(call === undefined ? [] : [functionCall(call)])
]

const event = (data: { readonly type: string; readonly [member: string]: unknown }) =>
  `event: ${data.type}\ndata: ${JSON.stringify(data)}\n\n`

const ofMessage = (deltas: ReadonlyArray<string>) => {
  const place = { item_id: "msg_1", output_index: 0, content_index: 0 }
  const part = (text: string) => ({ type: "output_text", text, annotations: [] })
  return [
    { type: "response.output_item.added", output_index: 0, item: message("", "in_progress") },
    { type: "response.content_part.added", ...place, part: part("") },
    ...deltas.map((delta) => ({ type: "response.output_text.delta", ...place, delta })),
    { type: "response.output_text.done", ...place, text: deltas.join("") },
    { type: "response.content_part.done", ...place, part: part(deltas.join("")) },
    { type: "response.output_item.done", output_index: 0, item: message(deltas.join("")) }
  ]
}

const ofCall = (call: Call, index: number) => {
  const place = { item_id: "fc_1", output_index: index }
  const half = Math.floor(call.arguments.length / 2)
  return [
    { type: "response.output_item.added", output_index: index, item: functionCall(call, "in_progress") },
    { type: "response.function_call_arguments.delta", ...place, delta: call.arguments.slice(0, half) },
    { type: "response.function_call_arguments.delta", ...place, delta: call.arguments.slice(half) },
    { type: "response.function_call_arguments.done", ...place, arguments: call.arguments },
    { type: "response.output_item.done", output_index: index, item: functionCall(call) }
  ]
}

const error = ({ code, message, type }: Failed) => ({
  message,
  type: type ?? "invalid_request_error",
  param: null,
  code: code ?? null
})

export const openAiResponses: Wire = {
  name: "OpenAI Responses",
  module: "OpenAiLanguageModel",
  path: "/v1/responses",
  model: "gpt-5.1",
  blind: { model: "o3-mini", mediaType: "image/png" },
  layer: (model, { baseUrl, ...options }) =>
    OpenAiLanguageModel.model(model).pipe(
      Layer.provide(OpenAiClient.layer({ ...options, baseUrl: `${baseUrl}/v1` }))
    ),
  error: (failed) => JSON.stringify({ error: error(failed) }),
  errorEvent: (failed) => event({ type: "error", code: failed.code ?? null, message: failed.message, param: null }),
  answer: (said) => JSON.stringify(response("completed", output(said))),
  stream: (said) => ({
    before: [
      { type: "response.created", response: response("in_progress", []) },
      { type: "response.in_progress", response: response("in_progress", []) },
      ...(said.deltas === undefined ? [] : ofMessage(said.deltas)),
      ...(said.call === undefined ? [] : ofCall(said.call, said.deltas === undefined ? 0 : 1))
    ].map(event),
    terminal: [event({ type: "response.completed", response: response("completed", output(said)) })]
  }),
  unheard: [
    event({ type: "response.thing.delta", item_id: "thing_1", output_index: 7, delta: "?" }),
    event({ type: "keepalive" }),
    `event: what\ndata: {"no":"type"}\n\n`,
    `: a comment\n\n`,
    `data: null\n\n`
  ]
}
