/**
 * The table from a failed exchange to a kind of failure. The first row that matches decides; a vendor's own rows come
 * before these.
 */
import type * as ErrorKind from "./ErrorKind.ts"

/**
 * What is known of a failed exchange. `status` is `undefined` for an error event inside a stream, unless the event says
 * which status it stands for.
 */
export interface Facts {
  readonly status: number | undefined
  readonly code: string | undefined
  readonly type: string | undefined
  readonly message: string | undefined
  /** The request parameter the vendor complains about. */
  readonly parameter: string | undefined
  /** Lower-case names. */
  readonly headers: { readonly [name: string]: string }
  readonly body: string | undefined
}

/** One row: a condition and the kind of failure it means. */
export interface Row {
  /** The condition in words, for the documentation. */
  readonly when: string
  readonly match: (facts: Facts) => boolean
  readonly kind: ErrorKind.Name
  /** For `AuthenticationFailed`: what is wrong with the key. */
  readonly authentication?: "InvalidKey" | "ExpiredKey" | "MissingKey" | "InsufficientPermissions"
}

/** A row for exact statuses. */
export const status = (statuses: ReadonlyArray<number>, kind: ErrorKind.Name, extra?: Partial<Row>): Row => ({
  when: `status ${statuses.join(", ")}`,
  match: (facts) => facts.status !== undefined && statuses.includes(facts.status),
  kind,
  ...extra
})

/** A row for the vendor's error codes or types, whatever the status. */
export const code = (codes: ReadonlyArray<string>, kind: ErrorKind.Name, extra?: Partial<Row>): Row => ({
  when: `code or type ${codes.map((one) => `\`${one}\``).join(", ")}`,
  match: (facts) =>
    (facts.code !== undefined && codes.includes(facts.code)) ||
    (facts.type !== undefined && codes.includes(facts.type)),
  kind,
  ...extra
})

/** A row for words in the message, among the given statuses (any status, where none is given). */
export const message = (
  words: RegExp,
  kind: ErrorKind.Name,
  options?: Partial<Row> & { readonly statuses?: ReadonlyArray<number> }
): Row => {
  const { statuses, ...extra } = options ?? {}
  return {
    when: `${
      statuses === undefined ? "any status" : `status ${statuses.join(", ")}`
    }, message matches \`${words.source}\``,
    match: (facts) =>
      (statuses === undefined || (facts.status !== undefined && statuses.includes(facts.status))) &&
      facts.message !== undefined && words.test(facts.message),
    kind,
    ...extra
  }
}

/** Words by which servers say that the prompt is too long; few of them have a code for it. */
const overflowWords =
  /context.?(?:length|window|size)|prompt is too long|too many (?:input )?tokens|maximum (?:context|prompt) length|exceeds? the (?:maximum|model'?s) .*tokens|input (?:is )?too long/i

/**
 * The rows all vendors share, in order.
 */
export const shared: ReadonlyArray<Row> = [
  message(overflowWords, "ContextOverflow", { statuses: [400, 413, 422] }),
  message(/expired/i, "AuthenticationFailed", { statuses: [401], authentication: "ExpiredKey" }),
  message(/missing|not provided|didn'?t provide|no (?:api key|auth|cookie)|is required/i, "AuthenticationFailed", {
    statuses: [401],
    authentication: "MissingKey"
  }),
  status([401], "AuthenticationFailed", { authentication: "InvalidKey" }),
  status([402], "QuotaExhausted"),
  status([403], "AuthenticationFailed", { authentication: "InsufficientPermissions" }),
  message(/model/i, "ModelNotFound", { statuses: [404] }),
  status([408], "TimedOut"),
  status([413], "RequestTooLarge"),
  status([429], "RateLimited"),
  status([503, 529], "Overloaded"),
  status([504], "TimedOut"),
  {
    when: "any other status of 500 and above",
    match: (facts) => facts.status !== undefined && facts.status >= 500,
    kind: "ProviderFailed"
  },
  {
    when: "any other status from 400 to 499 (404, 409, 412, 422 …)",
    match: (facts) => facts.status !== undefined && facts.status >= 400,
    kind: "InvalidRequest"
  },
  {
    when: "an error event inside a stream, with a code no other row knows",
    match: (facts) => facts.status === undefined,
    kind: "ProviderFailed"
  }
]

/**
 * The kind a failed exchange is of, with the row that decided.
 *
 * @example
 * ```ts
 * import * as ErrorTable from "@llm-layers/core/ErrorTable"
 * import { strictEqual } from "node:assert"
 *
 * const rows = [ErrorTable.code(["out_of_credit"], "QuotaExhausted")]
 * const facts = {
 *   status: 429,
 *   code: "out_of_credit",
 *   type: undefined,
 *   message: "No credit left.",
 *   parameter: undefined,
 *   headers: {},
 *   body: undefined
 * }
 * strictEqual(ErrorTable.find(facts, rows).kind, "QuotaExhausted")
 * strictEqual(ErrorTable.find({ ...facts, code: undefined }, rows).kind, "RateLimited")
 * ```
 */
export const find = (facts: Facts, vendor: ReadonlyArray<Row>): Row => {
  for (const row of vendor) if (row.match(facts)) return row
  for (const row of shared) if (row.match(facts)) return row
  return { when: "nothing else matched", match: () => true, kind: "Unknown" }
}
