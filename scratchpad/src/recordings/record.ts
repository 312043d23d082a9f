import type { Dirent } from "node:fs"
import { readdir, readFile, stat } from "node:fs/promises"
import { basename, join } from "node:path"
import { at, type Json, numberAt, objectAt, parseJson, stringAt } from "./json.ts"

/** One recorded exchange with a vendor: what a client sent, where it is known, and what came back. */
export interface RecordedExchange {
  readonly id: string
  readonly provider: string
  readonly api: string
  /** Whether the answer is a stream. */
  readonly stream: boolean
  /** Exchanges with the same name followed each other, in the order of their turns. */
  readonly conversation: string | undefined
  readonly turn: number
  readonly request: RecordedRequest | undefined
  readonly response: RecordedResponse
}

export interface RecordedRequest {
  readonly path: string
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>
  readonly body: Json | undefined
}

export interface RecordedResponse {
  readonly status: number
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

const isRecording = (name: string): boolean => name.endsWith(".json") && name !== "index.json"

const mayBeFile = (entry: Dirent): boolean => entry.isFile() || entry.isSymbolicLink()

/** The `*.json` files under a folder but for `index.json`, in order of their names; a file alone is itself. */
export const findRecordings = async (path: string): Promise<ReadonlyArray<string>> => {
  if (!(await stat(path)).isDirectory()) return [path]
  const entries = await readdir(path, { recursive: true, withFileTypes: true })
  return entries
    .filter((entry) => mayBeFile(entry) && isRecording(basename(entry.name)))
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

/** A body that a recorder gave as JSON in place of a text. */
const bodyText = (body: Json | undefined): string | undefined =>
  typeof body === "string" || body === undefined ? body : JSON.stringify(body)

export const decodeRecording = (text: string): RecordedExchange => {
  // Editors put a mark of byte order at the start of files, which JSON does not allow.
  const json = parseJson(text.replace(/^\uFEFF/, ""))
  if (json === undefined) throw new Error("not JSON")
  const id = stringAt(json, "id")
  const provider = stringAt(json, "provider")
  const api = stringAt(json, "api")
  const status = numberAt(json, "response", "status")
  const body = bodyText(at(json, "response", "body"))
  if (id === undefined || provider === undefined || api === undefined || status === undefined || body === undefined) {
    throw new Error("not a recording: id, provider, api, response.status or response.body is missing")
  }
  const path = stringAt(json, "request", "path")
  return {
    id,
    provider,
    api,
    stream: at(json, "stream") === true,
    conversation: stringAt(json, "conversation"),
    turn: numberAt(json, "turn") ?? 0,
    request: path === undefined
      ? undefined
      : { path, headers: textHeaders(at(json, "request", "headers")), body: at(json, "request", "body") },
    response: { status, headers: textHeaders(at(json, "response", "headers")), body }
  }
}

export const readRecording = async (file: string): Promise<RecordedExchange> =>
  decodeRecording(await readFile(file, "utf8"))
