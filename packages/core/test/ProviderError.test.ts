import { assert, describe, it } from "@effect/vitest"
import * as ErrorKind from "@llm-layers/core/ErrorKind"
import * as ProviderError from "@llm-layers/core/ProviderError"
import * as Usage from "@llm-layers/core/Usage"
import { Duration, Effect, Redacted, Schema } from "effect"
import { AiError } from "effect/ai"
import { inspect } from "node:util"
import { errors, origin } from "./fixtures/acme.ts"

const failure = (given: Partial<ProviderError.Failure> = {}): ProviderError.Failure => ({
  status: 400,
  headers: {},
  body: undefined,
  method: "POST",
  url: "https://api.acme.test/v1/ask",
  ...given
})

const metadataOf = (error: AiError.AiError) => "metadata" in error.reason ? error.reason.metadata : undefined

const now = Date.parse("2026-01-01T00:00:00Z")

describe("make", () => {
  it("says who failed where, and what to do next where the reason has room for it", () => {
    const error = ProviderError.make(origin, "EventTooLarge", { description: "An event is too large." })
    assert.strictEqual(error.module, "AcmeLanguageModel")
    assert.strictEqual(error.method, "generateText")
    assert.strictEqual(
      error.message,
      `AcmeLanguageModel.generateText: Invalid response: An event is too large. ${ErrorKind.kinds.EventTooLarge.advice}`
    )
  })

  it("keeps facts under the provider's name and under this project's", () => {
    const error = ProviderError.make(origin, "RateLimited", {
      description: "slow",
      retryAfter: Duration.seconds(2),
      provider: { code: "slow_down", type: undefined },
      facts: { limit: 10 }
    })
    assert.deepStrictEqual(metadataOf(error), {
      acme: { code: "slow_down" },
      llmLayers: { limit: 10, kind: "RateLimited", description: "slow", retryAfterMillis: 2000 }
    })
    assert.deepStrictEqual(error.retryAfter, Duration.seconds(2))
  })

  it("keeps the cause in the process, not in what is encoded", () => {
    const cause = new Error("socket")
    for (const kind of ["TimedOut", "ConnectionFailed", "Unknown"] as const) {
      const error = ProviderError.make(origin, kind, { cause })
      assert.strictEqual(error.reason.cause, cause)
      if (kind !== "ConnectionFailed") assert.notInclude(JSON.stringify(error), "socket")
    }
  })

  it("takes no fact for the kind", () =>
    assert.strictEqual(
      ProviderError.kindOf(ProviderError.make(origin, "TimedOut", { facts: { kind: "Unknown" } })),
      "TimedOut"
    ))
})

describe("encoding", () => {
  const codec = Schema.toCodecJson(AiError.AiError)

  it.effect.each(Object.keys(ErrorKind.kinds))(
    "keeps the kind and what had arrived: %s",
    (name) =>
      Effect.gen(function*() {
        // `Object.keys` loses the names.
        const kind = name as ErrorKind.Name
        const partial = {
          parts: [{ type: "text", text: "Hel", metadata: { acme: { id: "i" } } } as const],
          usage: Usage.make({ inputTotal: 3, outputTotal: 1 })
        }
        const error = ProviderError.make(origin, kind, {
          description: "d",
          parameter: "p",
          retryAfter: Duration.seconds(2),
          authentication: "ExpiredKey",
          http: { response: { status: 400, headers: { a: "b" } }, body: "text" },
          facts: { limit: 1, partial },
          cause: new Error("c")
        })
        const json: unknown = JSON.parse(JSON.stringify(yield* Schema.encodeEffect(codec)(error)))
        const back = yield* Schema.decodeUnknownEffect(codec)(json)
        assert.isTrue(AiError.isAiError(back))
        assert.strictEqual(ProviderError.kindOf(back), kind)
        assert.strictEqual(back.isRetryable, error.isRetryable)
        assert.deepStrictEqual(back.retryAfter, error.retryAfter)
        assert.strictEqual(back.message, error.message)
        assert.deepStrictEqual(metadataOf(back), metadataOf(error))
        if (kind !== "ConnectionFailed") assert.deepStrictEqual(ProviderError.partial(back), partial)
      })
  )
})

