/**
 * This project's own error union: one tag a kind, for programs that want every failure in the type of the error
 * channel and `Effect.catchTags` that knows when all are handled.
 */
import * as AiError from "effect/ai/AiError"
import * as Data from "effect/Data"
import type * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import * as ErrorKind from "./ErrorKind.ts"
import * as PartialAnswer from "./PartialAnswer.ts"

/** What each tagged error carries. */
export interface Fields {
  readonly message: string
  /** Whether the same request may succeed later. */
  readonly retryable: boolean
  /** What arrived before a stream failed. */
  readonly partial?: PartialAnswer.PartialAnswer | undefined
  /** The `AiError` itself, with reason, metadata and the redacted original. */
  readonly cause: AiError.AiError
}

export class RateLimited extends Data.TaggedError("RateLimited")<
  Fields & {
    /** Only where the server said so. */
    readonly retryAfter: Duration.Duration | undefined
  }
> {}
export class QuotaExhausted extends Data.TaggedError("QuotaExhausted")<Fields> {}
export class AuthenticationFailed extends Data.TaggedError("AuthenticationFailed")<Fields> {}
export class ContentRefused extends Data.TaggedError("ContentRefused")<Fields> {}
export class ContextOverflow extends Data.TaggedError("ContextOverflow")<Fields> {}
export class RequestTooLarge extends Data.TaggedError("RequestTooLarge")<Fields> {}
export class ModelNotFound extends Data.TaggedError("ModelNotFound")<Fields> {}
export class InvalidRequest extends Data.TaggedError("InvalidRequest")<Fields> {}
export class Unsupported extends Data.TaggedError("Unsupported")<Fields> {}
export class Overloaded extends Data.TaggedError("Overloaded")<Fields> {}
export class ProviderFailed extends Data.TaggedError("ProviderFailed")<Fields> {}
export class TimedOut extends Data.TaggedError("TimedOut")<Fields> {}
export class StreamInterrupted extends Data.TaggedError("StreamInterrupted")<Fields> {}
export class ConnectionFailed extends Data.TaggedError("ConnectionFailed")<Fields> {}
export class InvalidResponse extends Data.TaggedError("InvalidResponse")<Fields> {}
export class EventTooLarge extends Data.TaggedError("EventTooLarge")<Fields> {}
export class OutputTruncated extends Data.TaggedError("OutputTruncated")<Fields> {}
export class InvalidOutput extends Data.TaggedError("InvalidOutput")<Fields> {}
export class BudgetExceeded extends Data.TaggedError("BudgetExceeded")<Fields> {}
export class QueueFull extends Data.TaggedError("QueueFull")<Fields> {}
export class CircuitOpen extends Data.TaggedError("CircuitOpen")<Fields> {}
export class StoreFailed extends Data.TaggedError("StoreFailed")<Fields> {}
export class Unknown extends Data.TaggedError("Unknown")<Fields> {}

/** Every failure of a model call, by tag. */
export type TaggedError =
  | RateLimited
  | QuotaExhausted
  | AuthenticationFailed
  | ContentRefused
  | ContextOverflow
  | RequestTooLarge
  | ModelNotFound
  | InvalidRequest
  | Unsupported
  | Overloaded
  | ProviderFailed
  | TimedOut
  | StreamInterrupted
  | ConnectionFailed
  | InvalidResponse
  | EventTooLarge
  | OutputTruncated
  | InvalidOutput
  | BudgetExceeded
  | QueueFull
  | CircuitOpen
  | StoreFailed
  | Unknown

const classes = {
  QuotaExhausted,
  AuthenticationFailed,
  ContentRefused,
  ContextOverflow,
  RequestTooLarge,
  ModelNotFound,
  InvalidRequest,
  Unsupported,
  Overloaded,
  ProviderFailed,
  TimedOut,
  StreamInterrupted,
  ConnectionFailed,
  InvalidResponse,
  EventTooLarge,
  OutputTruncated,
  InvalidOutput,
  BudgetExceeded,
  QueueFull,
  CircuitOpen,
  StoreFailed,
  Unknown
}

/**
 * One `AiError` as the tagged error of its kind.
 */
export const fromAiError = (error: AiError.AiError): TaggedError => {
  const kind = ErrorKind.kindOf(error)
  const fields: Fields = {
    message: error.message,
    retryable: error.isRetryable,
    partial: PartialAnswer.of(error),
    cause: error
  }
  return kind === "RateLimited"
    ? new RateLimited({ ...fields, retryAfter: error.retryAfter })
    : new classes[kind](fields)
}

/** What {@link tagged} makes of an effect or a stream. One type and not two overloads, of which `pipe` sees the last alone. */
export type Tagged<Self> = Self extends Effect.Effect<infer A, infer E, infer R>
  ? Effect.Effect<A, Exclude<E, AiError.AiError> | TaggedError, R>
  : Self extends Stream.Stream<infer A, infer E, infer R> ?
    Stream.Stream<A, Exclude<E, AiError.AiError> | TaggedError, R>
  : never

/**
 * Turns `AiError` in the error channel of an effect or a stream into {@link TaggedError}; other errors pass.
 *
 * @example
 * ```ts
 * import * as ProviderError from "@llm-layers/core/ProviderError"
 * import * as ScriptedModel from "@llm-layers/testing/ScriptedModel"
 * import { Effect } from "effect"
 * import { LanguageModel } from "effect/ai"
 *
 * const program = LanguageModel.generateText({ prompt: "Hello" }).pipe(
 *   ProviderError.tagged,
 *   Effect.map((response) => response.text),
 *   Effect.catchTag("RateLimited", (error) => Effect.succeed(`later, in ${error.retryAfter}`))
 * )
 *
 * await Effect.runPromise(Effect.provide(program, ScriptedModel.layer(["Hi."])))
 * ```
 */
export const tagged = <
  Self extends Effect.Effect<unknown, unknown, unknown> | Stream.Stream<unknown, unknown, unknown>
>(
  self: Self
): Tagged<Self> => {
  const map = (error: unknown) => AiError.isAiError(error) ? fromAiError(error) : error
  // The type above says what comes out; TypeScript cannot follow which member of the union `self` is.
  return (Stream.isStream(self) ? Stream.mapError(self, map) : Effect.mapError(self, map)) as Tagged<Self>
}
