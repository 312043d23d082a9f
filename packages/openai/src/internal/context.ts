/** What encoding a prompt needs to know, beside the prompt. */
import type * as Capability from "@llm-layers/core/Capability"
import type * as Warning from "@llm-layers/core/Warning"
import type * as Prompt from "effect/ai/Prompt"

/** What encoding a prompt needs to know. */
export interface Context {
  readonly subject: Capability.Subject
  /** The role of system messages that do not say one. */
  readonly systemRole: "system" | "developer"
  /** Whether OpenAI keeps the answers, so that an id stands for a reasoning item. */
  readonly stored: boolean
  /** The prompt with all of the history, where results find the calls they answer. */
  readonly whole: Prompt.Prompt
  /** Added to by what is left out. */
  readonly warnings: Array<Warning.Warning>
}