describe("fromFailure", () => {
  it("reads the vendor's body: message, code, type, parameter and request id", () => {
    const error = ProviderError.fromFailure(
      origin,
      errors,
      failure({
        headers: { "X-Request-Id": "req_1" },
        body: JSON.stringify({ error: { code: "bad", type: "invalid", message: "No such thing", param: "input" } })
      }),
      now
    )
    assert.deepInclude(error.reason, { _tag: "InvalidRequestError", parameter: "input" })
    assert.include(error.message, "No such thing")
    assert.include(error.message, "POST https://api.acme.test/v1/ask")
    assert.deepInclude(metadataOf(error), { acme: { code: "bad", type: "invalid", requestId: "req_1" } })
  })

  it("names the model as the parameter where it was not found", () =>
    assert.deepInclude(
      ProviderError.fromFailure(
        origin,
        errors,
        failure({ status: 404, body: JSON.stringify({ error: { message: "no model x" } }) }),
        now
      ).reason,
      { parameter: "model" }
    ))

  it("says when to come back, for a rate limit and for others", () => {
    const limited = ProviderError.fromFailure(
      origin,
      errors,
      failure({ status: 429, headers: { "Retry-After": "3" } }),
      now
    )
    assert.deepStrictEqual(limited.retryAfter, Duration.seconds(3))
    const busy = ProviderError.fromFailure(
      origin,
      errors,
      failure({ status: 503, headers: { "retry-after": "Thu, 01 Jan 2026 00:00:05 GMT" } }),
      now
    )
    assert.include(JSON.stringify(metadataOf(busy)), "\"retryAfterMillis\":5000")
  })

  it.each([
    ["a body that is no JSON", "upstream failed"],
    ["JSON of another shape", "[1,2]"],
    ["JSON that is null", "null"],
    ["an empty body", ""],
    ["a body that could not be read", undefined],
    ["a page", "<?xml version=\"1.0\"?><html/>"]
  ])("takes %s", (_, body) => {
    const error = ProviderError.fromFailure(origin, errors, failure({ status: 500, body }), now)
    assert.strictEqual(ProviderError.kindOf(error), "ProviderFailed")
    if (body) assert.include(JSON.stringify(error), JSON.stringify(body).slice(1, -1))
  })

  it("an error inside a stream has no status of its own, unless it says one", () => {
    const said = (status: number | undefined): ProviderError.Vendor => ({
      rows: [],
      decodeError: () => ({ message: "m", status })
    })
    const inStream = failure({ status: undefined, body: "{}" })
    assert.strictEqual(
      ProviderError.kindOf(ProviderError.fromFailure(origin, said(undefined), inStream, now)),
      "ProviderFailed"
    )
    assert.strictEqual(ProviderError.kindOf(ProviderError.fromFailure(origin, said(429), inStream, now)), "RateLimited")
    assert.strictEqual(
      ProviderError.kindOf(ProviderError.fromFailure(origin, said(429), failure({ status: 500 }), now)),
      "ProviderFailed"
    )
  })

  it("keeps what else a body says, without secrets, and the headers of a server behind this one", () => {
    const vendor: ProviderError.Vendor = {
      rows: [],
      decodeError: () => ({
        headers: { "X-RateLimit-Remaining": "0", "X-RateLimit-Reset": String(now + 3_000) },
        details: { upstream: "Acme", reasons: ["a", undefined], raw: { key: "sk-secret" } }
      })
    }
    const limited = failure({ status: 429 })
    const error = ProviderError.fromFailure(origin, vendor, limited, now, [Redacted.make("sk-secret")])
    assert.deepStrictEqual(error.retryAfter, Duration.seconds(3))
    const { acme } = Object(metadataOf(error))
    assert.deepStrictEqual([acme.upstream, acme.reasons], ["Acme", ["a", null]])
    assert.notInclude(JSON.stringify(acme), "sk-secret")
    const own = { ...limited, headers: { "retry-after": "1" } }
    assert.deepStrictEqual(ProviderError.fromFailure(origin, vendor, own, now).retryAfter, Duration.seconds(1))
  })

  it("keeps no secret, wherever the server puts it", () => {
    const secret = "k3y/with+signs"
    const error = ProviderError.fromFailure(
      origin,
      errors,
      failure({
        status: 401,
        headers: { "x-echo": secret, authorization: secret, "x-request-id": `r-${secret}` },
        body: JSON.stringify({ error: { message: `wrong key ${secret}`, code: secret, type: secret, param: secret } }),
        url: `https://api.acme.test/v1/ask?key=${secret}`
      }),
      now,
      [Redacted.make(secret)]
    )
    assert.notInclude(inspect(error, { depth: 20, showHidden: true }), secret)
    assert.notInclude(JSON.stringify(error), secret)
  })
})

describe("unsupported", () => {
  it("names the capability, what was asked and the model", () => {
    const error = ProviderError.unsupported(origin, {
      capability: "imageInput",
      asked: "image/png as input",
      model: "acme-1",
      parameter: "prompt"
    })
    assert.strictEqual(ProviderError.kindOf(error), "Unsupported")
    assert.strictEqual(error.isRetryable, false)
    assert.include(error.message, "acme-1 does not support image/png as input")
    assert.deepInclude(error.reason, { parameter: "prompt" })
    assert.deepInclude(metadataOf(error)?.["llmLayers"], { capability: "imageInput", model: "acme-1" })
  })
})

