import * as Effect from "effect/Effect"
import * as Random from "effect/Random"
import type { RecordedResponse } from "./record.ts"
import { readServerSentEvents } from "./sse.ts"
import { type Cuts, whole } from "./stub.ts"

/** Another way for the same answer to arrive, that must not change what the caller gets. */
export interface Variant {
  readonly name: string
  readonly bytes: Uint8Array
  readonly cuts: Cuts
}

/** Lengths of pieces: mostly short ones, so that many cuts are inside events, lines and characters. */
const randomCuts = (seed: string): Effect.Effect<Cuts> =>
  Effect.forEach(
    Array.from({ length: 64 }),
    () => Effect.flatMap(Random.nextIntBetween(0, 7), (power) => Random.nextIntBetween(1, 2 ** power + 1))
  ).pipe(
    Random.withSeed(seed)
  )

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

const named = (name: string, body: string, cuts: Cuts = whole): Variant => ({ name, bytes: bytesOf(body), cuts })

/** The ways in which a recorded stream is played again. */
export const variantsOf = ({ body }: RecordedResponse, seed: string): Effect.Effect<ReadonlyArray<Variant>> =>
  Effect.gen(function*() {
    const random = (turn: number) =>
      Effect.map(randomCuts(`${seed} ${turn}`), (cuts) => named(`random cuts ${turn}`, body, cuts))
    return [
      named("one piece", body),
      named("byte by byte", body, [1]),
      yield* random(1),
      yield* random(2),
      named("other line ends", otherLineEnds(body)),
      named("other line ends, byte by byte", otherLineEnds(body), [1]),
      named("comments between the events", withComments(body))
    ]
  })
