import { at, type Json, listAt, numberAt, objectAt, parseJson, stringAt } from "../json.ts"
import type { RecordedResponse } from "../record.ts"
import { saidIn } from "./error-texts.ts"
import type { ErrorExpectation } from "./Expectation.ts"
import { errorIn, readErrorObject } from "./openai-errors.ts"

/** What the upstream said is a text, mostly of JSON with an error in it. */
const upstreamIn = (error: Json | undefined): Json | undefined => {
  const raw = stringAt(error, "metadata", "raw")
  return raw === undefined ? undefined : errorIn(parseJson(raw)) ?? raw
}

const expected = (reason: ErrorExpectation["reasons"][number], from: ErrorExpectation): ErrorExpectation => ({
  ...from,
  reasons: [reason],
  retryable: false
})

/**
 * OpenRouter's errors are OpenAI's in form; the code is the status, which a stream has nowhere else. What more they say is
 * in `metadata`.
 *
 * | what | reason |
 * | --- | --- |
 * | 403 with `reasons` | `ContentPolicyError` |
 * | 403 of a key that has spent its limit | `QuotaExhaustedError` |
 * | the code of the upstream, where it is one of OpenAI's | as OpenAI's |
 */
export const readOpenRouterErrorObject = (
  error: Json | undefined,
  status = numberAt(error, "code"),
  headers: Readonly<Record<string, string>> = {}
): ErrorExpectation => {
  const upstream = upstreamIn(error)
  const code = stringAt(upstream, "code") ?? stringAt(error, "metadata", "error_type")
  const read = readErrorObject(code === undefined ? error : { ...objectAt(error), code }, status, headers)
  const reasons = listAt(error, "metadata", "reasons")
  const answer = { ...read, said: [...saidIn(error, ["message"]), ...saidIn(upstream, ["message"])] }
  if (reasons.length > 0) return expected("ContentPolicyError", answer)
  if (status === 403 && /limit exceeded/i.test(stringAt(error, "message") ?? "")) {
    return expected("QuotaExhaustedError", answer)
  }
  return answer
}

export const readOpenRouterError = ({ body, headers, status }: RecordedResponse): ErrorExpectation =>
  readOpenRouterErrorObject(at(parseJson(body), "error"), status, headers)
