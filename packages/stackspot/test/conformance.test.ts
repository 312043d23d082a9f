import type { Harness } from "@llm-layers/testing"
import * as Conformance from "@llm-layers/testing/Conformance"
import { Layer, Redacted } from "effect"
import * as StackSpotClient from "../src/StackSpotClient.ts"
import * as StackSpotLanguageModel from "../src/StackSpotLanguageModel.ts"
import { answer } from "./fixtures/said.ts"
import { addressOf, agent } from "./fixtures/stackspot.ts"

/** Tokens are given here, so that the laws count the requests of chats alone. The key of the kit serves as one. */
const withTokens = (key: Redacted.Redacted, fetch: typeof globalThis.fetch): typeof globalThis.fetch => (input, init) =>
  addressOf(input).startsWith("http://idm.invalid/")
    ? Promise.resolve(Response.json({ access_token: Redacted.value(key), expires_in: 1199 }))
    : fetch(input, init)

const error = (code: string, details: string) => ({ type: "Error", code, details })

const nothing = "the API gives none: ai.stackspot.com/docs, Agents API"

const harness: Harness.Harness<StackSpotLanguageModel.Config> = {
  models: [agent],
  capabilities: StackSpotLanguageModel.capabilities,
  layer: ({ apiKey, baseUrl, fetch, model, settings }) =>
    StackSpotLanguageModel.layer(model, settings).pipe(
      Layer.provide(StackSpotClient.layer({
        realm: "acme",
        clientId: "client-1",
        clientKey: apiKey,
        baseUrl,
        idmUrl: "http://idm.invalid",
        fetch: withTokens(apiKey, fetch)
      }))
    ),
  answer,
  failures: [
    {
      name: "too many requests",
      status: 429,
      headers: { "retry-after": "7" },
      body: error("INFERENCE_3008_CHAT_RATE_LIMIT_EXCEEDED", "Chat rate limit exceeded"),
      kind: "RateLimited",
      retryAfter: 7_000
    },
    {
      name: "a prompt that is too long",
      status: 400,
      body: error(
        "INFERENCE_6001_LLM_MODEL_BAD_REQUEST",
        "Input exceeds the limit of 272000 tokens. Your messages resulted in 300012 tokens."
      ),
      kind: "ContextOverflow"
    },
    { name: "an agent that is not there", status: 404, body: error("X", "Agent not found"), kind: "ModelNotFound" },
    { name: "no permission", status: 403, body: error("X", "Forbidden"), kind: "AuthenticationFailed" },
    { name: "an error inside", status: 500, body: { message: "It broke" }, kind: "ProviderFailed" }
  ],
  errorEvents: [
    { name: "an error inside", data: error("INFERENCE_9999", "It broke"), kind: "ProviderFailed" },
    { name: "an event of that name", event: "error", data: { message: "It broke" }, kind: "ProviderFailed" },
    {
      name: "too many requests",
      data: error("INFERENCE_3008_CHAT_RATE_LIMIT_EXCEEDED", "Chat rate limit exceeded"),
      kind: "RateLimited"
    }
  ],
  lacks: {
    reasoning: nothing,
    secret: nothing,
    refusal: nothing,
    cacheRead: nothing,
    reasoningTokens: nothing
  }
}

Conformance.suite("StackSpot", harness)
