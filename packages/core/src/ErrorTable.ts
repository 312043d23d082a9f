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

/**
 * Words by which servers say that the prompt is too long; few of them have a code for it. Names of settings, which have
 * underscores (`search_context_size`), are not among them.
 */
const overflowWords: ReadonlyArray<RegExp> = [
  // "This model's maximum context length is 8192 tokens": OpenAI, vLLM, Mistral. "maximum prompt length": xAI.
  /\bmax(?:imum)? (?:context|prompt|model|input) length\b/i,
  // "exceeds the context window": OpenAI. "exceed context limit": Anthropic. "exceeds the available context size": llama.cpp.
  /\b(?:exceed\w*|larger than|longer than|too (?:long|large) for)\b.{0,80}\bcontext (?:length|window|size|limit)\b/i,
  /\bcontext (?:length|window|size|limit)\b.{0,40}\b(?:exceeded|overflow\w*|reached|is only)\b/i,
  /\b(?:context_length_exceeded|exceed_context_size)/i,
  // "prompt is too long: 210000 tokens > 200000 maximum": Anthropic. "prompt too long": Ollama.
  /\b(?:prompt|input|conversation|messages|context)(?: (?:is|are))? too long\b/i,
  // "too many tokens: total number of tokens in the prompt cannot exceed 4081": Cohere.
  /\btoo many (?:input |prompt )?tokens\b/i,
  // "Input tokens exceed the configured limit": OpenAI. "The input token count exceeds the maximum number": Google.
  /\b(?:input|prompt) token(?:s| count)\b.{0,60}\bexceeds?\b/i,
  /\b(?:input|prompt|request|messages)\b.{0,80}\bexceeds? the (?:maximum|model'?s) .{0,60}tokens\b(?! per)/i,
  // "Please reduce the length of the messages or completion": Groq.
  /\breduce the length of the (?:messages|prompt|input)\b/i,
  // "`inputs` tokens + `max_new_tokens` must be <= 4096": text-generation-inference.
  /`inputs` (?:tokens .{0,40}must be <=|must have less than)/,
  // "Range of input length should be [1, 30720]": Alibaba.
  /\brange of input length should be\b/i
]

/** What a complaint about the length of prompt and answer can name. */
const overflowParameter =
  /^(?:messages|inputs?|prompt|contents?|system|instructions|max_(?:output_|completion_|new_)?tokens)(?![a-z_])/i

/** Whether a failure says that prompt and answer do not fit into the context window; its status is not looked at. */
export const saysOverflow = (facts: Facts): boolean => {
  const { message, parameter } = facts
  return message !== undefined && (parameter === undefined || overflowParameter.test(parameter)) &&
    overflowWords.some((words) => words.test(message))
}

/**
 * The rows all vendors share, in order.
 */
export const shared: ReadonlyArray<Row> = [
  {
    when: "status 400, 413, 422, message says that prompt or answer exceed the context; `parameter`, if any, is theirs",
    match: (facts) => facts.status !== undefined && [400, 413, 422].includes(facts.status) && saysOverflow(facts),
    kind: "ContextOverflow"
  },
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
    when: "any other status from 400 to 499 (404, 409, 412, 422 and others)",
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
