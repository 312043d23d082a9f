/** Answers of `generateObject` that have no object in them. They are paid for: the error says why, and what they cost. */
import type * as AiError from "effect/ai/AiError"
import type * as Response from "effect/ai/Response"
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
  // Not a `StructuredOutputError`, which says that the same request may succeed.
  return ProviderError.make(origin, "OutputTruncated", {
    description: "The answer was cut before its JSON was whole: the output limit or the context window was reached"
  })
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
