import * as CohereClient from "@llm-layers/cohere/CohereClient"
import * as CohereEmbeddingModel from "@llm-layers/cohere/CohereEmbeddingModel"
import * as CohereLanguageModel from "@llm-layers/cohere/CohereLanguageModel"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import type { Api, Attempt } from "../Api.ts"
import { callEmbeddings } from "../call-model.ts"
import { chatForm, readChat } from "../expectation/cohere-chat.ts"
import { readEmbeddings, typeOf } from "../expectation/cohere-embeddings.ts"
import { chatStreams } from "../expectation/cohere-stream.ts"
import type { Heard } from "../heard.ts"
import { languageApi } from "../language-api.ts"
import type { RecordedExchange } from "../record.ts"
import type { EmbeddingCall } from "../request/Call.ts"
import { cohereCall } from "../request/cohere-chat.ts"
import { cohereEmbeddingCall, plainCohereEmbeddingCall } from "../request/cohere-embeddings.ts"
import { compareEmbeddingRequest } from "../request/openai-embeddings.ts"
import { answeredChat, chatOutline } from "../request/outline-cohere.ts"
import type { Settings } from "../request/settings.ts"
import type { Transport } from "../transport.ts"

const client = ({ baseUrl, fetch }: Transport) =>
  CohereClient.layer({ apiKey: Redacted.make("key-of-the-recordings"), baseUrl, fetch })

/** Settings as a provider types them. They are what a client sent, so that every value is one the vendor takes. */
const as = <Config>(settings: Settings): Config => settings as Config

/** Vectors of another type than float are no matter of `EmbeddingModel`. */
const callTyped = (call: EmbeddingCall, type: CohereEmbeddingModel.EmbeddingType) =>
  CohereEmbeddingModel.embedTyped({
    ...as<CohereEmbeddingModel.Config>(call.settings),
    model: call.model,
    inputs: call.inputs,
    embeddingTypes: [type]
  }).pipe(
    Effect.map(({ embeddings, inputTokens }): Heard => ({
      kind: "embeddings",
      vectors: embeddings[type].map((vector) => [...vector]),
      inputTokens
    })),
    Effect.catch((error) => Effect.succeed<Heard>({ kind: "error", error, parts: [] }))
  )

const isTyped = (type: string): type is Exclude<CohereEmbeddingModel.EmbeddingType, "float"> =>
  ["int8", "uint8", "binary", "ubinary"].includes(type)

const embeddings = (call: EmbeddingCall, exchange: RecordedExchange): Attempt => {
  const model = CohereEmbeddingModel.model(call.model, as<CohereEmbeddingModel.Config>(call.settings))
  const type = typeOf(exchange.request?.body)
  return {
    run: (transport) =>
      isTyped(type)
        ? callTyped(call, type).pipe(Effect.provide(client(transport)))
        : callEmbeddings(call).pipe(Effect.provide(Layer.provide(model, client(transport)))),
    // What is wrong on purpose need not have a form here.
    compareAsked: ({ body }) =>
      exchange.response.status < 400 ? compareEmbeddingRequest(exchange.request?.body, body) : [],
    declared: new Map(),
    customName: (name) => name,
    form: { spared: [], takenApart: [] }
  }
}

/** The APIs of Cohere by the names recordings have for them. */
export const cohereApis: Readonly<Record<string, Api>> = {
  "chat-v2": languageApi({
    path: "/v2/chat",
    read: readChat,
    form: chatForm,
    streams: chatStreams,
    call: cohereCall,
    outline: chatOutline,
    answered: answeredChat,
    model: ({ model, settings }, transport) =>
      Layer.provide(CohereLanguageModel.model(model, as<CohereLanguageModel.Config>(settings)), client(transport))
  }),
  "embed-v2": {
    path: "/v2/embed",
    read: readEmbeddings,
    attempt: (exchange, expected) => embeddings(cohereEmbeddingCall(exchange, expected), exchange),
    plainAttempt: (exchange, expected) =>
      embeddings(plainCohereEmbeddingCall(cohereEmbeddingCall(exchange, expected)), exchange)
  }
}
