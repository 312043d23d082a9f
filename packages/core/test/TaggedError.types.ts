import * as ProviderError from "@llm-layers/core/ProviderError"
import { Data, Effect, type Stream } from "effect"
import type { AiError, LanguageModel } from "effect/ai"

class Mine extends Data.TaggedError("Mine")<{}> {}

declare const effect: Effect.Effect<string, AiError.AiError | Mine, LanguageModel.LanguageModel>
declare const stream: Stream.Stream<string, AiError.AiError | Mine, LanguageModel.LanguageModel>

export const taggedEffect: Effect.Effect<string, ProviderError.TaggedError | Mine, LanguageModel.LanguageModel> = effect
  .pipe(ProviderError.tagged)

export const taggedStream: Stream.Stream<string, ProviderError.TaggedError | Mine, LanguageModel.LanguageModel> = stream
  .pipe(ProviderError.tagged)

// @ts-expect-error: AiError is gone
export const noMore: Effect.Effect<string, AiError.AiError | Mine, LanguageModel.LanguageModel> = ProviderError.tagged(
  effect
)

// @ts-expect-error: a requirement is kept
export const kept: Effect.Effect<string, ProviderError.TaggedError | Mine> = ProviderError.tagged(effect)

const handled = () => Effect.succeed("")

/** Each of the union's tags, so that nothing is left. */
export const all: Effect.Effect<string, never, LanguageModel.LanguageModel> = effect.pipe(
  ProviderError.tagged,
  Effect.catchTags({
    Mine: handled,
    RateLimited: handled,
    QuotaExhausted: handled,
    AuthenticationFailed: handled,
    ContentRefused: handled,
    ContextOverflow: handled,
    RequestTooLarge: handled,
    ModelNotFound: handled,
    InvalidRequest: handled,
    Unsupported: handled,
    Overloaded: handled,
    ProviderFailed: handled,
    TimedOut: handled,
    StreamInterrupted: handled,
    ConnectionFailed: handled,
    InvalidResponse: handled,
    EventTooLarge: handled,
    OutputTruncated: handled,
    InvalidOutput: handled,
    BudgetExceeded: handled,
    QueueFull: handled,
    CircuitOpen: handled,
    StoreFailed: handled,
    Unknown: handled
  })
)

// @ts-expect-error: `RateLimited` alone does not handle them all
export const notAll: Effect.Effect<string, never, LanguageModel.LanguageModel> = effect.pipe(
  ProviderError.tagged,
  Effect.catchTags({ RateLimited: handled })
)

// @ts-expect-error: neither an effect nor a stream
ProviderError.tagged(1)
