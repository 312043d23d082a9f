import { aiSdk } from "../contenders/ai-sdk.ts"
import { floor } from "../contenders/floor.ts"
import { openAiSdk } from "../contenders/openai-sdk.ts"
import type { Comparison } from "../measure/in-process.ts"
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

/** Medians and spread of one measurement, each as a multiple of the peers. */
export const comparisonTable = (comparison: Comparison, unit: string): string => {
  const bases = peers.flatMap(({ name }) => comparison.get(name)?.median ?? [])
  return table([
    ["", `median ${unit}`, "min - max", ...(bases.length === peers.length ? peers.map(({ name }) => `x ${name}`) : [])],
    ...[...comparison].map(([name, { max, median, min }]) => [
      name,
      number(median),
      `${number(min)} - ${number(max)}`,
      ...(bases.length === peers.length ? bases.map((base) => (median / base).toFixed(2)) : [])
    ])
  ])
}

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

const number = (value: number) => value >= 100 ? value.toFixed(0) : value.toFixed(1)