describe("withPartial", () => {
  const arrived = { parts: [{ type: "text", text: "Hel" } as const], usage: undefined }

  it("keeps the error, with what had arrived", () => {
    const cause = new Error("c")
    const error = ProviderError.make(origin, "RateLimited", { retryAfter: Duration.seconds(1), cause })
    const partial = ProviderError.withPartial(origin, error, arrived)
    assert.deepStrictEqual(ProviderError.partial(partial)?.parts, arrived.parts)
    assert.isUndefined(ProviderError.partial(error))
    assert.strictEqual(ProviderError.kindOf(partial), "RateLimited")
    assert.deepStrictEqual(partial.retryAfter, Duration.seconds(1))
    assert.strictEqual(partial.reason.cause, cause)
    assert.instanceOf(partial.reason, AiError.RateLimitError)
  })

  it("makes of a lost connection an interrupted stream, which has room for it", () => {
    const lost = ProviderError.make(origin, "ConnectionFailed", { description: "socket closed", url: "https://a" })
    const partial = ProviderError.withPartial(origin, lost, arrived)
    assert.strictEqual(ProviderError.kindOf(partial), "StreamInterrupted")
    assert.include(partial.message, "socket closed")
    assert.strictEqual(partial.reason.cause, lost.reason)
    assert.deepStrictEqual(ProviderError.partial(partial)?.parts, arrived.parts)
  })

  it("keeps it beside a reason that has no room", () => {
    const reason = new AiError.ToolNotFoundError({ toolName: "a", availableTools: ["b"] })
    const error = AiError.make({ module: "M", method: "m", reason })
    const partial = ProviderError.withPartial(origin, error, arrived)
    assert.strictEqual(partial.reason._tag, "ToolNotFoundError")
    assert.deepStrictEqual(ProviderError.partial(partial)?.parts, arrived.parts)
  })
})

describe("withFacts", () => {
  it("adds to the metadata and keeps reason, facts, wait, cause and what had arrived", () => {
    const cause = new Error("underneath")
    const arrived = { parts: [{ type: "text" as const, text: "Hel" }], usage: undefined }
    const limited = ProviderError.withPartial(
      origin,
      ProviderError.make(origin, "RateLimited", { retryAfter: Duration.seconds(2), facts: { limit: 10 }, cause }),
      arrived
    )
    const error = ProviderError.withFacts(limited, { asked: 2, left: undefined })
    assert.deepStrictEqual(error.retryAfter, Duration.seconds(2))
    assert.deepInclude(metadataOf(error)?.["llmLayers"], { kind: "RateLimited", limit: 10, asked: 2 })
    assert.deepStrictEqual(ProviderError.partial(error)?.parts, arrived.parts)
    assert.strictEqual(Reflect.get(error.reason, "cause"), cause)
    assert.notProperty(metadataOf(limited)?.["llmLayers"], "asked")
  })

  it("is a copy of an error whose reason has no metadata", () => {
    const found = new AiError.ToolNotFoundError({ toolName: "a", availableTools: [] })
    const lost = AiError.make({ module: "Acme", method: "generateText", reason: found })
    const copy = ProviderError.withFacts(lost, { asked: 2 })
    assert.notStrictEqual(copy, lost)
    assert.strictEqual(copy.reason, found)
    const arrived = { parts: [{ type: "text" as const, text: "Hel" }], usage: undefined }
    const kept = ProviderError.withPartial(origin, lost, arrived)
    assert.deepStrictEqual(ProviderError.partial(ProviderError.withFacts(kept, { asked: 2 })), arrived)
  })
})

describe("during", () => {
  it("says what was being done, in the caller's name, and keeps the rest", () => {
    const cause = new Error("c")
    const error = ProviderError.make(origin, "TimedOut", { description: "Waited 1s", cause })
    const told = ProviderError.during({ ...origin, method: "streamText" }, "No access token", error)
    assert.strictEqual(told.method, "streamText")
    assert.include(told.message, "No access token: Waited 1s")
    assert.strictEqual(ProviderError.kindOf(told), "TimedOut")
    assert.strictEqual(told.reason.cause, cause)
    assert.notInclude(error.message, "No access token")
    const limited = ProviderError.make(origin, "RateLimited", { retryAfter: Duration.seconds(1) })
    assert.deepStrictEqual(
      ProviderError.during(origin, "No access token", limited).retryAfter,
      Duration.seconds(1)
    )
  })
})

it("endedBefore says what is missing", () => {
  const error = ProviderError.endedBefore(origin, "message_stop")
  assert.strictEqual(ProviderError.kindOf(error), "StreamInterrupted")
  assert.include(error.message, "The stream ended before message_stop")
})

it("invalidFile says why", () => {
  const error = ProviderError.invalidFile(origin, { reason: "no base64" })
  assert.strictEqual(ProviderError.kindOf(error), "InvalidRequest")
  assert.include(error.message, "it is no base64")
})
