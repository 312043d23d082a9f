import type * as LanguageModel from "effect/ai/LanguageModel"
import * as Effect from "effect/Effect"
import type * as Layer from "effect/Layer"
import { answerOf, type Api, type Attempt } from "./Api.ts"
import { askNext, callModel, objectSchemaOf } from "./call-model.ts"
import { valueDifference } from "./difference.ts"
import type { AnswerExpectation, Expectation } from "./expectation/Expectation.ts"
import { at, type Json, type JsonObject, stringAt } from "./json.ts"
import type { Form } from "./lost.ts"
import type { RecordedExchange } from "./record.ts"
import { type Call, plainCall } from "./request/Call.ts"
import { compareOutlines, missingEntry, type Outline } from "./request/outline.ts"
import { withExtraBody } from "./request/settings.ts"
import type { Asked, Transport } from "./transport.ts"
import type { StreamForm } from "./truncate.ts"

/** What makes a vendor's language model API one that can be run. */
export interface LanguageApi {
  /** Where it depends on the model, a function. */
  readonly path: string | ((exchange: RecordedExchange, model: string) => string)
  readonly read: (exchange: RecordedExchange) => Expectation
  readonly form: Form
  readonly streams: StreamForm
  readonly call: (exchange: RecordedExchange, answer: AnswerExpectation | undefined) => Call
  readonly model: (
    call: Call,
    transport: Transport,
    exchange: RecordedExchange
  ) => Layer.Layer<LanguageModel.LanguageModel>
  readonly outline: (body: Json | undefined) => Outline
  /** What an answer is in the next request, in the entries of an outline. */
  readonly answered: (whole: Json, call: Call) => ReadonlyArray<JsonObject>
  /** Model and stream, where they are not members of the body. */
  readonly asked?: (asked: Asked) => { readonly model: string | undefined; readonly stream: boolean }
  /** Whether a provider asks for a stream although a plain answer was asked of it. */
  readonly asksForStream?: (call: Call) => boolean
}

export const languageApi = (api: LanguageApi): Api => {
  const askedOf = api.asked ?? inBody
  const attemptOf = (exchange: RecordedExchange, expected: Expectation, call: Call, faithful: boolean): Attempt => {
    const schema = objectSchemaOf(call, expected)
    // A form that is asked for without a schema, or of a stream, is no object of `effect/ai`.
    const made: Call = schema === undefined && call.format !== undefined
      ? { ...call, settings: withExtraBody(call.settings, call.format.members) }
      : call
    const stream = made.stream || api.asksForStream?.(made) === true
    return {
      run: (transport) => callModel(made, schema).pipe(Effect.provide(api.model(made, transport, exchange))),
      ...(typeof api.path === "string" ? {} : { path: api.path(exchange, made.model) }),
      compareAsked: (asked: Asked) => [
        ...valueDifference("model asked for", made.model, askedOf(asked).model),
        ...valueDifference("stream asked for", stream, askedOf(asked).stream),
        ...(faithful && exchange.request !== undefined
          ? compareOutlines(api.outline(exchange.request.body), api.outline(asked.body))
          : [])
      ],
      next: (parts, transport) => askNext(made, parts).pipe(Effect.provide(api.model(made, transport, exchange))),
      compareNext: (first, next) =>
        expected.kind === "answer"
          ? missingEntry(
            api.outline(first.body).entries,
            api.answered(expected.whole, made),
            api.outline(next.body).entries
          )
          : [],
      declared: made.declared,
      customName: made.customName,
      form: api.form
    }
  }
  const { path, read, streams } = api
  return {
    path: typeof path === "string" ? path : "",
    read,
    streams,
    attempt: (exchange, expected) =>
      // What is wrong on purpose need not have a form here.
      attemptOf(exchange, expected, api.call(exchange, answerOf(expected)), exchange.response.status < 400),
    plainAttempt: (exchange, expected) => attemptOf(exchange, expected, plainCall(api.call(exchange, undefined)), false)
  }
}

const inBody = ({ body }: Asked) => ({ model: stringAt(body, "model"), stream: at(body, "stream") === true })
