import { type Json, parseJson } from "./json.ts"

/** One server-sent event: its payload as text, and as JSON where it is JSON. */
export interface ServerSentEvent {
  readonly data: string
  readonly json: Json | undefined
}

/**
 * The events of a whole recorded body, by the shortest reading of the format: blank lines separate events, `data:` lines
 * carry the payload, everything else (comments, names, ids) is of no interest here.
 */
export const readServerSentEvents = (body: string): Array<ServerSentEvent> => {
  const events: Array<ServerSentEvent> = []
  for (const block of body.replace(/\r\n?/g, "\n").split(/\n{2,}/)) {
    const lines = block.split("\n").filter((line) => line.startsWith("data:"))
    if (lines.length === 0) continue
    const data = lines.map((line) => line.slice(5).replace(/^ /, "")).join("\n")
    events.push({ data, json: parseJson(data) })
  }
  return events
}
