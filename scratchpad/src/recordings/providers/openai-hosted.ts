import type * as Prompt from "effect/ai/Prompt"
import { type Json, listAt, stringAt } from "../json.ts"
import type { HostedTool } from "../request/tools.ts"

/** The provider-defined tools for a request's definitions of OpenAI's own tools. */
export const hostedTools = (_definitions: ReadonlyArray<Json>): ReadonlyArray<HostedTool> => []

/** The provider-defined tools an answer's items show were declared, for an answer whose request was not recorded. */
export const hostedToolsFor = (_types: ReadonlyArray<string>): ReadonlyArray<HostedTool> => []

/** A reasoning item of an earlier turn, as the provider takes it back. */
export const replayedReasoning = (item: Json): Prompt.ReasoningPartEncoded => ({
  type: "reasoning",
  text: listAt(item, "summary").map((part) => stringAt(part, "text") ?? "").join("\n")
})
