import type * as Prompt from "effect/ai/Prompt"
import { type Json, type JsonObject, listAt, objectAt, stringAt } from "../json.ts"
import { fileFrom } from "./media.ts"

/** The caller's name for a tool of the vendor. */
type CustomName = (providerName: string) => string

type Options = Readonly<Record<string, Json | undefined>>

const optionsOf = (fields: Options) => {
  const given = Object.entries(fields).flatMap(([name, value]) =>
    value === undefined || value === null || value === false ? [] : [[name, value] as const]
  )
  return given.length === 0 ? {} : { options: { google: Object.fromEntries(given) } }
}

const signed = (part: JsonObject): Options => ({ thoughtSignature: part["thoughtSignature"] })

const fileOf = (part: JsonObject): Prompt.FilePartEncoded => {
  const { fileData, inlineData, mediaResolution, videoMetadata } = part
  const level = stringAt(mediaResolution, "level")?.replace("MEDIA_RESOLUTION_", "").toLowerCase()
  const options = optionsOf({ ...signed(part), videoMetadata, mediaResolution: level })
  return fileData === undefined
    ? { ...fileFrom(stringAt(inlineData, "data") ?? "", stringAt(inlineData, "mimeType") ?? "*/*"), ...options }
    : { ...fileFrom(stringAt(fileData, "fileUri") ?? "", stringAt(fileData, "mimeType") ?? "*/*"), ...options }
}

/** A part of a user message that is no result of a tool. */
export const userPartOf = (part: JsonObject): Prompt.TextPartEncoded | Prompt.FilePartEncoded =>
  part["fileData"] === undefined && part["inlineData"] === undefined
    ? { type: "text", text: stringAt(part, "text") ?? "", ...optionsOf(signed(part)) }
    : fileOf(part)

/** Ids of the calls of a history; a call without one gets its place. */
export class CallIds {
  readonly #waiting: Array<{ readonly name: string; readonly id: string }> = []
  #count = 0

  called(part: JsonObject, name: string): string {
    const id = stringAt(part, "id") ?? `call_${this.#count++}`
    this.#waiting.push({ name, id })
    return id
  }

  /** The call a result is of: by its id, else the first of its name that waits. */
  answered(part: JsonObject, name: string): string {
    const given = stringAt(part, "id")
    const at = this.#waiting.findIndex((one) => given === undefined ? one.name === name : one.id === given)
    const [call] = at < 0 ? [] : this.#waiting.splice(at, 1)
    return call?.id ?? given ?? name
  }
}

/** A part of a model's turn. What ran at Google goes along as it is, on the call or the result it is. */
export const assistantPartOf = (
  part: JsonObject,
  ids: CallIds,
  customName: CustomName
): ReadonlyArray<Prompt.AssistantMessagePartEncoded> => {
  const { codeExecutionResult, executableCode, fileData, functionCall, inlineData, text, toolCall, toolResponse } = part
  if (functionCall !== undefined) {
    const call = objectAt(functionCall)
    const name = stringAt(call, "name") ?? ""
    return [{
      type: "tool-call",
      id: ids.called(call, name),
      name,
      params: call["args"] ?? {},
      ...optionsOf(signed(part))
    }]
  }
  const hosted = (call: JsonObject, type: string) => ({
    name: customName(type),
    providerExecuted: true,
    ...optionsOf({ part }),
    id: stringAt(call, "id") ?? "code"
  })
  if (executableCode !== undefined || toolCall !== undefined) {
    const call = objectAt(executableCode ?? toolCall)
    const type = stringAt(toolCall, "toolType") ?? "code_execution"
    return [{ type: "tool-call", params: call, ...hosted(call, type) }]
  }
  if (codeExecutionResult !== undefined || toolResponse !== undefined) {
    const result = objectAt(codeExecutionResult ?? toolResponse)
    const type = stringAt(toolResponse, "toolType") ?? "code_execution"
    return [{ type: "tool-result", isFailure: false, result, ...hosted(result, type) }]
  }
  if (fileData !== undefined || inlineData !== undefined) return [fileOf(part)]
  if (typeof text !== "string") return [{ type: "reasoning", text: "", ...optionsOf({ part }) }]
  return part["thought"] === true
    ? [{ type: "reasoning", text, ...optionsOf({ ...signed(part), thought: true }) }]
    : [{ type: "text", text, ...optionsOf(signed(part)) }]
}

/** The result of a tool, with the files the model is shown beside it. */
export const toolResultOf = (part: JsonObject, ids: CallIds): Prompt.ToolResultPartEncoded => {
  const response = objectAt(part["functionResponse"])
  const name = stringAt(response, "name") ?? ""
  const files = listAt(response, "parts").map((file) => fileOf(objectAt(file)))
  return {
    type: "tool-result",
    id: ids.answered(response, name),
    name,
    isFailure: false,
    result: response["response"] ?? {},
    ...(files.length === 0 ? {} : { modelOutput: files })
  }
}
