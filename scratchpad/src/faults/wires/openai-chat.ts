import { OpenAiChatLanguageModel, OpenAiClient } from "@llm-layers/openai"
import { Layer } from "effect"
import type { Call, Said, Wire } from "../Wire.ts"
import { openAiErrors } from "./openai-responses.ts"

const usage = { prompt_tokens: 5, completion_tokens: 7, total_tokens: 12 }

const common = { id: "chatcmpl-1", created: 1_790_000_000, model: "gpt-4.1-2025-04-14" }

const toolCall = (call: Call) => ({
  id: "call_1",
  type: "function",
  function: { name: call.name, arguments: call.arguments }
})

const event = (data: object) => `data: ${JSON.stringify(data)}\n\n`

const chunk = (delta: object, finish_reason: string | null = null) =>
  event({ ...common, object: "chat.completion.chunk", choices: [{ index: 0, delta, finish_reason }], usage: null })

const ofCall = (call: Call) => {
  const half = Math.floor(call.arguments.length / 2)
  const piece = (text: string) => chunk({ tool_calls: [{ index: 0, function: { arguments: text } }] })
  return [
    chunk({ tool_calls: [{ index: 0, ...toolCall({ ...call, arguments: "" }) }] }),
    piece(call.arguments.slice(0, half)),
    piece(call.arguments.slice(half))
  ]
}

const reasonOf = ({ call }: Said) => call === undefined ? "stop" : "tool_calls"

export const openAiChat: Wire = {
  ...openAiErrors,
  name: "OpenAI Chat Completions",
  module: "OpenAiChatLanguageModel",
  path: "/v1/chat/completions",
  model: "gpt-4.1",
  blind: { model: "o3-mini", mediaType: "image/png" },
  layer: (model, { baseUrl, ...options }) =>
    OpenAiChatLanguageModel.model(model).pipe(
      Layer.provide(OpenAiClient.layer({ ...options, baseUrl: `${baseUrl}/v1` }))
    ),
  fromEnvironment: (model) => OpenAiChatLanguageModel.model(model).pipe(Layer.provide(OpenAiClient.layerConfig())),
  errorEvent: (failed) => event(JSON.parse(openAiErrors.error(failed))),
  answer: (said) =>
    JSON.stringify({
      ...common,
      object: "chat.completion",
      choices: [{
        index: 0,
        message: {
          role: "assistant",
          content: said.deltas?.join("") ?? null,
          ...(said.call === undefined ? undefined : { tool_calls: [toolCall(said.call)] })
        },
        finish_reason: reasonOf(said)
      }],
      usage
    }),
  stream: (said) => ({
    before: [
      chunk({ role: "assistant", content: "" }),
      ...(said.deltas ?? []).map((content) => chunk({ content })),
      ...(said.call === undefined ? [] : ofCall(said.call))
    ],
    terminal: [
      chunk({}, reasonOf(said)),
      event({ ...common, object: "chat.completion.chunk", choices: [], usage }),
      "data: [DONE]\n\n"
    ]
  }),
  unheard: [
    event({ ...common, object: "chat.completion.thing", choices: [] }),
    event({ object: "unheard" }),
    `event: what\ndata: {"no":"choices"}\n\n`,
    `: a comment\n\n`,
    `data: null\n\n`
  ]
}
