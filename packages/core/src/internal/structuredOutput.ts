/** Answers of `generateObject` that have no object in them. They are paid for: the error says why, and what they cost. */
import * as AiError from "effect/ai/AiError"
import type * as LanguageModel from "effect/ai/LanguageModel"
import type * as Response from "effect/ai/Response"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Metadata from "../Metadata.ts"
import * as ProviderError from "../ProviderError.ts"

type Answer = ReadonlyArray<Response.PartEncoded>

const textOf = (answer: Answer, isOf: (part: Response.TextPartEncoded) => boolean = () => true): string =>
  answer.map((part) => part.type === "text" && isOf(part) ? part.text : "").join("")

/**
 * The error for an answer that was refused or cut. `effect/ai` would say of both that the text does not fit the schema.
 * Providers mark the text of a refusal with `refusal` in their metadata.
 */
export const objectLaw = (origin: ProviderError.Origin, answer: Answer): AiError.AiError | undefined => {
  const reason = answer.find((part) => part.type === "finish")?.reason
  const refusal = textOf(answer, ({ metadata }) => Metadata.get(metadata, origin.provider, "refusal") === true)
  if (refusal !== "" || reason === "content-filter") {
    return ProviderError.make(origin, "ContentRefused", { description: refusal === "" ? undefined : refusal })
  }
  const text = textOf(answer)
  if (reason !== "length" || isJson(text)) return undefined
  const description =
    "The answer was cut before its JSON was whole: the output limit or the context window was reached. " +
    "Raise `maxOutputTokens`, or ask for less"
  return AiError.make({
    module: origin.module,
    method: origin.method,
    reason: new AiError.StructuredOutputError({
      description,
      responseText: text,
      metadata: Metadata.make(Metadata.namespace, { kind: "InvalidOutput", description }),
      usage: tokensOf(answer)
    })
  })
}

const tokensOf = (answer: Answer): typeof AiError.UsageInfo.Type => {
  const usage = answer.find((part) => part.type === "finish")?.usage
  const [promptTokens, completionTokens] = [usage?.inputTokens.total, usage?.outputTokens.total]
  const totalTokens = promptTokens === undefined || completionTokens === undefined
    ? undefined
    : promptTokens + completionTokens
  return { promptTokens, completionTokens, totalTokens }
}

/** A model can go on with white space after the end of its JSON. */
const isJson = (text: string): boolean => {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}

/** The answer to the call of `generateObject` that runs. */
const Call = Context.Reference<{ answer: Answer | undefined } | undefined>(
  "@llm-layers/core/internal/structuredOutput/Call",
  { defaultValue: () => undefined }
)

/** Remembers the answer for {@link withUsage}. */
export const remember = (answer: Answer): Effect.Effect<void> =>
  Effect.map(Call, (call) => {
    if (call !== undefined) call.answer = answer
  })

/** `StructuredOutputError` has a place for the token counts, which `effect/ai` leaves empty; see its `LanguageModel.make`. */
export const withUsage = (service: LanguageModel.LanguageModel): LanguageModel.LanguageModel => {
  const generateObject = (options: Parameters<LanguageModel.LanguageModel["generateObject"]>[0]) =>
    Effect.suspend(() => {
      const call: { answer: Answer | undefined } = { answer: undefined }
      return service.generateObject(options).pipe(
        Effect.provideService(Call, call),
        Effect.mapError((error: unknown) =>
          AiError.isAiError(error) && call.answer !== undefined ? withCost(error, call.answer) : error
        )
      )
    })
  // The errors stay of the types they were, which depend on the options.
  return { ...service, generateObject: generateObject as LanguageModel.LanguageModel["generateObject"] }
}

const withCost = (error: AiError.AiError, answer: Answer): AiError.AiError => {
  const { module, method, reason } = error
  if (reason._tag !== "StructuredOutputError" || reason.usage !== undefined) return error
  const { description, metadata, responseText } = reason
  const costly = new AiError.StructuredOutputError({ description, responseText, metadata, usage: tokensOf(answer) })
  return ProviderError.withPartial(
    // No fact of a provider is added, so its name is not looked at.
    { provider: "", module, method },
    AiError.make({ module, method, reason: costly }),
    { parts: answer, usage: answer.find((part) => part.type === "finish")?.usage }
  )
}
