/** What each vendor says with an error status, and what error it must become. */
import type { Expected } from "./expected.ts"
import { anthropic } from "./wire/anthropic.ts"
import type { Failed, Wire } from "./wire/Wire.ts"

export interface Rejection {
  readonly name: string
  readonly status: number
  readonly headers?: { readonly [name: string]: string } | undefined
  readonly failed: Failed
  readonly expected: Expected
}

const authentication = (kind: string): Expected => ({
  kind: "AuthenticationFailed",
  tag: "AuthenticationError",
  retryable: false,
  authentication: kind
})
const quota: Expected = { kind: "QuotaExhausted", tag: "QuotaExhaustedError", retryable: false }
const refused: Expected = { kind: "ContentRefused", tag: "ContentPolicyError", retryable: false }
const invalid = (kind: Expected["kind"] = "InvalidRequest"): Expected => ({
  kind,
  tag: "InvalidRequestError",
  retryable: false
})
const internal = (kind: Expected["kind"]): Expected => ({ kind, tag: "InternalProviderError", retryable: true })
const limited = (retryAfter?: number): Expected => ({
  kind: "RateLimited",
  tag: "RateLimitError",
  retryable: true,
  retryAfter
})

/** The clock of these tests is at 1970. */
const inNineSeconds = "Thu, 01 Jan 1970 00:00:09 GMT"

/** Codes and types: platform.openai.com/docs/guides/error-codes */
const ofOpenAi: ReadonlyArray<Rejection> = [
  {
    name: "wrong key",
    status: 401,
    failed: { code: "invalid_api_key", message: "Incorrect API key provided." },
    expected: authentication("InvalidKey")
  },
  {
    name: "missing key",
    status: 401,
    failed: { message: "You didn't provide an API key. You need to provide your API key in an Authorization header." },
    expected: authentication("MissingKey")
  },
  {
    name: "expired key",
    status: 401,
    failed: { code: "invalid_api_key", message: "Your API key has expired. Create a new one." },
    expected: authentication("ExpiredKey")
  },
  {
    name: "key without permission",
    status: 403,
    failed: { message: "You have insufficient permissions for this operation." },
    expected: authentication("InsufficientPermissions")
  },
  {
    name: "unknown model",
    status: 404,
    failed: { code: "model_not_found", message: "The model `gpt-0` does not exist or you do not have access to it." },
    expected: invalid("ModelNotFound")
  },
  {
    name: "context too long",
    status: 400,
    failed: { code: "context_length_exceeded", message: "Your input exceeds the context window of this model." },
    expected: invalid("ContextOverflow")
  },
  {
    name: "context too long, without its code",
    status: 400,
    failed: { message: "This model's maximum context length is 128000 tokens." },
    expected: invalid("ContextOverflow")
  },
  {
    name: "content refused by policy",
    status: 400,
    failed: { code: "content_policy_violation", message: "Your request was rejected by our safety system." },
    expected: refused
  },
  {
    name: "prompt refused by policy",
    status: 400,
    failed: { code: "invalid_prompt", message: "Your prompt was flagged as potentially violating our usage policy." },
    expected: refused
  },
  {
    name: "quota exhausted",
    status: 429,
    failed: { code: "insufficient_quota", type: "insufficient_quota", message: "You exceeded your current quota." },
    expected: quota
  },
  {
    name: "server error",
    status: 500,
    failed: { type: "server_error", message: "The server had an error while processing your request." },
    expected: internal("ProviderFailed")
  },
  {
    name: "an invalid request",
    status: 400,
    failed: { code: "unsupported_value", message: "Unsupported value: 'minimal' is not supported with this model." },
    expected: invalid()
  }
]

