/** Server-sent events as bytes, in all the ways the standard allows. Source: https://html.spec.whatwg.org, 9.2.6. */
import type { Event } from "../../Harness.ts"

/** How events are written. */
export interface Framing {
  /** What ends a line. Default: `\n`. */
  readonly newline?: "\n" | "\r\n" | "\r" | undefined
  /** What stands before and between the events. */
  readonly between?: string | undefined
  /** No space after the colon. */
  readonly tight?: boolean | undefined
  /** The JSON of an event over several lines. */
  readonly indented?: boolean | undefined
  /** A byte order mark at the start. */
  readonly mark?: boolean | undefined
}

const encoder = new TextEncoder()

/** Bytes of a text. */
export const bytesOf = (text: string): Uint8Array => encoder.encode(text)

/** One event. */
export const frame = (event: Event, framing: Framing = {}): string => {
  const colon = framing.tight === true ? ":" : ": "
  const data = typeof event.data === "string"
    ? event.data
    : JSON.stringify(event.data, undefined, framing.indented === true ? 1 : undefined)
  const lines = [
    ...(event.event === undefined ? [] : [`event${colon}${event.event}`]),
    ...data.split("\n").map((line) => `data${colon}${line}`)
  ]
  return `${lines.join("\n")}\n\n`
}

/** All events. */
export const text = (events: ReadonlyArray<Event>, framing: Framing = {}): string => {
  const between = framing.between ?? ""
  const body = `${between}${events.map((event) => `${frame(event, framing)}${between}`).join("")}`
  return `${framing.mark === true ? "\ufeff" : ""}${body.replaceAll("\n", framing.newline ?? "\n")}`
}

/** All events as bytes. */
export const bytes = (events: ReadonlyArray<Event>, framing: Framing = {}): Uint8Array => bytesOf(text(events, framing))
