import { readdir, readFile } from "node:fs/promises"
import { join } from "node:path"
import { at, type Json, numberAt, objectAt, parseJson, stringAt } from "./json.ts"

/** One recorded exchange with a vendor: what a client sent, where it is known, and what came back. */
export interface RecordedExchange {
  readonly id: string
  readonly provider: string
  readonly api: string
  /** Whether the answer is a stream. */
  readonly stream: boolean
  readonly request: RecordedRequest | undefined
  readonly response: RecordedResponse
}

export interface RecordedRequest {
  readonly path: string
  readonly body: Json | undefined
}

export interface RecordedResponse {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

/** The `*.json` files under a folder but for `index.json`, in order of their names. */
export const findRecordings = async (folder: string): Promise<ReadonlyArray<string>> => {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  return entries
    .filter((entry) => entry.isFile() && entry.name.endsWith(".json") && entry.name !== "index.json")
    .map((entry) => join(entry.parentPath, entry.name))
    .toSorted()
}

const textHeaders = (value: Json | undefined): Record<string, string> => {
  const headers: Record<string, string> = {}
  for (const [name, text] of Object.entries(objectAt(value))) {
    if (typeof text === "string" || typeof text === "number") headers[name.toLowerCase()] = String(text)
  }
  return headers
}

export const decodeRecording = (text: string): RecordedExchange => {
  const json = parseJson(text)
  const id = stringAt(json, "id")
  const provider = stringAt(json, "provider")
  const api = stringAt(json, "api")
  const status = numberAt(json, "response", "status")
  const body = stringAt(json, "response", "body")
  if (id === undefined || provider === undefined || api === undefined || status === undefined || body === undefined) {
    throw new Error("not a recording: id, provider, api, response.status or response.body is missing")
  }
  const path = stringAt(json, "request", "path")
  return {
    id,
    provider,
    api,
    stream: at(json, "stream") === true,
    request: path === undefined ? undefined : { path, body: at(json, "request", "body") },
    response: { status, headers: textHeaders(at(json, "response", "headers")), body }
  }
}

export const readRecording = async (file: string): Promise<RecordedExchange> =>
  decodeRecording(await readFile(file, "utf8"))
