import { at, type Json, objectAt, parseJson, stringAt } from "../json.ts"
import type { RecordedResponse } from "../record.ts"
import { saidIn } from "./error-texts.ts"
import type { ErrorExpectation, ErrorReason } from "./Expectation.ts"
import { readRetryAfter } from "./retry-after.ts"

const quota = new Set(["insufficient_quota", "billing_hard_limit_reached", "billing_not_active"])

const policy = new Set([
  "content_policy_violation",
  "content_filter",
  "moderation_blocked",
  "image_content_policy_violation",
  "bio_policy",
  "misalignment_policy_violation"
])

const server = new Set(["server_error", "internal_error", "service_unavailable", "overloaded", "vector_store_timeout"])

/** The codes of a response that failed for what was asked, as the API description lists them. */
const faultOfRequest = /^(invalid|image|unsupported|empty_image|failed_to_download|context_length|data_residency)/

/**
 * The reason of an OpenAI error: the code (or type) where it says more than the status, then the status.
 *
 * | code, type or status | reason |
 * | --- | --- |
 * | `insufficient_quota` and its kin, 402 | `QuotaExhaustedError` |
 * | `content_policy_violation` and its kin | `ContentPolicyError` |
 * | `invalid_prompt`: flagged, or not understood | `ContentPolicyError` or `InvalidRequestError` |
 * | `model_not_found`, which comes with 404 and 403 | `InvalidRequestError` |
 * | `invalid_api_key`, 401, 403 | `AuthenticationError` |
 * | `rate_limit_exceeded`, 429 | `RateLimitError` |
 * | 408, 504 | `NetworkError` or `InternalProviderError` |
 * | `server_error` and its kin, 5xx | `InternalProviderError` |
 * | any other 4xx, `invalid_…`, `image_…` and their kin | `InvalidRequestError` |
 * | any other code inside a stream | open: the vendor names it nowhere |
 */
const reasonsOf = (status: number | undefined, marks: ReadonlyArray<string>): ReadonlyArray<ErrorReason> => {
  const marked = (set: ReadonlySet<string>) => marks.some((mark) => set.has(mark))
  if (marked(quota) || status === 402) return ["QuotaExhaustedError"]
  if (marked(policy)) return ["ContentPolicyError"]
  if (marks.includes("invalid_prompt")) return ["ContentPolicyError", "InvalidRequestError"]
  if (marks.includes("model_not_found")) return ["InvalidRequestError"]
  if (status === 401 || status === 403 || marks.includes("invalid_api_key")) return ["AuthenticationError"]
  if (status === 429 || marks.includes("rate_limit_exceeded")) return ["RateLimitError"]
  if (status === 408 || status === 504) return ["NetworkError", "InternalProviderError"]
  if (marked(server) || (status !== undefined && status >= 500)) return ["InternalProviderError"]
  if (status !== undefined || marks.some((mark) => faultOfRequest.test(mark))) return ["InvalidRequestError"]
  return ["InternalProviderError", "InvalidRequestError", "UnknownError"]
}

const retryable: ReadonlySet<ErrorReason> = new Set(["RateLimitError", "InternalProviderError", "NetworkError"])

const agreed = (reasons: ReadonlyArray<ErrorReason>): boolean | undefined => {
  const answers = new Set(reasons.map((reason) => retryable.has(reason)))
  return answers.size === 1 ? answers.has(true) : undefined
}

/** An error object, from the body of an answer (with its status) or from inside a stream (without). */
export const readErrorObject = (
  error: Json | undefined,
  status?: number,
  headers: Readonly<Record<string, string>> = {}
): ErrorExpectation => {
  const marks = [stringAt(error, "code"), stringAt(error, "type")].filter((mark) => mark !== undefined)
  const reasons = reasonsOf(status, marks)
  return {
    kind: "error",
    reasons,
    retryable: agreed(reasons),
    retryAfterMillis: readRetryAfter(headers),
    said: saidIn(error, ["message", "type", "code", "param"])
  }
}

/** What went wrong, by an answer or by an event: `{ error: { message, type, param, code } }`, `{ error: "text" }`. */
export const errorIn = (body: Json | undefined): Json | undefined => {
  const error = at(body, "error")
  if (typeof error === "string") return error === "" ? undefined : { message: error, code: at(body, "code") ?? null }
  return Object.keys(objectAt(error)).length > 0 ? error : undefined
}

/** An answer with an error status, a list with one error in it, or whatever a proxy put there. */
export const readOpenAiError = (response: RecordedResponse): ErrorExpectation => {
  const body = parseJson(response.body)
  return readErrorObject(errorIn(Array.isArray(body) ? body[0] : body), response.status, response.headers)
}
