/** Runs all checks of a vendor against its description. */
import * as Effect from "effect/Effect"
import type { Accepted } from "./accepted.ts"
import type { Sent } from "./capture.ts"
import { amend } from "./description/amend.ts"
import { isNode, type Node } from "./description/document.ts"
import type { Problem } from "./description/explain.ts"
import { queryProblems } from "./description/query.ts"
import { type Body, unneeded, validators } from "./needed.ts"
import { type Outcome, runCheck, type Validated } from "./run-check.ts"
import type { Api, Check, Vendor } from "./Vendor.ts"

export interface Result {
  readonly vendor: string
  readonly api: string
  readonly check: Check
  readonly outcome: Outcome
}

export interface VendorResult {
  readonly results: ReadonlyArray<Result>
  /** What is wrong with the vendor's lists: an entry nobody needs, a case that nothing sends. */
  readonly complaints: ReadonlyArray<string>
}

export const runVendor = (
  vendor: Vendor,
  document: Node,
  accepted: ReadonlyArray<Accepted>
): Effect.Effect<VendorResult> =>
  Effect.gen(function*() {
    const validatorOf = validators(amend(document, accepted))
    const problemsOf: (operation: string, body: unknown) => ReadonlyArray<Problem> | undefined = (operation, body) =>
      operation.startsWith("GET ")
        ? queryProblems(document, operation.slice("GET ".length), queryOf(body))
        : validatorOf(operation)?.problems(body)
    const validated: Validated = (operation, body) =>
      problemsOf(operation, body) ?? [{ path: "", message: `is of no operation of the description (${operation})` }]
    const results: Array<Result> = []
    for (const api of vendor.apis) {
      for (const check of api.checks) {
        results.push({ vendor: vendor.name, api: api.name, check, outcome: yield* runCheck(api, check, validated) })
      }
    }
    const bodies = vendor.apis.flatMap((api) =>
      results.filter((result) => result.api === api.name).flatMap(({ outcome }) => bodiesOf(api, outcome))
    )
    // The vendor's own cases come last, and are those that need an entry.
    const extra = unneeded(document, accepted, bodies.toReversed())
    return {
      results,
      complaints: [
        ...extra.map(({ path }) => `${path} is accepted beyond the description, and no request needs it`),
        ...uncovered(vendor, results)
      ]
    }
  })

const queryOf = (body: unknown): Readonly<Record<string, string>> =>
  isNode(body) ? Object.fromEntries(Object.entries(body).map(([name, value]) => [name, String(value)])) : {}

const bodiesOf = (api: Api, outcome: Outcome): ReadonlyArray<Body> =>
  outcome.kind === "skipped"
    ? []
    : outcome.sent.map((sent: Sent) => ({ operation: api.operation(sent), body: sent.body }))

/** What one model refuses, another has to take, unless the vendor has no way to do it at all. */
const uncovered = (vendor: Vendor, results: ReadonlyArray<Result>): ReadonlyArray<string> => {
  const sent = new Set(results.filter(({ outcome }) => outcome.kind !== "skipped").map(({ check }) => check.name))
  const refused = new Set(results.map(({ check }) => check.name).filter((name) => !sent.has(name)))
  const known = vendor.without.map(({ name }) => name)
  return [
    ...[...refused].filter((name) => !known.includes(name)).map((name) =>
      `"${name}" was sent to no model of ${vendor.name}`
    ),
    ...known.filter((name) => !refused.has(name)).map((name) =>
      `"${name}" is said to be impossible with ${vendor.name}, but ${sent.has(name) ? "was sent" : "is no case"}`
    )
  ]
}
