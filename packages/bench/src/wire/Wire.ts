import type { Dialect } from "../contenders/Contender.ts"
import { chatBody, chatEvents } from "./chat.ts"
import { responsesBody, responsesEvents } from "./responses.ts"
import { textDeltas } from "./text.ts"

/** How the bytes of a stream are cut into reads. */
export type Reads = "event" | "coalesced"

/** One answer in one dialect: what a server sends, and the text that must come out. */
export interface Wire {
  readonly text: string
  /** Server-sent events, encoded, one element per event. */
  readonly events: ReadonlyArray<Uint8Array>
  /** The body of the answer to a call that is not streamed. */
  readonly body: Uint8Array
}

const encoder = new TextEncoder()

/** The answer whose text has `count` deltas. */
export const makeWire = (dialect: Dialect, count: number): Wire => {
  const deltas = textDeltas(count)
  const events = dialect === "chat" ? chatEvents(deltas) : responsesEvents(deltas)
  const body = dialect === "chat" ? chatBody(deltas) : responsesBody(deltas)
  return {
    text: deltas.join(""),
    events: events.map((event) => encoder.encode(event)),
    body: encoder.encode(JSON.stringify(body))
  }
}

const coalescedBytes = 16 * 1024

/** The stream as a client reads it. Coalesced cuts fall anywhere, mostly inside an event. */
export const readsOf = (wire: Wire, reads: Reads): ReadonlyArray<Uint8Array> => {
  if (reads === "event") return wire.events
  const bytes = Buffer.concat(wire.events)
  const count = Math.ceil(bytes.length / coalescedBytes)
  return Array.from(
    { length: count },
    (_, index) => bytes.subarray(index * coalescedBytes, (index + 1) * coalescedBytes)
  )
}
