/** What is printed of a run. */
import type { Accepted } from "./accepted.ts"
import type { Outcome } from "./run-check.ts"
import type { Result, VendorResult } from "./run-vendor.ts"
import type { Vendor } from "./Vendor.ts"

export const report = (
  runs: ReadonlyArray<VendorResult>,
  vendors: ReadonlyArray<Vendor>,
  accepted: ReadonlyArray<Accepted>
): { readonly lines: ReadonlyArray<string>; readonly passed: boolean } => {
  const results = runs.flatMap((run) => run.results)
  const complaints = runs.flatMap((run) => run.complaints)
  const lines = [
    ...grouped("skipped", results, ({ outcome }) => outcome.kind === "skipped" ? [outcome.reason] : []),
    ...grouped("left out with a warning", results, ({ outcome }) => outcome.kind === "passed" ? outcome.leftOut : []),
    ...vendors.flatMap((vendor) =>
      vendor.without.map(({ name, reason }) => `impossible with ${vendor.name}: ${name}: ${reason}`)
    ),
    ...accepted.map(({ path, reason, source, vendor }) =>
      `accepted by ${vendor} beyond its description: ${path}: ${reason} (${source})`
    ),
    ...grouped("FAILED", results, ({ outcome }) => outcome.kind === "failed" ? outcome.lines : []),
    ...complaints.map((complaint) => `FAILED ${complaint}`),
    ...[...new Set(results.map(groupOf))].map((group) =>
      `${group}: ${totals(results.filter((result) => groupOf(result) === group), 0)}`
    ),
    totals(results, complaints.length)
  ]
  return { lines, passed: results.length > 0 && count(results, "failed") + complaints.length === 0 }
}

const groupOf = ({ api, vendor }: Result): string => `${vendor} ${api}`

const count = (results: ReadonlyArray<Result>, kind: Outcome["kind"]): number =>
  results.filter(({ outcome }) => outcome.kind === kind).length

const totals = (results: ReadonlyArray<Result>, complaints: number): string =>
  `${count(results, "passed")} passed, ${count(results, "failed") + complaints} failed, ${
    count(results, "skipped")
  } skipped`

/** What is said of several checks is said once, with their names below. */
const grouped = (
  title: string,
  results: ReadonlyArray<Result>,
  linesOf: (result: Result) => ReadonlyArray<string>
): ReadonlyArray<string> => {
  const groups = new Map<string, Array<string>>()
  for (const result of results) {
    for (const line of linesOf(result)) {
      const key = `${title}: ${groupOf(result)} ${result.check.model}: ${line}`
      const name = `${result.check.name} (${result.check.mode})`
      groups.set(key, [...groups.get(key) ?? [], name])
    }
  }
  return [...groups].map(([line, names]) => `${line}\n  ${names.join("\n  ")}`)
}
