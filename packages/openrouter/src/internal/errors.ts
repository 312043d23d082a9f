/** How OpenRouter says what went wrong: its own words, and those of the upstream behind it. */
import * as ErrorTable from "@llm-layers/core/ErrorTable"
import * as Json from "@llm-layers/core/Json"
import type * as ProviderError from "@llm-layers/core/ProviderError"
import * as OpenAiCompatibleClient from "@llm-layers/openai-compatible/OpenAiCompatibleClient"

const dialect = OpenAiCompatibleClient.errors

/**
 * `{ error: { code, message, metadata }, user_id }`: the code is the status, the metadata has what the upstream said
 * (`provider_name`, `raw`), why moderation refused (`reasons`, `flagged_input`), the headers of a limit (`headers`), or the
 * kind of failure (`error_type`, in streams). Source: https://openrouter.ai/docs/api/reference/errors-and-debugging
 */
const decodeError = (body: unknown): ProviderError.Said => {
  const said = dialect.decodeError(body)
  const metadata = Json.record(Json.record(Json.record(body)["error"])["metadata"])
  const raw = decodeRaw(metadata["raw"])
  const upstream = dialect.decodeError(raw)
  const reasons = Json.list(metadata["reasons"])
  return {
    ...said,
    code: wordOf(upstream.code) ?? Json.string(metadata["provider_code"]) ?? said.code,
    type: Json.string(metadata["error_type"]) ?? (reasons.length > 0 ? moderated : said.type ?? upstream.type),
    parameter: said.parameter ?? upstream.parameter,
    headers: stringsOf(metadata["headers"]),
    details: {
      upstream: Json.string(metadata["provider_name"]),
      model: Json.string(metadata["model_slug"]),
      reasons: reasons.length > 0 ? reasons : undefined,
      flaggedInput: Json.string(metadata["flagged_input"]),
      raw,
      previousErrors: metadata["previous_errors"]
    }
  }
}

/** The type this project gives to a refusal that says for which reasons. */
const moderated = "moderation"

/** What the upstream said is a text, mostly of JSON. */
const decodeRaw = (raw: unknown): unknown => {
  const text = Json.string(raw)
  if (text === undefined) return raw ?? undefined
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}

/** A code that says more than the status does. */
const wordOf = (code: string | undefined): string | undefined =>
  code === undefined || /^\d*$/.test(code) ? undefined : code

const stringsOf = (headers: unknown): { readonly [name: string]: string } =>
  Object.fromEntries(
    Object.entries(Json.record(headers)).flatMap(([name, value]) =>
      typeof value === "string" || typeof value === "number" ? [[name, String(value)]] : []
    )
  )

/** Types: `ApiErrorType` of OpenRouter's OpenAPI description. Messages: seen in its answers. */
const rows: ReadonlyArray<ErrorTable.Row> = [
  ErrorTable.code(["max_tokens_exceeded", "token_limit_exceeded", "string_too_long"], "ContextOverflow"),
  ErrorTable.code(["payment_required"], "QuotaExhausted"),
  ErrorTable.code([moderated, "refusal"], "ContentRefused"),
  ErrorTable.code(["provider_overloaded", "provider_unavailable"], "Overloaded"),
  ErrorTable.code(["timeout"], "TimedOut"),
  ErrorTable.code(["payload_too_large"], "RequestTooLarge"),
  ErrorTable.code(
    ["unsupported_image_format", "image_not_found", "image_download_failed", "precondition_failed", "unprocessable"],
    "InvalidRequest"
  ),
  // "Key limit exceeded (total limit)": the key may do it and has spent what it may.
  ErrorTable.message(/limit exceeded/i, "QuotaExhausted", { statuses: [403] }),
  ErrorTable.message(/\b(?:flagged|moderation|guardrail)/i, "ContentRefused", { statuses: [403] }),
  // "No endpoints found that support tool use", "… matching your data policy", "No allowed providers are available".
  ErrorTable.message(/no endpoints found (?:that|matching)|no allowed providers/i, "InvalidRequest", {
    statuses: [404]
  }),
  ErrorTable.message(/no endpoints found/i, "ModelNotFound", { statuses: [404] }),
  ErrorTable.status([524], "TimedOut")
]

/** The vendor's part in making errors; the dialect's rows come after its own. */
export const errors: ProviderError.Vendor = { rows: [...rows, ...dialect.rows], decodeError }
