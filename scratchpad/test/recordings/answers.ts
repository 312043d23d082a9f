/** Small answers of each API that have between them all a decoder can get wrong. */
import type { Api } from "../../src/recordings/Api.ts"
import { anthropicApis } from "../../src/recordings/providers/anthropic.ts"
import { openaiApis } from "../../src/recordings/providers/openai.ts"
import type { RecordedExchange } from "../../src/recordings/record.ts"
import { asMessages, messagesRequest } from "./answers-anthropic.ts"
import { chatRequest, chatStream, completion } from "./answers-openai-chat.ts"
import { asResponse, responsesRequest } from "./answers-openai-responses.ts"
import { answered, asking } from "./exchange.ts"

export interface Recorded {
  readonly name: string
  readonly api: Api
  readonly exchange: RecordedExchange
}

const apiOf = (apis: Readonly<Record<string, Api>>, name: string): Api => {
  const api = apis[name]
  if (api === undefined) throw new Error(`no API ${name}`)
  return api
}

export const messages = apiOf(anthropicApis, "messages")
export const chat = apiOf(openaiApis, "chat-completions")
export const responses = apiOf(openaiApis, "responses")

const streaming = <Body extends object>(body: Body): Body & { readonly stream: true } => ({ ...body, stream: true })

export const recorded: ReadonlyArray<Recorded> = [
  { name: "messages", api: messages, exchange: asking(messagesRequest, asMessages().plain) },
  { name: "messages, streamed", api: messages, exchange: asking(streaming(messagesRequest), asMessages().stream) },
  { name: "chat completions", api: chat, exchange: asking(chatRequest, answered(completion)) },
  { name: "chat completions, streamed", api: chat, exchange: asking(streaming(chatRequest), chatStream) },
  { name: "responses", api: responses, exchange: asking(responsesRequest, asResponse().plain) },
  { name: "responses, streamed", api: responses, exchange: asking(streaming(responsesRequest), asResponse().stream) }
]
