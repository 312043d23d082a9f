/** Bodies as pieces: cut at other places, with something put in. Pure. */
import * as Effect from "effect/Effect"

/** A piece of a body: sent with one write, or waited for before the next is sent. */
export type Piece = string | Uint8Array | Effect.Effect<void>

/** A body as its bytes, with the places at which a piece ends and those at which something is waited for. */
interface Laid {
  readonly bytes: Uint8Array
  readonly ends: ReadonlyArray<number>
  readonly waits: ReadonlyArray<{ readonly at: number; readonly wait: Effect.Effect<void> }>
}

/** The same bytes in pieces that end where the function says. What was waited for is waited for at the same byte. */
export const recut = (
  pieces: ReadonlyArray<Piece>,
  cuts: (bytes: Uint8Array) => ReadonlyArray<number>
): ReadonlyArray<Piece> => {
  const laid = lay(pieces)
  return cut(laid, cuts(laid.bytes)).map(({ piece }) => piece)
}

/** With a piece put in before a byte; at the end, where there are fewer bytes. */
export const insert = (pieces: ReadonlyArray<Piece>, at: number, piece: Piece): ReadonlyArray<Piece> => {
  const laid = lay(pieces)
  const all = cut(laid, [...laid.ends, at])
  const before = all.filter((one) => one.at < at)
  return [...before, { piece }, ...all.slice(before.length)].map((one) => one.piece)
}

/** The first bytes, with what is waited for before the last of them. */
export const take = (pieces: ReadonlyArray<Piece>, count: number): ReadonlyArray<Piece> => {
  const laid = lay(pieces)
  return cut(laid, [...laid.ends, count]).filter((one) => one.at < count).map(({ piece }) => piece)
}

/** With each line end (`\n`, `\r\n` or `\r`) in place of which another is sent. */
export const withLineEnds = (pieces: ReadonlyArray<Piece>, end: string): ReadonlyArray<Piece> => {
  const written = bytesOf(end)
  let afterReturn = false
  return pieces.map((piece) => {
    if (Effect.isEffect(piece)) return piece
    const out: Array<number> = []
    for (const byte of bytesOf(piece)) {
      if (byte === carriageReturn || (byte === lineFeed && !afterReturn)) out.push(...written)
      else if (byte !== lineFeed) out.push(byte)
      afterReturn = byte === carriageReturn
    }
    return Uint8Array.from(out)
  })
}

const lineFeed = 10
const carriageReturn = 13

const lay = (pieces: ReadonlyArray<Piece>): Laid => {
  const parts: Array<Uint8Array> = []
  const ends: Array<number> = []
  const waits: Array<Laid["waits"][number]> = []
  let at = 0
  for (const piece of pieces) {
    if (Effect.isEffect(piece)) {
      waits.push({ at, wait: piece })
      continue
    }
    const bytes = bytesOf(piece)
    parts.push(bytes)
    at += bytes.length
    ends.push(at)
  }
  const bytes = new Uint8Array(at)
  parts.forEach((part, index) => bytes.set(part, (ends[index] ?? 0) - part.length))
  return { bytes, ends, waits }
}

/** The pieces, each with the byte it starts at. A wait splits the bytes around it. */
const cut = (
  { bytes, waits }: Laid,
  at: ReadonlyArray<number>
): ReadonlyArray<{ readonly at: number; readonly piece: Piece }> => {
  const inside = [...at, ...waits.map((one) => one.at)].filter((one) => one > 0 && one < bytes.length)
  const bounds = [...new Set([0, ...inside, bytes.length])].toSorted((a, b) => a - b)
  const waitsAt = (offset: number) =>
    waits.filter((one) => one.at === offset).map(({ wait }) => ({ at: offset, piece: wait }))
  return bounds.flatMap((start, index) => {
    const end = bounds[index + 1]
    return end === undefined ? waitsAt(start) : [...waitsAt(start), { at: start, piece: bytes.subarray(start, end) }]
  })
}

const bytesOf = (piece: string | Uint8Array): Uint8Array =>
  typeof piece === "string" ? new TextEncoder().encode(piece) : piece
