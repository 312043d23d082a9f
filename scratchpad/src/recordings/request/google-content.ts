import type * as LanguageModel from "effect/ai/LanguageModel"
import type * as Prompt from "effect/ai/Prompt"
import type * as Tool from "effect/ai/Tool"
import type { AnswerExpectation } from "../expectation/Expectation.ts"
import { at, type Json, type JsonObject, listAt, numberAt, objectAt, stringAt } from "../json.ts"
import { hostedTools, hostedToolsFor } from "../providers/google-hosted.ts"
import type { RecordedExchange } from "../record.ts"
import { type Call, type Format, plainPrompt } from "./Call.ts"
import { googleBody, lowerTypes, partsOf } from "./google-names.ts"
import { assistantPartOf, CallIds, toolResultOf, userPartOf } from "./google-parts.ts"
import { hasOther, type Rule, type Settings, settingsFrom, withExtraBody } from "./settings.ts"
import { chooseAmong, chooseTool, declareTool, toolSet } from "./tools.ts"

/** The model and the method are in the path: `/v1beta/models/gemini-2.5-flash:generateContent`. */
export const placeOf = ({ request }: RecordedExchange) => {
  const [, version, model, method] = /^\/([^/]+)\/(?:models\/)?(.+):(\w+)(?:\?.*)?$/.exec(request?.path ?? "") ?? []
  return { version: version ?? "v1beta", model: model === undefined ? undefined : decodeURIComponent(model), method }
}

/** A recorded `generateContent` request as a call of the public API. */
export const googleCall = (exchange: RecordedExchange, answer: AnswerExpectation | undefined): Call => {
  const body = googleBody(exchange.request?.body)
  const definitions = listAt(body, "tools").map((one) => objectAt(one))
  const hosted = exchange.request === undefined ? hostedToolsFor(answer?.hosted ?? []) : hostedTools(definitions)
  const own = definitions.flatMap((one) => listAt(one, "functionDeclarations")).map(functionOf)
  const { customName, declared, tools } = toolSet(own, hosted, answer)
  const messages = messagesOf(body, customName)
  return {
    model: placeOf(exchange).model ?? answer?.model ?? "gemini-2.5-flash",
    prompt: messages.length > 0 ? messages : plainPrompt,
    tools,
    toolChoice: toolChoiceOf(at(body, "toolConfig", "functionCallingConfig"), tools),
    settings: settingsOf(body),
    format: formatOf(body),
    stream: exchange.stream || placeOf(exchange).method === "streamGenerateContent",
    declared,
    customName
  }
}

const functionOf = (declaration: Json): Tool.Any =>
  declareTool(
    stringAt(declaration, "name") ?? "",
    stringAt(declaration, "description"),
    at(declaration, "parametersJsonSchema") ?? lowerTypes(at(declaration, "parameters"))
  )

const lower = (value: Json): Json => typeof value === "string" ? value.toLowerCase() : value

const generationRules: Readonly<Record<string, Rule>> = {
  maxOutputTokens: ["maxOutputTokens"],
  temperature: ["temperature"],
  topP: ["topP"],
  topK: ["topK"],
  stopSequences: ["stopSequences"],
  seed: ["seed"],
  presencePenalty: ["presencePenalty"],
  frequencyPenalty: ["frequencyPenalty"],
  responseModalities: ["responseModalities", (value) => listAt(value).map(lower)],
  mediaResolution: ["mediaResolution", (value) => stringAt(value)?.replace("MEDIA_RESOLUTION_", "").toLowerCase()],
  imageConfig: ["imageConfig"],
  speechConfig: ["speechConfig"],
  thinkingConfig: ["thinking", (value) => thinkingOf(objectAt(value))]
}

const rules: Readonly<Record<string, Rule>> = {
  safetySettings: ["safetySettings"],
  cachedContent: ["cachedContent"],
  serviceTier: ["serviceTier"],
  labels: ["labels"]
}

