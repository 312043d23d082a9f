import { at, type Json, parseJson, stringAt } from "../json.ts"
import type { RecordedResponse } from "../record.ts"
import { saidIn } from "./error-texts.ts"
import type { ErrorExpectation, ErrorReason } from "./Expectation.ts"
import { readRetryAfter } from "./retry-after.ts"

/** `error.type` of https://platform.claude.com/docs/en/api/errors. */
const byType: Readonly<Record<string, ReadonlyArray<ErrorReason>>> = {
  invalid_request_error: ["InvalidRequestError"],
  not_found_error: ["InvalidRequestError"],
  request_too_large: ["InvalidRequestError"],
  conflict_error: ["InvalidRequestError"],
  authentication_error: ["AuthenticationError"],
  permission_error: ["AuthenticationError"],
  billing_error: ["QuotaExhaustedError"],
  rate_limit_error: ["RateLimitError"],
  api_error: ["InternalProviderError"],
  timeout_error: ["NetworkError", "InternalProviderError"],
  overloaded_error: ["InternalProviderError"]
}

const byStatus = (status: number | undefined): ReadonlyArray<ErrorReason> => {
  if (status === undefined) return ["InternalProviderError", "UnknownError"]
  if (status === 401 || status === 403) return ["AuthenticationError"]
  if (status === 402) return ["QuotaExhaustedError"]
  if (status === 429) return ["RateLimitError"]
  if (status === 408 || status === 504) return ["NetworkError", "InternalProviderError"]
  return status >= 500 ? ["InternalProviderError"] : ["InvalidRequestError"]
}

/** Two refusals the vendor has no type for: both come as `invalid_request_error`, and only their words tell them. */
const byMessage: ReadonlyArray<readonly [RegExp, ErrorReason]> = [
  [/credit balance is too low/i, "QuotaExhaustedError"],
  [/blocked by content filtering policy/i, "ContentPolicyError"]
]

const spendLimits = new Set(["enforced_spend_limit_reached", "contract_spend_limit_reached"])

const retryable: ReadonlySet<ErrorReason> = new Set(["RateLimitError", "InternalProviderError", "NetworkError"])

/**
 * An Anthropic error object, from the body of an answer (with its status) or from an `error` event in a stream (without).
 * `error.type` decides or, where it is not known, the status; where they disagree, either does. So it is but for the two
 * refusals above. A spend limit, which waiting does not lift, is an
 * exhausted quota although it arrives as 429.
 */
export const readErrorObject = (
  error: Json | undefined,
  status?: number,
  headers: Readonly<Record<string, string>> = {}
): ErrorExpectation => {
  const limited = spendLimits.has(stringAt(error, "details", "error_code") ?? "")
  const [, said] = byMessage.find(([words]) => words.test(stringAt(error, "message") ?? "")) ?? []
  const typed = byType[stringAt(error, "type") ?? ""]
  const reasons: ReadonlyArray<ErrorReason> = limited
    ? ["QuotaExhaustedError"]
    : said !== undefined
    ? [said]
    : typed === undefined
    ? byStatus(status)
    : status === undefined
    ? typed
    : [...new Set([...typed, ...byStatus(status)])]
  const answers = new Set(reasons.map((reason) => retryable.has(reason)))
  return {
    kind: "error",
    reasons,
    retryable: answers.size === 1 ? answers.has(true) : undefined,
    retryAfterMillis: readRetryAfter(headers),
    said: saidIn(error, ["message", "type"])
  }
}

/** An answer with an error status: `{ type: "error", error: { type, message } }`, or whatever a proxy put there. */
export const readAnthropicError = (response: RecordedResponse): ErrorExpectation =>
  readErrorObject(at(parseJson(response.body), "error"), response.status, response.headers)
