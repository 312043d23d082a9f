/** Differences of a request as text. */
import type * as Schema from "effect/Schema"
import * as TextDiff from "effect/TextDiff"
import { type Difference, pathText } from "./difference.ts"

const mostDifferences = 20
const longestValue = 400
const around = 60

/** Each place with what was recorded (`-`) and what was sent (`+`). */
export const differences = (found: ReadonlyArray<Difference>): string => {
  const shown = found.slice(0, mostDifferences).map(difference)
  const left = found.length - shown.length
  return [...shown, ...(left > 0 ? [`  and ${left} more`] : [])].join("\n")
}

const difference = ({ path, recorded, sent }: Difference): string =>
  [`  ${pathText(path)}`, ...lines(recorded, sent).map((line) => `    ${line}`)].join("\n")

const lines = (recorded: Schema.Json | undefined, sent: Schema.Json | undefined): ReadonlyArray<string> => {
  if (typeof recorded === "string" && typeof sent === "string") {
    if (recorded.includes("\n") || sent.includes("\n")) return lineByLine(recorded, sent)
    const [before, after] = atDifference(recorded, sent)
    return [`- ${before}`, `+ ${after}`]
  }
  return [
    ...(recorded === undefined ? [] : [`- ${clipped(JSON.stringify(recorded))}`]),
    ...(sent === undefined ? [] : [`+ ${clipped(JSON.stringify(sent))}`])
  ]
}

const lineByLine = (recorded: string, sent: string): ReadonlyArray<string> =>
  TextDiff.unified(TextDiff.lines(recorded, sent, { maxEdits: 500 }), { context: 1 })
    .split("\n").filter((line) => line !== "" && !line.startsWith("\\")).map(clipped)

/** Long texts from a little before where they part. */
const atDifference = (recorded: string, sent: string): readonly [string, string] => {
  if (Math.max(recorded.length, sent.length) <= longestValue) return [JSON.stringify(recorded), JSON.stringify(sent)]
  let same = 0
  while (same < recorded.length && recorded[same] === sent[same]) same++
  const from = Math.max(0, same - around)
  const cut = (text: string) => clipped(`${from > 0 ? "…" : ""}${JSON.stringify(text.slice(from))}`)
  return [cut(recorded), cut(sent)]
}

const clipped = (text: string): string => text.length > longestValue ? `${text.slice(0, longestValue)}…` : text
