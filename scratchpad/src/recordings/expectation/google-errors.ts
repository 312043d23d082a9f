import { at, type Json, listAt, numberAt, parseJson, stringAt } from "../json.ts"
import type { RecordedResponse } from "../record.ts"
import { saidIn } from "./error-texts.ts"
import type { ErrorExpectation, ErrorReason } from "./Expectation.ts"
import { readRetryAfter } from "./retry-after.ts"

/** `error.status` of https://ai.google.dev/gemini-api/docs/troubleshooting. */
const byStatusName: Readonly<Record<string, ReadonlyArray<ErrorReason>>> = {
  INVALID_ARGUMENT: ["InvalidRequestError"],
  FAILED_PRECONDITION: ["InvalidRequestError", "AuthenticationError", "QuotaExhaustedError"],
  OUT_OF_RANGE: ["InvalidRequestError"],
  NOT_FOUND: ["InvalidRequestError"],
  UNAUTHENTICATED: ["AuthenticationError"],
  PERMISSION_DENIED: ["AuthenticationError"],
  RESOURCE_EXHAUSTED: ["RateLimitError"],
  INTERNAL: ["InternalProviderError"],
  UNKNOWN: ["InternalProviderError"],
  UNAVAILABLE: ["InternalProviderError"],
  DEADLINE_EXCEEDED: ["InternalProviderError", "NetworkError"],
  CANCELLED: ["InternalProviderError", "InvalidRequestError"]
}

const byCode = (code: number): ReadonlyArray<ErrorReason> => {
  if (code === 401 || code === 403) return ["AuthenticationError"]
  if (code === 402) return ["QuotaExhaustedError"]
  if (code === 429) return ["RateLimitError"]
  return code >= 500 ? ["InternalProviderError", "NetworkError"] : ["InvalidRequestError"]
}

const detailsOf = (error: Json | undefined, type: string): ReadonlyArray<Json> =>
  listAt(error, "details").filter((detail) => stringAt(detail, "@type")?.endsWith(`google.rpc.${type}`) === true)

/** A wrong key comes as an argument that is wrong; a quota of a day is not lifted by waiting a while. */
const refined = (error: Json | undefined): ReadonlyArray<ErrorReason> | undefined => {
  const reason = stringAt(detailsOf(error, "ErrorInfo")[0], "reason") ?? ""
  const message = stringAt(error, "message") ?? ""
  if (reason === "API_KEY_INVALID" || /api key expired/i.test(message)) return ["AuthenticationError"]
  const quotas = detailsOf(error, "QuotaFailure").flatMap((failure) => listAt(failure, "violations"))
    .map((violation) => stringAt(violation, "quotaId") ?? "")
  if (quotas.some((id) => id.includes("PerDay"))) return ["QuotaExhaustedError"]
  return /credits? (?:is|are|have been) (?:depleted|exhausted)/i.test(message) ? ["QuotaExhaustedError"] : undefined
}

const retryable: ReadonlySet<ErrorReason> = new Set(["RateLimitError", "InternalProviderError", "NetworkError"])

/** The wait a `RetryInfo` asks for, in milliseconds: `48s`. */
const waitOf = (error: Json | undefined): number | undefined => {
  const delay = stringAt(detailsOf(error, "RetryInfo")[0], "retryDelay")
  return delay === undefined ? undefined : Number.parseFloat(delay) * 1000
}

/** An error object of Google's, from the body of an answer with its status, or from a stream without. */
export const readErrorObject = (
  error: Json | undefined,
  status?: number,
  headers: Readonly<Record<string, string>> = {}
): ErrorExpectation => {
  const code = status ?? numberAt(error, "code")
  const reasons = refined(error) ?? byStatusName[stringAt(error, "status") ?? ""] ??
    (code === undefined ? ["InternalProviderError", "UnknownError"] : byCode(code))
  const answers = new Set(reasons.map((reason) => retryable.has(reason)))
  return {
    kind: "error",
    reasons,
    retryable: answers.size === 1 ? answers.has(true) : undefined,
    retryAfterMillis: readRetryAfter(headers) ?? waitOf(error),
    said: saidIn(error, ["message", "status"])
  }
}

/** An answer with an error status: `{ error }`, a list with one of it, or whatever a proxy put there. */
export const readGoogleError = (response: RecordedResponse): ErrorExpectation => {
  const body = parseJson(response.body)
  return readErrorObject(at(Array.isArray(body) ? body[0] : body, "error"), response.status, response.headers)
}
