import type { Harness } from "@llm-layers/testing"
import * as Conformance from "@llm-layers/testing/Conformance"
import { Layer } from "effect"
import * as OpenAiChatLanguageModel from "../src/OpenAiChatLanguageModel.ts"
import * as OpenAiClient from "../src/OpenAiClient.ts"
import { answer } from "./fixtures/chat.ts"
import { failures } from "./fixtures/failures.ts"

const harness: Harness.Harness<OpenAiChatLanguageModel.Config> = {
  models: ["gpt-4.1", "o3-mini", "gpt-5.1", "gpt-audio"],
  capabilities: OpenAiChatLanguageModel.capabilities,
  layer: ({ apiKey, baseUrl, fetch, model, settings }) =>
    OpenAiChatLanguageModel.layer(model, settings).pipe(
      Layer.provide(OpenAiClient.layer({ apiKey, baseUrl: `${baseUrl}/v1`, fetch }))
    ),
  settings: {
    reasoning: { settings: { reasoningEffort: "high" }, wire: "high" },
    reasoningOff: { settings: { reasoningEffort: "none" }, wire: "none" }
  },
  answer,
  failures,
  errorEvents: [
    {
      name: "an error inside",
      data: { error: { message: "It broke", type: "server_error", param: null, code: "server_error" } },
      kind: "ProviderFailed"
    }
  ],
  lacks: { reasoning: "OpenAI shows no reasoning in Chat Completions" },
  unknownEvents: [
    { data: { id: "", object: "chat.completion.x_unheard", choices: [] } },
    { event: "x_unheard", data: { hello: "world" } }
  ]
}

Conformance.suite("OpenAI Chat Completions", harness)
