import type { Outcome, Result } from "./run.ts"

const count = (results: ReadonlyArray<Result>, kind: Outcome["kind"]): number =>
  results.filter((result) => result.outcome.kind === kind).length

const totals = (results: ReadonlyArray<Result>, extraFailures = 0): string =>
  `${count(results, "passed")} passed, ${count(results, "failed") + extraFailures} failed, ${
    count(results, "skipped")
  } skipped`

const bySkipReason = (results: ReadonlyArray<Result>): ReadonlyArray<string> => {
  const counts = new Map<string, number>()
  for (const { outcome } of results) {
    if (outcome.kind === "skipped") counts.set(outcome.reason, (counts.get(outcome.reason) ?? 0) + 1)
  }
  return [...counts].toSorted(([one], [other]) => one < other ? -1 : 1).map(([reason, number]) =>
    `skipped ${number}: ${reason}`
  )
}

/** Whether nothing failed, and there was anything. */
export const isGood = (results: ReadonlyArray<Result>, unhandled: ReadonlyArray<string>): boolean =>
  results.length > 0 && count(results, "failed") + unhandled.length === 0

/** What is to be said of a run: each failure with its differences, counts by API, why what was skipped, the seed, the totals. */
export const reportLines = (
  results: ReadonlyArray<Result>,
  unhandled: ReadonlyArray<string>,
  seed: string
): ReadonlyArray<string> => [
  ...results.flatMap(({ file, outcome }) =>
    outcome.kind === "failed" ? [`FAILED ${file}`, ...outcome.lines.map((line) => `  ${line}`)] : []
  ),
  ...unhandled.map((message) => `FAILED unhandled: ${message}`),
  ...[...new Set(results.map((result) => result.group))].toSorted().map((group) =>
    `${group}: ${totals(results.filter((result) => result.group === group))}`
  ),
  ...bySkipReason(results),
  `seed of the random cuts: ${seed}`,
  totals(results, unhandled.length)
]
