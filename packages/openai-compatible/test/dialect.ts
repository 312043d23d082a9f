/** Encodes and decodes without a connection, and answers requests from a script. */
import * as Capability from "@llm-layers/core/Capability"
import * as EventStream from "@llm-layers/core/EventStream"
import type * as PartStream from "@llm-layers/core/PartStream"
import * as ProviderError from "@llm-layers/core/ProviderError"
import * as Settings from "@llm-layers/core/Settings"
import { Effect, Redacted } from "effect"
import { type AiError, type LanguageModel, Prompt, type Response } from "effect/ai"
import type { Reading } from "../src/internal/draft.ts"
import { defaultQuirks, type Quirks } from "../src/internal/quirks.ts"
import { type Encoded, encodeRequest } from "../src/internal/request.ts"
import { decodeResponse } from "../src/internal/response.ts"
import type { ChatSettings } from "../src/internal/settings.ts"
import { decoder } from "../src/internal/stream.ts"
import type { EncodeProviderTool, EncodeToolMembers } from "../src/internal/tools.ts"
import * as OpenAiCompatibleClient from "../src/OpenAiCompatibleClient.ts"
import * as OpenAiSchema from "../src/OpenAiSchema.ts"

export const override = Settings.override<ChatSettings>("test/ChatCompletions")

const origin = { provider: "acme", module: "AcmeLanguageModel", method: "generateText" }

/** What a test asks for. */
export interface Asked {
  readonly prompt?: Prompt.RawInput
  readonly tools?: LanguageModel.ProviderOptions["tools"]
  readonly toolChoice?: LanguageModel.ToolChoice<string>
  readonly responseFormat?: LanguageModel.ProviderOptions["responseFormat"]
  readonly settings?: ChatSettings
  readonly quirks?: Partial<Quirks>
  readonly capabilities?: Partial<Capability.Capabilities>
  readonly encodeProviderTool?: EncodeProviderTool
  readonly encodeToolMembers?: EncodeToolMembers
  readonly transformer?: LanguageModel.CodecTransformer
  readonly streaming?: boolean
}

/** The request for it. */
export const encode = (asked: Asked): Effect.Effect<Encoded, AiError.AiError> => {
  const options = {
    prompt: Prompt.make(asked.prompt ?? "Hi"),
    tools: asked.tools ?? [],
    toolChoice: asked.toolChoice ?? "auto",
    responseFormat: asked.responseFormat ?? { type: "text" },
    previousResponseId: undefined,
    incrementalPrompt: undefined
    // Encoders do not look at the span.
  } as unknown as LanguageModel.ProviderOptions
  return encodeRequest(
    {
      model: "acme-1",
      capabilities: { ...Capability.all, ...asked.capabilities },
      settings: asked.settings ?? {},
      override,
      transformer: asked.transformer ?? OpenAiSchema.codecTransformer,
      quirks: { ...defaultQuirks, ...asked.quirks },
      encodeSettings: undefined,
      encodeProviderTool: asked.encodeProviderTool,
      encodeToolMembers: asked.encodeToolMembers
    },
    origin,
    options,
    asked.streaming ?? false
  )
}

/** The messages for a prompt. */
export const messages = (prompt: Prompt.RawInput, asked: Asked = {}): Effect.Effect<unknown, AiError.AiError> =>
  Effect.map(encode({ ...asked, prompt }), ({ body }) => body["messages"])

/** The kind and description of the error, for one that is expected. */
export const refusal = <A>(effect: Effect.Effect<A, AiError.AiError>) =>
  Effect.map(Effect.flip(effect), (error) => ({ kind: ProviderError.kindOf(error), message: error.message }))

export const reading: Reading = {
  provider: "acme",
  quirks: defaultQuirks,
  warnings: [],
  audioFormat: undefined,
  callPrefix: "call_0",
  toolName: (name) => name,
  failed: (body) => ProviderError.make(origin, "ProviderFailed", { description: JSON.stringify(body) }),
  cutShort: () => ProviderError.make(origin, "StreamInterrupted")
}

