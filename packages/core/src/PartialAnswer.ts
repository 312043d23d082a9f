/**
 * The part of an answer that had arrived when its stream failed. It travels in the metadata of the error.
 */
import * as AiError from "effect/ai/AiError"
import type * as Response from "effect/ai/Response"
import * as Metadata from "./Metadata.ts"

/** What arrived before a stream failed. */
export interface PartialAnswer {
  /** Text, reasoning and whole tool calls, in the form `generateText` gives; unfinished tool calls stay out. */
  readonly parts: ReadonlyArray<Response.PartEncoded>
  /** Token counts, where the vendor had sent any. */
  readonly usage: typeof Response.Usage.Encoded | undefined
}

/** For reasons without metadata. Does not survive encoding. */
const aside = new WeakMap<AiError.AiError, PartialAnswer>()

/** A copy of the error that {@link of} knows the answer of, although its reason has no room for it. */
export const beside = (error: AiError.AiError, arrived: PartialAnswer): AiError.AiError => {
  const copy = AiError.make({ module: error.module, method: error.method, reason: error.reason })
  aside.set(copy, arrived)
  return copy
}

/**
 * The part of an answer that arrived before the error, or `undefined` where nothing had.
 *
 * @example
 * ```ts
 * import * as ProviderError from "@llm-layers/core/ProviderError"
 * import { Effect } from "effect"
 * import { LanguageModel } from "effect/ai"
 *
 * // What had come, in place of an answer that was cut.
 * export const program = LanguageModel.generateText({ prompt: "Tell me a long story" }).pipe(
 *   Effect.map((response) => response.text),
 *   Effect.catchTag("AiError", (error) =>
 *     Effect.succeed(
 *       ProviderError.partial(error)?.parts.map((part) => part.type === "text" ? part.text : "").join("") ?? ""
 *     ))
 * )
 * ```
 */
export const of = (error: AiError.AiError): PartialAnswer | undefined => {
  const metadata = "metadata" in error.reason ? error.reason.metadata : undefined
  const value = Metadata.get(metadata, Metadata.namespace, "partial")
  // Written by `withPartial` alone, from values of this type; JSON carries them unchanged.
  return value === undefined ? aside.get(error) : value as unknown as PartialAnswer
}
