import { AnthropicClient, AnthropicLanguageModel } from "@llm-layers/anthropic"
import { Layer } from "effect"
import type { Call, Failed, Said, Wire } from "../Wire.ts"

const head = {
  id: "msg_1",
  type: "message",
  role: "assistant",
  model: "claude-haiku-5-5-20260915",
  stop_sequence: null
}

const usage = { input_tokens: 5, cache_creation_input_tokens: 0, cache_read_input_tokens: 0, output_tokens: 7 }

const reasonOf = ({ call }: Said) => call === undefined ? "end_turn" : "tool_use"

const event = (data: { readonly type: string; readonly [member: string]: unknown }) =>
  `event: ${data.type}\ndata: ${JSON.stringify(data)}\n\n`

const ofText = (deltas: ReadonlyArray<string>) => [
  { type: "content_block_start", index: 0, content_block: { type: "text", text: "" } },
  { type: "ping" },
  ...deltas.map((text) => ({ type: "content_block_delta", index: 0, delta: { type: "text_delta", text } })),
  { type: "content_block_stop", index: 0 }
]

const ofCall = (call: Call, index: number) => {
  const half = Math.floor(call.arguments.length / 2)
  const piece = (text: string) => ({
    type: "content_block_delta",
    index,
    delta: { type: "input_json_delta", partial_json: text }
  })
  return [
    {
      type: "content_block_start",
      index,
      content_block: { type: "tool_use", id: "toolu_1", name: call.name, input: {} }
    },
    piece(""),
    piece(call.arguments.slice(0, half)),
    piece(call.arguments.slice(half)),
    { type: "content_block_stop", index }
  ]
}

/** A plain answer has the arguments as JSON; what is no JSON comes as a text. */
const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}

const error = ({ code, message, type }: Failed) => ({
  type: "error",
  error: {
    type: type ?? "invalid_request_error",
    message,
    ...(code === undefined ? undefined : { details: { error_code: code } })
  },
  request_id: "req_1"
})

/** Types: platform.claude.com/docs/en/api/errors */
const rejections: Wire["rejections"] = {
  "wrong key": [{ status: 401, failed: { type: "authentication_error", message: "invalid x-api-key" } }],
  "missing key": [{ status: 401, failed: { type: "authentication_error", message: "x-api-key header is required" } }],
  "expired key": [{ status: 401, failed: { type: "authentication_error", message: "API key has expired" } }],
  "key without permission": [{
    status: 403,
    failed: {
      type: "permission_error",
      message: "Your API key does not have permission to use the specified resource."
    }
  }],
  "unknown model": [{ status: 404, failed: { type: "not_found_error", message: "model: claude-0" } }],
  "context too long": [{
    status: 400,
    failed: { message: "prompt is too long: 210000 tokens > 200000 maximum" }
  }],
  "content refused by policy": [{ status: 400, failed: { message: "Output blocked by content filtering policy" } }],
  "quota exhausted": [
    { status: 400, failed: { message: "Your credit balance is too low to access the Anthropic API." } },
    {
      status: 429,
      failed: {
        type: "rate_limit_error",
        code: "enforced_spend_limit_reached",
        message: "Monthly spend limit reached."
      }
    }
  ],
  "server error": [{ status: 500, failed: { type: "api_error", message: "Internal server error" } }],
  "overloaded": [{ status: 529, failed: { type: "overloaded_error", message: "Overloaded" } }],
  "invalid request": [{ status: 400, failed: { message: "max_tokens: Field required" } }]
}

const typeOfStatus: { readonly [status: number]: string | undefined } = {
  402: "billing_error",
  408: "timeout_error",
  413: "request_too_large",
  429: "rate_limit_error",
  502: "api_error",
  504: "timeout_error"
}

export const anthropic: Wire = {
  name: "Anthropic",
  module: "AnthropicLanguageModel",
  path: "/v1/messages",
  model: "claude-haiku-5-5",
  // All of Claude see images, but not of every type: platform.claude.com/docs/en/build-with-claude/vision
  blind: { model: "claude-haiku-5-5", mediaType: "image/tiff" },
  layer: (model, options) => AnthropicLanguageModel.model(model).pipe(Layer.provide(AnthropicClient.layer(options))),
  generateOverStream: (model, options) =>
    AnthropicLanguageModel.model(model, { maxOutputTokens: 60_000 }).pipe(
      Layer.provide(AnthropicClient.layer(options))
    ),
  fromEnvironment: (model) => AnthropicLanguageModel.model(model).pipe(Layer.provide(AnthropicClient.layerConfig())),
  keyVariable: "ANTHROPIC_API_KEY",
  rejections,
  failedWith: (status) => ({ type: typeOfStatus[status], message: "Something went wrong." }),
  errorEvents: {
    "overloaded": { type: "overloaded_error" },
    "rate limit": { type: "rate_limit_error" },
    "server error": { type: "api_error" }
  },
  error: (failed) => JSON.stringify(error(failed)),
  errorEvent: (failed) => event(error(failed)),
  answer: (said) =>
    JSON.stringify({
      ...head,
      content: [
        ...(said.deltas === undefined ? [] : [{ type: "text", text: said.deltas.join("") }]),
        ...(said.call === undefined
          ? []
          : [{ type: "tool_use", id: "toolu_1", name: said.call.name, input: parsed(said.call.arguments) }])
      ],
      stop_reason: reasonOf(said),
      usage
    }),
  stream: (said) => ({
    before: [
      {
        type: "message_start",
        message: { ...head, content: [], stop_reason: null, usage: { ...usage, output_tokens: 1 } }
      },
      ...(said.deltas === undefined ? [] : ofText(said.deltas)),
      ...(said.call === undefined ? [] : ofCall(said.call, said.deltas === undefined ? 0 : 1)),
      {
        type: "message_delta",
        delta: { stop_reason: reasonOf(said), stop_sequence: null },
        usage: { output_tokens: 7 }
      }
    ].map(event),
    terminal: [event({ type: "message_stop" })]
  }),
  unheard: [
    event({ type: "thing_start", index: 7 }),
    event({ type: "content_block_delta", index: 7, delta: { type: "thing_delta", thing: "?" } }),
    `event: what\ndata: {"no":"type"}\n\n`,
    `: a comment\n\n`,
    `data: null\n\n`
  ]
}
