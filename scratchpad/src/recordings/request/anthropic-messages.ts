import type * as LanguageModel from "effect/ai/LanguageModel"
import type * as Prompt from "effect/ai/Prompt"
import type * as Tool from "effect/ai/Tool"
import type { AnswerExpectation } from "../expectation/Expectation.ts"
import { at, type Json, listAt, stringAt } from "../json.ts"
import { hostedTools, hostedToolsFor, withOptions } from "../providers/anthropic-hosted.ts"
import type { RecordedExchange } from "../record.ts"
import { assistantPartOf, type CustomName, toolResultOf, userPartOf } from "./anthropic-parts.ts"
import { type Call, plainPrompt } from "./Call.ts"
import { chooseTool, declareTool, toolSet } from "./tools.ts"

/** A recorded Messages request as a call of the public API. */
export const messagesCall = (exchange: RecordedExchange, answer: AnswerExpectation | undefined): Call => {
  const body = exchange.request?.body
  const definitions = listAt(body, "tools")
  const hosted = exchange.request === undefined
    ? hostedToolsFor(answer?.hosted ?? [])
    : hostedTools(definitions, listAt(body, "mcp_servers"))
  const { tools, declared, customName } = toolSet(definitions.flatMap(customToolOf), hosted, answer)
  const messages = messagesOf(body, customName)
  return {
    model: stringAt(body, "model") ?? answer?.model ?? "claude-sonnet-5",
    prompt: messages.length > 0 ? messages : plainPrompt,
    tools,
    toolChoice: toolChoiceOf(at(body, "tool_choice"), tools),
    schema: schemaOf(body),
    stream: exchange.stream || at(body, "stream") === true,
    declared,
    customName
  }
}

/** A tool with a schema of its own is the caller's; the vendor's have a dated type and none. */
const customToolOf = (definition: Json): ReadonlyArray<Tool.Any> => {
  const name = stringAt(definition, "name")
  const type = stringAt(definition, "type") ?? "custom"
  return name === undefined || type !== "custom"
    ? []
    : [withOptions(declareTool(name, stringAt(definition, "description"), at(definition, "input_schema")), definition)]
}

const toolChoiceOf = (
  choice: Json | undefined,
  tools: ReadonlyArray<Tool.Any>
): LanguageModel.ToolChoice<string> | undefined => {
  switch (stringAt(choice, "type")) {
    case "auto":
      return "auto"
    case "none":
      return "none"
    case "any":
      return "required"
    case "tool":
      return chooseTool(tools, stringAt(choice, "name") ?? "")
    default:
      return undefined
  }
}

const schemaOf = (body: Json | undefined): Call["schema"] => {
  const schema = at(body, "output_config", "format", "schema") ?? at(body, "output_format", "schema")
  return schema === undefined ? undefined : { name: "answer", schema }
}

const messagesOf = (body: Json | undefined, customName: CustomName): ReadonlyArray<Prompt.MessageEncoded> => {
  const names = new Map<string, string>()
  const system = at(body, "system")
  const instructions = typeof system === "string"
    ? system
    : listAt(system).map((part) => stringAt(part, "text")).join("\n")
  return [
    ...(instructions === "" ? [] : [{ role: "system" as const, content: instructions }]),
    ...listAt(body, "messages").flatMap((message) => messageOf(message, names, customName))
  ]
}

/** Results of tools travel in a user message; `effect/ai` has a message of its own for them, before the user's. */
const messageOf = (
  message: Json,
  names: Map<string, string>,
  customName: CustomName
): ReadonlyArray<Prompt.MessageEncoded> => {
  const content = at(message, "content")
  const blocks = typeof content === "string" ? [{ type: "text", text: content }] : listAt(content)
  switch (stringAt(message, "role")) {
    case "system":
      return [{ role: "system", content: blocks.map((block) => stringAt(block, "text") ?? "").join("\n") }]
    case "assistant": {
      for (const block of blocks) {
        names.set(stringAt(block, "id") ?? "", stringAt(block, "server_name") ?? stringAt(block, "name") ?? "")
      }
      const parts = blocks.map((block) => assistantPartOf(block, names, customName))
      return parts.length === 0 ? [] : [{ role: "assistant", content: parts }]
    }
    default: {
      const results = blocks.filter((block) => stringAt(block, "type") === "tool_result")
      const parts = blocks.filter((block) => stringAt(block, "type") !== "tool_result").flatMap(userPartOf)
      return [
        ...(results.length === 0
          ? []
          : [{ role: "tool" as const, content: results.map((block) => toolResultOf(block, names, customName)) }]),
        ...(parts.length === 0 ? [] : [{ role: "user" as const, content: parts }])
      ]
    }
  }
}
