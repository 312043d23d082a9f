/** How Google says what went wrong. */
import * as ErrorTable from "@llm-layers/core/ErrorTable"
import * as Json from "@llm-layers/core/Json"
import type * as ProviderError from "@llm-layers/core/ProviderError"

/**
 * `{ error: { code, message, status, details } }`, or a list with one of it, as streams without `alt=sse` answer. `code`
 * is the HTTP status; the details have types: `ErrorInfo` with a reason, `QuotaFailure` with the quota, `RetryInfo` with
 * the wait. Source: https://cloud.google.com/apis/design/errors
 */
const decodeError = (body: unknown): ProviderError.Said => {
  const outer = Json.record(Array.isArray(body) ? body[0] : body)
  const error = Json.record(outer["error"])
  const details = Json.list(error["details"]).map(Json.record)
  const ofType = (type: string) => details.filter((one) => Json.string(one["@type"])?.endsWith(`.${type}`))
  const status = Json.number(error["code"])
  return {
    code: Json.string(ofType("ErrorInfo")[0]?.["reason"]) ?? quotaOf(ofType("QuotaFailure")),
    type: Json.string(error["status"]),
    message: Json.string(error["message"]) ?? Json.string(outer["message"]),
    requestId: Json.string(ofType("RequestInfo")[0]?.["requestId"]),
    status: status !== undefined && status >= 400 ? status : undefined,
    ...retryInfo(ofType("RetryInfo")[0]?.["retryDelay"])
  }
}

/** The quota that was reached; of several, one of a day, because it is the longest to wait for. */
const quotaOf = (failures: ReadonlyArray<Json.JsonRecord>): string | undefined => {
  const ids = failures.flatMap((failure) => Json.list(failure["violations"]))
    .map((one) => Json.string(Json.record(one)["quotaId"]))
  return ids.find((id) => id?.includes("PerDay")) ?? ids.find((id) => id !== undefined)
}

/**
 * Google sends no `retry-after` header: the wait is in the body, a duration as protocol buffers write it in JSON (`48s`,
 * `0.5s`).
 */
const retryInfo = (duration: unknown): Pick<ProviderError.Said, "headers"> => {
  const seconds = /^(\d+(?:\.\d+)?)s$/.exec(Json.string(duration) ?? "")?.[1]
  return seconds === undefined ? {} : { headers: { "retry-after": seconds } }
}

/** Statuses: https://ai.google.dev/gemini-api/docs/troubleshooting; reasons: `google.api.ErrorReason` of googleapis. */
const rows: ReadonlyArray<ErrorTable.Row> = [
  ErrorTable.message(/api key (?:has )?expired/i, "AuthenticationFailed", { authentication: "ExpiredKey" }),
  ErrorTable.code(["ACCESS_TOKEN_EXPIRED"], "AuthenticationFailed", { authentication: "ExpiredKey" }),
  ErrorTable.code(["API_KEY_INVALID"], "AuthenticationFailed", { authentication: "InvalidKey" }),
  ErrorTable.code(["CREDENTIALS_MISSING"], "AuthenticationFailed", { authentication: "MissingKey" }),
  ErrorTable.message(/unregistered callers|without established identity/i, "AuthenticationFailed", {
    statuses: [403],
    authentication: "MissingKey"
  }),
  {
    when: "status 429, the quota is one of a day",
    match: ({ code, status }) => status === 429 && code?.includes("PerDay") === true,
    kind: "QuotaExhausted"
  },
  ErrorTable.message(
    /credits? (?:are|is|have been) (?:depleted|exhausted)|spend(?:ing)? (?:cap|limit)/i,
    "QuotaExhausted",
    {
      statuses: [402, 403, 429]
    }
  ),
  ErrorTable.message(/enable billing|billing (?:is |to be )?(?:disabled|not enabled)/i, "QuotaExhausted", {
    statuses: [400, 403]
  }),
  ErrorTable.message(/location is not supported/i, "AuthenticationFailed", {
    statuses: [400],
    authentication: "InsufficientPermissions"
  }),
  ErrorTable.message(/payload size exceeds/i, "RequestTooLarge", { statuses: [400] }),
  ErrorTable.code(["DEADLINE_EXCEEDED"], "TimedOut"),
  ErrorTable.code(["UNAVAILABLE"], "Overloaded"),
  ErrorTable.code(["CANCELLED"], "ProviderFailed")
]

export const errors: ProviderError.Vendor = { rows, decodeError }
