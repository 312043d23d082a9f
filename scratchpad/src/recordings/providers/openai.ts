import * as OpenAiChatLanguageModel from "@llm-layers/openai/OpenAiChatLanguageModel"
import * as OpenAiClient from "@llm-layers/openai/OpenAiClient"
import * as OpenAiEmbeddingModel from "@llm-layers/openai/OpenAiEmbeddingModel"
import * as OpenAiLanguageModel from "@llm-layers/openai/OpenAiLanguageModel"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import type { Api, Attempt } from "../Api.ts"
import { callEmbeddings } from "../call-model.ts"
import { countApi } from "../count-api.ts"
import { chatStreams } from "../expectation/openai-chat-stream.ts"
import { chatForm, readChatCompletion } from "../expectation/openai-chat.ts"
import { readEmbeddings } from "../expectation/openai-embeddings.ts"
import { readOpenAiError } from "../expectation/openai-errors.ts"
import { responseStreams } from "../expectation/openai-responses-stream.ts"
import { readResponses, responseForm } from "../expectation/openai-responses.ts"
import { type LanguageApi, languageApi } from "../language-api.ts"
import type { RecordedExchange } from "../record.ts"
import type { EmbeddingCall } from "../request/Call.ts"
import { chatCall } from "../request/openai-chat.ts"
import { compareEmbeddingRequest, embeddingCall, plainEmbeddingCall } from "../request/openai-embeddings.ts"
import { responsesCall } from "../request/openai-responses.ts"
import { answeredMessage, chatOutline } from "../request/outline-openai-chat.ts"
import { answeredItems, responsesOutline } from "../request/outline-openai-responses.ts"
import type { Settings } from "../request/settings.ts"
import type { Transport } from "../transport.ts"
import { compactionApi } from "./openai-compaction.ts"

/** OpenAI's base URL has the version in it. */
const client = ({ baseUrl, fetch }: Transport) =>
  OpenAiClient.layer({ apiKey: Redacted.make("key-of-the-recordings"), baseUrl: `${baseUrl}/v1`, fetch })

/** Settings as a provider types them. They are what a client sent, so that every value is one the vendor takes. */
const as = <Config>(settings: Settings): Config => settings as Config

const embeddings = (call: EmbeddingCall, exchange: RecordedExchange): Attempt => {
  const model = OpenAiEmbeddingModel.model(call.model, as<OpenAiEmbeddingModel.Config>(call.settings))
  return {
    run: (transport) => callEmbeddings(call).pipe(Effect.provide(Layer.provide(model, client(transport)))),
    // What is wrong on purpose need not have a form here.
    compareAsked: ({ body }) =>
      exchange.response.status < 400 ? compareEmbeddingRequest(exchange.request?.body, body) : [],
    declared: new Map(),
    customName: (name) => name,
    form: { spared: [], takenApart: [] }
  }
}

/** Responses, which others speak too. */
export const openaiResponses: LanguageApi = {
  path: "/v1/responses",
  read: readResponses,
  form: responseForm,
  streams: responseStreams,
  call: responsesCall,
  outline: responsesOutline,
  answered: (whole, call) => answeredItems(whole, call.declared, call.settings["store"] !== false),
  model: ({ model, settings }, transport) =>
    Layer.provide(OpenAiLanguageModel.model(model, as<OpenAiLanguageModel.Config>(settings)), client(transport))
}

/** The APIs of OpenAI by the names recordings have for them. */
export const openaiApis: Readonly<Record<string, Api>> = {
  responses: languageApi(openaiResponses),
  "chat-completions": languageApi({
    path: "/v1/chat/completions",
    read: readChatCompletion,
    form: chatForm,
    streams: chatStreams,
    call: chatCall,
    outline: chatOutline,
    answered: answeredMessage,
    model: ({ model, settings }, transport) =>
      Layer.provide(
        OpenAiChatLanguageModel.model(model, as<OpenAiChatLanguageModel.Config>(settings)),
        client(transport)
      )
  }),
  "responses-input-tokens": countApi({
    path: "/v1/responses/input_tokens",
    member: "input_tokens",
    readError: readOpenAiError,
    call: (exchange) => responsesCall(exchange, undefined),
    outline: responsesOutline,
    count: ({ model, prompt, settings, toolChoice, tools }, transport) =>
      OpenAiLanguageModel.countTokens(model, {
        prompt,
        tools,
        toolChoice,
        settings: as<OpenAiLanguageModel.Config>(settings)
      }).pipe(Effect.provide(client(transport)))
  }),
  "responses-compact": compactionApi(client),
  embeddings: {
    path: "/v1/embeddings",
    read: readEmbeddings,
    attempt: (exchange, expected) => embeddings(embeddingCall(exchange, expected), exchange),
    plainAttempt: (exchange, expected) => embeddings(plainEmbeddingCall(embeddingCall(exchange, expected)), exchange)
  }
}
