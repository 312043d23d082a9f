import type * as LanguageModel from "effect/ai/LanguageModel"
import type * as Prompt from "effect/ai/Prompt"
import type { AnswerExpectation } from "../expectation/Expectation.ts"
import { at, type Json, type JsonObject, listAt, objectAt, stringAt } from "../json.ts"
import type { RecordedExchange } from "../record.ts"
import { type Call, type Format, plainPrompt } from "./Call.ts"
import { messageOf } from "./cohere-messages.ts"
import { type Rule, settingsFrom, withExtraBody } from "./settings.ts"
import { joinToolMessages } from "./tool-results.ts"
import { toolFrom, toolSet } from "./tools.ts"

/** A recorded chat request as a call of the public API. */
export const cohereCall = (exchange: RecordedExchange, answer: AnswerExpectation | undefined): Call => {
  const body = exchange.request?.body
  const { tools, customName } = toolSet(listAt(body, "tools").map((tool) => toolFrom(at(tool, "function"))), [], answer)
  const messages = messagesOf(body)
  const beside = besideOthers(body)
  return {
    model: stringAt(body, "model") ?? "command-a-03-2025",
    prompt: messages.length > 0 ? messages : plainPrompt,
    tools,
    toolChoice: toolChoiceOf(at(body, "tool_choice")),
    settings: withExtraBody(settingsFrom(body, rules, [...elsewhere, ...Object.keys(beside)]), beside),
    format: "response_format" in beside ? undefined : formatOf(at(body, "response_format")),
    stream: exchange.stream || at(body, "stream") === true,
    declared: new Map(),
    customName
  }
}

const rules: Readonly<Record<string, Rule>> = {
  citation_options: ["citationOptions"],
  documents: ["documents"],
  frequency_penalty: ["frequencyPenalty"],
  k: ["topK"],
  logprobs: ["logprobs"],
  max_tokens: ["maxOutputTokens"],
  p: ["topP"],
  presence_penalty: ["presencePenalty"],
  priority: ["priority"],
  safety_mode: ["safetyMode"],
  seed: ["seed"],
  stop_sequences: ["stopSequences"],
  strict_tools: ["strictTools"],
  temperature: ["temperature"],
  thinking: ["thinking", (thinking) => {
    const { token_budget, ...rest } = objectAt(thinking)
    return token_budget === undefined ? rest : { ...rest, tokenBudget: token_budget }
  }]
}

const elsewhere = ["model", "messages", "tools", "tool_choice", "stream", "response_format"]

/** What does not go together by the vendor's word, and was sent together all the same: a caller has to insist on it. */
const besideOthers = (body: Json | undefined): JsonObject => {
  const alone = listAt(body, "tools").length === 0 && listAt(body, "documents").length === 0
  return Object.fromEntries(
    Object.entries(objectAt(body)).filter(([name, value]) =>
      !alone && value !== null && ["response_format", "safety_mode"].includes(name)
    )
  )
}

const toolChoiceOf = (choice: Json | undefined): LanguageModel.ToolChoice<string> | undefined =>
  choice === "REQUIRED" ? "required" : choice === "NONE" ? "none" : undefined

/** The first version of the API calls the schema `schema`. */
const formatOf = (format: Json | undefined): Format | undefined =>
  (stringAt(format, "type") ?? "text") === "text" ? undefined : {
    schema: at(format, "json_schema") ?? at(format, "schema"),
    name: "answer",
    members: { response_format: format ?? null }
  }

const messagesOf = (body: Json | undefined): ReadonlyArray<Prompt.MessageEncoded> => {
  const names = new Map<string, string>()
  return joinToolMessages(listAt(body, "messages").flatMap((message) => messageOf(message, names)))
}
