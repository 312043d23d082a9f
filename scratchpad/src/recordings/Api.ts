import type * as Effect from "effect/Effect"
import type { AnswerExpectation, Expectation } from "./expectation/Expectation.ts"
import type { Observation } from "./observe.ts"
import type { RecordedExchange } from "./record.ts"

/** One way to make a recorded exchange happen again through the public API of a provider. */
export interface Attempt {
  /** Makes the call against a base URL and says what a caller got. */
  readonly run: (baseUrl: string) => Effect.Effect<Observation>
  readonly model: string
  readonly stream: boolean
  /** Texts of the prompt and names of the tools, each of which must be found in the request. */
  readonly said: ReadonlyArray<string>
  readonly declared: ReadonlySet<string>
  readonly customName: (providerName: string) => string
}

/** An API of a vendor whose recordings can be run. */
export interface Api {
  /** The path below the base URL to which exactly one request must go. */
  readonly path: string
  readonly read: (exchange: RecordedExchange) => Expectation
  readonly attempt: (exchange: RecordedExchange, expected: Expectation) => Attempt
  /** The same model asked for nothing in particular, for a request that was wrong on purpose. */
  readonly plainAttempt: (exchange: RecordedExchange, expected: Expectation) => Attempt
}

/** The expectation where it is an answer: what it calls has to be declared. */
export const answerOf = (expected: Expectation): AnswerExpectation | undefined =>
  expected.kind === "answer" ? expected : undefined
