import { readToolArguments } from "../expectation/tool-arguments.ts"
import { at, type Json, type JsonObject, listAt, objectAt, stringAt } from "../json.ts"
import { address, jsonOrText, membersBut, type Outline, settingsIn, told } from "./outline.ts"

const argumentsOf = (text: string): Json => {
  const parsed = readToolArguments(text)
  return parsed.kind === "json" ? parsed.value : parsed.text
}

const partOf = (part: Json): JsonObject => {
  switch (stringAt(part, "type")) {
    case "input_text":
    case "output_text":
    case "text":
      return { text: stringAt(part, "text") ?? "" }
    case "refusal":
      return { refusal: stringAt(part, "refusal") ?? "" }
    case "input_image": {
      const url = stringAt(part, "image_url")
      const { detail, ...image } = objectAt(part)
      return told({
        ...image,
        ...(url === undefined ? {} : { image_url: address(url) }),
        // What the API does without a word.
        ...(detail === undefined || detail === "auto" ? {} : { detail })
      })
    }
    case "input_file": {
      const url = stringAt(part, "file_url")
      return told({ ...objectAt(part), ...(url === undefined ? {} : { file_url: address(url) }) })
    }
    default:
      return told(objectAt(part))
  }
}

const partsOf = (content: Json | undefined): ReadonlyArray<JsonObject> =>
  typeof content === "string" ? [{ text: content }] : listAt(content).map(partOf)

const textsOf = (parts: Json | undefined): ReadonlyArray<string> =>
  listAt(parts).map((part) => stringAt(part, "text") ?? "").filter((text) => text !== "")

const originOf = (item: Json): JsonObject =>
  told({ namespace: at(item, "namespace") ?? null, caller: at(item, "caller") ?? null })

/** Ids and states of messages and calls may be left out; all other items are as they came, but for who made them. */
const entriesOf = (item: Json): ReadonlyArray<JsonObject> => {
  const type = stringAt(item, "type") ?? "message"
  switch (type) {
    case "message": {
      const role = stringAt(item, "role") ?? ""
      const phase = stringAt(item, "phase")
      const common = { role, ...(phase === undefined ? {} : { phase }) }
      return partsOf(at(item, "content")).map((part) => ({ ...common, ...part }))
    }
    case "function_call":
      return [{
        call: stringAt(item, "call_id") ?? "",
        name: stringAt(item, "name") ?? "",
        arguments: argumentsOf(stringAt(item, "arguments") ?? ""),
        ...originOf(item)
      }]
    case "custom_tool_call":
      return [{
        call: stringAt(item, "call_id") ?? "",
        name: stringAt(item, "name") ?? "",
        input: stringAt(item, "input") ?? "",
        ...originOf(item)
      }]
    case "function_call_output":
    case "custom_tool_call_output": {
      const output = at(item, "output")
      const parts = typeof output === "string" ? [] : listAt(output)
      const texts = parts.every((part) => stringAt(part, "text") !== undefined)
      const result = texts
        ? jsonOrText(typeof output === "string" ? output : parts.map((part) => stringAt(part, "text") ?? "").join(""))
        : parts.map(partOf)
      return [{ id: stringAt(item, "call_id") ?? "", result }]
    }
    case "reasoning":
      return [told({
        reasoning: stringAt(item, "id") ?? null,
        encrypted_content: stringAt(item, "encrypted_content") ?? null,
        summary: textsOf(at(item, "summary")),
        content: textsOf(at(item, "content"))
      })]
    default:
      return [membersBut(objectAt(item), ["created_by"])]
  }
}

/** The entries of items, of a request's input or of an answer's output. */
export const itemEntries = (items: ReadonlyArray<Json>): ReadonlyArray<JsonObject> => items.flatMap(entriesOf)

/** Calls nobody can answer, where their tool was not declared. */
const needsAnswer = new Set(["local_shell_call", "apply_patch_call", "computer_call"])

