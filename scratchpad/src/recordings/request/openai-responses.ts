import type * as LanguageModel from "effect/ai/LanguageModel"
import type * as Prompt from "effect/ai/Prompt"
import type * as Tool from "effect/ai/Tool"
import type { AnswerExpectation } from "../expectation/Expectation.ts"
import { readToolArguments } from "../expectation/tool-arguments.ts"
import { at, type Json, listAt, objectAt, parseJson, stringAt } from "../json.ts"
import { customTool, deferred, hostedTools, missingTools } from "../providers/openai-hosted.ts"
import type { RecordedExchange } from "../record.ts"
import { readServerSentEvents } from "../sse.ts"
import { type Call, plainPrompt } from "./Call.ts"
import { fileFrom, mediaTypeOf } from "./media.ts"
import { joinToolMessages, resultFrom } from "./tool-results.ts"
import { chooseAmong, chooseTool, declareTool, toolSet } from "./tools.ts"

/** A recorded Responses request as a call of the public API. */
export const responsesCall = (exchange: RecordedExchange, answer: AnswerExpectation | undefined): Call => {
  const body = exchange.request?.body
  const definitions = exchange.request === undefined ? echoedTools(exchange) : listAt(body, "tools")
  const known = hostedTools(definitions)
  const hosted = exchange.request === undefined ? [...known, ...missingTools(answer?.hosted ?? [], known)] : known
  const { tools, declared, customName } = toolSet(definitions.flatMap(functionsOf), hosted, answer)
  const messages = messagesOf(body)
  return {
    model: stringAt(body, "model") ?? answer?.model ?? "gpt-5.1",
    prompt: messages.some((message) => message.role !== "system") ? messages : [...messages, ...plainPrompt],
    tools,
    toolChoice: toolChoiceOf(at(body, "tool_choice"), tools, customName),
    schema: schemaOf(body),
    stream: exchange.stream || at(body, "stream") === true,
    declared,
    customName
  }
}

/** A response repeats the tools it was asked with, so they are known where the request was not recorded. */
const echoedTools = ({ response }: RecordedExchange): ReadonlyArray<Json> => {
  const whole = parseJson(response.body)
  if (whole !== undefined) return listAt(whole, "tools")
  const lists = readServerSentEvents(response.body).map((event) => listAt(event.json, "response", "tools"))
  return lists.find((list) => list.length > 0) ?? []
}

/** The tools of the caller in a definition: a function, a tool that takes free text, or a namespace of either. */
const functionsOf = (definition: Json): ReadonlyArray<Tool.Any> => {
  const name = stringAt(definition, "name") ?? ""
  const description = stringAt(definition, "description")
  switch (stringAt(definition, "type")) {
    case "function": {
      const tool = declareTool(name, description, at(definition, "parameters"))
      return [at(definition, "defer_loading") === true ? deferred(tool) : tool]
    }
    case "custom":
      return [customTool(name, definition)]
    case "namespace":
      return listAt(definition, "tools").flatMap(functionsOf)
    default:
      return []
  }
}

const toolChoiceOf = (
  choice: Json | undefined,
  tools: ReadonlyArray<Tool.Any>,
  customName: (name: string) => string
): LanguageModel.ToolChoice<string> | undefined => {
  if (choice === "auto" || choice === "none" || choice === "required") return choice
  const type = stringAt(choice, "type")
  if (type === "allowed_tools") {
    const allowed = listAt(choice, "tools").map((tool) =>
      customName(stringAt(tool, "name") ?? stringAt(tool, "type") ?? "")
    )
    return chooseAmong(tools, allowed, stringAt(choice, "mode"))
  }
  return type === undefined ? undefined : chooseTool(tools, customName(stringAt(choice, "name") ?? type))
}

const schemaOf = (body: Json | undefined): Call["schema"] => {
  const schema = at(body, "text", "format", "schema")
  return schema === undefined ? undefined : { name: stringAt(body, "text", "format", "name") ?? "answer", schema }
}

