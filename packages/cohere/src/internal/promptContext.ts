/** What the encoders of a prompt share. */
import type * as Capability from "@llm-layers/core/Capability"
import type * as Json from "@llm-layers/core/Json"
import type * as Warning from "@llm-layers/core/Warning"

export interface PromptContext {
  readonly subject: Capability.Subject
  /** Whether text files are a part of their message, because the request can have no documents. */
  readonly textInline: boolean
  /** The text files of the prompt. */
  readonly documents: Array<Json.JsonRecord>
  readonly warnings: Array<Warning.Warning>
}

/** What is left out of a prompt, and why. */
export const leaveOut = (context: PromptContext, message: string): void => {
  context.warnings.push({ about: "prompt", message })
}
