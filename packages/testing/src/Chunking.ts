/**
 * Where a body is cut into pieces. What a network does to a stream is the one thing that a server's author does not
 * choose: a decoder has to give the same parts for every cut.
 *
 * `Faults.chunked` sends an answer in such pieces, {@link split} cuts bytes.
 */
import * as Effect from "effect/Effect"
import * as Random from "effect/Random"

/**
 * The bytes at which a new piece starts. In any order; what lies outside the body is passed over. So a plan of your own
 * is a function.
 *
 * @example
 * ```ts
 * import * as Chunking from "@llm-layers/testing/Chunking"
 * import { deepStrictEqual } from "node:assert"
 *
 * const halves: Chunking.Chunking = (bytes) => [Math.floor(bytes.length / 2)]
 * const pieces = Chunking.split("data: 1\n\ndata: 2\n\n", halves)
 * deepStrictEqual(pieces.map((piece) => piece.length), [9, 9])
 * ```
 */
export type Chunking = (bytes: Uint8Array) => ReadonlyArray<number>

/** Pieces of so many bytes each; the last may be smaller. 1 is the hardest on a decoder. */
export const every = (size: number): Chunking => (bytes) => {
  const step = Math.max(1, Math.floor(size))
  return Array.from({ length: Math.ceil(bytes.length / step) }, (_, index) => index * step)
}

/** A new piece at each of these bytes. */
export const at = (...offsets: ReadonlyArray<number>): Chunking => () => offsets

/**
 * Pieces of random sizes from 1 to `largest` bytes, the same for the same seed. Print the seed where a test takes a new
 * one each time. Default of `largest`: 64.
 */
export const random = (seed: string | number, largest = 64): Chunking => (bytes) =>
  Effect.runSync(
    Effect.gen(function*() {
      const starts: Array<number> = []
      for (let start = 0; start < bytes.length;) {
        starts.push(start)
        start += yield* Random.nextIntBetween(1, Math.max(1, largest))
      }
      return starts
    }).pipe(Random.withSeed(seed))
  )

/** Each event of a server-sent event stream apart: a new piece after every empty line. */
export const events: Chunking = (bytes) => starts(bytes, /\r\n\r\n|\n\n|\r\r/g)

/** Each line apart. */
export const lines: Chunking = (bytes) => starts(bytes, /\r\n|\n|\r/g)

/** Inside every character that is more than one byte long in UTF-8, after each of its bytes but the last. */
export const insideCharacters: Chunking = (bytes) =>
  Array.from(bytes.keys()).filter((index) => ((bytes[index] ?? 0) & 0b1100_0000) === 0b1000_0000)

/** Between the two characters of every `\r\n`. */
export const insideLineEnds: Chunking = (bytes) => starts(bytes, /\r(?=\n)/g)

/**
 * The pieces of some bytes; none of them is empty.
 *
 * @example
 * ```ts
 * import * as Chunking from "@llm-layers/testing/Chunking"
 * import { deepStrictEqual } from "node:assert"
 *
 * const text = new TextDecoder()
 * const pieces = Chunking.split("data: 1\r\n\r\ndata: 2\r\n\r\n", Chunking.events)
 * deepStrictEqual(pieces.map((piece) => text.decode(piece)), ["data: 1\r\n\r\n", "data: 2\r\n\r\n"])
 * ```
 */
export const split = (body: string | Uint8Array, chunking: Chunking): ReadonlyArray<Uint8Array> => {
  const bytes = typeof body === "string" ? new TextEncoder().encode(body) : body
  const inside = chunking(bytes).filter((start) => start > 0 && start < bytes.length)
  const pieces: Array<Uint8Array> = []
  let from = 0
  for (const to of [...Uint32Array.from(inside).toSorted(), bytes.length]) {
    if (to > from) pieces.push(bytes.subarray(from, to))
    from = to
  }
  return pieces
}

/** The bytes after each match. One character is one byte here: all that is searched for is. */
const starts = (bytes: Uint8Array, pattern: RegExp): ReadonlyArray<number> =>
  Array.from(new TextDecoder("latin1").decode(bytes).matchAll(pattern), (match) => match.index + match[0].length)
