/** What a script has for one call, how that becomes an answer, and what a message says of it. */
import * as ProviderError from "@llm-layers/core/ProviderError"
import * as AiError from "effect/ai/AiError"
import type * as LanguageModel from "effect/ai/LanguageModel"
import type * as Prompt from "effect/ai/Prompt"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import type { Answer, Piece } from "./answer.ts"
import type { Delivery } from "./delivery.ts"
import { quoted, shortened } from "./script.ts"

/** An answer and how it comes. */
export interface Delivered {
  readonly _tag: "Delivered"
  readonly answer: Answer
  readonly delivery: Delivery
}

/**
 * What answers a call: an answer, one with how it comes, or an Effect of either, which is run when the call is made. The
 * call fails with what the Effect fails with.
 */
export type Reply = Answer | Delivered | Effect.Effect<Answer | Delivered, AiError.AiError>

/** Answers from what was asked. */
export type Respond = (prompt: Prompt.Prompt, options: LanguageModel.ProviderOptions) => Reply

/** An entry that answers only a call that it fits. */
export interface Conditional {
  readonly _tag: "Conditional"
  readonly label: string
  readonly fits: (prompt: Prompt.Prompt, options: LanguageModel.ProviderOptions) => boolean
  readonly entry: Reply | Respond
}

/** What answers one call of a script. */
export type Entry = Reply | Respond | Conditional

/** The answer of an entry that fits. */
export const resolve = (
  entry: Entry,
  asked: LanguageModel.ProviderOptions
): Effect.Effect<Delivered, AiError.AiError> =>
  Effect.suspend(() => {
    const own = isConditional(entry) ? entry.entry : entry
    const reply = typeof own === "function" ? own(asked.prompt, asked) : own
    // An `AiError` is an Effect, too.
    return !AiError.isAiError(reply) && Effect.isEffect(reply)
      ? Effect.map(reply, delivered)
      : Effect.succeed(delivered(reply))
  })

const delivered = (answer: Answer | Delivered): Delivered =>
  isDelivered(answer) ? answer : { _tag: "Delivered", answer, delivery: {} }

const isDelivered = (entry: Entry): entry is Delivered =>
  typeof entry === "object" && "_tag" in entry && entry._tag === "Delivered"

const isConditional = (entry: Entry): entry is Conditional =>
  typeof entry === "object" && "_tag" in entry && entry._tag === "Conditional"

/** Whether an entry may answer the call. */
export const fits = (entry: Entry, asked: LanguageModel.ProviderOptions): boolean =>
  !isConditional(entry) || entry.fits(asked.prompt, asked)

/** What a message says of an entry. */
export const labelOf = (entry: Entry): string => {
  if (typeof entry === "function") return "a function"
  if (isDelivered(entry)) return labelOf(entry.answer)
  if (isConditional(entry)) return `when ${entry.label}: ${labelOf(entry.entry)}`
  if (isList(entry)) return `[${entry.map(labelOfPiece).join(", ")}]`
  return !AiError.isAiError(entry) && Effect.isEffect(entry) ? "an Effect" : labelOfPiece(entry)
}

// `Array.isArray` does not tell a `ReadonlyArray` from the rest.
const isList = (entry: Entry): entry is ReadonlyArray<Piece> => Array.isArray(entry)

const labelOfPiece = (piece: Piece): string => {
  if (typeof piece === "string") return quoted(piece)
  if (Duration.isDuration(piece)) return Duration.format(piece)
  if (AiError.isAiError(piece)) return `failure ${ProviderError.kindOf(piece)}`
  switch (piece.type) {
    case "text":
      return quoted(piece.text)
    case "reasoning":
      return `reasoning ${quoted(piece.text)}`
    case "tool-call":
      return `${piece.name}(${shortened(JSON.stringify(piece.params))})`
    default:
      return piece.type
  }
}
