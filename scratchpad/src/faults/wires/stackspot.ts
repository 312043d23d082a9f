import { StackSpotClient, StackSpotLanguageModel } from "@llm-layers/stackspot"
import { Layer } from "effect"
import { secret } from "../call.ts"
import type { Failed, ModelLayer, Said, Wire } from "../Wire.ts"

const model = "01ARZ3NDEKTSV4RRFFQ69G5FAV"

const credentials = ({ apiKey }: Parameters<ModelLayer>[1]) => ({
  realm: "acme",
  clientId: "client-1",
  clientKey: apiKey
})

const idmUrl = "http://idm.invalid"

/** Tokens are given here, so that a fault has the requests of chats alone. The token is the key: neither may be shown. */
const withTokens = (fetch: typeof globalThis.fetch): typeof globalThis.fetch => (input, init) =>
  input === `${idmUrl}/acme/oidc/oauth/token`
    ? Promise.resolve(Response.json({ access_token: secret, expires_in: 1199 }))
    : fetch(input, init)

const layer: ModelLayer = (agent, { apiKey, ...options }) =>
  StackSpotLanguageModel.model(agent).pipe(
    Layer.provide(StackSpotClient.layer({
      ...options,
      ...credentials({ ...options, apiKey }),
      idmUrl,
      fetch: withTokens(options.fetch ?? globalThis.fetch)
    }))
  )

const event = (data: object) => `data: ${JSON.stringify(data)}\n\n`

/**
 * Source: ai.stackspot.com/docs, Remote Quick Commands, "Rate limit"; its form is taken over for agents. A type that is a
 * status stands for what a gateway says in place of it.
 */
const error = ({ code, message, type }: Failed) =>
  type === "503"
    ? { status: 503, error: "Service Unavailable", message }
    : { type: type ?? "Error", code: code ?? "X_0000", details: message }

const last = {
  stop_reason: "stop",
  tokens: { user: null, enrichment: null, input: "5", output: 7 },
  message_id: "msg-1",
  source: []
}

const text = ({ deltas = [] }: Said) => deltas.join("")

const ofTokens = "the key is seen by the token endpoint alone: see its faults"
const unknown = "how StackSpot says so is not known"

export const stackspot: Wire = {
  name: "StackSpot",
  module: "StackSpotLanguageModel",
  path: `/v1/agent/${model}/chat`,
  model,
  blind: { model, mediaType: "image/png" },
  layer,
  fromEnvironment: (agent) => StackSpotLanguageModel.model(agent).pipe(Layer.provide(StackSpotClient.layerConfig())),
  keyVariable: "STACKSPOT_CLIENT_KEY",
  lacks: {
    tools: "capabilities.tools is false",
    images: "capabilities.imageInput is false",
    aimock: "aimock does not speak for StackSpot"
  },
  tokens: {
    path: "/acme/oidc/oauth/token",
    layer: (agent, { apiKey, ...options }) =>
      StackSpotLanguageModel.model(agent).pipe(
        Layer.provide(StackSpotClient.layer({
          ...options,
          ...credentials({ ...options, apiKey }),
          idmUrl: options.baseUrl
        }))
      ),
    token: (value) => JSON.stringify({ access_token: value, token_type: "Bearer", expires_in: 1199 }),
    refused: (message) => JSON.stringify({ error: "invalid_client", error_description: message })
  },
  rejections: {
    "wrong key": ofTokens,
    "missing key": ofTokens,
    "expired key": ofTokens,
    "key without permission": [{ status: 403, failed: { message: "Forbidden" } }],
    "unknown model": [{ status: 404, failed: { message: "Agent not found" } }],
    // Measured by github.com/helton/midir, docs/backends/stackspot.md.
    "context too long": [{
      status: 400,
      failed: {
        code: "INFERENCE_6001_LLM_MODEL_BAD_REQUEST",
        message: "Input exceeds the limit of 272000 tokens. Your messages resulted in 300012 tokens."
      }
    }],
    "content refused by policy": unknown,
    "quota exhausted": unknown,
    "server error": [{ status: 500, failed: { message: "Internal error" } }],
    "overloaded": [{ status: 503, failed: { message: "Service unavailable" } }],
    "invalid request": [{ status: 400, failed: { message: "user_prompt must not be blank" } }]
  },
  failedWith: (status) =>
    status === 429
      ? { code: "INFERENCE_3008_CHAT_RATE_LIMIT_EXCEEDED", message: "Chat rate limit exceeded." }
      : { message: "Something went wrong." },
  errorEvents: {
    "overloaded": { type: "503" },
    "rate limit": { code: "INFERENCE_3008_CHAT_RATE_LIMIT_EXCEEDED" },
    "server error": { code: "INFERENCE_0000" }
  },
  error: (failed) => JSON.stringify(error(failed)),
  errorEvent: (failed) => event(error(failed)),
  answer: (said) => JSON.stringify({ message: text(said), ...last }),
  stream: ({ deltas = [] }) => ({
    before: deltas.map((message) => event({ message })),
    terminal: [event(last), "data: [DONE]\n\n"]
  }),
  unheard: [
    event({ progress: 0.5 }),
    `event: what\ndata: {"no":"type"}\n\n`,
    `: a comment\n\n`,
    `data: null\n\n`
  ]
}
