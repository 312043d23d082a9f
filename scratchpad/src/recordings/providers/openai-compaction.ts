import type * as OpenAiClient from "@llm-layers/openai/OpenAiClient"
import * as OpenAiCompaction from "@llm-layers/openai/OpenAiCompaction"
import * as OpenAiLanguageModel from "@llm-layers/openai/OpenAiLanguageModel"
import * as LanguageModel from "effect/ai/LanguageModel"
import * as Prompt from "effect/ai/Prompt"
import * as Effect from "effect/Effect"
import type * as Layer from "effect/Layer"
import type { Api, Attempt } from "../Api.ts"
import { valueDifference } from "../difference.ts"
import { readCompaction } from "../expectation/openai-compaction.ts"
import type { Heard } from "../heard.ts"
import { at } from "../json.ts"
import type { RecordedExchange } from "../record.ts"
import { type Call, plainCall } from "../request/Call.ts"
import { responsesCall } from "../request/openai-responses.ts"
import { responsesOutline } from "../request/outline-openai-responses.ts"
import { compareOutlines } from "../request/outline.ts"
import { stubTransport } from "../stub.ts"
import type { Transport } from "../transport.ts"

type ClientOf = (transport: Transport) => Layer.Layer<OpenAiClient.OpenAiClient>

/** The items of the next request, which goes on from what came out. The answer to that is of no interest. */
const askNext = (call: Call, prompt: Prompt.Prompt, exchange: RecordedExchange, client: ClientOf) => {
  const transport = stubTransport(exchange.response)
  const next = Prompt.concat(prompt, [{ role: "user", content: "And then?" }])
  return LanguageModel.generateText({ prompt: next }).pipe(
    Effect.provide(OpenAiLanguageModel.layer(call.model)),
    Effect.provide(client(transport)),
    Effect.exit,
    Effect.map(() => at(transport.asked[0]?.body, "input"))
  )
}

/** Compaction, and a request that goes on from it. */
export const compactionApi = (client: ClientOf): Api => {
  const attemptOf = (exchange: RecordedExchange, call: Call): Attempt => ({
    run: (transport) =>
      Effect.gen(function*() {
        const compacted = yield* Effect.provide(
          OpenAiCompaction.compact(call.model, { ...call.settings, prompt: call.prompt }),
          client(transport)
        )
        const heard: Heard = {
          kind: "compaction",
          id: compacted.id,
          usage: compacted.usage,
          next: yield* askNext(call, compacted.prompt, exchange, client)
        }
        return heard
      }).pipe(Effect.catch((error) => Effect.succeed<Heard>({ kind: "error", error, parts: [] }))),
    compareAsked: ({ body }) =>
      exchange.response.status < 400 && exchange.request !== undefined
        ? compareOutlines(responsesOutline(exchange.request.body), responsesOutline(body))
        : valueDifference("model asked for", call.model, at(body, "model")),
    declared: call.declared,
    customName: call.customName,
    form: { spared: [], takenApart: [] }
  })
  return {
    path: "/v1/responses/compact",
    read: readCompaction,
    attempt: (exchange) => attemptOf(exchange, responsesCall(exchange, undefined)),
    plainAttempt: (exchange) => attemptOf(exchange, plainCall(responsesCall(exchange, undefined)))
  }
}