const isAnswerable = (item: Json, declared: ReadonlyMap<string, unknown>): boolean => {
  const type = stringAt(item, "type") ?? ""
  const contained = (stringAt(item, "environment", "type") ?? "").startsWith("container")
  const left = needsAnswer.has(type) || (type === "shell_call" && !contained)
    || (type === "tool_search_call" && stringAt(item, "execution") === "client")
  return !left || declared.has(type)
}

/** Contents that are no text of an answer have no place in a request. */
const saidIn = (item: Json): Json =>
  stringAt(item, "type") === "message"
    ? {
      ...objectAt(item),
      role: "assistant",
      content: listAt(item, "content").filter((part) =>
        ["output_text", "refusal"].includes(stringAt(part, "type") ?? "")
      )
    }
    : item

/**
 * The entries an answer is in the next request: its items. The API refuses reasoning that nothing follows, and reasoning
 * that it did not keep and that has no encrypted content.
 */
export const answeredItems = (
  response: Json,
  declared: ReadonlyMap<string, unknown>,
  stored: boolean
): ReadonlyArray<JsonObject> => {
  const isReasoning = (item: Json) => stringAt(item, "type") === "reasoning"
  const items = listAt(response, "output").filter((item) =>
    isAnswerable(item, declared)
    && !(isReasoning(item) && !stored && stringAt(item, "encrypted_content") === undefined)
  )
  const last = items.findLastIndex((item) => !isReasoning(item))
  return itemEntries(items.slice(0, last + 1).map(saidIn)).filter((entry) => entry["text"] !== "")
}

/** A tool of a namespace is declared as a tool of its own. Dated types are the undated ones as of a day. */
const toolsOf = (tool: Json): ReadonlyArray<JsonObject> => {
  const { strict, type, ...members } = told(objectAt(tool))
  switch (type) {
    case "namespace":
      return listAt(tool, "tools").flatMap(toolsOf)
    case "function":
      return [{
        type,
        ...members,
        parameters: { type: "object", properties: {}, ...objectAt(members["parameters"]) },
        ...(strict === true ? { strict } : {})
      }]
    default:
      return [{ type: typeof type === "string" ? type.replace(/_20\d\d_\d\d_\d\d$/, "") : "", ...members }]
  }
}

const choiceOf = (choice: Json | undefined): Json => {
  if (choice === "auto" || choice === undefined || choice === null) return null
  if (stringAt(choice, "type") !== "allowed_tools") return choice
  return stringAt(choice, "mode") === "required" ? "required" : null
}

/** Of several tools that are allowed, the others are not sent. */
const allowedIn = (body: JsonObject): (tool: JsonObject) => boolean => {
  const allowed = stringAt(body["tool_choice"], "type") === "allowed_tools" ? listAt(body["tool_choice"], "tools") : []
  return (tool) =>
    allowed.length === 0
    || allowed.some((one) => (stringAt(one, "name") ?? stringAt(one, "type")) === (tool["name"] ?? tool["type"]))
}

const elsewhere = ["model", "input", "tools", "tool_choice", "stream", "stream_options", "text", "include"]

/** What a Responses request says. */
export const responsesOutline = (body: Json | undefined): Outline => {
  const request = objectAt(body)
  const input = request["input"]
  const { format, ...text } = objectAt(request["text"])
  const formatType = stringAt(format, "type") ?? "text"
  return {
    entries: typeof input === "string" ? [{ role: "user", text: input }] : itemEntries(listAt(input)),
    tools: listAt(request, "tools").flatMap(toolsOf).filter(allowedIn(request)),
    choice: choiceOf(request["tool_choice"]),
    members: {
      ...settingsIn(request, elsewhere),
      ...told(Object.fromEntries(Object.entries(text).map(([name, value]) => [`text.${name}`, value]))),
      ...(formatType === "text" ? {} : { format: formatType }),
      ...Object.fromEntries(listAt(request, "include").map((one) => [`include ${JSON.stringify(one)}`, true]))
    }
  }
}
