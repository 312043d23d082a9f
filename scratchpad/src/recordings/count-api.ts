import type * as AiError from "effect/ai/AiError"
import * as Effect from "effect/Effect"
import type { Api, Attempt } from "./Api.ts"
import { valueDifference } from "./difference.ts"
import type { ErrorExpectation } from "./expectation/Expectation.ts"
import { readTokenCount } from "./expectation/token-count.ts"
import type { Heard } from "./heard.ts"
import { type Json, stringAt } from "./json.ts"
import type { RecordedExchange, RecordedResponse } from "./record.ts"
import { type Call, plainCall } from "./request/Call.ts"
import { compareOutlines, type Outline } from "./request/outline.ts"
import { withExtraBody } from "./request/settings.ts"
import type { Asked, Transport } from "./transport.ts"

/** What makes a vendor's count of tokens one that can be run. */
export interface CountApi {
  /** Where it depends on the model, a function. */
  readonly path: string | ((exchange: RecordedExchange, model: string) => string)
  /** The member of the answer. */
  readonly member: string
  readonly readError: (response: RecordedResponse) => ErrorExpectation
  readonly call: (exchange: RecordedExchange) => Call
  readonly outline: (body: Json | undefined) => Outline
  /** The model asked for. Default: the member of the body. */
  readonly modelOf?: (asked: Asked) => string | undefined
  readonly count: (
    call: Call,
    transport: Transport,
    exchange: RecordedExchange
  ) => Effect.Effect<number, AiError.AiError>
}

export const countApi = (api: CountApi): Api => {
  const modelOf = api.modelOf ?? (({ body }: Asked) => stringAt(body, "model"))
  const attemptOf = (exchange: RecordedExchange, call: Call, faithful: boolean): Attempt => {
    const { format } = call
    // The form of an answer is no part of what is counted but through the body.
    const made = format === undefined
      ? call
      : { ...call, settings: withExtraBody(call.settings, format.members) }
    return {
      run: (transport) =>
        api.count(made, transport, exchange).pipe(
          Effect.map((tokens): Heard => ({ kind: "tokens", tokens })),
          Effect.catch((error) => Effect.succeed<Heard>({ kind: "error", error, parts: [] }))
        ),
      ...(typeof api.path === "string" ? {} : { path: api.path(exchange, made.model) }),
      compareAsked: (asked) => [
        ...valueDifference("model asked for", made.model, modelOf(asked)),
        ...(faithful && exchange.request !== undefined
          ? compareOutlines(api.outline(exchange.request.body), api.outline(asked.body))
          : [])
      ],
      declared: made.declared,
      customName: made.customName,
      form: { spared: [], takenApart: [] }
    }
  }
  return {
    path: typeof api.path === "string" ? api.path : "",
    read: readTokenCount(api.member, api.readError),
    // What is wrong on purpose need not have a form here.
    attempt: (exchange) => attemptOf(exchange, api.call(exchange), exchange.response.status < 400),
    plainAttempt: (exchange) => attemptOf(exchange, plainCall(api.call(exchange)), false)
  }
}
