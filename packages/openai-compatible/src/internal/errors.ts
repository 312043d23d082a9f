/** How OpenAI and the servers that speak its dialect say what went wrong. */
import * as ErrorTable from "@llm-layers/core/ErrorTable"
import * as Json from "@llm-layers/core/Json"
import type * as ProviderError from "@llm-layers/core/ProviderError"

/**
 * OpenAI nests `{ error: { message, type, param, code } }`; xAI sends `{ code, error: "text" }`, some servers
 * `{ message }`, FastAPI `{ detail }`, Google's compatible endpoint a list with one error in it. OpenRouter gives the
 * status as the code and the upstream's own words in `metadata.raw`.
 */
const decodeError = (body: unknown): ProviderError.Said => {
  const outer = Json.record(Array.isArray(body) ? body[0] : body)
  // An event of the Responses API carries its error inside the response.
  const holder = Json.isRecord(outer["response"]) ? outer["response"] : outer
  const nested = Json.record(holder["error"])
  const code = nested["code"] ?? outer["code"]
  const message = Json.string(nested["message"]) ?? Json.string(holder["error"]) ?? Json.string(outer["message"]) ??
    Json.string(outer["detail"])
  const upstream = Json.string(Json.record(nested["metadata"])["raw"])
  return {
    code: typeof code === "number" ? String(code) : Json.string(code),
    type: Json.string(nested["type"]) ?? Json.string(outer["type"]),
    message: upstream === undefined ? message : `${message ?? "The upstream failed"}: ${upstream}`,
    parameter: Json.string(nested["param"]) ?? Json.string(outer["param"]),
    status: typeof code === "number" && code >= 400 && code < 600 ? code : undefined
  }
}

/** Codes: platform.openai.com/docs/guides/error-codes; `billing_…` and `arrearage` are compatible servers'. */
const rows: ReadonlyArray<ErrorTable.Row> = [
  ErrorTable.code(["context_length_exceeded"], "ContextOverflow"),
  {
    // The same code is given for ids and names that are too long.
    when: "code `string_above_max_length` for content or input",
    match: (facts) =>
      facts.code === "string_above_max_length" && /content|input|instructions/.test(facts.parameter ?? ""),
    kind: "ContextOverflow"
  },
  ErrorTable.code(
    [
      "insufficient_quota",
      "billing_hard_limit_reached",
      "billing_not_active",
      "billing_insufficient_balance",
      "Arrearage"
    ],
    "QuotaExhausted"
  ),
  {
    when: "code `invalid_api_key`, message matches `expired`",
    match: (facts) => facts.code === "invalid_api_key" && /expired/i.test(facts.message ?? ""),
    kind: "AuthenticationFailed",
    authentication: "ExpiredKey"
  },
  ErrorTable.code(["invalid_api_key"], "AuthenticationFailed", { authentication: "InvalidKey" }),
  ErrorTable.code(
    ["content_filter", "content_policy_violation", "moderation_blocked", "invalid_prompt"],
    "ContentRefused"
  ),
  ErrorTable.code(["model_not_found"], "ModelNotFound"),
  // OpenRouter has no code for it.
  ErrorTable.message(/not a valid model/i, "ModelNotFound", { statuses: [400] }),
  ErrorTable.code(["rate_limit_exceeded"], "RateLimited"),
  ErrorTable.code(["server_overloaded", "engine_overloaded", "overloaded_error"], "Overloaded"),
  {
    // "The engine is currently overloaded" has this type, too, and the status that says so.
    when: "code or type `server_error`, status not 503, 504 or 529",
    match: (facts) =>
      (facts.code === "server_error" || facts.type === "server_error") &&
      ![503, 504, 529].includes(facts.status ?? 500),
    kind: "ProviderFailed"
  },
  ErrorTable.code(["vector_store_timeout"], "ProviderFailed"),
  // Codes of a response that failed after it was accepted: the same request fails again.
  ErrorTable.code(
    ["bio_policy", "misalignment_policy_violation", "image_content_policy_violation"],
    "ContentRefused"
  ),
  ErrorTable.code(
    [
      "data_residency_mismatch",
      "invalid_image",
      "invalid_image_format",
      "invalid_base64_image",
      "invalid_image_url",
      "image_too_large",
      "image_too_small",
      "image_parse_error",
      "invalid_image_mode",
      "image_file_too_large",
      "unsupported_image_media_type",
      "empty_image_file",
      "failed_to_download_image",
      "image_file_not_found"
    ],
    "InvalidRequest"
  ),
  {
    when: "type `invalid_request_error` inside a stream",
    match: (facts) => facts.status === undefined && facts.type === "invalid_request_error",
    kind: "InvalidRequest"
  },
  // A response id that is gone: `effect/ai` sends the whole prompt then, on an invalid request alone.
  ErrorTable.code(["previous_response_not_found"], "InvalidRequest")
]

export const errors: ProviderError.Vendor = { rows, decodeError }
