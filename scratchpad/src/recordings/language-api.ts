import type * as LanguageModel from "effect/ai/LanguageModel"
import * as Effect from "effect/Effect"
import type * as Layer from "effect/Layer"
import { answerOf, type Api, type Attempt } from "./Api.ts"
import { callModel } from "./call-model.ts"
import type { AnswerExpectation, Expectation } from "./expectation/Expectation.ts"
import type { RecordedExchange } from "./record.ts"
import { type Call, plainPrompt } from "./request/Call.ts"
import { saidBy } from "./request/said.ts"

/** What makes a vendor's language model API one that can be run. */
export interface LanguageApi {
  readonly path: string
  readonly read: (exchange: RecordedExchange) => Expectation
  readonly call: (exchange: RecordedExchange, answer: AnswerExpectation | undefined) => Call
  readonly model: (call: Call, baseUrl: string) => Layer.Layer<LanguageModel.LanguageModel>
}

export const languageApi = ({ path, read, call, model }: LanguageApi): Api => {
  const attemptOf = (made: Call, expected: Expectation): Attempt => ({
    run: (baseUrl) => callModel(made, expected).pipe(Effect.provide(model(made, baseUrl))),
    model: made.model,
    stream: made.stream,
    said: saidBy(made),
    declared: made.declared,
    customName: made.customName
  })
  return {
    path,
    read,
    attempt: (exchange, expected) => attemptOf(call(exchange, answerOf(expected)), expected),
    plainAttempt: (exchange, expected) => {
      const made = call(exchange, undefined)
      return attemptOf(
        { ...made, prompt: plainPrompt, tools: [], toolChoice: undefined, schema: undefined, declared: new Set() },
        expected
      )
    }
  }
}
