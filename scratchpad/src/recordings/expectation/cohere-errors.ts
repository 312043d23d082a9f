import { type Json, parseJson, stringAt } from "../json.ts"
import type { RecordedResponse } from "../record.ts"
import { saidIn } from "./error-texts.ts"
import type { ErrorExpectation, ErrorReason } from "./Expectation.ts"
import { readRetryAfter } from "./retry-after.ts"

/** `error_type` of an answer, or the finish reason of one that failed. */
const byType: Readonly<Record<string, ReadonlyArray<ErrorReason>>> = {
  TOO_MANY_TOKENS: ["InvalidRequestError"],
  INVALID_TOOL_GENERATION: ["InvalidOutputError"],
  ERROR: ["InternalProviderError"],
  TIMEOUT: ["InternalProviderError", "NetworkError"]
}

/** Statuses of https://docs.cohere.com/reference/errors; 498 is a token on a deny list, 499 a request that was cancelled. */
const byStatus = (status: number | undefined): ReadonlyArray<ErrorReason> => {
  if (status === undefined) return ["InternalProviderError", "UnknownError"]
  if (status === 401 || status === 403) return ["AuthenticationError"]
  if (status === 402) return ["QuotaExhaustedError"]
  if (status === 429) return ["RateLimitError"]
  if (status === 498) return ["ContentPolicyError"]
  if (status === 408 || status === 499 || status === 504) return ["NetworkError", "InternalProviderError"]
  if (status === 501) return ["InvalidRequestError"]
  return status >= 500 ? ["InternalProviderError"] : ["InvalidRequestError"]
}

const retryable: ReadonlySet<ErrorReason> = new Set([
  "RateLimitError",
  "InternalProviderError",
  "InvalidOutputError",
  "NetworkError"
])

/** `{ id, message, error_type }`. A trial that is used up, which waiting does not help, is an exhausted quota. */
export const readErrorObject = (
  error: Json | undefined,
  status?: number,
  headers: Readonly<Record<string, string>> = {}
): ErrorExpectation => {
  const spent = status === 429 && /calls \/ month/.test(stringAt(error, "message") ?? "")
  const reasons: ReadonlyArray<ErrorReason> = spent
    ? ["QuotaExhaustedError"]
    : byType[stringAt(error, "error_type") ?? ""] ?? byStatus(status)
  const answers = new Set(reasons.map((reason) => retryable.has(reason)))
  return {
    kind: "error",
    reasons,
    retryable: answers.size === 1 ? answers.has(true) : undefined,
    retryAfterMillis: readRetryAfter(headers),
    said: saidIn(error, ["message", "error_type"])
  }
}

/** An answer with an error status. */
export const readCohereError = (response: RecordedResponse): ErrorExpectation =>
  readErrorObject(parseJson(response.body), response.status, response.headers)
