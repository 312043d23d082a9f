import { CohereClient, CohereLanguageModel } from "@llm-layers/cohere"
import { Layer } from "effect"
import type { Call, Failed, Said, Wire } from "../Wire.ts"

const usage = {
  billed_units: { input_tokens: 1, output_tokens: 7 },
  tokens: { input_tokens: 5, output_tokens: 7 }
}

const reasonOf = ({ call }: Said) => call === undefined ? "COMPLETE" : "TOOL_CALL"

const event = (data: { readonly type: string; readonly [member: string]: unknown }) =>
  `event: ${data.type}\ndata: ${JSON.stringify(data)}\n\n`

const inMessage = (type: string, index: number, message: { readonly [member: string]: unknown }) => ({
  type,
  index,
  delta: { message }
})

const ofText = (deltas: ReadonlyArray<string>) => [
  inMessage("content-start", 0, { content: { type: "text", text: "" } }),
  ...deltas.map((text) => inMessage("content-delta", 0, { content: { text } })),
  { type: "content-end", index: 0 }
]

const calling = (call: Call, text: string) => ({
  id: `${call.name}_1`,
  type: "function",
  function: { name: call.name, arguments: text }
})

const ofCall = (call: Call) => {
  const half = Math.floor(call.arguments.length / 2)
  const piece = (text: string) => inMessage("tool-call-delta", 0, { tool_calls: { function: { arguments: text } } })
  return [
    inMessage("tool-call-start", 0, { tool_calls: calling(call, "") }),
    piece(call.arguments.slice(0, half)),
    piece(call.arguments.slice(half)),
    { type: "tool-call-end", index: 0 }
  ]
}

const error = ({ message, type }: Failed) => ({
  id: "req_1",
  message,
  ...(type === undefined ? undefined : { error_type: type })
})

/** Statuses and words: https://docs.cohere.com/reference/errors, and recorded answers. */
const rejections: Wire["rejections"] = {
  "wrong key": [{ status: 401, failed: { message: "invalid api token" } }],
  "missing key": [{ status: 401, failed: { message: "no api key supplied" } }],
  "expired key": [{ status: 401, failed: { message: "api token has expired" } }],
  "key without permission": [{ status: 403, failed: { message: "this key may not use the model" } }],
  "unknown model": [{
    status: 404,
    failed: {
      message:
        "model 'command-0' not found, make sure the correct model ID was used and that you have access to the model."
    }
  }],
  "context too long": [
    {
      status: 400,
      failed: { type: "TOO_MANY_TOKENS", message: "too many tokens: size limit exceeded by 25836 tokens." }
    },
    { status: 400, failed: { message: "too many tokens: the limit for this model is 288000 tokens." } }
  ],
  "content refused by policy": [{ status: 498, failed: { message: "the request has a token that is not allowed" } }],
  "quota exhausted": [
    {
      status: 429,
      failed: {
        message:
          "You are using a Trial key, which is limited to 1000 API calls / month. You can continue to use it next month."
      }
    },
    { status: 402, failed: { message: "Please add or update your payment method to continue" } }
  ],
  "server error": [{ status: 500, failed: { message: "internal server error" } }],
  "overloaded": [{ status: 503, failed: { message: "the service is unavailable" } }],
  "invalid request": [
    { status: 400, failed: { message: "invalid request: at least one message is required" } },
    { status: 422, failed: { message: "invalid request: temperature must be between 0 and 1" } }
  ]
}

export const cohere: Wire = {
  name: "Cohere",
  module: "CohereLanguageModel",
  path: "/v2/chat",
  model: "command-a-plus-05-2026",
  blind: { model: "command-a-03-2025", mediaType: "image/png" },
  layer: (model, options) => CohereLanguageModel.model(model).pipe(Layer.provide(CohereClient.layer(options))),
  fromEnvironment: (model) => CohereLanguageModel.model(model).pipe(Layer.provide(CohereClient.layerConfig())),
  keyVariable: "CO_API_KEY",
  rejections,
  failedWith: () => ({ message: "Something went wrong." }),
  // A stream fails with `ERROR` and words alone, or with a type of its own for calls of tools.
  errorEvents: { "server error": {} },
  error: (failed) => JSON.stringify(error(failed)),
  errorEvent: ({ message, type }) =>
    event({
      type: "message-end",
      delta: {
        finish_reason: "ERROR",
        usage: {},
        error: message,
        ...(type === undefined ? undefined : { error_type: type })
      }
    }),
  answer: (said) =>
    JSON.stringify({
      id: "c1",
      message: {
        role: "assistant",
        ...(said.deltas === undefined ? undefined : { content: [{ type: "text", text: said.deltas.join("") }] }),
        ...(said.call === undefined ? undefined : { tool_calls: [calling(said.call, said.call.arguments)] })
      },
      finish_reason: reasonOf(said),
      usage
    }),
  stream: (said) => ({
    before: [
      {
        type: "message-start",
        id: "c1",
        delta: { message: { role: "assistant", content: [], tool_plan: "", tool_calls: [], citations: [] } }
      },
      ...(said.deltas === undefined ? [] : ofText(said.deltas)),
      ...(said.call === undefined ? [] : ofCall(said.call))
    ].map(event),
    terminal: [
      event({ type: "message-end", delta: { finish_reason: reasonOf(said), usage } }),
      "data: [DONE]\n\n"
    ]
  }),
  unheard: [
    event({ type: "debug", prompt: "<BOS>" }),
    event({ type: "thing-start", index: 7 }),
    event({ type: "content-delta", index: 7, delta: { message: { content: { thing: "?" } } } }),
    `event: what\ndata: {"no":"type"}\n\n`,
    `: a comment\n\n`,
    `data: null\n\n`
  ]
}
