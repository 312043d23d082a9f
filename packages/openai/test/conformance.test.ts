import type { Harness } from "@llm-layers/testing"
import * as Conformance from "@llm-layers/testing/Conformance"
import { Layer } from "effect"
import * as OpenAiClient from "../src/OpenAiClient.ts"
import * as OpenAiLanguageModel from "../src/OpenAiLanguageModel.ts"
import { failures } from "./fixtures/failures.ts"
import { answer } from "./fixtures/responses.ts"

const harness: Harness.Harness<OpenAiLanguageModel.Config> = {
  models: ["gpt-5.1", "gpt-5-pro", "gpt-3.5-turbo"],
  capabilities: OpenAiLanguageModel.capabilities,
  layer: ({ apiKey, baseUrl, fetch, model, settings }) =>
    // Reasoning goes back with the history where OpenAI does not keep the response.
    OpenAiLanguageModel.layer(model, { store: false, ...settings }).pipe(
      Layer.provide(OpenAiClient.layer({ apiKey, baseUrl: `${baseUrl}/v1`, fetch }))
    ),
  settings: {
    reasoning: { settings: { reasoning: { effort: "high" } }, wire: "high" },
    reasoningOff: { settings: { reasoning: { effort: "none" } }, wire: "none" }
  },
  answer,
  failures,
  errorEvents: [
    {
      name: "an error event",
      event: "error",
      data: { type: "error", code: "server_error", message: "It broke", param: null, sequence_number: 9 },
      kind: "ProviderFailed"
    },
    {
      name: "a response that failed",
      event: "response.failed",
      data: {
        type: "response.failed",
        sequence_number: 9,
        response: {
          id: "resp_1",
          object: "response",
          status: "failed",
          output: [],
          error: { code: "rate_limit_exceeded", message: "Too many tokens" }
        }
      },
      kind: "RateLimited"
    }
  ],
  unknownEvents: [
    { event: "keepalive", data: { type: "keepalive", sequence_number: 3 } },
    { event: "response.x_unheard.delta", data: { type: "response.x_unheard.delta", output_index: 9, delta: "?" } },
    { data: { hello: "world" } }
  ]
}

Conformance.suite("OpenAI Responses", harness)
