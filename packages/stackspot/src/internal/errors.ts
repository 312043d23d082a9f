/** How StackSpot says what went wrong. */
import * as ErrorTable from "@llm-layers/core/ErrorTable"
import * as Json from "@llm-layers/core/Json"
import type * as ProviderError from "@llm-layers/core/ProviderError"

/**
 * `{ type, code, details }`. Source: ai.stackspot.com/docs, Remote Quick Commands, "Rate limit"; that the agents' host
 * says it the same way is taken over from there. What gateways in front of it say (`message`, `detail`, `status`) is read,
 * too.
 */
export const decodeError = (body: unknown): ProviderError.Said => {
  const outer = Json.record(body)
  const error = Json.isRecord(outer["error"]) ? outer["error"] : outer
  const code = error["code"] ?? outer["code"]
  const { details } = error
  const message = Json.string(details) ?? Json.string(error["message"]) ?? Json.string(error["detail"]) ??
    Json.string(outer["error"]) ?? (details === undefined || details === null ? undefined : JSON.stringify(details))
  const status = Json.number(error["status"])
  return {
    code: typeof code === "number" ? String(code) : Json.string(code),
    type: Json.string(error["type"]),
    message,
    status: status !== undefined && status >= 400 && status < 600 ? status : undefined
  }
}

/**
 * Codes: `CODEBUDDY_1044_…` from the documentation of Remote Quick Commands; `INFERENCE_3008_…` and `INFERENCE_6001_…` were
 * measured by github.com/helton/midir (docs/backends/stackspot.md).
 */
const rows: ReadonlyArray<ErrorTable.Row> = [
  {
    when: "code ends in `_RATE_LIMIT_EXCEEDED`",
    match: (facts) => facts.code?.endsWith("_RATE_LIMIT_EXCEEDED") === true,
    kind: "RateLimited"
  },
  ErrorTable.code(["TooManyRequests"], "RateLimited"),
  {
    when: "code `INFERENCE_6001_LLM_MODEL_BAD_REQUEST`, message says that the tokens exceed a limit",
    match: (facts) =>
      facts.code === "INFERENCE_6001_LLM_MODEL_BAD_REQUEST" &&
      (/limit of .{1,20} tokens.*resulted in .{1,20} tokens/is.test(facts.message ?? "") ||
        ErrorTable.saysOverflow(facts)),
    kind: "ContextOverflow"
  },
  // The agent is what a model is elsewhere.
  ErrorTable.message(/agent/i, "ModelNotFound", { statuses: [404] })
]

export const errors: ProviderError.Vendor = { rows, decodeError }
