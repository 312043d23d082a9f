import { Capability } from "@llm-layers/core"
import type { Harness } from "@llm-layers/testing"
import * as Conformance from "@llm-layers/testing/Conformance"
import { Layer } from "effect"
import * as OpenAiCompatibleClient from "../src/OpenAiCompatibleClient.ts"
import * as OpenAiCompatibleLanguageModel from "../src/OpenAiCompatibleLanguageModel.ts"
import { answer } from "./fixtures/said.ts"

/** A server whose model does all, and one whose model does next to nothing. */
const capabilities = (model: string): Capability.Capabilities => ({
  ...Capability.all,
  reasoningBudget: false,
  reasoningAdaptive: false,
  ...(model === "small" ? nothing : undefined)
})

const nothing = {
  imageInput: false,
  pdfInput: false,
  textInput: false,
  audioInput: false,
  videoInput: false,
  tools: false,
  structuredOutput: false,
  streaming: false,
  temperature: false,
  topP: false,
  topK: false,
  stopSequences: false,
  seed: false,
  presencePenalty: false,
  frequencyPenalty: false,
  reasoning: false,
  reasoningOff: false
} as const

const error = (message: string, type: string, code: string | null = null) => ({
  error: { message, type, param: null, code }
})

const harness: Harness.Harness<OpenAiCompatibleLanguageModel.Config> = {
  models: ["large", "small"],
  capabilities,
  layer: ({ apiKey, baseUrl, fetch, model, settings }) =>
    OpenAiCompatibleLanguageModel.layer(model, { ...settings, capabilities: capabilities(model) }).pipe(
      Layer.provide(OpenAiCompatibleClient.layer({ apiKey, baseUrl: `${baseUrl}/v1`, fetch }))
    ),
  settings: {
    reasoning: { settings: { reasoningEffort: "high" }, wire: "high" },
    reasoningOff: { settings: { reasoningEffort: "none" }, wire: "none" }
  },
  answer,
  failures: [
    {
      name: "too many requests",
      status: 429,
      headers: { "retry-after": "7" },
      body: error("Rate limit reached", "requests", "rate_limit_exceeded"),
      kind: "RateLimited",
      retryAfter: 7_000
    },
    {
      name: "no credit",
      status: 402,
      body: { code: "billing_insufficient_balance", error: "No credit" },
      kind: "QuotaExhausted"
    },
    { name: "a key that is not one", status: 401, body: { detail: "Unauthorized" }, kind: "AuthenticationFailed" },
    {
      name: "a prompt that is too long",
      status: 400,
      body: error(
        "This model's maximum context length is 8 tokens",
        "invalid_request_error",
        "context_length_exceeded"
      ),
      kind: "ContextOverflow"
    },
    { name: "an error inside", status: 500, body: { message: "It broke" }, kind: "ProviderFailed" }
  ],
  errorEvents: [
    { name: "an error inside", data: error("It broke", "server_error"), kind: "ProviderFailed" },
    { name: "an error of vLLM", data: { object: "error", message: "It broke", code: 500 }, kind: "ProviderFailed" },
    {
      name: "an event with a name of its own",
      event: "error",
      data: { message: "It broke", code: 503 },
      kind: "Overloaded"
    }
  ],
  lacks: { secret: "the dialect has nothing that goes back with reasoning" },
  callIds: "optional",
  unknownEvents: [
    { data: { id: "", object: "chat.completion.chunk", choices: [] } },
    { event: "x_unheard", data: { hello: "world" } },
    { data: { x_unheard: true } }
  ]
}

Conformance.suite("the Chat Completions dialect", harness)
