/**
 * Errors that `effect/ai` makes of an answer that had come: arguments that a tool's schema rejects, an object that does
 * not fit, a part that does not decode. The answer is paid for; the error keeps it.
 */
import * as AiError from "effect/ai/AiError"
import type * as LanguageModel from "effect/ai/LanguageModel"
import type * as Response from "effect/ai/Response"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as PartialAnswer from "../PartialAnswer.ts"
import * as ProviderError from "../ProviderError.ts"

type Answer = ReadonlyArray<Response.PartEncoded>

/** The answer to the call that runs. */
const Call = Context.Reference<{ answer: Answer | undefined } | undefined>(
  "@llm-layers/core/internal/keptAnswer/Call",
  { defaultValue: () => undefined }
)

/** Remembers the answer for {@link keepAnswers}. */
export const remember = (answer: Answer): Effect.Effect<void> =>
  Effect.map(Call, (call) => {
    if (call !== undefined) call.answer = answer
  })

/**
 * The service, whose errors keep the answer. Done around the calls and not before them: what fails, and when, is the
 * framework's to say (approvals, `failureMode`, `disableToolCallResolution`). The parts of a stream have reached the
 * caller by then.
 */
export const keepAnswers = (service: LanguageModel.LanguageModel): LanguageModel.LanguageModel => {
  const keeping = <A, E, R>(effect: Effect.Effect<A, E, R>): Effect.Effect<A, unknown, R> =>
    Effect.suspend(() => {
      const call: { answer: Answer | undefined } = { answer: undefined }
      return effect.pipe(
        Effect.provideService(Call, call),
        Effect.mapError((error: unknown) =>
          AiError.isAiError(error) && call.answer !== undefined ? withAnswer(error, call.answer) : error
        )
      )
    })
  return {
    ...service,
    // The errors stay of the types they were, which depend on the options.
    generateText:
      ((options: Parameters<LanguageModel.LanguageModel["generateText"]>[0]) =>
        keeping(service.generateText(options))) as LanguageModel.LanguageModel["generateText"],
    generateObject:
      ((options: Parameters<LanguageModel.LanguageModel["generateObject"]>[0]) =>
        keeping(service.generateObject(options))) as LanguageModel.LanguageModel["generateObject"]
  }
}

/** Others are those of a handler, whose business they are. */
const ofFramework: ReadonlySet<string> = new Set<AiError.AiErrorReason["_tag"]>([
  "InvalidOutputError",
  "InvalidToolResultError",
  "StructuredOutputError",
  "ToolNotFoundError",
  "ToolParameterValidationError",
  "ToolResultEncodingError"
])

/** The error with the answer it is about, where it has none. */
export const withAnswer = (error: AiError.AiError, answer: Answer): AiError.AiError => {
  if (!ofFramework.has(error.reason._tag) || PartialAnswer.of(error) !== undefined) return error
  const { module, method, reason } = error
  return ProviderError.withPartial(
    // No fact of a provider is added, so its name is not looked at.
    { provider: "", module, method },
    reason._tag === "StructuredOutputError" && reason.usage === undefined
      ? AiError.make({ module, method, reason: withUsage(reason, answer) })
      : error,
    { parts: answer, usage: answer.find((part) => part.type === "finish")?.usage }
  )
}

/** `StructuredOutputError` has a place for the token counts, which `effect/ai` leaves empty; see its `LanguageModel.make`. */
const withUsage = (
  { description, metadata, responseText }: AiError.StructuredOutputError,
  answer: Answer
): AiError.StructuredOutputError =>
  new AiError.StructuredOutputError({ description, responseText, metadata, usage: tokensOf(answer) })

const tokensOf = (answer: Answer): typeof AiError.UsageInfo.Type => {
  const usage = answer.find((part) => part.type === "finish")?.usage
  const [promptTokens, completionTokens] = [usage?.inputTokens.total, usage?.outputTokens.total]
  const totalTokens = promptTokens === undefined || completionTokens === undefined
    ? undefined
    : promptTokens + completionTokens
  return { promptTokens, completionTokens, totalTokens }
}
