import { type Distribution, distributionOf, type Held } from "./distribution.ts"

/** Estimates by who counted, by method, and by why a count is of another kind than the estimates are. */
export interface Row extends Held {
  readonly id: string
  readonly provider: string
  readonly method: string
  readonly kind: string
}

const percent = (share: number): string => `${(share * 100).toFixed(1)} %`

const cells = ({ bias, max, median, most, n, p90, p99, within }: Distribution): ReadonlyArray<string> => [
  String(n),
  percent(median),
  percent(p90),
  percent(p99),
  percent(max),
  `${bias > 0 ? "+" : ""}${percent(bias)}`,
  String(most),
  percent(within)
]

const head = ["provider", "method", "n", "median", "p90", "p99", "max", "bias", "most tokens", "within bound"]

const aligned = (table: ReadonlyArray<ReadonlyArray<string>>): ReadonlyArray<string> => {
  const widths = head.map((_, at) => Math.max(...table.map((line) => line[at]?.length ?? 0)))
  return table.map((line) =>
    line.map((cell, at) => at < 2 ? cell.padEnd(widths[at] ?? 0) : cell.padStart(widths[at] ?? 0)).join("  ")
  )
}

const groupsOf = (rows: ReadonlyArray<Row>): ReadonlyArray<ReadonlyArray<string>> => {
  const groups = Map.groupBy(rows, ({ method, provider }) => `${provider}\n${method}`)
  return [...groups].toSorted(([one], [other]) => one < other ? -1 : 1)
    .map(([name, held]) => [...name.split("\n"), ...cells(distributionOf(held))])
}

/** One table for each kind of request, the comparable ones first. */
export const reportLines = (rows: ReadonlyArray<Row>, without: ReadonlyArray<string>): ReadonlyArray<string> => {
  const kinds = Map.groupBy(rows, ({ kind }) => kind)
  const ordered = [...kinds].toSorted(([one], [other]) => one < other ? -1 : 1)
  return [
    ...ordered.flatMap(([kind, held]) => [
      kind === "" ? "Text and the caller's tools. The error is relative to the vendor's count." : `Apart: ${kind}`,
      ...aligned([head, ...groupsOf(held)]),
      ""
    ]),
    ...without
  ]
}
