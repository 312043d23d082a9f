import type * as Response from "effect/ai/Response"
import type * as Effect from "effect/Effect"
import type { Asked } from "./Asked.ts"
import type { AnswerExpectation, Expectation } from "./expectation/Expectation.ts"
import type { Heard } from "./heard.ts"
import type { RecordedExchange } from "./record.ts"
import type * as Transport from "./transport.ts"
import type { StreamForm } from "./truncate.ts"

/** One way to make a recorded exchange happen again through the public API of a provider. */
export interface Attempt extends Asked {
  /** Makes the call and says what a caller got. */
  readonly run: (transport: Transport.Transport) => Effect.Effect<Heard>
  /** Goes on from the answer: with results for its calls, and another message of the user. */
  readonly next?: (parts: ReadonlyArray<Response.AnyPart>, transport: Transport.Transport) => Effect.Effect<Heard>
  /** The path, where it is another one for each exchange. */
  readonly path?: string
  /** What of the answer is not in the request that goes on from it, one line each. */
  readonly compareNext?: (first: Transport.Asked, next: Transport.Asked) => ReadonlyArray<string>
  /** How what was asked differs from what had to be asked, one line each. */
  readonly compareAsked: (asked: Transport.Asked) => ReadonlyArray<string>
}

/** An API of a vendor whose recordings can be run. */
export interface Api {
  /** The path below the base URL to which exactly one request must go. */
  readonly path: string
  readonly read: (exchange: RecordedExchange) => Expectation
  /** Of APIs that answer with streams. */
  readonly streams?: StreamForm
  readonly attempt: (exchange: RecordedExchange, expected: Expectation) => Attempt
  /** The same model asked for nothing in particular, for a request that was wrong on purpose. */
  readonly plainAttempt: (exchange: RecordedExchange, expected: Expectation) => Attempt
}

/** The expectation where it is an answer: what it calls has to be declared. */
export const answerOf = (expected: Expectation): AnswerExpectation | undefined =>
  expected.kind === "answer" ? expected : undefined
