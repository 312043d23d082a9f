import { OpenAiClient, OpenAiLanguageModel } from "@llm-layers/openai"
import { Layer } from "effect"
import type { Call, Failed, Said, Wire } from "../Wire.ts"

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

/** Codes and types: platform.openai.com/docs/guides/error-codes */
const rejections: Wire["rejections"] = {
  "wrong key": [{ status: 401, failed: { code: "invalid_api_key", message: "Incorrect API key provided." } }],
  "missing key": [{
    status: 401,
    failed: { message: "You didn't provide an API key. You need to provide your API key in an Authorization header." }
  }],
  "expired key": [{
    status: 401,
    failed: { code: "invalid_api_key", message: "Your API key has expired. Create a new one." }
  }],
  "key without permission": [{
    status: 403,
    failed: { message: "You have insufficient permissions for this operation." }
  }],
  "unknown model": [{
    status: 404,
    failed: { code: "model_not_found", message: "The model `gpt-0` does not exist or you do not have access to it." }
  }],
  "context too long": [
    {
      status: 400,
      failed: { code: "context_length_exceeded", message: "Your input exceeds the context window of this model." }
    },
    { status: 400, failed: { message: "This model's maximum context length is 128000 tokens." } }
  ],
  "content refused by policy": [
    {
      status: 400,
      failed: { code: "content_policy_violation", message: "Your request was rejected by our safety system." }
    },
    {
      status: 400,
      failed: { code: "invalid_prompt", message: "Your prompt was flagged as potentially violating our usage policy." }
    }
  ],
  "quota exhausted": [{
    status: 429,
    failed: { code: "insufficient_quota", type: "insufficient_quota", message: "You exceeded your current quota." }
  }],
  "server error": [{
    status: 500,
    failed: { type: "server_error", message: "The server had an error while processing your request." }
  }],
  "overloaded": [{
    status: 503,
    failed: { type: "server_error", message: "The engine is currently overloaded, please try again later." }
  }],
  "invalid request": [{
    status: 400,
    failed: { code: "unsupported_value", message: "Unsupported value: 'minimal' is not supported with this model." }
  }]
}

/** What both of OpenAI's APIs say alike. */
export const openAiErrors = {
  keyVariable: "OPENAI_API_KEY",
  rejections,
  failedWith: (status) => ({
    code: status === 429 ? "rate_limit_exceeded" : undefined,
    message: "Something went wrong."
  }),
  errorEvents: {
    "overloaded": { type: "server_error", code: "server_overloaded" },
    "rate limit": { code: "rate_limit_exceeded" },
    "server error": { type: "server_error", code: "server_error" }
  },
  error: (failed) => JSON.stringify({ error: error(failed) })
} satisfies Partial<Wire>

export const openAiResponses: Wire = {
  ...openAiErrors,
  name: "OpenAI Responses",
  module: "OpenAiLanguageModel",
  path: "/v1/responses",
  model: "gpt-5.1",
  blind: { model: "o3-mini", mediaType: "image/png" },
  layer: (model, { baseUrl, ...options }) =>
    OpenAiLanguageModel.model(model).pipe(
      Layer.provide(OpenAiClient.layer({ ...options, baseUrl: `${baseUrl}/v1` }))
    ),
  fromEnvironment: (model) => OpenAiLanguageModel.model(model).pipe(Layer.provide(OpenAiClient.layerConfig())),
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
