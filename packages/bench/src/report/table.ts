import { aiSdk } from "../contenders/ai-sdk.ts"
import { floor } from "../contenders/floor.ts"
import { openAiSdk } from "../contenders/openai-sdk.ts"
import type { Measured } from "../measure/in-process.ts"
import type { Comparison, Sample } from "../measure/statistics.ts"
import { ratioOf } from "../measure/statistics.ts"
import type { Target } from "./targets.ts"
import { met } from "./targets.ts"

/** Rows as aligned text: the first column to the left, the others to the right. */
export const table = (rows: ReadonlyArray<ReadonlyArray<string>>): string => {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => (row[column] ?? "").length)))
  return rows
    .map((row) =>
      row.map((cell, column) => column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0)).join(
        "  "
      )
    )
    .map((line) => `  ${line.trimEnd()}`)
    .join("\n")
}

const peers = [floor, openAiSdk, aiSdk] as const

/** Microseconds by both clocks, and each contender's computing as a multiple of the peers'. */
export const chunkTable = ({ cpu, wall }: Measured): string =>
  table([
    ["us", "cpu", "min - max", "clock", "min - max", ...peers.map(({ name }) => `cpu x ${name}`)],
    ...[...cpu].map(([name, sample]) => [
      name,
      ...cells(sample),
      ...cells(wall.get(name)),
      ...multiples(cpu, name)
    ])
  ])

/** Microseconds on the clock, and each contender as a multiple of the peers. */
export const callTable = (comparison: Comparison): string =>
  table([
    ["us", "median", "min - max", ...peers.map(({ name }) => `x ${name}`)],
    ...[...comparison].map(([name, sample]) => [name, ...cells(sample), ...multiples(comparison, name)])
  ])

/** Milliseconds of what has no common floor. */
export const coldTable = (comparison: Comparison): string =>
  table([["ms", "median", "min - max"], ...[...comparison].map(([name, sample]) => [name, ...cells(sample)])])

const multiples = (comparison: Comparison, name: string) =>
  peers.map((peer) => ratioOf(comparison, name, peer.name).toFixed(2))

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
