import type { Harness } from "@llm-layers/testing"
import * as Conformance from "@llm-layers/testing/Conformance"
import { Layer } from "effect"
import * as GoogleClient from "../src/GoogleClient.ts"
import * as GoogleLanguageModel from "../src/GoogleLanguageModel.ts"
import { answer } from "./fixtures/said.ts"

const error = (code: number, status: string, message: string, details: ReadonlyArray<object> = []) => ({
  error: { code, message, status, ...(details.length === 0 ? undefined : { details }) }
})

const detail = (type: string, members: object) => ({ "@type": `type.googleapis.com/google.rpc.${type}`, ...members })

const failure = (
  name: string,
  code: number,
  status: string,
  message: string,
  kind: Harness.Failure["kind"],
  details: ReadonlyArray<object> = [],
  more: Partial<Harness.Failure> = {}
): Harness.Failure => ({ name, status: code, body: error(code, status, message, details), kind, ...more })

const tooMany = failure(
  "too many requests",
  429,
  "RESOURCE_EXHAUSTED",
  "You exceeded your current quota",
  "RateLimited",
  [
    detail("QuotaFailure", { violations: [{ quotaId: "GenerateRequestsPerMinutePerProjectPerModel" }] }),
    detail("RetryInfo", { retryDelay: "7s" })
  ],
  { retryAfter: 7_000 }
)

const harness: Harness.Harness<GoogleLanguageModel.Config> = {
  models: [
    "gemini-3.5-flash",
    "gemini-2.5-flash",
    "gemini-2.0-flash",
    "gemini-2.5-flash-preview-tts",
    "gemma-3-27b-it"
  ],
  capabilities: GoogleLanguageModel.capabilities,
  layer: ({ apiKey, baseUrl, fetch, model, settings }) =>
    GoogleLanguageModel.layer(model, settings).pipe(
      Layer.provide(GoogleClient.layer({ apiKey, baseUrl, fetch }))
    ),
  settings: {
    reasoning: { settings: { thinking: { includeThoughts: true } }, wire: { includeThoughts: true } },
    reasoningAdaptive: { settings: { thinking: { budgetTokens: "dynamic" } }, wire: { thinkingBudget: -1 } },
    reasoningBudget: { settings: { thinking: { budgetTokens: 2_048 } }, wire: { thinkingBudget: 2_048 } },
    reasoningOff: { settings: { thinking: { budgetTokens: 0 } }, wire: { thinkingBudget: 0 } }
  },
  answer,
  callIds: "optional",
  failures: [
    failure("an overloaded API", 503, "UNAVAILABLE", "The model is overloaded.", "Overloaded"),
    tooMany,
    failure("a key that is not one", 400, "INVALID_ARGUMENT", "API key not valid.", "AuthenticationFailed", [
      detail("ErrorInfo", { reason: "API_KEY_INVALID", domain: "googleapis.com" })
    ]),
    failure(
      "a prompt that is too long",
      400,
      "INVALID_ARGUMENT",
      "The input token count (2000000) exceeds the maximum number of tokens allowed (1048576).",
      "ContextOverflow"
    ),
    failure("a model that is not there", 404, "NOT_FOUND", "models/gemini-0 is not found", "ModelNotFound"),
    failure("an error inside", 500, "INTERNAL", "An internal error has occurred.", "ProviderFailed")
  ],
  errorEvents: [
    { name: "an overloaded API", data: error(503, "UNAVAILABLE", "The model is overloaded."), kind: "Overloaded" },
    { name: "an error inside", data: error(500, "INTERNAL", "It broke"), kind: "ProviderFailed" }
  ],
  unknownEvents: [{ data: { unheard: { of: 7 } } }, { event: "x_unheard", data: { type: "x_unheard", index: 7 } }],
  opaque: ["args", "response"]
}

Conformance.suite("Google", harness)
