import { assert, describe, it } from "@effect/vitest"
import type * as ErrorKind from "@llm-layers/core/ErrorKind"
import * as ErrorTable from "@llm-layers/core/ErrorTable"

const facts = (given: Partial<ErrorTable.Facts>): ErrorTable.Facts => ({
  status: undefined,
  code: undefined,
  type: undefined,
  message: undefined,
  parameter: undefined,
  headers: {},
  body: undefined,
  ...given
})

const find = (given: Partial<ErrorTable.Facts>, vendor: ReadonlyArray<ErrorTable.Row> = []) =>
  ErrorTable.find(facts(given), vendor)

describe("rows all vendors share", () => {
  const cases: ReadonlyArray<
    readonly [given: Partial<ErrorTable.Facts>, kind: ErrorKind.Name, authentication?: string]
  > = [
    [{ status: 400 }, "InvalidRequest"],
    [{ status: 400, message: "This model's maximum context length is 8192 tokens" }, "ContextOverflow"],
    [{ status: 400, message: "prompt is too long: 210000 tokens > 200000 maximum" }, "ContextOverflow"],
    [{ status: 413, message: "too many tokens" }, "ContextOverflow"],
    [{ status: 422, message: "input is too long" }, "ContextOverflow"],
    [{ status: 500, message: "failed to read the context window" }, "ProviderFailed"],
    [{ status: 401 }, "AuthenticationFailed", "InvalidKey"],
    [{ status: 401, message: "Your key has expired" }, "AuthenticationFailed", "ExpiredKey"],
    [{ status: 401, message: "You didn't provide an API key" }, "AuthenticationFailed", "MissingKey"],
    [{ status: 401, message: "x-api-key header is required" }, "AuthenticationFailed", "MissingKey"],
    [{ status: 401, message: "invalid x-api-key" }, "AuthenticationFailed", "InvalidKey"],
    [{ status: 402 }, "QuotaExhausted"],
    [{ status: 403 }, "AuthenticationFailed", "InsufficientPermissions"],
    [{ status: 404 }, "InvalidRequest"],
    [{ status: 404, message: "The model `x` does not exist" }, "ModelNotFound"],
    [{ status: 408 }, "TimedOut"],
    [{ status: 409 }, "InvalidRequest"],
    [{ status: 412 }, "InvalidRequest"],
    [{ status: 413 }, "RequestTooLarge"],
    [{ status: 422 }, "InvalidRequest"],
    [{ status: 429 }, "RateLimited"],
    [{ status: 500 }, "ProviderFailed"],
    [{ status: 502 }, "ProviderFailed"],
    [{ status: 503 }, "Overloaded"],
    [{ status: 504 }, "TimedOut"],
    [{ status: 520 }, "ProviderFailed"],
    [{ status: 529 }, "Overloaded"],
    [{ status: 599 }, "ProviderFailed"],
    [{ code: "never heard of" }, "ProviderFailed"],
    [{ status: 304 }, "Unknown"]
  ]
  it.each(cases.map(([given, kind, authentication]) => ({ given, kind, authentication })))("$given", (one) => {
    const { authentication, given, kind } = one
    const row = find(given)
    assert.strictEqual(row.kind, kind)
    assert.strictEqual(row.authentication, authentication)
  })

  it("each of them decides one of the cases above, so none is dead", () => {
    const deciding = new Set(cases.map((one) => find(one[0])))
    assert.deepStrictEqual(ErrorTable.shared.filter((row) => !deciding.has(row)).map((row) => row.when), [])
  })
})

describe("rows of a vendor", () => {
  const vendor = [
    ErrorTable.code(["a", "b"], "QuotaExhausted"),
    ErrorTable.message(/busy/i, "Overloaded", { statuses: [400, 429] }),
    ErrorTable.message(/policy/, "ContentRefused"),
    ErrorTable.status([418], "Unsupported", { when: "a teapot" })
  ]

  it("come before the shared ones, in order", () => {
    assert.strictEqual(find({ status: 429, code: "a" }, vendor).kind, "QuotaExhausted")
    assert.strictEqual(find({ status: 429, code: "a", message: "busy" }, vendor).kind, "QuotaExhausted")
    assert.strictEqual(find({ status: 429, message: "Busy!" }, vendor).kind, "Overloaded")
    assert.strictEqual(find({ status: 429 }, vendor).kind, "RateLimited")
  })

  it("look at code and type, at any status", () => {
    assert.strictEqual(find({ type: "b" }, vendor).kind, "QuotaExhausted")
    assert.strictEqual(find({ status: 500, code: "b", type: "other" }, vendor).kind, "QuotaExhausted")
    assert.strictEqual(find({ status: 500, code: "ab" }, vendor).kind, "ProviderFailed")
  })

  it("look at messages among their statuses", () => {
    assert.strictEqual(find({ status: 500, message: "busy" }, vendor).kind, "ProviderFailed")
    assert.strictEqual(find({ message: "busy" }, vendor).kind, "ProviderFailed")
    assert.strictEqual(find({ message: "against policy" }, vendor).kind, "ContentRefused")
    assert.strictEqual(find({ status: 451, message: "against policy" }, vendor).kind, "ContentRefused")
  })

  it("say in words when they match, for the documentation", () =>
    assert.deepStrictEqual(vendor.map((row) => row.when), [
      "code or type `a`, `b`",
      "status 400, 429, message matches `busy`",
      "any status, message matches `policy`",
      "a teapot"
    ]))
})
