/** Results as the lines of a table. */
import type { Result } from "./run-faults.ts"

type Row = readonly [
  fault: string,
  way: string,
  reason: string,
  kind: string,
  millis: string,
  socket: string,
  is: string
]

const head: Row = ["fault", "way", "reason", "kind", "ms", "socket", ""]

/** Wide enough for what there is; a longer cell makes its line longer. */
const widths = [48, 8, 29, 21, 5, 15, 0]

const line = (row: Row): string =>
  row.map((cell, index) => index === 4 ? cell.padStart(5) : cell.padEnd(widths[index] ?? 0)).join("  ").trimEnd()

export const header = (provider: string): string => `\n${provider}\n${line(head)}`

/** A line, and what is wrong in lines below it. */
export const rowOf = (result: Result): string => {
  const way = result.way === "generateText" ? "generate" : "stream"
  if (result.skipped !== undefined) return line([result.fault, way, "", "", "", "", `skipped: ${result.skipped}`])
  const row = line([
    result.fault,
    way,
    joined(result.ends.map(({ reason }) => reason)),
    joined(result.ends.map(({ kind }) => kind)),
    result.millis.toFixed(result.millis < 10 ? 1 : 0),
    socketOf(result),
    result.problems.length === 0 ? "ok" : "FAILED"
  ])
  return [row, ...result.problems.map((problem) => `    ${problem.replaceAll("\n", "\n    ")}`)].join("\n")
}

const socketOf = ({ closedAfter, requests }: Result): string => {
  if (closedAfter === undefined) return "OPEN"
  return requests === 0 ? "none" : `closed +${Math.round(closedAfter)} ms`
}

/** The last line: one fault in one way of one provider counts once, however many cases it has. */
export const totals = (results: ReadonlyArray<Result>): string => {
  const skipped = results.filter((result) => result.skipped !== undefined).length
  const failed = results.filter(({ problems }) => problems.length > 0).length
  return `${results.length - failed - skipped} passed, ${failed} failed, ${skipped} skipped`
}

/** Nothing that ran is a failure, too. */
export const haveFailed = (results: ReadonlyArray<Result>): boolean =>
  results.every(({ skipped }) => skipped !== undefined) || results.some(({ problems }) => problems.length > 0)

const joined = (texts: ReadonlyArray<string>): string => [...new Set(texts)].filter((text) => text !== "").join(", ")
