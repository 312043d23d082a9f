/** What the encoders of a prompt share. */
import type * as Capability from "@llm-layers/core/Capability"
import type * as Json from "@llm-layers/core/Json"
import * as ProviderError from "@llm-layers/core/ProviderError"
import type * as Warning from "@llm-layers/core/Warning"
import type * as AiError from "effect/ai/AiError"

/** A part of a content. */
export type Part = Json.JsonRecord

export interface PromptContext {
  readonly subject: Capability.Subject
  /** The address of a file that was uploaded to the Developer API. */
  readonly fileUri: (id: string) => string
  readonly warnings: Array<Warning.Warning>
}

/** The member of a part that brings the signature of its thoughts back. */
export const encodeSignature = (
  options: { readonly thoughtSignature?: string } | null | undefined
): { thoughtSignature?: string } =>
  options?.thoughtSignature === undefined ? {} : { thoughtSignature: options.thoughtSignature }

/** What of a prompt the API has no form for. */
export const refuse = (context: PromptContext, capability: string, asked: string): AiError.AiError =>
  ProviderError.unsupported(context.subject.origin, {
    capability,
    asked,
    model: context.subject.model,
    parameter: "prompt"
  })

/** What is left out of a prompt, and why. */
export const leaveOut = (context: PromptContext, message: string): void => {
  context.warnings.push({ about: "prompt", message })
}
