import * as OpenRouterTool from "@llm-layers/openrouter/OpenRouterTool"
import type * as Tool from "effect/ai/Tool"
import type { AnswerExpectation } from "../expectation/Expectation.ts"
import { at, type Json, type JsonObject, listAt, objectAt, stringAt } from "../json.ts"
import type { RecordedExchange } from "../record.ts"
import { type Call, plainPrompt } from "./Call.ts"
import { chatCall } from "./openai-chat.ts"
import { openrouterMessage } from "./openrouter-messages.ts"
import { type Rule, type Settings, settingsFrom } from "./settings.ts"
import { joinToolMessages } from "./tool-results.ts"

/** Names of members here, for those of the wire, at every depth. */
export const camelCase = (value: Json): Json => {
  if (Array.isArray(value)) return value.map(camelCase)
  if (typeof value !== "object" || value === null) return value
  return Object.fromEntries(
    Object.entries(value).map(([name, child]) => [
      name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase()),
      camelCase(child ?? null)
    ])
  )
}

const rules: Readonly<Record<string, Rule>> = {
  cache_control: ["cacheControl"],
  image_config: ["imageConfig"],
  min_p: ["minP"],
  models: ["models"],
  plugins: ["plugins", camelCase],
  provider: ["provider", camelCase],
  reasoning: ["reasoning", camelCase],
  repetition_penalty: ["repetitionPenalty"],
  route: ["route"],
  session_id: ["sessionId"],
  top_a: ["topA"],
  top_k: ["topK"],
  transforms: ["transforms"],
  usage: ["usageAccounting", (usage) => at(usage, "include") === true]
}

/** Settings of the dialect, and OpenRouter's own, which the dialect has no name for. */
const settingsOf = ({ extraBody, ...settings }: Settings): Settings => ({
  ...settings,
  // What has no name is the members of a recorded body.
  ...settingsFrom(extraBody as JsonObject | undefined, rules, [])
})

/**
 * The arguments of a definition from the wire, for a constructor that types them. They are what a client sent, so that
 * every member is one the vendor takes.
 */
const as = <A>(args: JsonObject): A => args as unknown as A

const serverTools: Readonly<Record<string, (args: JsonObject) => Tool.Any>> = {
  "openrouter:web_search": (args) => OpenRouterTool.WebSearch(as(args)),
  "openrouter:web_fetch": (args) => OpenRouterTool.WebFetch(as(args)),
  "openrouter:datetime": (args) => OpenRouterTool.Datetime(as(args)),
  "openrouter:image_generation": (args) => OpenRouterTool.ImageGeneration(as(args)),
  "openrouter:advisor": (args) => OpenRouterTool.Advisor(as(args)),
  "openrouter:bash": (args) => OpenRouterTool.Bash(as(args))
}

const serverTool = (definition: Json): Tool.Any | undefined =>
  serverTools[stringAt(definition, "type") ?? ""]?.(objectAt(definition, "parameters"))

/** The request without the tools that run at OpenRouter, where there is a constructor for each of them. */
const withoutServerTools = (exchange: RecordedExchange): readonly [RecordedExchange, ReadonlyArray<Tool.Any>] => {
  const { request } = exchange
  const definitions = listAt(request?.body, "tools")
  const hosted = definitions.flatMap((one) => serverTool(one) ?? [])
  const names = new Set(hosted.map((tool) => tool.name))
  if (request === undefined || hosted.length === 0 || names.size < hosted.length) return [exchange, []]
  const tools = definitions.filter((one) => serverTool(one) === undefined)
  return [{ ...exchange, request: { ...request, body: { ...objectAt(request.body), tools } } }, hosted]
}

/** Marks the tools that end a cached prefix. */
const withOptions = (tool: Tool.Any, definitions: ReadonlyArray<Json>): Tool.Any => {
  const definition = definitions.find((one) => stringAt(one, "function", "name") === tool.name)
  const cacheControl = at(definition, "cache_control")
  return cacheControl === undefined
    ? tool
    // What a client sent, so that every member is one the vendor takes.
    : tool.annotate(OpenRouterTool.Options, { cacheControl } as unknown as OpenRouterTool.ToolOptions)
}

/** A recorded request of OpenRouter as a call of the public API. */
export const openrouterCall = (exchange: RecordedExchange, answer: AnswerExpectation | undefined): Call => {
  const [plain, hosted] = withoutServerTools(exchange)
  const call = chatCall(plain, answer)
  const body = exchange.request?.body
  const names = new Map<string, string>()
  const messages = joinToolMessages(listAt(body, "messages").flatMap((message) => openrouterMessage(message, names)))
  return {
    ...call,
    model: stringAt(body, "model") ?? answer?.model ?? "openai/gpt-5.1",
    prompt: messages.length > 0 ? messages : plainPrompt,
    tools: [...call.tools.map((tool) => withOptions(tool, listAt(body, "tools"))), ...hosted],
    settings: settingsOf(call.settings)
  }
}
