/** How far a long command is, for a person at a terminal; others see nothing. */
import * as Effect from "effect/Effect"
import * as Figures from "./figures.ts"
import * as Output from "./output.ts"
import * as Table from "./table.ts"

const longest = 30

/** A bar that fits into so many columns, or the figures alone. */
export const line = (done: number, total: number, columns: number): string => {
  const figures = `${Figures.whole(done)} of ${Figures.whole(total)}`
  // The last column stays free: some terminals break the line there.
  const room = Math.min(longest, columns - figures.length - 2)
  if (room < 5) return Table.cut(figures, Math.max(1, columns - 1))
  const filled = total === 0 ? room : Math.floor((room * done) / total)
  return `${"█".repeat(filled)}${"░".repeat(room - filled)} ${figures}`
}

/** Draws over what it drew before. */
export const draw = (done: number, total: number) =>
  Effect.gen(function*() {
    if (!(yield* Output.watched)) return
    // A terminal that does not say how wide it is says 0.
    const columns = (yield* Output.columns) || 80
    yield* Output.noteRaw(`${erase}${line(done, total, columns)}`)
  })

/** Takes it away. */
export const clear = Effect.gen(function*() {
  if (yield* Output.watched) yield* Output.noteRaw(erase)
})

const erase = "\r\u001B[2K"
