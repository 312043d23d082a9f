import type * as Prompt from "effect/ai/Prompt"
import { type Json, stringAt } from "../json.ts"
import type { HostedTool } from "../request/tools.ts"

/** The provider-defined tools for a request's definitions of Anthropic's own tools. */
export const hostedTools = (
  _definitions: ReadonlyArray<Json>,
  _mcpServers: ReadonlyArray<Json>
): ReadonlyArray<HostedTool> => []

/** The provider-defined tools an answer's blocks show were declared, for an answer whose request was not recorded. */
export const hostedToolsFor = (_names: ReadonlyArray<string>): ReadonlyArray<HostedTool> => []

/** A thinking block of an earlier turn, as the provider takes it back. */
export const replayedReasoning = (block: Json): Prompt.ReasoningPartEncoded => ({
  type: "reasoning",
  text: stringAt(block, "thinking") ?? ""
})
