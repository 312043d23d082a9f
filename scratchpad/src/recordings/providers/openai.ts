import * as OpenAiChatLanguageModel from "@llm-layers/openai/OpenAiChatLanguageModel"
import * as OpenAiClient from "@llm-layers/openai/OpenAiClient"
import * as OpenAiEmbeddingModel from "@llm-layers/openai/OpenAiEmbeddingModel"
import * as OpenAiLanguageModel from "@llm-layers/openai/OpenAiLanguageModel"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import type { Api, Attempt } from "../Api.ts"
import { callEmbeddings } from "../call-model.ts"
import type { Expectation } from "../expectation/Expectation.ts"
import { readChatCompletion } from "../expectation/openai-chat.ts"
import { readEmbeddings } from "../expectation/openai-embeddings.ts"
import { readResponses } from "../expectation/openai-responses.ts"
import { languageApi } from "../language-api.ts"
import type { RecordedExchange } from "../record.ts"
import { chatCall } from "../request/openai-chat.ts"
import { embeddingCall } from "../request/openai-embeddings.ts"
import { responsesCall } from "../request/openai-responses.ts"

/** OpenAI's base URL has the version in it. */
const client = (baseUrl: string) => OpenAiClient.layer({ apiKey: Redacted.make("test"), baseUrl: `${baseUrl}/v1` })

const embeddings = (exchange: RecordedExchange, expected: Expectation): Attempt => {
  const call = embeddingCall(exchange, expected)
  return {
    run: (baseUrl) =>
      callEmbeddings(call).pipe(
        Effect.provide(Layer.provide(OpenAiEmbeddingModel.model(call.model), client(baseUrl)))
      ),
    model: call.model,
    stream: false,
    said: call.inputs,
    declared: new Set(),
    customName: (name) => name
  }
}

/** The APIs of OpenAI by the names recordings have for them. */
export const openaiApis: Readonly<Record<string, Api>> = {
  responses: languageApi({
    path: "/v1/responses",
    read: readResponses,
    call: responsesCall,
    model: (call, baseUrl) => Layer.provide(OpenAiLanguageModel.model(call.model), client(baseUrl))
  }),
  "chat-completions": languageApi({
    path: "/v1/chat/completions",
    read: readChatCompletion,
    call: chatCall,
    model: (call, baseUrl) => Layer.provide(OpenAiChatLanguageModel.model(call.model), client(baseUrl))
  }),
  embeddings: { path: "/v1/embeddings", read: readEmbeddings, attempt: embeddings, plainAttempt: embeddings }
}
