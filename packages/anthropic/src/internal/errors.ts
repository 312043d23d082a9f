/** How Anthropic says what went wrong. */
import * as ErrorTable from "@llm-layers/core/ErrorTable"
import * as Json from "@llm-layers/core/Json"
import type * as ProviderError from "@llm-layers/core/ProviderError"

/** `{ type: "error", error: { type, message, details: { error_code } }, request_id }` */
const decodeError = (body: unknown): ProviderError.Said => {
  const outer = Json.record(body)
  const error = Json.record(outer["error"])
  return {
    code: Json.string(Json.record(error["details"])["error_code"]),
    type: Json.string(error["type"]),
    message: Json.string(error["message"]) ?? Json.string(outer["message"]),
    requestId: Json.string(outer["request_id"])
  }
}

/** Types: platform.claude.com/docs/en/api/errors; spend-limit codes: the error classes of `@anthropic-ai/sdk` 1.11. */
const rows: ReadonlyArray<ErrorTable.Row> = [
  ErrorTable.code(["enforced_spend_limit_reached", "contract_spend_limit_reached"], "QuotaExhausted"),
  ErrorTable.message(/credit balance is too low/i, "QuotaExhausted"),
  {
    when: "status 400, 413 or type `invalid_request_error`, message says that prompt or answer exceed the context",
    match: (facts) =>
      (facts.status === undefined ? facts.type === "invalid_request_error" : [400, 413].includes(facts.status)) &&
      ErrorTable.saysOverflow(facts),
    kind: "ContextOverflow"
  },
  ErrorTable.message(/content filter|blocked by .*policy/i, "ContentRefused", { statuses: [400, 403] }),
  ErrorTable.code(["billing_error"], "QuotaExhausted"),
  ErrorTable.code(["overloaded_error"], "Overloaded"),
  ErrorTable.code(["rate_limit_error"], "RateLimited"),
  ErrorTable.code(["timeout_error"], "TimedOut"),
  ErrorTable.code(["request_too_large"], "RequestTooLarge"),
  ErrorTable.code(["permission_error"], "AuthenticationFailed", { authentication: "InsufficientPermissions" }),
  {
    when: "type `not_found_error`, message names a model",
    match: (facts) => facts.type === "not_found_error" && /model/i.test(facts.message ?? ""),
    kind: "ModelNotFound"
  },
  {
    when: "type `invalid_request_error`, `not_found_error` or `conflict_error` inside a stream",
    match: (facts) =>
      facts.status === undefined &&
      ["invalid_request_error", "not_found_error", "conflict_error"].includes(facts.type ?? ""),
    kind: "InvalidRequest"
  },
  {
    when: "type `authentication_error` inside a stream",
    match: (facts) => facts.status === undefined && facts.type === "authentication_error",
    kind: "AuthenticationFailed",
    authentication: "InvalidKey"
  },
  ErrorTable.code(["api_error"], "ProviderFailed")
]

export const errors: ProviderError.Vendor = { rows, decodeError }
