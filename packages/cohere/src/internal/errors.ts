/** How Cohere says what went wrong. */
import * as ErrorTable from "@llm-layers/core/ErrorTable"
import * as Json from "@llm-layers/core/Json"
import type * as ProviderError from "@llm-layers/core/ProviderError"

/** `{ id, message, error_type }`; the id is that of the request. */
const decodeError = (body: unknown): ProviderError.Said => {
  const outer = Json.record(body)
  return {
    code: Json.string(outer["error_type"]),
    message: Json.string(outer["message"]) ?? Json.string(outer["error"]),
    requestId: Json.string(outer["id"])
  }
}

/**
 * Statuses: https://docs.cohere.com/reference/errors. Codes are those of the API's answers, and the finish reasons of
 * answers that failed.
 */
const rows: ReadonlyArray<ErrorTable.Row> = [
  ErrorTable.code(["TOO_MANY_TOKENS", "ERROR_LIMIT"], "ContextOverflow"),
  ErrorTable.code(["ERROR_TOXIC"], "ContentRefused"),
  ErrorTable.code(["INVALID_TOOL_GENERATION"], "InvalidOutput"),
  ErrorTable.code(["TIMEOUT"], "TimedOut"),
  // "You are using a Trial key, which is limited to 1000 API calls / month."
  ErrorTable.message(/calls? ?\/ ?month|monthly (?:limit|quota)/i, "QuotaExhausted", { statuses: [429] }),
  // "This error is returned when a request or response contains a deny-listed token."
  ErrorTable.status([498], "ContentRefused"),
  // "This error is returned when a request is cancelled by the user": a connection that was closed on the way.
  ErrorTable.status([499], "TimedOut"),
  // "This error is returned when the requested feature is not implemented."
  ErrorTable.status([501], "Unsupported")
]

export const errors: ProviderError.Vendor = { rows, decodeError }
