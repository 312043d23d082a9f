/** The terminal that the command writes to, where it is one. */
import * as Effect from "effect/Effect"
import * as Stdio from "effect/Stdio"
import * as Terminal from "effect/Terminal"
import * as Output from "./output.ts"
import * as Table from "./table.ts"

/** Columns of the terminal, or nothing where answers go to a file or a pipe. */
export const width = Effect.gen(function*() {
  const stdio = yield* Stdio.Stdio
  const terminal = yield* Terminal.Terminal
  if (!(yield* stdio.stdoutIsTerminal)) return undefined
  // A terminal that does not say how wide it is says 0.
  const columns = yield* terminal.columns
  return columns > 0 ? columns : undefined
})

/** Writes a table that fits. */
export const table = <Row>(columns: ReadonlyArray<Table.Column<Row>>, rows: ReadonlyArray<Row>) =>
  Effect.flatMap(width, (width) => Output.write(`${Table.lines(columns, rows, width).join("\n")}\n`))

/** Writes JSON, indented for people who look at it on a terminal. */
export const json = (value: unknown) =>
  Effect.flatMap(
    width,
    (width) => Output.write(`${JSON.stringify(value, null, width === undefined ? undefined : 2)}\n`)
  )
