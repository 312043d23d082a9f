import type * as LanguageModel from "effect/ai/LanguageModel"
import * as Tool from "effect/ai/Tool"
import type { AnswerExpectation } from "../expectation/Expectation.ts"
import { at, type Json, listAt, objectAt, parseJson, stringAt } from "../json.ts"
import { customTool, deferred, hostedTools, missingTools } from "../providers/openai-hosted.ts"
import type { RecordedExchange } from "../record.ts"
import { readServerSentEvents } from "../sse.ts"
import { type Call, type Format, plainPrompt } from "./Call.ts"
import { messagesOf } from "./openai-responses-items.ts"
import { hasOther, type Rule, type Settings, settingsFrom, withExtraBody, withNewer } from "./settings.ts"
import { chooseAmong, chooseTool, toolFrom, toolSet } from "./tools.ts"

/** A recorded Responses request as a call of the public API. */
export const responsesCall = (exchange: RecordedExchange, answer: AnswerExpectation | undefined): Call => {
  const body = exchange.request?.body
  const definitions = exchange.request === undefined ? echoedTools(exchange) : listAt(body, "tools")
  const known = hostedTools(definitions)
  const hosted = exchange.request === undefined ? [...known, ...missingTools(answer?.hosted ?? [], known)] : known
  const { tools, declared, customName } = toolSet(definitions.flatMap(functionsOf), hosted, answer)
  const messages = messagesOf(at(body, "input"))
  const toolChoice = toolChoiceOf(at(body, "tool_choice"), tools, customName)
  return {
    model: stringAt(body, "model") ?? answer?.model ?? "gpt-5.1",
    // A prompt that is kept at OpenAI needs no other.
    prompt: messages.length > 0 || exchange.request !== undefined ? messages : plainPrompt,
    tools,
    toolChoice,
    settings: withNewer(settingsOf(body), body, {
      tools: definitions.some(isNewer),
      // One tool of an MCP server, for one, has no name here.
      choice: toolChoice === undefined
    }),
    format: formatOf(objectAt(body, "text")),
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

const rules: Readonly<Record<string, Rule>> = {
  background: ["background"],
  context_management: ["contextManagement"],
  conversation: ["conversation"],
  include: ["include"],
  instructions: ["instructions"],
  max_output_tokens: ["maxOutputTokens"],
  max_tool_calls: ["maxToolCalls"],
  metadata: ["metadata"],
  moderation: ["moderation"],
  parallel_tool_calls: ["parallelToolCalls"],
  previous_response_id: ["previousResponseId"],
  prompt: ["prompt"],
  prompt_cache_key: ["promptCacheKey"],
  prompt_cache_options: ["promptCacheOptions"],
  prompt_cache_retention: ["promptCacheRetention"],
  reasoning: ["reasoning"],
  safety_identifier: ["safetyIdentifier"],
  service_tier: ["serviceTier"],
  store: ["store"],
  temperature: ["temperature"],
  top_logprobs: ["topLogprobs"],
  top_p: ["topP"],
  truncation: ["truncation"]
}

const elsewhere = ["model", "input", "tools", "tool_choice", "text", "stream", "stream_options"]

const settingsOf = (body: Json | undefined): Settings => {
  const { format: _, verbosity, ...text } = objectAt(body, "text")
  const settings = settingsFrom(body, rules, elsewhere)
  return withExtraBody(
    verbosity === undefined || verbosity === null ? settings : { ...settings, textVerbosity: verbosity },
    Object.keys(text).length === 0 ? {} : { text: objectAt(body, "text") }
  )
}

const functionMembers = ["type", "name", "description", "parameters", "strict", "defer_loading"]

/** Whether the provider has no tool for a definition, or no name for something in it. */
const isNewer = (definition: Json): boolean => {
  switch (stringAt(definition, "type")) {
    case "function":
      return hasOther(definition, functionMembers)
    case "namespace":
      return listAt(definition, "tools").some(isNewer)
    case "custom":
      return false
    default:
      return hostedTools([definition]).length === 0
  }
}

/** The tools of the caller in a definition: a function, a tool that takes free text, or a namespace of either. */
const functionsOf = (definition: Json): ReadonlyArray<Tool.Any> => {
  switch (stringAt(definition, "type")) {
    case "function": {
      const tool = toolFrom(definition)
      return [at(definition, "defer_loading") === true ? deferred(tool) : tool]
    }
    case "custom":
      return [customTool(stringAt(definition, "name") ?? "", definition)]
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
  if (type === "mcp") return stringAt(choice, "name") === undefined ? chooseServer(tools, choice) : undefined
  return type === undefined ? undefined : chooseTool(tools, customName(stringAt(choice, "name") ?? type))
}

/** An MCP server is a tool, named by its label among its arguments. */
const chooseServer = (
  tools: ReadonlyArray<Tool.Any>,
  choice: Json | undefined
): LanguageModel.ToolChoice<string> | undefined => {
  const label = stringAt(choice, "server_label")
  const found = tools.find((tool) =>
    Tool.isProviderDefined(tool) && tool.id === "openai.mcp" && tool.args["server_label"] === label
  )
  return found === undefined ? undefined : { tool: found.name }
}

const formatOf = (text: { readonly [name: string]: Json }): Format | undefined => {
  const format = text["format"]
  return (stringAt(format, "type") ?? "text") === "text" ? undefined : {
    schema: at(format, "schema"),
    name: stringAt(format, "name") ?? "answer",
    members: { text }
  }
}
