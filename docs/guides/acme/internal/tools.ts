/** Encode: tools and the choice among them. */
import * as Capability from "@llm-layers/core/Capability"
import type * as Json from "@llm-layers/core/Json"
import * as ProviderError from "@llm-layers/core/ProviderError"
import * as RequestSchema from "@llm-layers/core/RequestSchema"
import * as ToolParameters from "@llm-layers/core/ToolParameters"
import type * as AiError from "effect/ai/AiError"
import type * as LanguageModel from "effect/ai/LanguageModel"
import * as Tool from "effect/ai/Tool"
import * as Effect from "effect/Effect"
import type { Config } from "./settings.ts"

/** The members of the request. `effect/ai` has left out the tools that `oneOf` does not name. */
export const encodeTools = (
  subject: Capability.Subject,
  settings: Config,
  { toolChoice, tools }: Pick<LanguageModel.ProviderOptions, "tools" | "toolChoice">
): Effect.Effect<Json.JsonRecord, AiError.AiError> =>
  tools.length === 0
    ? Effect.succeed({})
    : Effect.map(Effect.forEach(tools, (tool) => encodeTool(subject, settings, tool)), (encoded) => ({
      tools: encoded,
      ...(toolChoice === "none" || toolChoice === "auto" ? { call: toolChoice } : undefined),
      ...(Capability.isForced(toolChoice) ? { call: nameIn(toolChoice) ?? "must" } : undefined)
    }))

const nameIn = (choice: LanguageModel.ToolChoice<string>) =>
  typeof choice === "object" && "tool" in choice ? { tool: choice.tool } : undefined

const encodeTool = (
  subject: Capability.Subject,
  settings: Config,
  tool: Tool.Any
): Effect.Effect<Json.JsonRecord, AiError.AiError> => {
  if (Tool.isProviderDefined(tool)) {
    const asked = `the tool ${tool.id}`
    return Effect.fail(ProviderError.unsupported(subject.origin, { capability: "tools", asked, model: subject.model }))
  }
  const strict = Tool.getStrictMode(tool) ?? settings.strictTools
  const refused = Capability.checkSettings(subject, [
    { flag: "strictTools", name: "strictTools", given: strict === true }
  ])
  if (refused !== undefined) return Effect.fail(refused)
  return Effect.map(RequestSchema.ofTool(subject.origin, tool, ToolParameters.plain, strict === true), (input) => ({
    tool: tool.name,
    about: Tool.getDescription(tool) ?? "",
    input
  }))
}
