import * as Prompt from "effect/ai/Prompt"
import * as Tool from "effect/ai/Tool"
import type { Call } from "./Call.ts"

const saidInPart = (part: Prompt.Part): ReadonlyArray<string> => {
  switch (part.type) {
    case "text":
      return [part.text]
    case "file":
      return typeof part.data === "string" ? [part.data.replace(/^data:[^,]*,/, "")] : []
    case "tool-call":
    case "tool-result":
      return [part.id]
    default:
      return []
  }
}

/**
 * What a provider may not leave out of the request: the texts, the files given as text, the ids of tool calls and their
 * results, the names of the caller's tools.
 */
export const saidBy = (call: Call): ReadonlyArray<string> => [
  ...Prompt.make(call.prompt).content.flatMap((message) =>
    typeof message.content === "string" ? [message.content] : message.content.flatMap(saidInPart)
  ),
  ...(call.toolChoice === undefined || typeof call.toolChoice === "string"
    ? call.tools.filter((tool) => !Tool.isProviderDefined(tool)).map((tool) => tool.name)
    : [])
]
