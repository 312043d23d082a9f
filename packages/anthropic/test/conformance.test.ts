import type { Harness } from "@llm-layers/testing"
import * as Conformance from "@llm-layers/testing/Conformance"
import { Layer } from "effect"
import * as AnthropicClient from "../src/AnthropicClient.ts"
import * as AnthropicLanguageModel from "../src/AnthropicLanguageModel.ts"
import { answer } from "./fixtures/said.ts"

/** The model with sampling settings is one of those that take them, under the version of the API that does. */
const withSampling = "claude-sonnet-4-5"

const versionFor = (model: string): string => model === withSampling ? "2023-06-01" : AnthropicClient.defaultApiVersion

const error = (type: string, message: string) => ({ type: "error", error: { type, message }, request_id: "req_1" })

const failure = (
  name: string,
  status: number,
  type: string,
  message: string,
  kind: Harness.Failure["kind"],
  more: Partial<Harness.Failure> = {}
): Harness.Failure => ({ name, status, body: error(type, message), kind, ...more })

const harness: Harness.Harness<AnthropicLanguageModel.Config> = {
  models: ["claude-haiku-5-5", "claude-opus-5-5", withSampling, "claude-3-haiku-20240307"],
  capabilities: (model) => AnthropicLanguageModel.capabilities(model, versionFor(model)),
  layer: ({ apiKey, baseUrl, fetch, model, settings }) =>
    AnthropicLanguageModel.layer(model, settings).pipe(
      Layer.provide(AnthropicClient.layer({ apiKey, baseUrl, fetch, apiVersion: versionFor(model) }))
    ),
  settings: {
    reasoning: { settings: { thinking: { type: "between_tools" } }, wire: { type: "between_tools" } },
    reasoningAdaptive: { settings: { thinking: { type: "adaptive" } }, wire: { type: "adaptive" } },
    reasoningBudget: {
      settings: { thinking: { type: "enabled", budgetTokens: 2_048 }, maxOutputTokens: 4_096 },
      wire: { type: "enabled", budget_tokens: 2_048 }
    },
    reasoningOff: { settings: { thinking: { type: "disabled" } }, wire: { type: "disabled" } }
  },
  answer,
  failures: [
    failure("an overloaded API", 529, "overloaded_error", "Overloaded", "Overloaded"),
    failure("too many requests", 429, "rate_limit_error", "Number of requests has exceeded your limit", "RateLimited", {
      headers: { "retry-after": "7" },
      retryAfter: 7_000
    }),
    failure("a key that is not one", 401, "authentication_error", "invalid x-api-key", "AuthenticationFailed"),
    failure("a prompt that is too long", 400, "invalid_request_error", "prompt is too long: 1 > 0", "ContextOverflow"),
    failure("a model that is not there", 404, "not_found_error", "model: claude-0", "ModelNotFound"),
    failure("an error inside", 500, "api_error", "Internal server error", "ProviderFailed")
  ],
  errorEvents: [
    { name: "an overloaded API", event: "error", data: error("overloaded_error", "Overloaded"), kind: "Overloaded" },
    { name: "an error inside", event: "error", data: error("api_error", "It broke"), kind: "ProviderFailed" }
  ],
  unknownEvents: [
    { event: "ping", data: { type: "ping" } },
    { event: "x_unheard", data: { type: "x_unheard", index: 7 } }
  ],
  opaque: ["input"]
}

Conformance.suite("Anthropic", harness)
