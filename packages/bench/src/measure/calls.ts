import type { Connection } from "../contenders/Contender.ts"
import type { Wire } from "../wire/Wire.ts"
import type { Times } from "./stopwatch.ts"
import { stopwatch } from "./stopwatch.ts"

/** Thrown when a contender gave another text than the one on the wire: its time would mean nothing. */
export class WrongText extends Error {
  override readonly name = "WrongText"
}

/** Reads one stream to its end; checks that every delta came and that they make the text. */
export const timeStream = async (connection: Connection, wire: Wire, deltas: number): Promise<Times> => {
  // Joined when the time is taken: growing a text is the consumer's work, the same for all.
  const pieces: Array<string> = []
  const read = stopwatch()
  await connection.stream((delta) => {
    pieces.push(delta)
  })
  const times = read()
  const text = pieces.join("")
  if (text !== wire.text || pieces.length !== deltas) {
    throw new WrongText(
      `${pieces.length} deltas, ${text.length} characters; the wire has ${deltas}, ${wire.text.length}`
    )
  }
  return times
}

/** Milliseconds from the call to the first piece of text; reads the stream to its end. */
export const timeFirstText = async (connection: Connection, wire: Wire): Promise<number> => {
  let text = ""
  let first: number | undefined
  const start = performance.now()
  await connection.stream((delta) => {
    first ??= performance.now()
    text += delta
  })
  if (first === undefined || text !== wire.text) throw new WrongText(`got ${text.length} of ${wire.text.length}`)
  return first - start
}

/** Milliseconds of one plain call. */
export const timeCall = async (connection: Connection, wire: Wire): Promise<number> => {
  const start = performance.now()
  const text = await connection.generate()
  const elapsed = performance.now() - start
  if (text !== wire.text) throw new WrongText(`got ${text.length} characters of ${wire.text.length}`)
  return elapsed
}