const thinkingOf = ({ includeThoughts, thinkingBudget, thinkingLevel }: JsonObject) => ({
  ...(typeof thinkingBudget === "number"
    ? { budgetTokens: thinkingBudget === -1 ? "dynamic" : thinkingBudget }
    : typeof thinkingLevel === "string"
    ? { level: thinkingLevel.toLowerCase() }
    : {}),
  ...(typeof includeThoughts === "boolean" ? { includeThoughts } : {})
})

const formatMembers = ["responseMimeType", "responseSchema", "responseJsonSchema"]
const elsewhere = ["model", "contents", "systemInstruction", "tools", "toolConfig", "generationConfig"]

const settingsOf = (body: JsonObject): Settings => {
  const generation = objectAt(body["generationConfig"])
  const { extraBody, ...settings } = settingsFrom(generation, generationRules, [
    ...formatMembers,
    "responseLogprobs",
    "logprobs"
  ])
  const logprobs = numberAt(generation, "logprobs")
  const config = objectAt(body["toolConfig"])
  const shown = config["includeServerSideToolInvocations"]
  return withExtraBody({
    ...settingsFrom(body, rules, elsewhere),
    ...settings,
    ...(logprobs === undefined ? {} : { topLogprobs: logprobs }),
    ...(config["retrievalConfig"] === undefined ? {} : { retrievalConfig: config["retrievalConfig"] }),
    ...(typeof shown === "boolean" ? { includeServerSideToolInvocations: shown } : {})
  }, extraBody === undefined ? {} : { generationConfig: extraBody as Json })
}

const toolChoiceOf = (
  config: Json | undefined,
  tools: ReadonlyArray<Tool.Any>
): LanguageModel.ToolChoice<string> | undefined => {
  const allowed = listAt(config, "allowedFunctionNames").map(String)
  switch (stringAt(config, "mode")?.toUpperCase()) {
    case "AUTO":
    case "VALIDATED":
      return "auto"
    case "NONE":
      return "none"
    case "ANY": {
      if (!tools.some((tool) => allowed.length === 0 || allowed.includes(tool.name))) return undefined
      if (allowed.length === 0) return "required"
      const [only] = allowed
      return allowed.length === 1 && only !== undefined
        ? chooseTool(tools, only)
        : chooseAmong(tools, allowed, "required")
    }
    default:
      return undefined
  }
}

/** Asked for by a media type, with a schema of one of two forms or with none. */
const formatOf = (body: JsonObject): Format | undefined => {
  const generation = objectAt(body["generationConfig"])
  const members = Object.fromEntries(formatMembers.flatMap((name) => {
    const value = generation[name]
    return value === undefined || value === null ? [] : [[name, value] as const]
  }))
  if (Object.keys(members).length === 0) return undefined
  const older = members["responseSchema"]
  // The older form is another dialect, which only goes along as it is.
  const schema = older !== undefined && hasOther(older, ["type", "properties", "required"])
    ? undefined
    : members["responseJsonSchema"]
  return { schema, name: "answer", members: { generationConfig: members } }
}

const messagesOf = (
  body: JsonObject,
  customName: (name: string) => string
): ReadonlyArray<Prompt.MessageEncoded> => {
  const ids = new CallIds()
  return [
    ...partsOf(body["systemInstruction"]).flatMap((part): ReadonlyArray<Prompt.MessageEncoded> =>
      (stringAt(part, "text") ?? "") === "" ? [] : [{ role: "system", content: stringAt(part, "text") ?? "" }]
    ),
    ...listAt(body, "contents").flatMap((content): ReadonlyArray<Prompt.MessageEncoded> => {
      const parts = partsOf(content)
      if (stringAt(content, "role") === "model") {
        const said = parts.flatMap((part) => assistantPartOf(part, ids, customName))
        return said.length === 0 ? [] : [{ role: "assistant", content: said }]
      }
      const results = parts.filter((part) => part["functionResponse"] !== undefined)
      const others = parts.filter((part) => part["functionResponse"] === undefined).map(userPartOf)
      return [
        ...(results.length === 0
          ? []
          : [{ role: "tool" as const, content: results.map((part) => toolResultOf(part, ids)) }]),
        ...(others.length === 0 ? [] : [{ role: "user" as const, content: others }])
      ]
    })
  ]
}
