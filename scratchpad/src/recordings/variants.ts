import * as Chunking from "@llm-layers/testing/Chunking"
import type { RecordedResponse } from "./record.ts"
import { readServerSentEvents } from "./sse.ts"

/** Another way for the same answer to arrive, that must not change what the caller gets. */
export interface Variant {
  readonly name: string
  readonly pieces: ReadonlyArray<Uint8Array>
}

const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text)

/** Line ends of the other kind. A body that is no stream of events has them as white space. */
const otherLineEnds = (body: string): string =>
  body.includes("\r\n") ? body.replaceAll("\r\n", "\n") : body.replaceAll("\n", "\r\n")

/** Comments before, between and after the events, and an empty line before the first, as servers send to keep a connection. */
const withComments = (body: string): string => {
  const events = readServerSentEvents(body)
  if (events.length === 0) return body
  const pieces = events.map(({ end, start }) => `: still here\n\n${body.slice(start, end)}`)
  return `\n: hello\n${pieces.join("")}\n: bye\n\n`
}

const named = (name: string, body: string, chunking: Chunking.Chunking = whole): Variant => ({
  name,
  pieces: Chunking.split(bytesOf(body), chunking)
})

const whole = Chunking.at()
const byteByByte = Chunking.every(1)

/** The ways in which a recorded stream is played again. */
export const variantsOf = ({ body }: RecordedResponse, seed: string): ReadonlyArray<Variant> => [
  named("one piece", body),
  named("byte by byte", body, byteByByte),
  // Short ones, so that many cuts are inside events, lines and characters; and longer ones.
  named("random cuts 1", body, Chunking.random(`${seed} 1`, 16)),
  named("random cuts 2", body, Chunking.random(`${seed} 2`)),
  named("other line ends", otherLineEnds(body)),
  named("other line ends, byte by byte", otherLineEnds(body), byteByByte),
  named("comments between the events", withComments(body))
]
