import type * as Prompt from "effect/ai/Prompt"
import { readToolArguments } from "../expectation/tool-arguments.ts"
import { at, type Json, listAt, objectAt, stringAt } from "../json.ts"
import { fileFrom } from "./media.ts"
import { resultFrom } from "./tool-results.ts"

/** Options of a part of Cohere, if it has any. */
const cohereOptions = (fields: Readonly<Record<string, Json | undefined>>) => {
  const given = Object.entries(fields).flatMap(([key, value]) =>
    value === undefined || value === null ? [] : [[key, value] as const]
  )
  return given.length === 0 ? {} : { options: { cohere: Object.fromEntries(given) } }
}

/** Content as blocks: a text alone is one. */
const blocksOf = (content: Json | undefined): ReadonlyArray<Json> =>
  typeof content === "string" ? [{ type: "text", text: content }] : Array.isArray(content) ? content : []

const textOf = (content: Json | undefined): string =>
  blocksOf(content).map((block) => stringAt(block, "text") ?? "").join("")

/** A message; `names` remembers which tool a call was for: a result names only the call. */
export const messageOf = (message: Json, names: Map<string, string>): ReadonlyArray<Prompt.MessageEncoded> => {
  const content = at(message, "content")
  switch (stringAt(message, "role")) {
    case "system":
      return [{ role: "system", content: textOf(content) }]
    case "assistant":
      return assistantOf(message, names)
    case "tool":
      return [{ role: "tool", content: [resultOf(message, names)] }]
    default:
      return [{ role: "user", content: blocksOf(content).map(userPartOf) }]
  }
}

const userPartOf = (block: Json): Prompt.UserMessagePartEncoded => {
  const image = at(block, "image_url")
  if (image === undefined) return { type: "text", text: stringAt(block, "text") ?? "" }
  const url = typeof image === "string" ? image : stringAt(image, "url") ?? ""
  return { ...fileFrom(url, "image/*"), ...cohereOptions({ detail: at(image, "detail") }) }
}

const callOf = (call: Json): Prompt.ToolCallPartEncoded => {
  const args = readToolArguments(stringAt(call, "function", "arguments") ?? "")
  return {
    type: "tool-call",
    id: stringAt(call, "id") ?? "",
    name: stringAt(call, "function", "name") ?? "",
    params: args.kind === "json" ? args.value : args.text
  }
}

/** Citations are on the texts they are of, which all are in one part here. */
const assistantOf = (message: Json, names: Map<string, string>): ReadonlyArray<Prompt.MessageEncoded> => {
  const citations = at(message, "citations")
  const calls = listAt(message, "tool_calls").map(callOf)
  for (const call of calls) names.set(call.id, call.name)
  const plan = stringAt(message, "tool_plan") ?? ""
  const content = blocksOf(at(message, "content"))
  const last = content.findLastIndex((block) => stringAt(block, "thinking") === undefined)
  const parts: ReadonlyArray<Prompt.AssistantMessagePartEncoded> = [
    ...content.map((block, index): Prompt.AssistantMessagePartEncoded => {
      const thinking = stringAt(block, "thinking")
      return thinking === undefined
        ? { type: "text", text: stringAt(block, "text") ?? "", ...(index === last ? cohereOptions({ citations }) : {}) }
        : { type: "reasoning", text: thinking, ...cohereOptions({ type: "thinking" }) }
    }),
    ...(plan === "" ? [] : [{ type: "reasoning" as const, text: plan, ...cohereOptions({ type: "tool_plan" }) }]),
    ...calls
  ]
  return parts.length === 0 ? [] : [{ role: "assistant", content: parts }]
}

/** A list is what the tool shows the model; a document has its place in the options of a text. */
const resultOf = (message: Json, names: ReadonlyMap<string, string>): Prompt.ToolResultPartEncoded => {
  const id = stringAt(message, "tool_call_id") ?? ""
  const content = at(message, "content")
  return {
    type: "tool-result",
    id,
    name: names.get(id) ?? "tool",
    isFailure: false,
    result: resultFrom(textOf(content)),
    ...(Array.isArray(content)
      ? {
        modelOutput: blocksOf(content).map((block) => ({
          type: "text" as const,
          text: stringAt(block, "text") ?? JSON.stringify(objectAt(block, "document")),
          ...cohereOptions({ document: at(block, "document") })
        }))
      }
      : {})
  }
}
