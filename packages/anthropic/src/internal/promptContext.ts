/** What the encoders of a prompt share. */
import type * as Beta from "@anthropic-ai/sdk/resources/beta/messages/messages"
import type * as Capability from "@llm-layers/core/Capability"
import type * as Warning from "@llm-layers/core/Warning"
import type * as Prompt from "effect/ai/Prompt"
import type { CacheOptions } from "../AnthropicMetadata.ts"
import * as ToolIds from "./toolIds.ts"
import type { ToolNames } from "./toolNames.ts"

/** A block of a message. */
export type Block = Beta.BetaContentBlockParam

export interface PromptContext {
  readonly subject: Capability.Subject
  readonly names: ToolNames
  /** The id of a tool call on the wire. */
  readonly encodeId: (id: string) => string
  /** The toolset a tool call of the history belongs to, by its id. */
  readonly toolsets: ReadonlyMap<string, string>
  readonly warnings: Array<Warning.Warning>
}

export const make = (
  shared: Pick<PromptContext, "subject" | "names" | "warnings">,
  prompt: Prompt.Prompt
): PromptContext => ({ ...shared, encodeId: ToolIds.make(prompt), toolsets: toolsetsOf(prompt) })

const toolsetsOf = (prompt: Prompt.Prompt): ReadonlyMap<string, string> => {
  const found = new Map<string, string>()
  for (const message of prompt.content) {
    if (message.role !== "assistant") continue
    for (const part of message.content) {
      const toolset = part.type === "tool-call" ? part.options.anthropic?.toolset : undefined
      if (part.type === "tool-call" && toolset !== undefined) found.set(part.id, toolset)
    }
  }
  return found
}

/** The member of a block that ends a cached prefix. */
export const encodeCache = (
  options: CacheOptions | null | undefined
): { cache_control?: Beta.BetaCacheControlEphemeral } =>
  options?.cacheControl === undefined ? {} : { cache_control: options.cacheControl }

/**
 * A text the API refuses: "text content blocks must be non-empty", "text content blocks must contain non-whitespace
 * text". It says nothing, so it has no block and no warning.
 */
export const isNothing = (text: string): boolean => text.trim() === ""

/** What is left out of a prompt, and why. */
export const leaveOut = (context: PromptContext, message: string): void => {
  context.warnings.push({ about: "prompt", message })
}
