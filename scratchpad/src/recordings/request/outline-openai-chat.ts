import { readToolArguments } from "../expectation/tool-arguments.ts"
import { at, type Json, type JsonObject, listAt, numberAt, objectAt, stringAt } from "../json.ts"
import { address, jsonOrText, membersBut, type Outline, settingsIn, told } from "./outline.ts"

const textOf = (content: Json | undefined): string =>
  typeof content === "string" ? content : listAt(content).map((part) => stringAt(part, "text") ?? "").join("")

const argumentsOf = (text: string): Json => {
  const parsed = readToolArguments(text)
  return parsed.kind === "json" ? parsed.value : parsed.text
}

const partOf = (part: Json): JsonObject => {
  switch (stringAt(part, "type")) {
    case "text":
      return { text: stringAt(part, "text") ?? "" }
    case "image_url": {
      const { url, ...more } = objectAt(part, "image_url")
      return { image: address(typeof url === "string" ? url : ""), ...told(more) }
    }
    default:
      return told(objectAt(part))
  }
}

/** Calls of the API before tools have no ids; the results that follow name the function. */
const callsOf = (message: Json): ReadonlyArray<JsonObject> => {
  const legacy = stringAt(message, "function_call", "name")
  return [
    ...listAt(message, "tool_calls").map((call): JsonObject =>
      at(call, "custom") === undefined
        ? {
          call: stringAt(call, "id") ?? "",
          name: stringAt(call, "function", "name") ?? "",
          arguments: argumentsOf(stringAt(call, "function", "arguments") ?? "")
        }
        : { call: stringAt(call, "id") ?? "", ...objectAt(call, "custom") }
    ),
    ...(legacy === undefined ? [] : [{
      call: `call_${legacy}`,
      name: legacy,
      arguments: argumentsOf(stringAt(message, "function_call", "arguments") ?? "")
    }])
  ]
}

const entriesOf = (message: Json): ReadonlyArray<JsonObject> => {
  const role = stringAt(message, "role") ?? ""
  const content = at(message, "content")
  const name = role === "tool" || role === "function" ? undefined : stringAt(message, "name")
  const common = { role, ...(name === undefined ? {} : { name }) }
  switch (role) {
    case "assistant": {
      const refusal = stringAt(message, "refusal") ??
        listAt(content).map((part) => stringAt(part, "refusal") ?? "").join("")
      const audio = stringAt(message, "audio", "id")
      return [
        { ...common, text: textOf(content) },
        ...(refusal === "" ? [] : [{ ...common, refusal }]),
        ...callsOf(message).map((call) => ({ ...common, ...call })),
        ...(audio === undefined ? [] : [{ ...common, audio }])
      ]
    }
    case "tool":
    case "function": {
      const id = stringAt(message, "tool_call_id") ?? `call_${stringAt(message, "name")}`
      return [{ role: "tool", id, result: jsonOrText(textOf(content)) }]
    }
    case "user":
      return (typeof content === "string" ? [{ text: content }] : listAt(content).map(partOf)).map((part) => ({
        ...common,
        ...part
      }))
    default:
      return [{ ...common, text: textOf(content) }]
  }
}

/** The entries an answer is in the next request: its first choice. */
export const answeredMessage = (completion: Json): ReadonlyArray<JsonObject> => {
  const choices = listAt(completion, "choices")
  const choice = choices.find((one) => (numberAt(one, "index") ?? 0) === 0) ?? choices[0]
  const message = objectAt(choice, "message")
  const legacy = stringAt(message, "function_call", "name")
  return entriesOf({ ...message, role: "assistant", name: null }).filter((entry) => entry["text"] !== "").map((entry) =>
    legacy !== undefined && entry["call"] === `call_${legacy}` ? membersBut(entry, ["call"]) : entry
  )
}

const functionOf = (definition: Json | undefined): JsonObject => {
  const { name, description, parameters, strict } = objectAt(definition)
  return told({
    name: name ?? null,
    description: description ?? null,
    parameters: { type: "object", properties: {}, ...objectAt(parameters) },
    strict: strict === true ? true : null
  })
}

const toolOf = (tool: Json): JsonObject =>
  at(tool, "function") === undefined ? told(objectAt(tool)) : functionOf(at(tool, "function"))

const choiceOf = (choice: Json | undefined): Json => {
  if (choice === "auto" || choice === undefined || choice === null) return null
  const name = stringAt(choice, "function", "name") ?? stringAt(choice, "name")
  const mode = stringAt(choice, "allowed_tools", "mode")
  return mode === undefined ? (name === undefined ? choice : { name }) : mode === "auto" ? null : mode
}

/** Of several tools that are allowed, the others are not sent. */
const allowedIn = (body: JsonObject): (tool: JsonObject) => boolean => {
  const allowed = listAt(body, "tool_choice", "allowed_tools", "tools").map((tool) =>
    stringAt(tool, "function", "name")
  )
  return (tool) => allowed.length === 0 || allowed.some((name) => name === tool["name"])
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

/** Older names of members, and forms that mean the same. */
const membersOf = (body: JsonObject): JsonObject => {
  const { max_tokens: limit, stop, logprobs, ...members } = settingsIn(body, elsewhere)
  return {
    ...(limit === undefined ? {} : { max_completion_tokens: limit }),
    ...(stop === undefined ? {} : { stop: Array.isArray(stop) ? stop : [stop] }),
    ...(logprobs === true ? { logprobs } : {}),
    ...members,
    ...(stringAt(body, "response_format", "type") ?? "text") === "text"
      ? {}
      : { format: stringAt(body, "response_format", "type") ?? "" }
  }
}

/** What a Chat Completions request says. */
export const chatOutline = (body: Json | undefined): Outline => {
  const request = objectAt(body)
  return {
    entries: listAt(request, "messages").flatMap(entriesOf),
    tools: [...listAt(request, "tools").map(toolOf), ...listAt(request, "functions").map(functionOf)].filter(
      allowedIn(request)
    ),
    choice: choiceOf(request["tool_choice"] ?? request["function_call"]),
    members: membersOf(request)
  }
}
