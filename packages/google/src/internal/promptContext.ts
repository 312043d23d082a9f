/** What the encoders of a prompt share. */
import type * as Capability from "@llm-layers/core/Capability"
import type * as Json from "@llm-layers/core/Json"
import type * as Warning from "@llm-layers/core/Warning"

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

/** What is left out of a prompt, and why. */
export const leaveOut = (context: PromptContext, message: string): void => {
  context.warnings.push({ about: "prompt", message })
}
