import type * as LanguageModel from "effect/ai/LanguageModel"
import type * as Prompt from "effect/ai/Prompt"
import type * as Tool from "effect/ai/Tool"
import type { AnswerExpectation } from "../expectation/Expectation.ts"
import { at, type Json, listAt, objectAt, stringAt } from "../json.ts"
import { customTool } from "../providers/openai-hosted.ts"
import type { RecordedExchange } from "../record.ts"
import { type Call, type Format, plainPrompt } from "./Call.ts"
import { messageOf } from "./openai-chat-messages.ts"
import { hasOther, renamed, type Rule, type Settings, settingsFrom, withNewer } from "./settings.ts"
import { joinToolMessages } from "./tool-results.ts"
import { chooseAmong, chooseTool, toolFrom, toolSet } from "./tools.ts"

/** A recorded Chat Completions request as a call of the public API. */
export const chatCall = (exchange: RecordedExchange, answer: AnswerExpectation | undefined): Call => {
  const body = exchange.request?.body
  const { tools, customName } = toolSet(toolsOf(body), [], answer)
  const messages = messagesOf(body)
  const toolChoice = toolChoiceOf(at(body, "tool_choice") ?? at(body, "function_call"), tools)
  return {
    model: stringAt(body, "model") ?? answer?.model ?? "gpt-5.1",
    prompt: messages.length > 0 ? messages : plainPrompt,
    tools,
    toolChoice,
    settings: withNewer(settingsOf(body), body, {
      tools: listAt(body, "tools").some(isNewer),
      choice: toolChoice === undefined
    }),
    format: formatOf(at(body, "response_format")),
    stream: exchange.stream || at(body, "stream") === true,
    declared: new Map(),
    customName
  }
}

const rules: Readonly<Record<string, Rule>> = {
  audio: ["audio"],
  frequency_penalty: ["frequencyPenalty"],
  logit_bias: ["logitBias"],
  logprobs: ["logprobs"],
  max_completion_tokens: ["maxOutputTokens"],
  max_tokens: ["maxOutputTokens"],
  metadata: ["metadata"],
  modalities: ["modalities"],
  moderation: ["moderation"],
  n: ["n"],
  parallel_tool_calls: ["parallelToolCalls"],
  presence_penalty: ["presencePenalty"],
  prompt_cache_key: ["promptCacheKey"],
  prompt_cache_options: ["promptCacheOptions"],
  prompt_cache_retention: ["promptCacheRetention"],
  reasoning_effort: ["reasoningEffort"],
  safety_identifier: ["safetyIdentifier"],
  seed: ["seed"],
  service_tier: ["serviceTier"],
  stop: ["stopSequences", (stop) => Array.isArray(stop) ? stop : [stop]],
  store: ["store"],
  temperature: ["temperature"],
  top_logprobs: ["topLogprobs"],
  top_p: ["topP"],
  user: ["user"],
  verbosity: ["verbosity"],
  web_search_options: ["webSearchOptions", (options) => webSearchOf(options)]
}

const webSearchOf = (options: Json) => {
  const { approximate } = objectAt(options, "user_location")
  return {
    ...renamed({ search_context_size: "searchContextSize", user_location: "userLocation" })(options),
    ...(approximate === undefined ? {} : { userLocation: approximate })
  }
}

const elsewhere = [
  "model",
  "messages",
  "tools",
  "functions",
  "tool_choice",
  "function_call",
  "stream",
  "stream_options",
  "response_format"
]

const settingsOf = (body: Json | undefined): Settings => {
  const prediction = stringAt(body, "prediction", "content")
  return prediction === undefined
    ? settingsFrom(body, rules, elsewhere)
    : { ...settingsFrom(body, rules, [...elsewhere, "prediction"]), prediction }
}

/** The grammar of a tool that takes free text is below its type here, and beside it in the Responses API. */
const customToolOf = (definition: Json): Tool.Any => {
  const { type, grammar } = objectAt(definition, "format")
  const format = type === undefined ? {} : { format: { type, ...objectAt(grammar) } }
  return customTool(stringAt(definition, "name") ?? "", { ...objectAt(definition), ...format })
}

const functionMembers = ["name", "description", "parameters", "strict"]

/** Whether the provider has no form for a definition, or no name for something in it. */
const isNewer = (tool: Json): boolean => {
  const definition = at(tool, "function")
  return definition === undefined ? at(tool, "custom") === undefined : hasOther(definition, functionMembers)
}

const toolsOf = (body: Json | undefined): ReadonlyArray<Tool.Any> => [
  ...listAt(body, "tools").flatMap((tool) => {
    const [definition, custom] = [at(tool, "function"), at(tool, "custom")]
    return definition !== undefined ? [toolFrom(definition)] : custom === undefined ? [] : [customToolOf(custom)]
  }),
  ...listAt(body, "functions").map((definition) => toolFrom(definition))
]

const toolChoiceOf = (
  choice: Json | undefined,
  tools: ReadonlyArray<Tool.Any>
): LanguageModel.ToolChoice<string> | undefined => {
  if (choice === "auto" || choice === "none" || choice === "required") return choice
  if (stringAt(choice, "type") === "allowed_tools") {
    const allowed = listAt(choice, "allowed_tools", "tools").map((tool) => stringAt(tool, "function", "name") ?? "")
    return chooseAmong(tools, allowed, stringAt(choice, "allowed_tools", "mode"))
  }
  const name = stringAt(choice, "function", "name") ?? stringAt(choice, "custom", "name") ?? stringAt(choice, "name")
  return name === undefined ? undefined : chooseTool(tools, name)
}

const formatOf = (format: Json | undefined): Format | undefined =>
  (stringAt(format, "type") ?? "text") === "text" ? undefined : {
    schema: at(format, "json_schema", "schema"),
    name: stringAt(format, "json_schema", "name") ?? "answer",
    members: { response_format: format ?? null }
  }

const messagesOf = (body: Json | undefined): ReadonlyArray<Prompt.MessageEncoded> => {
  const names = new Map<string, string>()
  return joinToolMessages(listAt(body, "messages").flatMap((message) => messageOf(message, names)))
}
