import type { Harness } from "@llm-layers/testing"
import * as Conformance from "@llm-layers/testing/Conformance"
import { Layer } from "effect"
import * as CohereClient from "../src/CohereClient.ts"
import * as CohereLanguageModel from "../src/CohereLanguageModel.ts"
import { failures } from "./fixtures/failures.ts"
import { answer } from "./fixtures/said.ts"

const ended = (delta: { readonly [name: string]: unknown }) => ({
  event: "message-end",
  data: { type: "message-end", delta: { finish_reason: "ERROR", usage: {}, ...delta } }
})

const harness: Harness.Harness<CohereLanguageModel.Config> = {
  models: ["command-a-plus-05-2026", "command-a-vision-07-2025", "command-a-03-2025", "command-r-08-2024"],
  capabilities: CohereLanguageModel.capabilities,
  layer: ({ apiKey, baseUrl, fetch, model, settings }) =>
    CohereLanguageModel.layer(model, settings).pipe(
      Layer.provide(CohereClient.layer({ apiKey, baseUrl, fetch }))
    ),
  settings: {
    reasoning: { settings: { thinking: { type: "enabled" } }, wire: { type: "enabled" } },
    reasoningBudget: {
      settings: { thinking: { type: "enabled", tokenBudget: 2_048 } },
      wire: { type: "enabled", token_budget: 2_048 }
    },
    reasoningOff: { settings: { thinking: { type: "disabled" } }, wire: { type: "disabled" } }
  },
  answer,
  failures,
  errorEvents: [
    { name: "an answer that failed", ...ended({ error: "an internal error" }), kind: "ProviderFailed" },
    {
      name: "a tool call that is none",
      ...ended({ error: "your request resulted in an invalid tool generation", error_type: "INVALID_TOOL_GENERATION" }),
      kind: "InvalidOutput"
    },
    { name: "an answer that took too long", ...ended({ finish_reason: "TIMEOUT" }), kind: "TimedOut" }
  ],
  unknownEvents: [
    { event: "debug", data: { type: "debug", prompt: "…" } },
    { event: "x-unheard", data: { type: "x-unheard", index: 7 } }
  ],
  lacks: {
    secret: "reasoning goes back as its text",
    refusal: "the API has no finish reason for it"
  },
  opaque: ["arguments", "document"]
}

Conformance.suite("Cohere", harness)
