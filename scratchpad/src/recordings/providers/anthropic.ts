import * as AnthropicClient from "@llm-layers/anthropic/AnthropicClient"
import * as AnthropicLanguageModel from "@llm-layers/anthropic/AnthropicLanguageModel"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import type { Api } from "../Api.ts"
import { countApi } from "../count-api.ts"
import { readAnthropicError } from "../expectation/anthropic-errors.ts"
import { messageForm, readMessages } from "../expectation/anthropic-messages.ts"
import { messageStreams } from "../expectation/anthropic-stream.ts"
import { languageApi } from "../language-api.ts"
import type { RecordedExchange } from "../record.ts"
import { messagesCall } from "../request/anthropic-messages.ts"
import type { Call } from "../request/Call.ts"
import { answeredBlocks, messagesOutline } from "../request/outline-anthropic.ts"
import type { Transport } from "../transport.ts"

/** What models take depends on the version of the API a client speaks; clients of recordings speak the first. */
const client = ({ baseUrl, fetch }: Transport, { request }: RecordedExchange) =>
  AnthropicClient.layer({
    apiKey: Redacted.make("key-of-the-recordings"),
    baseUrl,
    fetch,
    apiVersion: request?.headers["anthropic-version"] ?? "2023-06-01"
  })

/** Where no request was recorded: few enough for a plain request. */
const shortAnswer = 4096

/** Longer answers are asked for as streams, because a plain one may outlive its connection. */
const longestPlainAnswer = 21_333

const limitOf = ({ settings }: Call): number => Number(settings["maxOutputTokens"] ?? shortAnswer)

/** The settings are what a client sent, so that every value is one the vendor takes. */
const configOf = (call: Call): AnthropicLanguageModel.Config => ({
  ...call.settings,
  maxOutputTokens: limitOf(call)
})

/** The APIs of Anthropic by the names recordings have for them. */
export const anthropicApis: Readonly<Record<string, Api>> = {
  messages: languageApi({
    path: "/v1/messages",
    read: readMessages,
    form: messageForm,
    streams: messageStreams,
    call: messagesCall,
    outline: messagesOutline,
    answered: answeredBlocks,
    asksForStream: (call) => limitOf(call) > longestPlainAnswer,
    model: (call, transport, exchange) =>
      Layer.provide(AnthropicLanguageModel.model(call.model, configOf(call)), client(transport, exchange))
  }),
  "count-tokens": countApi({
    path: "/v1/messages/count_tokens",
    member: "input_tokens",
    readError: readAnthropicError,
    call: (exchange) => messagesCall(exchange, undefined),
    outline: messagesOutline,
    count: ({ model, prompt, settings, toolChoice, tools }, transport, exchange) =>
      AnthropicLanguageModel.countTokens(model, { prompt, tools, toolChoice, settings: { ...settings } }).pipe(
        Effect.provide(client(transport, exchange))
      )
  })
}
