import * as AnthropicClient from "@llm-layers/anthropic/AnthropicClient"
import * as AnthropicLanguageModel from "@llm-layers/anthropic/AnthropicLanguageModel"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import type { Api } from "../Api.ts"
import { readMessages } from "../expectation/anthropic-messages.ts"
import { languageApi } from "../language-api.ts"
import { messagesCall } from "../request/anthropic-messages.ts"

const client = (baseUrl: string) => AnthropicClient.layer({ apiKey: Redacted.make("test"), baseUrl })

/** Few enough for a plain request: without a limit a plain answer is asked for as a stream, as it may take too long. */
const shortAnswer = { maxOutputTokens: 4096 }

/** The APIs of Anthropic by the names recordings have for them. */
export const anthropicApis: Readonly<Record<string, Api>> = {
  messages: languageApi({
    path: "/v1/messages",
    read: readMessages,
    call: messagesCall,
    model: (call, baseUrl) => Layer.provide(AnthropicLanguageModel.model(call.model, shortAnswer), client(baseUrl))
  })
}
