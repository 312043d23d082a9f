/** How OpenAI and the servers that speak its dialect say what went wrong. */
import * as ErrorTable from "@llm-layers/core/ErrorTable"
import * as Json from "@llm-layers/core/Json"
import type * as ProviderError from "@llm-layers/core/ProviderError"

/**
 * OpenAI nests `{ error: { message, type, param, code } }`; xAI sends `{ code, error: "text" }`, some servers
 * `{ message }`, FastAPI `{ detail }`.
 */
const decodeError = (body: unknown): ProviderError.Said => {
  const outer = Json.record(body)
  // An event of the Responses API carries its error inside the response.
  const holder = Json.isRecord(outer["response"]) ? outer["response"] : outer
  const nested = Json.record(holder["error"])
  const code = nested["code"] ?? outer["code"]
  return {
    code: typeof code === "number" ? String(code) : Json.string(code),
    type: Json.string(nested["type"]) ?? Json.string(outer["type"]),
    message: Json.string(nested["message"]) ?? Json.string(holder["error"]) ?? Json.string(outer["message"]) ??
      Json.string(outer["detail"]),
    parameter: Json.string(nested["param"]) ?? Json.string(outer["param"])
  }
}

/** Codes: platform.openai.com/docs/guides/error-codes; `billing_…` and `arrearage` are compatible servers'. */
const rows: ReadonlyArray<ErrorTable.Row> = [
  ErrorTable.code(["context_length_exceeded", "string_above_max_length"], "ContextOverflow"),
  ErrorTable.code(
    ["insufficient_quota", "billing_hard_limit_reached", "billing_not_active", "billing_insufficient_balance"],
    "QuotaExhausted"
  ),
  ErrorTable.code(["invalid_api_key"], "AuthenticationFailed", { authentication: "InvalidKey" }),
  ErrorTable.code(["content_filter", "content_policy_violation", "moderation_blocked", "invalid_prompt"], "ContentRefused"),
  ErrorTable.code(["model_not_found"], "ModelNotFound"),
  ErrorTable.code(["rate_limit_exceeded"], "RateLimited"),
  ErrorTable.code(["server_overloaded", "engine_overloaded", "overloaded_error"], "Overloaded"),
  ErrorTable.code(["server_error"], "ProviderFailed"),
  // A response id that is gone: `effect/ai` sends the whole prompt then, on an invalid request alone.
  ErrorTable.code(["previous_response_not_found"], "InvalidRequest")
]

export const errors: ProviderError.Vendor = { rows, decodeError }
