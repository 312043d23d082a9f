import { at, type Json, type JsonObject, listAt, objectAt, stringAt } from "../json.ts"
import type { ExpectedFile, ExpectedSource, ExpectedToolCall, HostedCall, Step } from "./Expectation.ts"

/** What one part adds to an answer. */
export interface PartReading {
  readonly text?: string
  readonly reasoning?: string
  readonly toolCall?: ExpectedToolCall
  readonly hosted?: HostedCall
  /** The result of a hosted call, by its id. */
  readonly result?: { readonly id: string | undefined; readonly failed: boolean | undefined; readonly output: Json }
  readonly file?: ExpectedFile
  readonly steps: ReadonlyArray<Step>
}

/** Code and its result came without ids before Gemini 3. */
const stepsOf = (kind: "call" | "result", id: string | undefined): ReadonlyArray<Step> =>
  id === undefined ? [] : [{ kind, ids: [id] }]

const hostedOf = (type: string, call: JsonObject, input: Json): PartReading => {
  const id = stringAt(call, "id")
  return {
    hosted: { type, ids: id === undefined ? [] : [id], ranAt: "vendor", input, hasResult: false },
    steps: stepsOf("call", id)
  }
}

export const readPart = (part: JsonObject): PartReading => {
  const { codeExecutionResult, executableCode, functionCall, inlineData, text, thought, toolCall, toolResponse } = part
  if (functionCall !== undefined) {
    const id = stringAt(functionCall, "id")
    return {
      toolCall: {
        id,
        name: stringAt(functionCall, "name") ?? "",
        arguments: { kind: "json", value: at(functionCall, "args") ?? {} }
      },
      steps: stepsOf("call", id)
    }
  }
  if (executableCode !== undefined) {
    const { id: _, ...code } = objectAt(executableCode)
    return hostedOf("code_execution", objectAt(executableCode), code)
  }
  if (toolCall !== undefined) {
    return hostedOf(stringAt(toolCall, "toolType") ?? "", objectAt(toolCall), at(toolCall, "args") ?? {})
  }
  if (codeExecutionResult !== undefined) {
    const id = stringAt(codeExecutionResult, "id")
    const failed = stringAt(codeExecutionResult, "outcome") !== "OUTCOME_OK"
    const { id: _, ...output } = objectAt(codeExecutionResult)
    return { result: { id, failed, output }, steps: stepsOf("result", id) }
  }
  if (toolResponse !== undefined) {
    const id = stringAt(toolResponse, "id")
    return {
      result: { id, failed: undefined, output: at(toolResponse, "response") ?? null },
      steps: stepsOf("result", id)
    }
  }
  if (inlineData !== undefined && thought !== true) {
    const base64 = (stringAt(inlineData, "data") ?? "").replaceAll("-", "+").replaceAll("_", "/")
    return { file: { mediaType: stringAt(inlineData, "mimeType") ?? "", base64 }, steps: [] }
  }
  if (typeof text !== "string") return { steps: [] }
  return thought === true
    ? { reasoning: text, steps: [{ kind: "reasoning", text }] }
    : { text, steps: [{ kind: "text", text }] }
}

const urlOf = (...texts: ReadonlyArray<string | undefined>): string | undefined =>
  texts.find((text) => text !== undefined && URL.canParse(text))

/** A page, a picture of one, a place or a piece of a file; of another kind, or a page without an address, it is no source. */
const readChunk = (chunk: Json): ReadonlyArray<ExpectedSource> => {
  const page = at(chunk, "web") ?? at(chunk, "maps") ?? at(chunk, "image") ?? at(chunk, "retrievedContext")
  const title = stringAt(page, "title")
  const url = urlOf(stringAt(page, "uri"), stringAt(page, "sourceUri"), stringAt(page, "imageUri"))
  if (url !== undefined) return [{ type: "url", anyOf: [new URL(url).href], title, citation: chunk }]
  if (at(chunk, "retrievedContext") === undefined) return []
  return [{ type: "document", anyOf: title === undefined ? [] : [title], title, citation: chunk }]
}

const readCitation = (citation: Json): ReadonlyArray<ExpectedSource> => {
  const url = urlOf(stringAt(citation, "uri"))
  return url === undefined
    ? []
    : [{ type: "url", anyOf: [new URL(url).href], title: stringAt(citation, "title"), citation }]
}

const distinct = (values: ReadonlyArray<Json>): ReadonlyArray<Json> => {
  const seen = new Set<string>()
  return values.filter((value) => {
    const text = JSON.stringify(value)
    return !seen.has(text) && seen.add(text)
  })
}

/**
 * Grounding chunks and citations, each once, then pages of the prompt that were read and are not among them: mostly a page
 * is both.
 */
export const readSources = (candidate: Json | undefined): ReadonlyArray<ExpectedSource> => {
  const metadata = at(candidate, "citationMetadata")
  const cited = [
    ...distinct(listAt(candidate, "groundingMetadata", "groundingChunks")).flatMap(readChunk),
    ...distinct([...listAt(metadata, "citationSources"), ...listAt(metadata, "citations")]).flatMap(readCitation)
  ]
  const known = new Set(cited.flatMap((source) => source.anyOf))
  const read = distinct(listAt(candidate, "urlContextMetadata", "urlMetadata")).flatMap(
    (page): ReadonlyArray<ExpectedSource> => {
      const url = urlOf(stringAt(page, "retrievedUrl"))
      const came = stringAt(page, "urlRetrievalStatus") === "URL_RETRIEVAL_STATUS_SUCCESS"
      if (url === undefined || !came || known.has(new URL(url).href)) return []
      known.add(new URL(url).href)
      return [{ type: "url", anyOf: [new URL(url).href], title: undefined, citation: page }]
    }
  )
  return [...cited, ...read]
}