/** `[DONE]`. */
export const done: EventStream.JsonEvent = { event: EventStream.doneEvent, data: undefined }

/** A chunk with one choice. */
export const delta = (delta: object, choice: object = {}, chunk: object = {}): EventStream.JsonEvent => ({
  event: "message",
  data: { id: "c1", created: 1_700_000_000, model: "acme-1", choices: [{ index: 0, delta, ...choice }], ...chunk }
})

/** Any event. */
export const chunk = (data: unknown, event = "message"): EventStream.JsonEvent => ({ event, data })

/** The parts of a streamed answer, and the error it ended with. */
export const stream = (
  events: ReadonlyArray<EventStream.JsonEvent>,
  facts: Partial<Reading> = {}
): { readonly parts: ReadonlyArray<PartStream.Part>; readonly error: AiError.AiError | undefined } => {
  const { halt, initial, step } = decoder({ ...reading, ...facts })
  const parts: Array<PartStream.Part> = []
  let state = initial
  for (const event of events) {
    const [next, given, error] = step(state, event)
    state = next
    parts.push(...given)
    if (error !== undefined) return { parts, error }
  }
  const [last, error] = halt(state)
  return { parts: [...parts, ...last], error }
}

/** The parts without the first and the last. */
export const inside = (parts: ReadonlyArray<PartStream.Part>): ReadonlyArray<PartStream.Part> => parts.slice(1, -1)

/** The last part of an answer, and what this provider put on it. */
export const finish = (
  parts: ReadonlyArray<PartStream.Part | Response.PartEncoded>
): { readonly reason: string; readonly usage: unknown; readonly acme: { readonly [key: string]: unknown } } => {
  const last = parts.at(-1)
  if (last?.type !== "finish") throw new Error("the last part is no finish")
  // The namespace of the provider made up for these tests.
  const acme = (last.metadata as { readonly acme?: { readonly [key: string]: unknown } } | undefined)?.acme ?? {}
  return { reason: last.reason, usage: last.usage, acme }
}

/** The parts of a whole answer. */
export const whole = (body: unknown, json = false, facts: Partial<Reading> = {}) =>
  decodeResponse({ ...reading, ...facts }, body, json)

/** A whole answer with one choice. */
export const answer = (message: object, choice: object = {}, more: object = {}) => ({
  id: "c1",
  created: 1_700_000_000,
  model: "acme-1",
  choices: [{ index: 0, message: { role: "assistant", ...message }, finish_reason: "stop", ...choice }],
  usage: { prompt_tokens: 7, completion_tokens: 3, total_tokens: 10 },
  ...more
})

/** One answer of a script. */
export interface Scripted {
  readonly body: string
  readonly status?: number
  readonly type?: string
}

/** A client that answers from a script, and the bodies it was sent. */
export const scripted = (...answers: ReadonlyArray<Scripted>) => {
  const sent: Array<{ readonly [key: string]: unknown }> = []
  const fetch: typeof globalThis.fetch = async (_, init) => {
    const next = answers[sent.length] ?? answers.at(-1)
    sent.push(JSON.parse(await new globalThis.Response(init?.body ?? null).text()))
    return new globalThis.Response(next?.body ?? "", {
      status: next?.status ?? 200,
      headers: { "content-type": next?.type ?? "application/json" }
    })
  }
  const client = OpenAiCompatibleClient.layer({
    baseUrl: "http://localhost:1/v1",
    apiKey: Redacted.make("test-key"),
    fetch
  })
  return { client, sent }
}

/** The body of a stream of server-sent events. */
export const events = (...data: ReadonlyArray<unknown>) => ({
  body: data.map((one) => `data: ${one === "[DONE]" ? one : JSON.stringify(one)}\n\n`).join(""),
  type: "text/event-stream"
})
