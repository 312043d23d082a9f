/** Runs all checks of a vendor against its description. */
import * as Effect from "effect/Effect"
import type { Accepted } from "./accepted.ts"
import type { Sent } from "./capture.ts"
import { amend } from "./description/amend.ts"
import type { Node } from "./description/document.ts"
import { type Validate, validatorOf } from "./description/validator.ts"
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
    const validated = validating(amend(document, accepted))
    const results: Array<Result> = []
    for (const api of vendor.apis) {
      for (const check of api.checks) {
        results.push({ vendor: vendor.name, api: api.name, check, outcome: yield* runCheck(api, check, validated) })
      }
    }
    const bodies = vendor.apis.flatMap((api) =>
      results.filter((result) => result.api === api.name).flatMap(({ outcome }) => bodiesOf(api, outcome))
    )
    return { results, complaints: [...unneeded(document, accepted, bodies), ...uncovered(vendor, results)] }
  })

interface Body {
  readonly operation: string
  readonly body: unknown
}

const bodiesOf = (api: Api, outcome: Outcome): ReadonlyArray<Body> =>
  outcome.kind === "skipped"
    ? []
    : outcome.sent.map((sent: Sent) => ({ operation: api.operation(sent), body: sent.body }))

/** Each operation's validator is made once. */
const validating = (document: Node): Validated => {
  const validators = new Map<string, Validate>()
  return (operation, body) => {
    const known = validators.get(operation) ?? validatorOf(document, operation)
    if (known === undefined) return [{ path: "", message: `is of no operation of the description (${operation})` }]
    validators.set(operation, known)
    return known(body)
  }
}

/** An entry is needed where, without it, more is wrong with some body. */
const unneeded = (
  document: Node,
  accepted: ReadonlyArray<Accepted>,
  bodies: ReadonlyArray<Body>
): ReadonlyArray<string> => {
  const accepting = validating(amend(document, accepted))
  const wrong = bodies.map(({ body, operation }) => accepting(operation, body).length)
  return accepted.filter((entry) => {
    const without = validating(amend(document, accepted.filter((other) => other !== entry)))
    return bodies.every(({ body, operation }, index) => without(operation, body).length === wrong[index])
  }).map(({ path }) => `${path} is accepted beyond the description, and no request needs it`)
}

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
