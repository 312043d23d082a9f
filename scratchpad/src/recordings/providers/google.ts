import * as GoogleClient from "@llm-layers/google/GoogleClient"
import * as GoogleEmbeddingModel from "@llm-layers/google/GoogleEmbeddingModel"
import * as GoogleLanguageModel from "@llm-layers/google/GoogleLanguageModel"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import type { Api, Attempt } from "../Api.ts"
import { callEmbeddings } from "../call-model.ts"
import { countApi } from "../count-api.ts"
import { googleForm, readContent } from "../expectation/google-content.ts"
import { readGoogleEmbeddings } from "../expectation/google-embeddings.ts"
import { readGoogleError } from "../expectation/google-errors.ts"
import { googleStreams } from "../expectation/google-stream.ts"
import { at, type Json } from "../json.ts"
import { languageApi } from "../language-api.ts"
import type { RecordedExchange } from "../record.ts"
import type { EmbeddingCall } from "../request/Call.ts"
import { googleCall, placeOf } from "../request/google-content.ts"
import { compareGoogleEmbeddings, googleEmbeddingCall } from "../request/google-embeddings.ts"
import { answeredParts, googleOutline } from "../request/outline-google.ts"
import type { Settings } from "../request/settings.ts"
import type { Transport } from "../transport.ts"

const client = ({ baseUrl, fetch }: Transport, exchange: RecordedExchange) =>
  GoogleClient.layer({
    apiKey: Redacted.make("key-of-the-recordings"),
    baseUrl,
    fetch,
    apiVersion: placeOf(exchange).version
  })

/** Settings as a provider types them. They are what a client sent, so that every value is one the vendor takes. */
const as = <Config>(settings: Settings): Config => settings as Config

/** The model and whether a stream is asked for are in the path. */
const language = (method: string): Api =>
  languageApi({
    path: (exchange, model) => `/${placeOf(exchange).version}/models/${model}:${method}`,
    read: readContent,
    form: googleForm,
    streams: googleStreams,
    call: googleCall,
    outline: googleOutline,
    answered: answeredParts,
    asked: ({ path }) => ({
      model: /\/models\/([^:]+):/.exec(path)?.[1],
      stream: path.includes(":streamGenerateContent")
    }),
    model: ({ model, settings }, transport, exchange) =>
      Layer.provide(
        GoogleLanguageModel.model(model, as<GoogleLanguageModel.Config>(settings)),
        client(transport, exchange)
      )
  })

const embeddings = (call: EmbeddingCall, exchange: RecordedExchange): Attempt => {
  const model = GoogleEmbeddingModel.model(call.model, as<GoogleEmbeddingModel.Config>(call.settings))
  return {
    run: (transport) => callEmbeddings(call).pipe(Effect.provide(Layer.provide(model, client(transport, exchange)))),
    path: `/${placeOf(exchange).version}/models/${call.model}:batchEmbedContents`,
    compareAsked: ({ body }) => compareGoogleEmbeddings(exchange.request?.body, body),
    declared: new Map(),
    customName: (name) => name,
    form: { spared: [], takenApart: [] }
  }
}

/** The request that is counted is the body itself, or a member of it. */
const counted = (body: Json | undefined): Json | undefined => at(body, "generateContentRequest") ?? body

const count = countApi({
  path: (exchange, model) => `/${placeOf(exchange).version}/models/${model}:countTokens`,
  member: "totalTokens",
  readError: readGoogleError,
  call: (exchange) => {
    const { request } = exchange
    return googleCall(
      request === undefined ? exchange : { ...exchange, request: { ...request, body: counted(request.body) } },
      undefined
    )
  },
  outline: (body) => googleOutline(counted(body)),
  modelOf: ({ path }) => /\/models\/([^:]+):/.exec(path)?.[1],
  count: ({ model, prompt, settings, toolChoice, tools }, transport, exchange) =>
    GoogleLanguageModel.countTokens(model, {
      prompt,
      tools,
      toolChoice,
      settings: as<GoogleLanguageModel.Config>(settings)
    }).pipe(Effect.provide(client(transport, exchange)))
})

/** The APIs of Google by the names recordings have for them. */
export const googleApis: Readonly<Record<string, Api>> = {
  "generate-content": language("generateContent"),
  "stream-generate-content": language("streamGenerateContent"),
  "count-tokens": count,
  "batch-embed-contents": {
    path: ":batchEmbedContents",
    read: readGoogleEmbeddings,
    attempt: (exchange, expected) => embeddings(googleEmbeddingCall(exchange, expected), exchange),
    plainAttempt: (exchange, expected) => embeddings(googleEmbeddingCall(exchange, expected), exchange)
  }
}
