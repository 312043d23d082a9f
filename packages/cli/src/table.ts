/** Tables of text. A line is never wider than the terminal: columns that matter less stay out where it is narrow. */
import stringWidth from "string-width"

/** One column. */
export interface Column<Row> {
  readonly title: string
  readonly cell: (row: Row) => string
  /** Numbers stand right. Default: left. */
  readonly align?: "left" | "right" | undefined
  /** Of the columns that have one, that with the highest goes first where there is no room. Default: it stays. */
  readonly rank?: number | undefined
}

const gap = "  "

/**
 * The lines of a table, its titles first. Columns with nothing in them are left out. Without a width it is as wide as it
 * gets, for files and pipes.
 */
export const lines = <Row>(
  columns: ReadonlyArray<Column<Row>>,
  rows: ReadonlyArray<Row>,
  width = Number.POSITIVE_INFINITY
): ReadonlyArray<string> => {
  const filled = columns.map((column) => measured(column, rows)).filter(({ empty }) => !empty)
  const kept = fitted(filled, width)
  const draw = (cells: ReadonlyArray<string>) =>
    kept.map(({ align, room }, at) => padded(cut(cells[at] ?? "", room), room, align)).join(gap).trimEnd()
  return [
    draw(kept.map(({ title }) => title)),
    ...rows.map((_, row) => draw(kept.map(({ cells }) => cells[row] ?? "")))
  ]
}

interface Measured {
  readonly title: string
  readonly align: "left" | "right"
  readonly rank: number | undefined
  readonly cells: ReadonlyArray<string>
  readonly empty: boolean
  readonly room: number
}

const measured = <Row>(
  { align = "left", cell, rank, title }: Column<Row>,
  rows: ReadonlyArray<Row>
): Measured => {
  const cells = rows.map((row) => cell(row).replaceAll(/\s+/g, " "))
  const room = Math.max(stringWidth(title), ...cells.map((text) => stringWidth(text)))
  return { title, align, rank, cells, empty: rows.length > 0 && cells.every((text) => text === ""), room }
}

const total = (columns: ReadonlyArray<Measured>): number =>
  columns.reduce((sum, { room }) => sum + room, gap.length * Math.max(0, columns.length - 1))

/** Without the columns that have no room; where those that stay have none, the widest are cut. */
const fitted = (columns: ReadonlyArray<Measured>, width: number): ReadonlyArray<Measured> => {
  let kept = columns
  while (total(kept) > width) {
    const least = kept.reduce((rank, column) => Math.max(rank, column.rank ?? 0), 0)
    if (least === 0) break
    kept = kept.filter(({ rank }) => rank !== least)
  }
  while (total(kept) > width) {
    const widest = kept.reduce((most, { room }) => Math.max(most, room), 0)
    if (widest <= 1) break
    const narrower = Math.max(1, widest - (total(kept) - width))
    const at = kept.findIndex(({ room }) => room === widest)
    kept = kept.map((column, place) => place === at ? { ...column, room: narrower } : column)
  }
  return kept
}

/** The text, or its beginning and an ellipsis. Characters that fill two columns are not halved. */
export const cut = (text: string, room: number): string => {
  if (stringWidth(text) <= room) return text
  let kept = ""
  let used = 1
  for (const { segment } of graphemes.segment(text)) {
    used += stringWidth(segment)
    if (used > room) break
    kept += segment
  }
  return `${kept}…`
}

const graphemes = new Intl.Segmenter()

/** The text with spaces, to fill the room. */
export const padded = (text: string, room: number, align: "left" | "right" = "left"): string => {
  const spaces = " ".repeat(Math.max(0, room - stringWidth(text)))
  return align === "right" ? `${spaces}${text}` : `${text}${spaces}`
}
