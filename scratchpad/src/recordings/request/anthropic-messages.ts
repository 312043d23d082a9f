import type * as LanguageModel from "effect/ai/LanguageModel"
import type * as Prompt from "effect/ai/Prompt"
import type * as Tool from "effect/ai/Tool"
import type { AnswerExpectation } from "../expectation/Expectation.ts"
import { at, type Json, type JsonObject, listAt, objectAt, stringAt } from "../json.ts"
import { hostedTools, hostedToolsFor, withOptions } from "../providers/anthropic-hosted.ts"
import type { RecordedExchange } from "../record.ts"
import { assistantPartOf, type CustomName, systemOf, toolResultOf, userPartOf } from "./anthropic-parts.ts"
import { type Call, type Format, plainPrompt } from "./Call.ts"
import { renamed, type Rule, type Settings, settingsFrom, withNewer } from "./settings.ts"
import { chooseTool, toolFrom, toolSet } from "./tools.ts"

/** A recorded Messages request as a call of the public API. */
export const messagesCall = (exchange: RecordedExchange, answer: AnswerExpectation | undefined): Call => {
  const body = exchange.request?.body
  const definitions = listAt(body, "tools")
  const hosted = exchange.request === undefined
    ? hostedToolsFor(answer?.hosted ?? [])
    : hostedTools(definitions, listAt(body, "mcp_servers"))
  const { tools, declared, customName } = toolSet(definitions.flatMap(customToolOf), hosted, answer)
  const messages = messagesOf(body, customName)
  const toolChoice = toolChoiceOf(at(body, "tool_choice"), tools, customName)
  return {
    model: stringAt(body, "model") ?? answer?.model ?? "claude-sonnet-5",
    prompt: messages.length > 0 ? messages : plainPrompt,
    tools,
    toolChoice,
    settings: withNewer(settingsOf(exchange, body), body, {
      tools: definitions.some(isNewer),
      choice: toolChoice === undefined
    }),
    format: formatOf(body),
    stream: exchange.stream || at(body, "stream") === true,
    declared,
    customName
  }
}

const rules: Readonly<Record<string, Rule>> = {
  max_tokens: ["maxOutputTokens"],
  temperature: ["temperature"],
  top_p: ["topP"],
  top_k: ["topK"],
  stop_sequences: ["stopSequences"],
  thinking: ["thinking", renamed({ budget_tokens: "budgetTokens" })],
  cache_control: ["cacheControl"],
  metadata: ["metadata", renamed({ user_id: "userId" })],
  service_tier: ["serviceTier"],
  container: ["container"],
  context_management: ["contextManagement"],
  inference_geo: ["inferenceGeo"],
  speed: ["speed"],
  fallbacks: ["fallbacks"]
}

const elsewhere = [
  "model",
  "messages",
  "system",
  "tools",
  "tool_choice",
  "mcp_servers",
  "output_config",
  "output_format",
  "stream"
]

const settingsOf = ({ request }: RecordedExchange, body: Json | undefined): Settings => {
  const effort = at(body, "output_config", "effort") ?? undefined
  const budget = at(body, "output_config", "task_budget") ?? undefined
  const betas = (request?.headers["anthropic-beta"] ?? "").split(",").map((beta) => beta.trim()).filter((beta) =>
    beta !== ""
  )
  return {
    ...settingsFrom(body, rules, elsewhere),
    ...(effort === undefined ? {} : { effort }),
    ...(budget === undefined ? {} : { taskBudget: budget }),
    ...(at(body, "tool_choice", "disable_parallel_tool_use") === true ? { parallelToolCalls: false } : {}),
    ...(betas.length === 0 ? {} : { betas })
  }
}

/** Whether the provider has no tool for a definition. */
const isNewer = (definition: Json): boolean =>
  !["custom", "mcp_toolset"].includes(stringAt(definition, "type") ?? "custom")
  && hostedTools([definition], []).length === 0

/** A tool with a schema of its own is the caller's; the vendor's have a dated type and none. */
const customToolOf = (definition: Json): ReadonlyArray<Tool.Any> => {
  const type = stringAt(definition, "type") ?? "custom"
  return stringAt(definition, "name") === undefined || type !== "custom"
    ? []
    : [withOptions(toolFrom(definition, "input_schema"), definition)]
}

const toolChoiceOf = (
  choice: Json | undefined,
  tools: ReadonlyArray<Tool.Any>,
  customName: CustomName
): LanguageModel.ToolChoice<string> | undefined => {
  switch (stringAt(choice, "type")) {
    case "auto":
      return "auto"
    case "none":
      return "none"
    case "any":
      return "required"
    case "tool":
      return chooseTool(tools, customName(stringAt(choice, "name") ?? ""))
    default:
      return undefined
  }
}

/** Asked for in `output_config` or, in an earlier version of the API, in a member of its own. */
const formatOf = (body: Json | undefined): Format | undefined => {
  const config = objectAt(body, "output_config")
  const members: JsonObject = {
    ...(at(config, "format") === undefined ? {} : { output_config: config }),
    ...(at(body, "output_format") === undefined ? {} : { output_format: objectAt(body, "output_format") })
  }
  if (Object.keys(members).length === 0) return undefined
  return { schema: at(config, "format", "schema") ?? at(body, "output_format", "schema"), name: "answer", members }
}

const messagesOf = (body: Json | undefined, customName: CustomName): ReadonlyArray<Prompt.MessageEncoded> => {
  const names = new Map<string, string>()
  const system = at(body, "system")
  const blocks = typeof system === "string" ? [{ type: "text", text: system }] : listAt(system)
  return [
    ...blocks.map(systemOf).filter((message) => message.content !== ""),
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
      return blocks.map(systemOf)
    case "assistant": {
      for (const block of blocks) {
        names.set(stringAt(block, "id") ?? "", stringAt(block, "server_name") ?? stringAt(block, "name") ?? "")
      }
      const parts = blocks.map((block) => assistantPartOf(block, names, customName))
      return parts.length === 0 ? [] : [{ role: "assistant", content: parts }]
    }
    default: {
      const results = blocks.filter((block) => stringAt(block, "type") === "tool_result")
      const parts = blocks.filter((block) => stringAt(block, "type") !== "tool_result").map(userPartOf)
      return [
        ...(results.length === 0
          ? []
          : [{ role: "tool" as const, content: results.map((block) => toolResultOf(block, names, customName)) }]),
        ...(parts.length === 0 ? [] : [{ role: "user" as const, content: parts }])
      ]
    }
  }
}
