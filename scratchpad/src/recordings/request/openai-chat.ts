import type * as LanguageModel from "effect/ai/LanguageModel"
import type * as Prompt from "effect/ai/Prompt"
import type * as Tool from "effect/ai/Tool"
import type { AnswerExpectation } from "../expectation/Expectation.ts"
import { readToolArguments } from "../expectation/tool-arguments.ts"
import { at, type Json, listAt, stringAt } from "../json.ts"
import type { RecordedExchange } from "../record.ts"
import { type Call, plainPrompt } from "./Call.ts"
import { fileFrom, mediaTypeOf } from "./media.ts"
import { joinToolMessages, resultFrom } from "./tool-results.ts"
import { chooseAmong, chooseTool, declareTool, toolSet } from "./tools.ts"

/** A recorded Chat Completions request as a call of the public API. */
export const chatCall = (exchange: RecordedExchange, answer: AnswerExpectation | undefined): Call => {
  const body = exchange.request?.body
  const { tools, customName } = toolSet(toolsOf(body), [], answer)
  const messages = messagesOf(body)
  return {
    model: stringAt(body, "model") ?? answer?.model ?? "gpt-5.1",
    prompt: messages.length > 0 ? messages : plainPrompt,
    tools,
    toolChoice: toolChoiceOf(at(body, "tool_choice"), tools),
    schema: schemaOf(body),
    stream: exchange.stream || at(body, "stream") === true,
    declared: new Set(),
    customName
  }
}

const toolsOf = (body: Json | undefined): ReadonlyArray<Tool.Any> =>
  [
    ...listAt(body, "tools").map((tool) => at(tool, "function") ?? at(tool, "custom")),
    ...listAt(body, "functions")
  ].flatMap((definition) => {
    const name = stringAt(definition, "name")
    return name === undefined
      ? []
      : [declareTool(name, stringAt(definition, "description"), at(definition, "parameters"))]
  })

const toolChoiceOf = (
  choice: Json | undefined,
  tools: ReadonlyArray<Tool.Any>
): LanguageModel.ToolChoice<string> | undefined => {
  if (choice === "auto" || choice === "none" || choice === "required") return choice
  if (stringAt(choice, "type") === "allowed_tools") {
    const allowed = listAt(choice, "allowed_tools", "tools").map((tool) => stringAt(tool, "function", "name") ?? "")
    return chooseAmong(tools, allowed, stringAt(choice, "allowed_tools", "mode"))
  }
  const name = stringAt(choice, "function", "name") ?? stringAt(choice, "custom", "name")
  return name === undefined ? undefined : chooseTool(tools, name)
}

const schemaOf = (body: Json | undefined): Call["schema"] => {
  const schema = at(body, "response_format", "json_schema", "schema")
  return schema === undefined
    ? undefined
    : { name: stringAt(body, "response_format", "json_schema", "name") ?? "answer", schema }
}

const messagesOf = (body: Json | undefined): ReadonlyArray<Prompt.MessageEncoded> => {
  const names = new Map<string, string>()
  return joinToolMessages(listAt(body, "messages").flatMap((message) => messageOf(message, names)))
}

const textOf = (content: Json | undefined): string =>
  typeof content === "string" ? content : listAt(content).map((part) => stringAt(part, "text") ?? "").join("")

/** `names` remembers which tool a call was for: a result names only the call. */
const messageOf = (message: Json, names: Map<string, string>): ReadonlyArray<Prompt.MessageEncoded> => {
  const content = at(message, "content")
  switch (stringAt(message, "role")) {
    case "system":
    case "developer":
      return [{ role: "system", content: textOf(content) }]
    case "assistant":
      return assistantOf(message, names)
    case "tool":
    case "function": {
      const id = stringAt(message, "tool_call_id") ?? `call_${stringAt(message, "name")}`
      const name = names.get(id) ?? stringAt(message, "name") ?? "tool"
      return [{
        role: "tool",
        content: [{ type: "tool-result", id, name, isFailure: false, result: resultFrom(textOf(content)) }]
      }]
    }
    default:
      return [{ role: "user", content: typeof content === "string" ? content : listAt(content).flatMap(userPartOf) }]
  }
}

const assistantOf = (message: Json, names: Map<string, string>): ReadonlyArray<Prompt.MessageEncoded> => {
  const text = textOf(at(message, "content")) + (stringAt(message, "refusal") ?? "")
  const legacy = stringAt(message, "function_call", "name")
  const calls = [
    ...listAt(message, "tool_calls").map((call) => ({
      id: stringAt(call, "id") ?? "",
      name: stringAt(call, "function", "name") ?? stringAt(call, "custom", "name") ?? "",
      arguments: stringAt(call, "function", "arguments") ?? ""
    })),
    ...(legacy === undefined
      ? []
      : [{ id: `call_${legacy}`, name: legacy, arguments: stringAt(message, "function_call", "arguments") ?? "" }])
  ]
  for (const call of calls) names.set(call.id, call.name)
  const parts: ReadonlyArray<Prompt.AssistantMessagePartEncoded> = [
    ...(text === "" ? [] : [{ type: "text" as const, text }]),
    ...calls.map((call) => {
      const args = readToolArguments(call.arguments)
      return {
        type: "tool-call" as const,
        id: call.id,
        name: call.name,
        params: args.kind === "json" ? args.value : {}
      }
    })
  ]
  return parts.length === 0 ? [] : [{ role: "assistant", content: parts }]
}

const audioTypes: Readonly<Record<string, string>> = { mp3: "audio/mpeg", wav: "audio/wav" }

const userPartOf = (part: Json): ReadonlyArray<Prompt.UserMessagePartEncoded> => {
  switch (stringAt(part, "type")) {
    case "image_url":
      return [fileFrom(stringAt(part, "image_url", "url") ?? "", "image/*")]
    case "input_audio": {
      const format = stringAt(part, "input_audio", "format") ?? "wav"
      return [fileFrom(stringAt(part, "input_audio", "data") ?? "", audioTypes[format] ?? `audio/${format}`)]
    }
    case "file": {
      const name = stringAt(part, "file", "filename")
      const reference = stringAt(part, "file", "file_data") ?? stringAt(part, "file", "file_id") ?? ""
      return [fileFrom(reference, mediaTypeOf(name), name)]
    }
    default:
      return [{ type: "text", text: stringAt(part, "text") ?? "" }]
  }
}
