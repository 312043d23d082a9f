/** Recorded requests whose tokens the vendor counted, as calls of the public API. */
import type * as Provider from "@llm-layers/core/Provider"
import * as Prompt from "effect/ai/Prompt"
import * as Tool from "effect/ai/Tool"
import { readMessages } from "../recordings/expectation/anthropic-messages.ts"
import { readChat } from "../recordings/expectation/cohere-chat.ts"
import type { Expectation } from "../recordings/expectation/Expectation.ts"
import { readContent } from "../recordings/expectation/google-content.ts"
import { readChatCompletion } from "../recordings/expectation/openai-chat.ts"
import { readResponses } from "../recordings/expectation/openai-responses.ts"
import { readOpenRouterChat } from "../recordings/expectation/openrouter-chat.ts"
import { numberAt, parseJson } from "../recordings/json.ts"
import type { RecordedExchange } from "../recordings/record.ts"
import { messagesCall } from "../recordings/request/anthropic-messages.ts"
import type { Call } from "../recordings/request/Call.ts"
import { cohereCall } from "../recordings/request/cohere-chat.ts"
import { googleCall } from "../recordings/request/google-content.ts"
import { chatCall } from "../recordings/request/openai-chat.ts"
import { responsesCall } from "../recordings/request/openai-responses.ts"
import { openrouterCall } from "../recordings/request/openrouter-chat.ts"

/** A request, and what the vendor counted. */
export interface Counted {
  readonly id: string
  readonly provider: string
  readonly model: string
  readonly request: Provider.CountRequest
  readonly tokens: number
  /** Why the count is of another kind than a local one can be; `undefined` where it is not. */
  readonly apart: string | undefined
}

interface Api {
  readonly call: (exchange: RecordedExchange, answer: undefined) => Call
  /** The input tokens that the answer states. */
  readonly tokens: (exchange: RecordedExchange) => number | undefined
}

const usageOf = (read: (exchange: RecordedExchange) => Expectation) => (exchange: RecordedExchange) => {
  const expected = read(exchange)
  return expected.kind === "answer" ? expected.usage.inputTotal : undefined
}

const memberOf = (member: string) => (exchange: RecordedExchange) => numberAt(parseJson(exchange.response.body), member)

const apis: Readonly<Record<string, Api>> = {
  "openai chat-completions": { call: chatCall, tokens: usageOf(readChatCompletion) },
  "openai responses": { call: responsesCall, tokens: usageOf(readResponses) },
  "openai responses-input-tokens": { call: responsesCall, tokens: memberOf("input_tokens") },
  "anthropic messages": { call: messagesCall, tokens: usageOf(readMessages) },
  "anthropic count-tokens": { call: messagesCall, tokens: memberOf("input_tokens") },
  "google generate-content": { call: googleCall, tokens: usageOf(readContent) },
  "google stream-generate-content": { call: googleCall, tokens: usageOf(readContent) },
  "cohere chat-v2": { call: cohereCall, tokens: usageOf(readChat) },
  "openrouter chat-completions": { call: openrouterCall, tokens: usageOf(readOpenRouterChat) },
  "openrouter responses": { call: responsesCall, tokens: usageOf(readResponses) }
}

/** The request of a recording and its count, where both are there. */
export const countedOf = (exchange: RecordedExchange): Counted | undefined => {
  const api = apis[`${exchange.provider} ${exchange.api}`]
  if (api === undefined || exchange.request?.body === undefined || exchange.response.status >= 400) return undefined
  const tokens = api.tokens(exchange)
  if (tokens === undefined || tokens === 0) return undefined
  const call = api.call(exchange, undefined)
  const instructions = call.settings["instructions"]
  const prompt = Prompt.make([
    ...(typeof instructions === "string" ? [{ role: "system" as const, content: instructions }] : []),
    ...call.prompt
  ])
  return {
    id: exchange.id,
    provider: exchange.provider,
    model: call.model,
    tokens,
    request: { prompt, tools: call.tools, toolChoice: call.toolChoice ?? "auto" },
    apart: apartOf(call, prompt)
  }
}

/** Settings that bring tokens the request does not show. */
const elsewhere = [
  "previousResponseId",
  "conversation",
  "prompt",
  "cachedContent",
  "documents",
  "plugins",
  "transforms",
  "contextManagement"
]

const apartOf = (call: Call, prompt: Prompt.Prompt): string | undefined => {
  const parts: ReadonlyArray<Prompt.Part> = prompt.content.flatMap((message): ReadonlyArray<Prompt.Part> =>
    message.role === "system" ? [] : message.content
  )
  if (parts.some(isFile)) return "files, which vendors count by pixels, pages and seconds"
  if (call.tools.some((tool) => Tool.isProviderDefined(tool))) {
    return "tools of the vendor, with instructions of its own"
  }
  if (call.format !== undefined) return "the schema of an object, which a request to count does not have"
  if (parts.some((part) => part.type === "reasoning")) return "reasoning that is given back, which vendors may drop"
  if (objectHas(call.settings["extraBody"], "tools")) return "tools that have no form here"
  return elsewhere.some((name) => call.settings[name] !== undefined)
    ? "settings that bring what the request does not show (documents, a conversation that is kept)"
    : undefined
}

const objectHas = (value: unknown, name: string): boolean =>
  typeof value === "object" && value !== null && Object.hasOwn(value, name)

const isFile = (part: Prompt.Part): boolean =>
  part.type === "file" ||
  (part.type === "tool-result" && part.modelOutput?.some((output) => output.type === "file") === true)
