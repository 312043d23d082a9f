import * as OpenAiClient from "@llm-layers/openai/OpenAiClient"
import * as OpenAiLanguageModel from "@llm-layers/openai/OpenAiLanguageModel"
import * as OpenRouterClient from "@llm-layers/openrouter/OpenRouterClient"
import * as OpenRouterEmbeddingModel from "@llm-layers/openrouter/OpenRouterEmbeddingModel"
import * as OpenRouterLanguageModel from "@llm-layers/openrouter/OpenRouterLanguageModel"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import type { Api, Attempt } from "../Api.ts"
import { callEmbeddings } from "../call-model.ts"
import { chatStreams } from "../expectation/openai-chat-stream.ts"
import { readEmbeddings } from "../expectation/openai-embeddings.ts"
import { openrouterForm, readOpenRouterChat } from "../expectation/openrouter-chat.ts"
import { readOpenRouterError } from "../expectation/openrouter-errors.ts"
import type { JsonObject } from "../json.ts"
import { type LanguageApi, languageApi } from "../language-api.ts"
import type { RecordedExchange } from "../record.ts"
import type { EmbeddingCall } from "../request/Call.ts"
import { compareEmbeddingRequest, embeddingCall, plainEmbeddingCall } from "../request/openai-embeddings.ts"
import { camelCase, openrouterCall } from "../request/openrouter-chat.ts"
import { answeredOpenRouter, openrouterOutline } from "../request/outline-openrouter-chat.ts"
import { type Rule, type Settings, settingsFrom } from "../request/settings.ts"
import type { Transport } from "../transport.ts"
import { openaiResponses } from "./openai.ts"

const apiKey = Redacted.make("key-of-the-recordings")

const client = ({ baseUrl, fetch }: Transport) =>
  OpenRouterClient.layer({ apiKey, baseUrl: `${baseUrl}/api/v1`, fetch })

/** Settings as a provider types them. They are what a client sent, so that every value is one the vendor takes. */
const as = <Config>(settings: Settings): Config => settings as Config

const embeddingRules: Readonly<Record<string, Rule>> = {
  input_type: ["inputType"],
  provider: ["provider", camelCase]
}

/** Settings that OpenAI has no name for are OpenRouter's own. */
const embeddingSettings = ({ extraBody, ...settings }: Settings): Settings => ({
  ...settings,
  ...settingsFrom(extraBody as JsonObject | undefined, embeddingRules, [])
})

const embeddings = (call: EmbeddingCall, exchange: RecordedExchange): Attempt => {
  const settings = as<OpenRouterEmbeddingModel.Config>(embeddingSettings(call.settings))
  return {
    run: (transport) =>
      callEmbeddings(call).pipe(
        Effect.provide(Layer.provide(OpenRouterEmbeddingModel.model(call.model, settings), client(transport)))
      ),
    // What is wrong on purpose need not have a form here.
    compareAsked: ({ body }) =>
      exchange.response.status < 400 ? compareEmbeddingRequest(exchange.request?.body, body) : [],
    declared: new Map(),
    customName: (name) => name,
    form: { spared: [], takenApart: [] }
  }
}

/** The Responses API is OpenAI's: its provider speaks it at OpenRouter's address. */
const responses: LanguageApi = {
  ...openaiResponses,
  path: "/api/v1/responses",
  model: ({ model, settings }, { baseUrl, fetch }) =>
    Layer.provide(
      OpenAiLanguageModel.model(model, as<OpenAiLanguageModel.Config>(settings)),
      OpenAiClient.layer({ apiKey, baseUrl: `${baseUrl}/api/v1`, fetch })
    )
}

/** The APIs of OpenRouter by the names recordings have for them. */
export const openrouterApis: Readonly<Record<string, Api>> = {
  "chat-completions": languageApi({
    path: "/api/v1/chat/completions",
    read: readOpenRouterChat,
    form: openrouterForm,
    streams: chatStreams,
    call: openrouterCall,
    outline: openrouterOutline,
    answered: answeredOpenRouter,
    model: ({ model, settings }, transport) =>
      Layer.provide(
        OpenRouterLanguageModel.model(model, as<OpenRouterLanguageModel.Config>(settings)),
        client(transport)
      )
  }),
  responses: languageApi(responses),
  embeddings: {
    path: "/api/v1/embeddings",
    read: (exchange) =>
      exchange.response.status >= 400 ? readOpenRouterError(exchange.response) : readEmbeddings(exchange),
    attempt: (exchange, expected) => embeddings(embeddingCall(exchange, expected), exchange),
    plainAttempt: (exchange, expected) => embeddings(plainEmbeddingCall(embeddingCall(exchange, expected)), exchange)
  }
}