/** Types: platform.claude.com/docs/en/api/errors */
const ofAnthropic: ReadonlyArray<Rejection> = [
  {
    name: "wrong key",
    status: 401,
    failed: { type: "authentication_error", message: "invalid x-api-key" },
    expected: authentication("InvalidKey")
  },
  {
    name: "missing key",
    status: 401,
    failed: { type: "authentication_error", message: "x-api-key header is required" },
    expected: authentication("MissingKey")
  },
  {
    name: "expired key",
    status: 401,
    failed: { type: "authentication_error", message: "API key has expired" },
    expected: authentication("ExpiredKey")
  },
  {
    name: "key without permission",
    status: 403,
    failed: {
      type: "permission_error",
      message: "Your API key does not have permission to use the specified resource."
    },
    expected: authentication("InsufficientPermissions")
  },
  {
    name: "unknown model",
    status: 404,
    failed: { type: "not_found_error", message: "model: claude-0" },
    expected: invalid("ModelNotFound")
  },
  {
    name: "context too long",
    status: 400,
    failed: { message: "prompt is too long: 210000 tokens > 200000 maximum" },
    expected: invalid("ContextOverflow")
  },
  {
    name: "content refused by policy",
    status: 400,
    failed: { message: "Output blocked by content filtering policy" },
    expected: refused
  },
  {
    name: "credit exhausted",
    status: 400,
    failed: { message: "Your credit balance is too low to access the Anthropic API." },
    expected: quota
  },
  {
    name: "spend limit reached",
    status: 429,
    failed: { type: "rate_limit_error", code: "enforced_spend_limit_reached", message: "Monthly spend limit reached." },
    expected: quota
  },
  {
    name: "server error",
    status: 500,
    failed: { type: "api_error", message: "Internal server error" },
    expected: internal("ProviderFailed")
  },
  {
    name: "overloaded",
    status: 529,
    failed: { type: "overloaded_error", message: "Overloaded" },
    expected: internal("Overloaded")
  },
  {
    name: "an invalid request",
    status: 400,
    failed: { message: "max_tokens: Field required" },
    expected: invalid()
  }
]

/** The statuses by themselves, and when to come back. */
const ofAnyVendor = (anthropics: boolean): ReadonlyArray<Rejection> => {
  const type = (name: string) => ({ type: anthropics ? name : undefined, message: "Something went wrong." })
  const rateLimit = { ...type("rate_limit_error"), code: anthropics ? undefined : "rate_limit_exceeded" }
  return [
    { name: "payment required", status: 402, failed: type("billing_error"), expected: quota },
    { name: "request timeout", status: 408, failed: type("timeout_error"), expected: internal("TimedOut") },
    { name: "conflict", status: 409, failed: type("invalid_request_error"), expected: invalid() },
    { name: "request too large", status: 413, failed: type("request_too_large"), expected: invalid("RequestTooLarge") },
    { name: "unprocessable", status: 422, failed: type("invalid_request_error"), expected: invalid() },
    { name: "rate limit", status: 429, failed: rateLimit, expected: limited() },
    {
      name: "rate limit, seconds",
      status: 429,
      headers: { "retry-after": "7" },
      failed: rateLimit,
      expected: limited(7000)
    },
    {
      name: "rate limit, date",
      status: 429,
      headers: { "retry-after": inNineSeconds },
      failed: rateLimit,
      expected: limited(9000)
    },
    {
      name: "rate limit, milliseconds",
      status: 429,
      headers: { "retry-after-ms": "250", "retry-after": "1" },
      failed: rateLimit,
      expected: limited(250)
    },
    { name: "bad gateway", status: 502, failed: type("api_error"), expected: internal("ProviderFailed") },
    { name: "unavailable", status: 503, failed: { message: "Down." }, expected: internal("Overloaded") },
    { name: "gateway timeout", status: 504, failed: type("timeout_error"), expected: internal("TimedOut") },
    { name: "no capacity", status: 529, failed: { message: "Busy." }, expected: internal("Overloaded") }
  ]
}

export const rejectionsOf = (wire: Wire): ReadonlyArray<Rejection> =>
  wire === anthropic ? [...ofAnthropic, ...ofAnyVendor(true)] : [...ofOpenAi, ...ofAnyVendor(false)]
