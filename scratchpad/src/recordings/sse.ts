import { type Json, parseJson } from "./json.ts"

/** One server-sent event: its name where it has one, its payload as text, and as JSON where it is JSON. */
export interface ServerSentEvent {
  readonly name: string | undefined
  readonly data: string
  readonly json: Json | undefined
  /** Where in the body it begins, and where the line break after it ends. */
  readonly start: number
  readonly end: number
}

const lineBreak = String.raw`(?:\r\n|\r(?!\n)|\n)`

const field = (lines: ReadonlyArray<string>, name: string): ReadonlyArray<string> =>
  lines.filter((line) => line === name || line.startsWith(`${name}:`)).map((line) =>
    line.slice(name.length + 1).replace(/^ /, "")
  )

/**
 * The events of a whole recorded body, by the shortest reading of the format: blank lines separate events, `data:` lines
 * carry the payload, all but the name (comments, ids) is of no interest here.
 */
export const readServerSentEvents = (body: string): Array<ServerSentEvent> => {
  const events: Array<ServerSentEvent> = []
  const blocks = new RegExp(String.raw`[^]*?(?:${lineBreak}{2,}|$)`, "y")
  while (blocks.lastIndex < body.length) {
    const start = blocks.lastIndex
    const [block = ""] = blocks.exec(body) ?? []
    const lines = block.split(/\r\n|\r|\n/)
    const payload = field(lines, "data")
    if (payload.length === 0) continue
    const data = payload.join("\n")
    events.push({ name: field(lines, "event").at(-1), data, json: parseJson(data), start, end: blocks.lastIndex })
  }
  return events
}