const messagesOf = (body: Json | undefined): ReadonlyArray<Prompt.MessageEncoded> => {
  const instructions = stringAt(body, "instructions") ?? ""
  const input = at(body, "input")
  const names = new Map<string, string>()
  return joinToolMessages([
    ...(instructions === "" ? [] : [{ role: "system" as const, content: instructions }]),
    ...(typeof input === "string" ? [{ role: "user" as const, content: input }] : []),
    ...joinAssistantItems(listAt(input).flatMap((item) => itemOf(item, names)))
  ])
}

/** Items of one turn follow each other; `effect/ai` keeps them as the parts of one assistant message. */
const joinAssistantItems = (
  messages: ReadonlyArray<Prompt.MessageEncoded>
): ReadonlyArray<Prompt.MessageEncoded> => {
  const joined: Array<Prompt.MessageEncoded> = []
  for (const message of messages) {
    const last = joined.at(-1)
    const both = message.role === "assistant" && last?.role === "assistant"
    if (both && typeof message.content !== "string" && typeof last.content !== "string") {
      joined[joined.length - 1] = { ...last, content: [...last.content, ...message.content] }
    } else joined.push(message)
  }
  return joined
}

const textOf = (content: Json | undefined): string =>
  typeof content === "string"
    ? content
    : listAt(content).map((part) => stringAt(part, "text") ?? stringAt(part, "refusal") ?? "").join("")

/**
 * A reasoning item of an earlier turn, as the provider gave it: a part for each summary, of which the last has what is
 * encrypted.
 */
const reasoningOf = (item: Json): ReadonlyArray<Prompt.ReasoningPartEncoded> => {
  const itemId = stringAt(item, "id")
  const encryptedContent = stringAt(item, "encrypted_content")
  const texts = listAt(item, "summary").map((part) => stringAt(part, "text") ?? "")
  return (texts.length === 0 ? [""] : texts).map((text, index) => ({
    type: "reasoning",
    text,
    options: {
      openai: {
        ...(itemId === undefined ? {} : { itemId }),
        ...(encryptedContent === undefined || index < texts.length - 1 ? {} : { encryptedContent })
      }
    }
  }))
}

/** An input item as a message. What is neither said, called nor answered goes along as it is. */
const itemOf = (item: Json, names: Map<string, string>): ReadonlyArray<Prompt.MessageEncoded> => {
  const id = stringAt(item, "call_id") ?? ""
  switch (stringAt(item, "type") ?? "message") {
    case "message":
      return messageOf(item)
    case "reasoning":
      return [{ role: "assistant", content: reasoningOf(item) }]
    case "function_call": {
      const name = stringAt(item, "name") ?? ""
      names.set(id, name)
      const args = readToolArguments(stringAt(item, "arguments") ?? "")
      const params = args.kind === "json" ? args.value : {}
      return [{ role: "assistant", content: [{ type: "tool-call", id, name, params }] }]
    }
    case "function_call_output":
      return [{
        role: "tool",
        content: [{
          type: "tool-result",
          id,
          name: names.get(id) ?? "tool",
          isFailure: false,
          result: resultFrom(textOf(at(item, "output")))
        }]
      }]
    default:
      return [{
        role: "assistant",
        content: [{ type: "reasoning", text: "", options: { openai: { item: objectAt(item) } } }]
      }]
  }
}

const messageOf = (item: Json): ReadonlyArray<Prompt.MessageEncoded> => {
  const content = at(item, "content")
  switch (stringAt(item, "role")) {
    case "system":
    case "developer":
      return [{ role: "system", content: textOf(content) }]
    case "assistant":
      return [{ role: "assistant", content: [{ type: "text", text: textOf(content) }] }]
    default:
      return [{ role: "user", content: typeof content === "string" ? content : listAt(content).flatMap(userPartOf) }]
  }
}

const userPartOf = (part: Json): ReadonlyArray<Prompt.UserMessagePartEncoded> => {
  switch (stringAt(part, "type")) {
    case "input_image":
      return [fileFrom(stringAt(part, "image_url") ?? stringAt(part, "file_id") ?? "", "image/*")]
    case "input_file": {
      const name = stringAt(part, "filename")
      const url = stringAt(part, "file_url")
      const reference = stringAt(part, "file_data") ?? url ?? stringAt(part, "file_id") ?? ""
      return [fileFrom(reference, mediaTypeOf(name ?? url), name)]
    }
    default:
      return [{ type: "text", text: stringAt(part, "text") ?? "" }]
  }
}
