/** Error statuses, with what the vendor says. */
import { secret } from "../call.ts"
import type { Case, Fails, Fault, Target } from "../Fault.ts"
import type { Rejection, RejectionName } from "../Wire.ts"

const authentication = (kind: string): Fails => ({
  _tag: "Fails",
  kind: "AuthenticationFailed",
  tag: "AuthenticationError",
  retryable: false,
  authentication: kind
})
const quota: Fails = { _tag: "Fails", kind: "QuotaExhausted", tag: "QuotaExhaustedError", retryable: false }
const refused: Fails = { _tag: "Fails", kind: "ContentRefused", tag: "ContentPolicyError", retryable: false }
const invalid = (kind: Fails["kind"]): Fails => ({ _tag: "Fails", kind, tag: "InvalidRequestError", retryable: false })
const internal = (kind: Fails["kind"]): Fails => ({
  _tag: "Fails",
  kind,
  tag: "InternalProviderError",
  retryable: true
})
const limited = (retryAfter?: Fails["retryAfter"]): Fails => ({
  _tag: "Fails",
  kind: "RateLimited",
  tag: "RateLimitError",
  retryable: true,
  retryAfter
})

/** What each vendor says in words of its own, and what it must become. */
const byName: { readonly [name in RejectionName]: Fails } = {
  "wrong key": authentication("InvalidKey"),
  "missing key": authentication("MissingKey"),
  "expired key": authentication("ExpiredKey"),
  "key without permission": authentication("InsufficientPermissions"),
  "unknown model": invalid("ModelNotFound"),
  "context too long": invalid("ContextOverflow"),
  "content refused by policy": refused,
  "quota exhausted": quota,
  "server error": internal("ProviderFailed"),
  "overloaded": internal("Overloaded"),
  "invalid request": invalid("InvalidRequest")
}

/** The statuses by themselves. */
const byStatus: { readonly [status: number]: Fails } = {
  402: quota,
  408: internal("TimedOut"),
  409: invalid("InvalidRequest"),
  413: invalid("RequestTooLarge"),
  422: invalid("InvalidRequest"),
  429: limited(),
  500: internal("ProviderFailed"),
  502: internal("ProviderFailed"),
  503: internal("Overloaded"),
  504: internal("TimedOut"),
  529: internal("Overloaded")
}

const rejected = (
  { wire }: Target,
  { failed, status }: Rejection,
  expected: Fails,
  headers: { readonly [name: string]: string } = {}
): Case => ({
  variant: String(status),
  plans: [{
    status,
    // A server that repeats the key, as OpenAI's does in part.
    headers: { "x-request-id": "req_1", "x-echo": secret, ...headers },
    body: wire.error({ ...failed, message: `${failed.message} (${secret})` })
  }],
  // What the vendor said, and the id its support asks for, are kept.
  expected: { ...expected, status, keeps: [JSON.stringify(failed.message).slice(1, -1), "req_1"] }
})

const named = Object.entries(byName).map(([name, expected]): Fault => ({
  name,
  cases: (target) => {
    // The keys of the table are those names.
    const rejections = target.wire.rejections[name as RejectionName]
    return typeof rejections === "string"
      ? rejections
      : rejections.map((rejection) => rejected(target, rejection, expected))
  }
}))

const statuses = Object.entries(byStatus).map(([code, expected]): Fault => ({
  name: `status ${code}`,
  cases: (
    target
  ) => [rejected(target, { status: Number(code), failed: target.wire.failedWith(Number(code)) }, expected)]
}))

const tooMany = (
  name: string,
  make: (now: number) => { readonly headers: { readonly [name: string]: string }; readonly expected: Fails }
): Fault => ({
  name,
  cases: (target, now) => {
    const { expected, headers } = make(now)
    return [rejected(target, { status: 429, failed: target.wire.failedWith(429) }, expected, headers)]
  }
})

export const rejections: ReadonlyArray<Fault> = [
  ...named,
  ...statuses,
  tooMany("status 429, retry-after in seconds", () => ({
    headers: { "retry-after": "7" },
    expected: limited(7000)
  })),
  tooMany("status 429, retry-after as a date", (now) => {
    const at = Math.floor(now / 1000) * 1000 + 9000
    return {
      headers: { "retry-after": new Date(at).toUTCString() },
      expected: limited({ passing: at - now })
    }
  }),
  tooMany("status 429, retry-after-ms", () => ({
    headers: { "retry-after-ms": "250", "retry-after": "1" },
    expected: limited(250)
  })),
  {
    name: "status 429, the wait in the body",
    cases: ({ wire }) =>
      wire.errorWithWait === undefined
        ? "a header says how long to wait"
        : [{ plans: [{ status: 429, body: wire.errorWithWait(1.5) }], expected: { ...limited(1500), status: 429 } }]
  },
  {
    name: "HTML error page",
    cases: () => [{
      plans: [{
        status: 502,
        headers: { "content-type": "text/html" },
        body: `<!DOCTYPE html><html><body><h1>502 Bad Gateway</h1>${secret}</body></html>`
      }],
      expected: { ...internal("ProviderFailed"), says: ["a page instead of the vendor's error"] }
    }]
  },
  {
    name: "status 500, empty body",
    cases: () => [{
      plans: [{ status: 500 }],
      expected: { ...internal("ProviderFailed"), says: ["HTTP 500 with an empty body"] }
    }]
  },
  {
    name: "status 429, body cut short",
    cases: ({ wire }) =>
      (["complete", "cut"] as const).map((end): Case => ({
        variant: end,
        plans: [{
          status: 429,
          headers: { "retry-after": "3" },
          body: wire.error({ message: "slow down" }),
          bytes: 20,
          end
        }],
        expected: limited(3000)
      }))
  }
]
