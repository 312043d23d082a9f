import { readToolArguments } from "../expectation/tool-arguments.ts"
import { at, type Json, type JsonObject, listAt, objectAt, stringAt } from "../json.ts"
import { address, jsonOrText, type Outline, settingsIn, told } from "./outline.ts"

const blocksOf = (content: Json | undefined): ReadonlyArray<Json> =>
  typeof content === "string" ? [{ type: "text", text: content }] : Array.isArray(content) ? content : []

const blockOf = (block: Json): JsonObject => {
  const image = at(block, "image_url")
  if (image !== undefined) {
    const { url, ...more } = typeof image === "string" ? { url: image } : objectAt(image)
    return { image: address(typeof url === "string" ? url : ""), ...told(more) }
  }
  const thinking = stringAt(block, "thinking")
  return thinking === undefined ? { text: stringAt(block, "text") ?? "" } : { thinking }
}

const argumentsOf = (text: string): Json => {
  const parsed = readToolArguments(text)
  // Arguments that never became JSON go back in an object, which the API wants.
  return parsed.kind === "json" ? parsed.value : { value: parsed.text }
}

const callOf = (call: Json): JsonObject => ({
  call: stringAt(call, "id") ?? "",
  name: stringAt(call, "function", "name") ?? "",
  arguments: argumentsOf(stringAt(call, "function", "arguments") ?? "")
})

/** A text alone may be a list. */
const resultOf = (content: Json | undefined): Json => {
  const blocks = blocksOf(content)
  const [only] = blocks
  return blocks.length === 1 && only !== undefined && stringAt(only, "type") === "text"
    ? jsonOrText(stringAt(only, "text") ?? "")
    : blocks
}

const entriesOf = (message: Json): ReadonlyArray<JsonObject> => {
  const role = stringAt(message, "role") ?? ""
  const content = at(message, "content")
  if (role === "tool") return [{ role, id: stringAt(message, "tool_call_id") ?? "", result: resultOf(content) }]
  const plan = stringAt(message, "tool_plan") ?? ""
  const citations = listAt(message, "citations")
  return [
    ...blocksOf(content).map((block) => ({ role, ...blockOf(block) })),
    ...(plan === "" ? [] : [{ role, plan }]),
    ...listAt(message, "tool_calls").map((call) => ({ role, ...callOf(call) })),
    ...(citations.length === 0 ? [] : [{ role, citations }])
  ]
}

/** The entries an answer is in the next request. What reasoning and plans cite stays with the caller. */
export const answeredChat = (answer: Json): ReadonlyArray<JsonObject> => {
  const message = objectAt(answer, "message")
  const ofText = listAt(message, "citations").filter((citation) =>
    (stringAt(citation, "type") ?? "TEXT_CONTENT") === "TEXT_CONTENT"
  )
  return entriesOf({ ...message, role: "assistant", citations: ofText }).filter((entry) => entry["text"] !== "")
}

const toolOf = (tool: Json): JsonObject => {
  const { parameters, ...rest } = objectAt(tool, "function")
  return { ...told(rest), parameters: { type: "object", ...objectAt(parameters) } }
}

const elsewhere = ["model", "messages", "tools", "tool_choice", "stream", "response_format"]

/** What a chat request says. */
export const chatOutline = (body: Json | undefined): Outline => {
  const request = objectAt(body)
  const format = stringAt(request, "response_format", "type") ?? "text"
  return {
    entries: listAt(request, "messages").flatMap(entriesOf),
    tools: listAt(request, "tools").map(toolOf),
    choice: request["tool_choice"] ?? null,
    members: { ...settingsIn(request, elsewhere), ...(format === "text" ? {} : { format }) }
  }
}
