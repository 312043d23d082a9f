import type * as Prompt from "effect/ai/Prompt"
import { readToolArguments } from "../expectation/tool-arguments.ts"
import { at, type Json, listAt, stringAt } from "../json.ts"
import { fileFrom, mediaTypeOf } from "./media.ts"
import { resultFrom } from "./tool-results.ts"

/** Options of a part or a message of OpenAI, if it has any. */
export const openaiOptions = (fields: Readonly<Record<string, Json | undefined>>) => {
  const given = Object.entries(fields).flatMap(([key, value]) =>
    value === undefined || value === null ? [] : [[key, value] as const]
  )
  return given.length === 0 ? {} : { options: { openai: Object.fromEntries(given) } }
}

const textOf = (content: Json | undefined): string =>
  typeof content === "string" ? content : listAt(content).map((part) => stringAt(part, "text") ?? "").join("")

/** A message; `names` remembers which tool a call was for: a result names only the call. */
export const messageOf = (message: Json, names: Map<string, string>): ReadonlyArray<Prompt.MessageEncoded> => {
  const content = at(message, "content")
  const role = stringAt(message, "role")
  const name = at(message, "name")
  switch (role) {
    case "system":
    case "developer":
      return [{ role: "system", content: textOf(content), ...openaiOptions({ role, name }) }]
    case "assistant":
      return assistantOf(message, names)
    case "tool":
    case "function":
      return [{ role: "tool", content: [resultOf(message, names)] }]
    default:
      return [{
        role: "user",
        content: typeof content === "string" ? content : listAt(content).map(userPartOf),
        ...openaiOptions({ name })
      }]
  }
}

const resultOf = (message: Json, names: ReadonlyMap<string, string>): Prompt.ToolResultPartEncoded => {
  const id = stringAt(message, "tool_call_id") ?? `call_${stringAt(message, "name")}`
  return {
    type: "tool-result",
    id,
    name: names.get(id) ?? stringAt(message, "name") ?? "tool",
    isFailure: false,
    result: resultFrom(textOf(at(message, "content")))
  }
}

/** Arguments that never became JSON stay the text they are. */
const functionCall = (id: string, called: Json | undefined): Prompt.ToolCallPartEncoded => {
  const args = readToolArguments(stringAt(called, "arguments") ?? "")
  return {
    type: "tool-call",
    id,
    name: stringAt(called, "name") ?? "",
    params: args.kind === "json" ? args.value : args.text
  }
}

const callOf = (call: Json): Prompt.ToolCallPartEncoded => {
  const id = stringAt(call, "id") ?? ""
  const custom = at(call, "custom")
  return custom === undefined ? functionCall(id, at(call, "function")) : {
    type: "tool-call",
    id,
    name: stringAt(custom, "name") ?? "",
    params: stringAt(custom, "input") ?? "",
    ...openaiOptions({ type: "custom_tool_call" })
  }
}

const audioOf = (id: string): Prompt.FilePartEncoded => ({
  type: "file",
  mediaType: "audio/wav",
  data: "",
  ...openaiOptions({ audioId: id })
})

const assistantOf = (message: Json, names: Map<string, string>): ReadonlyArray<Prompt.MessageEncoded> => {
  const content = at(message, "content")
  const text = textOf(content)
  const refusal = stringAt(message, "refusal") ??
    listAt(content).map((part) => stringAt(part, "refusal") ?? "").join("")
  const legacy = at(message, "function_call")
  const legacyName = stringAt(legacy, "name")
  const calls = [
    ...listAt(message, "tool_calls").map(callOf),
    ...(legacyName === undefined ? [] : [functionCall(`call_${legacyName}`, legacy)])
  ]
  for (const call of calls) names.set(call.id, call.name)
  const audio = stringAt(message, "audio", "id")
  const parts: ReadonlyArray<Prompt.AssistantMessagePartEncoded> = [
    ...(text === "" ? [] : [{ type: "text" as const, text }]),
    ...(refusal === "" ? [] : [{ type: "text" as const, text: refusal, ...openaiOptions({ refusal: true }) }]),
    ...calls,
    ...(audio === undefined ? [] : [audioOf(audio)])
  ]
  return parts.length === 0
    ? []
    : [{ role: "assistant", content: parts, ...openaiOptions({ name: at(message, "name") }) }]
}

const audioTypes: Readonly<Record<string, string>> = { mp3: "audio/mpeg", wav: "audio/wav" }

const userPartOf = (part: Json): Prompt.UserMessagePartEncoded => {
  const promptCacheBreakpoint = at(part, "prompt_cache_breakpoint")
  switch (stringAt(part, "type")) {
    case "image_url":
      return {
        ...fileFrom(stringAt(part, "image_url", "url") ?? "", "image/*"),
        ...openaiOptions({ detail: at(part, "image_url", "detail"), promptCacheBreakpoint })
      }
    case "input_audio": {
      const format = stringAt(part, "input_audio", "format") ?? "wav"
      return fileFrom(stringAt(part, "input_audio", "data") ?? "", audioTypes[format] ?? `audio/${format}`)
    }
    case "file": {
      const name = stringAt(part, "file", "filename")
      const reference = stringAt(part, "file", "file_data") ?? stringAt(part, "file", "file_id") ?? ""
      return { ...fileFrom(reference, mediaTypeOf(name), name), ...openaiOptions({ promptCacheBreakpoint }) }
    }
    default:
      return { type: "text", text: stringAt(part, "text") ?? "", ...openaiOptions({ promptCacheBreakpoint }) }
  }
}
