import { OpenRouterClient, OpenRouterLanguageModel } from "@llm-layers/openrouter"
import { Layer } from "effect"
import type { Call, Failed, Said, Wire } from "../Wire.ts"

const usage = { prompt_tokens: 5, completion_tokens: 7, total_tokens: 12, cost: 0.00012, is_byok: false }

const common = { id: "gen-1", created: 1_790_000_000, model: "acme/large", provider: "Acme" }

const toolCall = (call: Call) => ({
  id: "call_1",
  type: "function",
  function: { name: call.name, arguments: call.arguments }
})

const event = (data: object) => `data: ${JSON.stringify(data)}\n\n`

const processing = ": OPENROUTER PROCESSING\n\n"

const chunk = (delta: object, finish_reason: string | null = null) =>
  event({
    ...common,
    object: "chat.completion.chunk",
    choices: [{ index: 0, delta: { role: "assistant", ...delta }, finish_reason, native_finish_reason: finish_reason }]
  })

const ofCall = (call: Call) => {
  const half = Math.floor(call.arguments.length / 2)
  const piece = (text: string) => chunk({ tool_calls: [{ index: 0, function: { arguments: text } }] })
  return [
    chunk({ content: null, tool_calls: [{ index: 0, ...toolCall({ ...call, arguments: "" }) }] }),
    piece(call.arguments.slice(0, half)),
    piece(call.arguments.slice(half))
  ]
}

const reasonOf = ({ call }: Said) => call === undefined ? "stop" : "tool_calls"

/** The reasons of a refusal are what tells it from a key that may not do something. */
const metadataOf = ({ type }: Failed) =>
  type === "moderation"
    ? { reasons: ["violence"], flagged_input: "How to …", provider_name: "Acme", model_slug: "acme/large" }
    : type === "upstream"
    ? {
      provider_name: "Acme",
      raw: JSON.stringify({ error: { message: "Too much to read", code: "context_length_exceeded" } })
    }
    : { error_type: type }

/** The code is the status, a number; where an upstream broke off it may be a word. */
const error = (failed: Failed) => ({
  code: /^\d+$/.test(failed.code ?? "") ? Number(failed.code) : failed.code,
  message: failed.message,
  ...(failed.type === undefined ? undefined : { metadata: metadataOf(failed) })
})

/** Messages and codes: https://openrouter.ai/docs/api/reference/errors-and-debugging */
const rejections: Wire["rejections"] = {
  "wrong key": [{ status: 401, failed: { code: "401", message: "User not found." } }],
  "missing key": [
    { status: 401, failed: { code: "401", message: "No auth credentials found" } },
    { status: 401, failed: { code: "401", message: "Missing Authentication header" } }
  ],
  "expired key": [{ status: 401, failed: { code: "401", message: "API key expired." } }],
  "key without permission": [{ status: 403, failed: { code: "403", message: "Only management keys can do this." } }],
  "unknown model": [
    { status: 400, failed: { code: "400", message: "acme/none is not a valid model ID" } },
    { status: 404, failed: { code: "404", message: "No endpoints found for acme/none." } }
  ],
  "context too long": [
    {
      status: 400,
      failed: {
        code: "400",
        message: "This endpoint's maximum context length is 200000 tokens. However, you requested …"
      }
    },
    { status: 400, failed: { code: "400", type: "upstream", message: "Provider returned error" } }
  ],
  "content refused by policy": [{
    status: 403,
    failed: { code: "403", type: "moderation", message: "acme/large requires moderation. Your input was flagged." }
  }],
  "quota exhausted": [
    { status: 402, failed: { code: "402", message: "Insufficient credits. Add more at …" } },
    { status: 403, failed: { code: "403", message: "Key limit exceeded (monthly limit)." } }
  ],
  "server error": [
    { status: 500, failed: { code: "500", message: "Internal Server Error" } },
    { status: 502, failed: { code: "502", message: "Provider returned error" } }
  ],
  "overloaded": [
    { status: 503, failed: { code: "503", message: "There is no available model provider." } },
    { status: 529, failed: { code: "529", type: "provider_overloaded", message: "Provider overloaded" } }
  ],
  "invalid request": [
    { status: 400, failed: { code: "400", message: "Input required: specify \"prompt\" or \"messages\"" } },
    { status: 404, failed: { code: "404", message: "No endpoints found that support tool use." } }
  ]
}

export const openRouter: Wire = {
  name: "OpenRouter",
  lacks: { knownModels: "which upstream serves a model is known afterwards: no file is refused before the network" },
  module: "OpenRouterLanguageModel",
  path: "/api/v1/chat/completions",
  model: "acme/large",
  blind: { model: "acme/large", mediaType: "image/png" },
  keyVariable: "OPENROUTER_API_KEY",
  layer: (model, { baseUrl, ...options }) =>
    OpenRouterLanguageModel.model(model).pipe(
      Layer.provide(OpenRouterClient.layer({ ...options, baseUrl: `${baseUrl}/api/v1` }))
    ),
  fromEnvironment: (model) => OpenRouterLanguageModel.model(model).pipe(Layer.provide(OpenRouterClient.layerConfig())),
  rejections,
  failedWith: (status) => ({ code: String(status), message: "Something went wrong." }),
  errorEvents: {
    "overloaded": { code: "503", type: "provider_overloaded" },
    "rate limit": { code: "429" },
    "server error": { code: "server_error" }
  },
  error: (failed) => JSON.stringify({ error: error(failed), user_id: "user_1" }),
  // An answer that began well and switches to an error: the chunk has both, and the reason of the end.
  errorEvent: (failed) =>
    event({
      ...common,
      object: "chat.completion.chunk",
      error: error(failed),
      choices: [{ index: 0, delta: { content: "" }, finish_reason: "error", native_finish_reason: "error" }]
    }),
  answer: (said) =>
    JSON.stringify({
      ...common,
      object: "chat.completion",
      choices: [{
        index: 0,
        message: {
          role: "assistant",
          content: said.deltas?.join("") ?? null,
          refusal: null,
          reasoning: null,
          ...(said.call === undefined ? undefined : { tool_calls: [toolCall(said.call)] })
        },
        finish_reason: reasonOf(said),
        native_finish_reason: reasonOf(said)
      }],
      usage
    }),
  stream: (said) => ({
    before: [
      // Nothing of an answer is there before its first chunk.
      processing + processing + chunk({ content: "" }),
      ...(said.deltas ?? []).map((content) => chunk({ content })),
      ...(said.call === undefined ? [] : ofCall(said.call))
    ],
    terminal: [
      chunk({ content: "", reasoning: null }, reasonOf(said)),
      event({
        ...common,
        object: "chat.completion.chunk",
        choices: [{ index: 0, delta: { role: "assistant", content: "" }, finish_reason: reasonOf(said) }],
        usage
      }),
      "data: [DONE]\n\n"
    ]
  }),
  unheard: [
    event({ ...common, object: "chat.completion.thing", choices: [] }),
    event({ object: "unheard" }),
    `event: what\ndata: {"no":"choices"}\n\n`,
    processing,
    `data: null\n\n`
  ]
}
