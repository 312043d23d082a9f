import { aiSdk } from "../contenders/ai-sdk.ts"
import { floor } from "../contenders/floor.ts"
import { openAiSdk } from "../contenders/openai-sdk.ts"
import type { Measured } from "../measure/in-process.ts"
import type { Comparison, Sample } from "../measure/statistics.ts"
import { ratioOf } from "../measure/statistics.ts"
import type { Clock } from "../measure/stopwatch.ts"
import type { Target } from "./targets.ts"
import { met } from "./targets.ts"

/** Rows as aligned text: the first column to the left, the others to the right. */
export const table = (rows: ReadonlyArray<ReadonlyArray<string>>): string => {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => (row[column] ?? "").length)))
  return rows
    .map((row) =>
      row.map((cell, column) => column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0)).join("  ")
    )
    .map((line) => `  ${line.trimEnd()}`)
    .join("\n")
}

const peers = [floor, openAiSdk, aiSdk] as const

/** Both clocks, in microseconds, and each contender as a multiple of the peers by the given clock. */
export const measuredTable = (measured: Measured, by: Clock): string =>
  table([
    ["us", "cpu", "min - max", "wall", "min - max", ...peers.map(({ name }) => `${by} x ${name}`)],
    ...[...measured.cpu].map(([name, cpu]) => [
      name,
      ...cells(cpu),
      ...cells(measured.wall.get(name)),
      ...peers.map((peer) => ratioOf(measured[by], name, peer.name).toFixed(2))
    ])
  ])

/** Medians and spread of one quantity. */
export const comparisonTable = (comparison: Comparison, unit: string): string =>
  table([[unit, "median", "min - max"], ...[...comparison].map(([name, sample]) => [name, ...cells(sample)])])

/** Each target with its ratio and whether it is met. */
export const targetTable = (targets: ReadonlyArray<Target>): string =>
  table([
    ["", "ratio", "at most", ""],
    ...targets.map((target) => [
      target.what,
      target.ratio.toFixed(2),
      target.atMost.toFixed(2),
      met(target) ? "pass" : "FAIL"
    ])
  ])

const cells = (sample: Sample | undefined): ReadonlyArray<string> =>
  sample === undefined ? ["", ""] : [number(sample.median), `${number(sample.min)} - ${number(sample.max)}`]

const number = (value: number) => value >= 100 ? value.toFixed(0) : value.toFixed(1)
