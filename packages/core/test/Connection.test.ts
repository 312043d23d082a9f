import { assert, describe, it } from "@effect/vitest"
import * as Connection from "@llm-layers/core/Connection"
import * as EventStream from "@llm-layers/core/EventStream"
import * as ProviderError from "@llm-layers/core/ProviderError"
import * as LoopbackServer from "@llm-layers/testing/LoopbackServer"
import * as NoNetwork from "@llm-layers/testing/NoNetwork"
import { Deferred, Duration, Effect, Fiber, Redacted, Ref, Stream } from "effect"
import { AiError } from "effect/ai"
import { TestClock } from "effect/testing"
import dns from "node:dns"
import { createServer } from "node:net"
import { inspect } from "node:util"
import { connect, errors, key, origin, request, secret } from "./fixtures/acme.ts"

/** All events of a stream, or the error. */
const stream = (connection: Connection.Connection) =>
  Effect.scoped(Effect.flatMap(connection.events(request), (answer) => Stream.runCollect(answer.events)))

type Call = "json" | "events"

const calls: {
  readonly [call in Call]: (connection: Connection.Connection) => Effect.Effect<unknown, AiError.AiError>
} = {
  json: (connection) => connection.json(request),
  events: stream
}

const each = ["json", "events"] as const

/** No name resolves until the scope closes, and no DNS query leaves: the answer is the one Node gives. */
const unresolved = Effect.acquireRelease(
  Effect.sync(() => {
    const { lookup } = dns
    const refuse = (name: string, _: unknown, callback: (error: Error) => void) =>
      process.nextTick(callback, Object.assign(new Error(`getaddrinfo ENOTFOUND ${name}`), { code: "ENOTFOUND" }))
    return { lookup, replaced: Reflect.set(dns, "lookup", refuse) }
  }),
  ({ lookup }) => Effect.sync(() => Reflect.set(dns, "lookup", lookup))
)

/** What a call fails with when the server follows the plan. No socket is open afterwards, and the key is nowhere. */
const failing = (
  call: Call,
  plan: LoopbackServer.Plan,
  options: Omit<Connection.Options, "apiKey"> = {}
) =>
  Effect.scoped(Effect.gen(function*() {
    const server = yield* LoopbackServer.make([plan])
    const connection = yield* connect({ baseUrl: server.url, ...options })
    const error = yield* Effect.flip(calls[call](connection))
    yield* server.closed
    noSecret(error)
    return error
  }))

const noSecret = (error: unknown, plain = secret) => {
  const shown = [
    inspect(error, { depth: 20, showHidden: true }),
    JSON.stringify(error),
    String(error),
    AiError.isAiError(error) ? inspect(error.reason.cause, { depth: 20, showHidden: true }) : ""
  ]
  for (const text of shown) assert.notInclude(text, plain)
}

const http = (error: AiError.AiError) => "http" in error.reason ? error.reason.http : undefined

const errorBody = (fields: object) => JSON.stringify({ error: fields })

describe("a request", () => {
  it.effect("goes to the path below the base URL, with body, key and headers", () =>
    Effect.gen(function*() {
      const server = yield* LoopbackServer.make([{ body: "{}" }])
      const connection = yield* connect({
        baseUrl: new URL(`${server.url}/proxy/`),
        headers: { "x-team": "search", "X-Token": Redacted.make("token-1") }
      })
      yield* connection.json({ ...request, headers: { "x-beta": "b" } })
      const [seen] = yield* server.requests
      assert.deepInclude(seen, { method: "POST", path: "/proxy/v1/ask", body: `{"ask":true}` })
      assert.deepInclude(seen?.headers, {
        "x-acme-key": secret,
        "x-team": "search",
        "x-token": "token-1",
        "x-beta": "b"
      })
    }))

  it.effect("lets headers of the caller win over the key's, and those of the request over both", () =>
    Effect.gen(function*() {
      const server = yield* LoopbackServer.make([{ body: "{}" }, { body: "{}" }])
      const connection = yield* connect({ baseUrl: server.url, headers: { "x-acme-key": "client" } })
      yield* connection.json(request)
      yield* connection.json({ ...request, headers: { "x-acme-key": "request" } })
      const seen = yield* server.requests
      assert.deepStrictEqual(seen.map((one) => one.headers["x-acme-key"]), ["client", "request"])
    }))

  it.effect("reads the key anew each time", () =>
    Effect.gen(function*() {
      const server = yield* LoopbackServer.make([{ body: "{}" }, { body: "{}" }])
      const count = yield* Ref.make(0)
      const rotating = Effect.map(Ref.updateAndGet(count, (n) => n + 1), (n) => Redacted.make(`key-${n}`))
      const connection = yield* connect({ baseUrl: server.url, apiKey: rotating })
      yield* connection.json(request)
      yield* connection.json(request)
      const seen = yield* server.requests
      assert.deepStrictEqual(seen.map((one) => one.headers["x-acme-key"]), ["key-1", "key-2"])
    }))

  it.effect("is not sent where the key cannot be read", () =>
    Effect.gen(function*() {
      const server = yield* LoopbackServer.make([])
      const vault = Effect.fail(new Error("vault is sealed"))
      const error = yield* Effect.flip(
        Effect.flatMap(connect({ baseUrl: server.url, apiKey: vault }), (connection) => connection.json(request))
      )
      assert.strictEqual(ProviderError.kindOf(error), "AuthenticationFailed")
      assert.deepInclude(error.reason, { kind: "MissingKey" })
      assert.include(String(error.reason.cause), "vault is sealed")
      assert.lengthOf(yield* server.requests, 0)
    }))

  it.effect("fails with the key's own AiError where it has one", () =>
    Effect.gen(function*() {
      const own = ProviderError.make(origin, "TimedOut", { description: "vault" })
      const connection = yield* connect({ apiKey: Effect.fail(own) })
      assert.strictEqual(yield* Effect.flip(connection.json(request)), own)
    }))

  for (const bad of ["a key of\ntwo lines ", "schlüssel-漢字"]) {
    it.effect(`is not sent with a key that no header holds: ${JSON.stringify(bad)}`, () =>
      Effect.gen(function*() {
        const server = yield* LoopbackServer.make([])
        const connection = yield* connect({ baseUrl: server.url, apiKey: Redacted.make(bad) })
        for (const call of each) {
          const error = yield* Effect.flip(calls[call](connection))
          assert.strictEqual(ProviderError.kindOf(error), "AuthenticationFailed")
          assert.strictEqual(error.isRetryable, false)
          noSecret(error, bad.trim())
        }
        assert.lengthOf(yield* server.requests, 0)
      }))
  }

  it.effect("is sent with a key that ends in the newline of its file", () =>
    Effect.gen(function*() {
      const server = yield* LoopbackServer.make([{ body: "{}" }])
      const connection = yield* connect({ baseUrl: server.url, apiKey: Redacted.make(`${secret}\n`) })
      yield* connection.json(request)
      assert.strictEqual((yield* server.requests)[0]?.headers["x-acme-key"], secret)
    }))
})

describe("an option that cannot be used", () => {
  const bad: ReadonlyArray<readonly [string, string, Omit<Connection.Options, "apiKey">]> = [
    ["an empty base URL", "baseUrl", { baseUrl: "" }],
    ["a base URL without a protocol", "baseUrl", { baseUrl: "proxy.test/s3cret" }],
    ["a base URL of another protocol", "baseUrl", { baseUrl: "file:///s3cret" }],
    ["a base URL with a query", "baseUrl", { baseUrl: "https://proxy.test/v1?tok=s3cret" }],
    ["a base URL with a fragment", "baseUrl", { baseUrl: "https://proxy.test/v1#s3cret" }],
    ["a base URL with a password", "baseUrl", { baseUrl: new URL("https://user:s3cret@proxy.test/v1") }],
    ["a base URL with a user name", "baseUrl", { baseUrl: "https://s3cret@proxy.test/v1" }],
    ["a header of two lines", "headers.x-team", { headers: { "X-Team": "s3cret\nof two lines" } }],
    ["a redacted header of two lines", "headers.x-team", { headers: { "X-Team": Redacted.make("s3cret\r\nx") } }],
    ["a header whose name is none", "headers", { headers: { "s3cret of mine": "x" } }],
    // What the types refuse, from a file.
    ["a timeout that is no duration", "timeout", { timeout: "nonsense" as never }],
    ["a timeout that is no number", "timeout", { timeout: NaN }],
    ["a timeout of nothing", "timeout", { timeout: 0 }],
    ["a timeout below zero", "timeout", { timeout: -1 }]
  ]

  for (const [name, parameter, options] of bad) {
    it.effect(`fails each request before the network: ${name}`, () =>
      Effect.gen(function*() {
        let sent = 0
        const fetch = async () => {
          sent++
          return Response.json({})
        }
        const connection = yield* connect({ fetch, ...options })
        for (const call of each) {
          const error = yield* Effect.flip(calls[call](connection))
          assert.strictEqual(ProviderError.kindOf(error), "Unsupported")
          assert.strictEqual(error.isRetryable, false)
          assert.deepInclude(error.reason, { parameter })
          noSecret(error, "s3cret")
        }
        noSecret(connection, "s3cret")
        assert.strictEqual(sent, 0)
      }))
  }

  it.effect("is told of the headers of a request, too", () =>
    Effect.gen(function*() {
      const connection = yield* connect({ fetch: async () => Response.json({}) })
      const error = yield* Effect.flip(connection.json({ ...request, headers: { "x-beta": "s3cret\nb" } }))
      assert.strictEqual(ProviderError.kindOf(error), "Unsupported")
      noSecret(error, "s3cret")
    }))

  it.effect("is no header that ends in the newline of its file, nor a base URL that does", () =>
    Effect.gen(function*() {
      const server = yield* LoopbackServer.make([{ body: "{}" }])
      const connection = yield* connect({ baseUrl: `${server.url}/\n`, headers: { "x-team": "search\n" } })
      yield* connection.json(request)
      assert.strictEqual((yield* server.requests)[0]?.headers["x-team"], "search")
    }))
})

describe("the SDK", () => {
  it.effect("is asked again where it failed, and once where it did not", () =>
    Effect.gen(function*() {
      let asked = 0
      const connection = yield* Connection.make({ apiKey: key, fetch: async () => Response.json({}) }, {
        errors,
        baseUrl: "https://acme.test",
        keyHeaders: () => ({}),
        sdk: async ({ baseUrl }) => async (path) => {
          if (asked++ === 0) throw new Error("not yet")
          return { url: `${baseUrl}${path}`, method: "POST", headers: new Headers() }
        }
      })
      yield* Effect.flip(connection.json(request))
      yield* connection.json(request)
      yield* connection.json(request)
      assert.strictEqual(asked, 2)
    }))
})

describe("an answer", () => {
  it.effect("is given as JSON with its status and redacted headers", () =>
    Effect.gen(function*() {
      const server = yield* LoopbackServer.make([{
        status: 201,
        headers: { "x-request-id": "r1", "set-cookie": "session=s", "x-echo": `key ${secret}` },
        body: `\uFEFF{"a":[1]}`
      }])
      const connection = yield* connect({ baseUrl: server.url })
      const answer = yield* connection.json(request)
      assert.deepStrictEqual(answer.json, { a: [1] })
      assert.strictEqual(answer.status, 201)
      assert.deepInclude(answer.headers, {
        "x-request-id": "r1",
        "set-cookie": "[redacted]",
        "x-echo": "key [redacted]"
      })
      yield* server.closed
    }))

  it.effect("is given as events, as they come", () =>
    Effect.gen(function*() {
      const gate = yield* Deferred.make<void>()
      const server = yield* LoopbackServer.make([{
        headers: { "content-type": "text/event-stream", "x-request-id": "r1" },
        body: [`data: 1\n\n`, Deferred.await(gate), `data: [DONE]\n\n`]
      }])
      const connection = yield* connect({ baseUrl: server.url })
      const answer = yield* connection.events(request)
      assert.strictEqual(answer.headers["x-request-id"], "r1")
      const events = yield* answer.events.pipe(
        Stream.tap((event) => event.data === 1 ? Deferred.succeed(gate, undefined) : Effect.void),
        Stream.runCollect
      )
      assert.deepStrictEqual(events, [
        { event: "message", data: 1 },
        { event: EventStream.doneEvent, data: undefined }
      ])
      yield* server.closed
    }))

  it.effect("without a body is a stream without events", () =>
    Effect.gen(function*() {
      const server = yield* LoopbackServer.make([{ status: 204, body: [] }])
      assert.deepStrictEqual(yield* stream(yield* connect({ baseUrl: server.url })), [])
    }))
})

describe("an error status", () => {
  for (const call of each) {
    it.effect(`becomes the error of its row, with what the server said: ${call}`, () =>
      Effect.gen(function*() {
        const error = yield* failing(call, {
          status: 429,
          headers: { "retry-after": "7", "x-request-id": "req_1", "set-cookie": "s=1" },
          body: errorBody({ code: "slow_down", type: "limits", message: `too fast, ${secret}` })
        })
        assert.strictEqual(ProviderError.kindOf(error), "RateLimited")
        assert.strictEqual(error.module, "AcmeLanguageModel")
        assert.strictEqual(error.method, "generateText")
        assert.strictEqual(error.isRetryable, true)
        assert.deepStrictEqual(error.retryAfter, Duration.seconds(7))
        assert.deepStrictEqual(http(error)?.response?.status, 429)
        assert.deepStrictEqual(http(error)?.response?.headers["set-cookie"], "[redacted]")
        assert.deepStrictEqual(
          http(error)?.body,
          errorBody({ code: "slow_down", type: "limits", message: "too fast, [redacted]" })
        )
        assert.deepInclude("metadata" in error.reason ? error.reason.metadata : {}, {
          acme: { code: "slow_down", type: "limits", requestId: "req_1" }
        })
      }))

    it.effect(`does not show the secrets of its body: ${call}`, () =>
      Effect.gen(function*() {
        const token = "token-of-another-server"
        const server = yield* LoopbackServer.make([{ status: 400, body: errorBody({ message: `wrong: ${token}` }) }])
        const connection = yield* connect({ baseUrl: server.url })
        const telling = { ...request, secrets: [Redacted.make(token)] }
        const error = yield* Effect.flip<unknown, AiError.AiError, never>(
          call === "json" ? connection.json(telling) : Effect.scoped(connection.events(telling))
        )
        assert.include(error.message, "wrong: [redacted]")
        noSecret(error, token)
        noSecret(connection.eventError(telling, 0, { error: { message: `wrong: ${token}` } }), token)
      }))

    it.effect(`is told apart by the vendor's own rows first: ${call}`, () =>
      Effect.gen(function*() {
        const error = yield* failing(call, { status: 429, body: errorBody({ code: "out_of_credit" }) })
        assert.strictEqual(error.reason._tag, "QuotaExhaustedError")
        assert.strictEqual(error.isRetryable, false)
      }))

    it.effect(`says so where a page came with it: ${call}`, () =>
      Effect.gen(function*() {
        const error = yield* failing(call, {
          status: 502,
          headers: { "content-type": "text/html" },
          body: "<!DOCTYPE html><html><body>Bad gateway</body></html>"
        })
        assert.strictEqual(ProviderError.kindOf(error), "ProviderFailed")
        assert.include(error.message, "a page instead of the vendor's error")
        assert.include(http(error)?.body, "Bad gateway")
      }))

    it.effect(`says so where nothing came with it: ${call}`, () =>
      Effect.gen(function*() {
        const error = yield* failing(call, { status: 500 })
        assert.strictEqual(ProviderError.kindOf(error), "ProviderFailed")
        assert.include(error.message, "HTTP 500 with an empty body")
      }))

    it.effect(`stays what it is where its body was cut: ${call}`, () =>
      Effect.gen(function*() {
        const error = yield* failing(call, { status: 503, body: errorBody({ message: "busy" }), bytes: 5, end: "cut" })
        assert.strictEqual(ProviderError.kindOf(error), "Overloaded")
      }))

    it.effect(`times out where its body does not end, and closes the socket: ${call}`, () =>
      Effect.gen(function*() {
        const server = yield* LoopbackServer.make([{ status: 500, body: ["half"], end: "silence" }])
        const connection = yield* connect({ baseUrl: server.url, timeout: "1 minute" })
        const running = yield* Effect.forkChild(Effect.flip(calls[call](connection)))
        yield* server.received(1)
        yield* turns
        yield* TestClock.adjust("1 minute")
        assert.strictEqual(ProviderError.kindOf(yield* Fiber.join(running)), "TimedOut")
        yield* server.closed
      }))
  }

  it.effect("keeps a long body in part", () =>
    Effect.gen(function*() {
      const error = yield* failing("json", { status: 400, body: `<html>${"x".repeat(100_000)}` })
      assert.isBelow(http(error)?.body?.length ?? 0, 20_000)
    }))

  it.effect("is an error where the server sends the client elsewhere and nothing is there", () =>
    Effect.gen(function*() {
      const error = yield* failing("json", { status: 304 })
      assert.strictEqual(ProviderError.kindOf(error), "Unknown")
    }))
})

describe("a good status with a bad body", () => {
  const bad = [
    ["a page", "<html>sign in</html>", "The answer is a page"],
    ["nothing", "", "The answer is empty"],
    ["JSON cut short", `{"a":[1,`, "cut short"]
  ] as const

  for (const [name, body, words] of bad) {
    it.effect(`${name} is not an answer`, () =>
      Effect.gen(function*() {
        const error = yield* failing("json", {
          headers: { "x-echo": secret },
          body: body + (body === "" ? "" : ` ${secret}`)
        })
        assert.strictEqual(error.reason._tag, "InvalidResponseError")
        assert.strictEqual(error.isRetryable, false)
        assert.include(error.message, words)
        assert.strictEqual(http(error)?.response?.status, 200)
        assert.include(http(error)?.body, body)
      }))
  }

  it.effect("a page in place of a stream is not an answer", () =>
    Effect.gen(function*() {
      const error = yield* failing("events", { body: `<html>sign in ${secret}</html>` })
      assert.strictEqual(error.reason._tag, "InvalidResponseError")
      assert.include(error.message, "The answer is a page")
    }))

  it.effect("is cut in the error, but not in the middle of a key", () =>
    Effect.gen(function*() {
      for (const [call, limit] of [["json", 2000], ["events", 200]] as const) {
        const error = yield* failing(call, { body: `<html>${"x".repeat(limit - 12)}${secret}` })
        assert.notInclude(inspect(error, { depth: 20 }), secret.slice(0, 4))
      }
    }))

  it.effect("an event that is not JSON", () =>
    Effect.gen(function*() {
      const error = yield* failing("events", { body: `data: oops ${secret}\n\n` })
      assert.strictEqual(error.reason._tag, "InvalidResponseError")
      assert.include(error.message, "oops [redacted]")
    }))

  it.effect("an event larger than the limit", () =>
    Effect.gen(function*() {
      const error = yield* failing("events", { body: [`data: 1\n\n`, `data: "${"x".repeat(3000)}`, `"\n\n`] }, {
        maxEventBytes: 100
      })
      assert.strictEqual(ProviderError.kindOf(error), "EventTooLarge")
      assert.strictEqual(error.reason._tag, "InvalidResponseError")
      assert.include(error.message, "larger than 100 bytes")
    }))
})

describe("a connection", () => {
  for (const call of each) {
    it.effect(`that is reset: ${call}`, () =>
      Effect.gen(function*() {
        const error = yield* failing(call, "reset")
        assert.strictEqual(error.reason._tag, "NetworkError")
        assert.strictEqual(ProviderError.kindOf(error), "ConnectionFailed")
        assert.strictEqual(error.isRetryable, true)
        assert.include(error.message, "/v1/ask")
      }))

    it.effect(`that is cut in the body: ${call}`, () =>
      Effect.gen(function*() {
        const error = yield* failing(call, { body: `data: {"a":1}\n\n`, bytes: 8, end: "cut" })
        assert.strictEqual(ProviderError.kindOf(error), "ConnectionFailed")
      }))

    it.effect(`to a host that does not resolve: ${call}`, () =>
      Effect.gen(function*() {
        yield* unresolved
        const error = yield* Effect.flip(calls[call](yield* connect({ baseUrl: "http://nonexistent.invalid" })))
        assert.strictEqual(ProviderError.kindOf(error), "ConnectionFailed")
        assert.strictEqual(error.isRetryable, true)
        assert.include(error.message, "getaddrinfo ENOTFOUND nonexistent.invalid")
        noSecret(error)
      }).pipe(Effect.provide(NoNetwork.layer({ allow: ["nonexistent.invalid"] }))))

    it.effect(`that is refused: ${call}`, () =>
      Effect.gen(function*() {
        const port = yield* freePort
        const error = yield* Effect.flip(calls[call](yield* connect({ baseUrl: `http://127.0.0.1:${port}` })))
        assert.strictEqual(ProviderError.kindOf(error), "ConnectionFailed")
        assert.include(error.message, "ECONNREFUSED")
        noSecret(error)
      }))

    it.effect(`on which nothing comes: ${call}`, () =>
      Effect.gen(function*() {
        const server = yield* LoopbackServer.make(["silence"])
        const connection = yield* connect({ baseUrl: server.url, timeout: "30 seconds" })
        const running = yield* Effect.forkChild(Effect.flip(calls[call](connection)))
        yield* server.received(1)
        yield* TestClock.adjust("29 seconds")
        assert.isUndefined(running.pollUnsafe())
        yield* TestClock.adjust("1 second")
        const error = yield* Fiber.join(running)
        assert.strictEqual(ProviderError.kindOf(error), "TimedOut")
        assert.strictEqual(error.isRetryable, true)
        assert.include(error.message, "30s")
        yield* server.closed
        assert.strictEqual(yield* server.abandoned, 1)
      }))
  }

  it.effect("on which the answer stops: the time of a plain answer is that of the whole", () =>
    Effect.gen(function*() {
      const server = yield* LoopbackServer.make([{ body: [`{"a":`], end: "silence" }])
      const connection = yield* connect({ baseUrl: server.url, timeout: "30 seconds" })
      const running = yield* Effect.forkChild(Effect.flip(connection.json(request)))
      yield* server.received(1)
      yield* turns
      yield* TestClock.adjust("30 seconds")
      assert.strictEqual(ProviderError.kindOf(yield* Fiber.join(running)), "TimedOut")
      yield* server.closed
    }))

  it.effect("on which a stream stops: the time is that of a silence", () =>
    Effect.gen(function*() {
      const gate = yield* Deferred.make<void>()
      const server = yield* LoopbackServer.make([{
        body: [`data: 1\n\n`, Deferred.await(gate), `data: 2\n\n`],
        end: "silence"
      }])
      const connection = yield* connect({ baseUrl: server.url, timeout: "30 seconds" })
      const seen: Array<unknown> = []
      const running = yield* Effect.forkChild(Effect.flip(Effect.scoped(
        Effect.flatMap(connection.events(request), (answer) =>
          Stream.runForEach(answer.events, (event) => Effect.sync(() => seen.push(event.data))))
      )))
      yield* until(() =>
        seen.length === 1
      )
      yield* TestClock.adjust("29 seconds")
      yield* Deferred.succeed(gate, undefined)
      yield* until(() => seen.length === 2)
      yield* TestClock.adjust("29 seconds")
      assert.isUndefined(running.pollUnsafe())
      yield* TestClock.adjust("1 second")
      assert.strictEqual(ProviderError.kindOf(yield* Fiber.join(running)), "TimedOut")
      yield* server.closed
    }))
})

describe("interruption closes the socket", () => {
  for (const call of each) {
    const stages = [
      ["before the head", "silence"],
      ["in the body", { body: [`data: 1\n\n`], end: "silence" }],
      ["in the body of an error", { status: 500, body: ["half"], end: "silence" }]
    ] as const
    for (const [stage, plan] of stages) {
      it.effect(`${stage}: ${call}`, () =>
        Effect.gen(function*() {
          const server = yield* LoopbackServer.make([plan])
          const connection = yield* connect({ baseUrl: server.url })
          const running = yield* Effect.forkChild(calls[call](connection))
          yield* server.received(1)
          if (plan !== "silence") yield* turns
          yield* Fiber.interrupt(running)
          yield* server.closed
          assert.strictEqual(yield* server.abandoned, 1)
        }))
    }
  }

  it.effect("and so does the end of the scope, read or not", () =>
    Effect.gen(function*() {
      const server = yield* LoopbackServer.make([{ body: [`data: 1\n\n`], end: "silence" }])
      const connection = yield* connect({ baseUrl: server.url })
      yield* Effect.scoped(connection.events(request))
      yield* server.closed
      assert.strictEqual(yield* server.abandoned, 1)
    }))
})

describe("an error event", () => {
  it.effect("is read as an error body is, whatever its status would have been", () =>
    Effect.gen(function*() {
      const connection = yield* connect({})
      const error = connection.eventError(request, 0, { error: { code: "out_of_credit", message: "pay" } })
      assert.strictEqual(ProviderError.kindOf(error), "QuotaExhausted")
      const other = connection.eventError(request, 0, { error: { code: "new_code", message: "what" } })
      assert.strictEqual(ProviderError.kindOf(other), "ProviderFailed")
      assert.include(other.message, "what")
      assert.isUndefined(http(other)?.response)
    }))

  it.effect("keeps no key of the requests before it", () =>
    Effect.gen(function*() {
      const server = yield* LoopbackServer.make([{ body: "{}" }, { body: "{}" }, { body: "{}" }])
      const count = yield* Ref.make(0)
      const rotating = Effect.map(Ref.updateAndGet(count, (n) => n + 1), (n) => Redacted.make(`rotated=${n}`))
      for (const apiKey of [undefined, rotating]) {
        const connection = yield* connect({
          baseUrl: server.url,
          apiKey,
          headers: { "x-token": Redacted.make("token=1") }
        })
        yield* connection.json(request)
        if (apiKey !== undefined) yield* connection.json(request)
        const error = connection.eventError(request, 0, {
          error: { message: `no ${secret}, rotated=1, rotated=2, token=1` }
        })
        const shown = inspect(error, { depth: 20, showHidden: true })
        for (const plain of apiKey === undefined ? [secret, "token=1"] : ["rotated=1", "rotated=2", "token=1"]) {
          assert.notInclude(shown, plain)
        }
      }
    }))
})

describe("the default", () => {
  it.effect("address is the vendor's", () =>
    Effect.gen(function*() {
      assert.strictEqual((yield* connect({})).baseUrl, "http://nonexistent.invalid")
      assert.strictEqual((yield* connect({ baseUrl: "http://localhost:1//" })).baseUrl, "http://localhost:1")
    }))

  it.effect("timeout is ten minutes", () =>
    Effect.gen(function*() {
      const server = yield* LoopbackServer.make(["silence"])
      const running = yield* Effect.forkChild(Effect.flip((yield* connect({ baseUrl: server.url })).json(request)))
      yield* server.received(1)
      yield* TestClock.adjust("599 seconds")
      assert.isUndefined(running.pollUnsafe())
      yield* TestClock.adjust("1 second")
      assert.strictEqual(ProviderError.kindOf(yield* Fiber.join(running)), "TimedOut")
    }))

  it("key is redacted where it is shown", () => assert.notInclude(inspect(key), secret))
})

const until = (condition: () => boolean) =>
  Effect.promise(async () => {
    while (!condition()) await new Promise((resume) => setImmediate(resume))
  })

/** Some turns of the event loop, in which what was sent arrives. */
const turns = Effect.promise(async () => {
  for (let i = 0; i < 100; i++) await new Promise((resume) => setImmediate(resume))
})

const freePort = Effect.callback<number>((resume) => {
  const server = createServer().listen(0, "127.0.0.1", () => {
    const address = server.address()
    server.close(() => resume(Effect.succeed(typeof address === "object" && address !== null ? address.port : 1)))
  })
})

describe("a connection without an SDK", () => {
  const connected = (plans: ReadonlyArray<LoopbackServer.Plan>) =>
    Effect.gen(function*() {
      const server = yield* LoopbackServer.make(plans)
      const connection = yield* Connection.make({ apiKey: key, baseUrl: `${server.url}/v2/` }, {
        errors,
        baseUrl: "http://nonexistent.invalid",
        keyHeaders: (own) => ({ "x-acme-key": own })
      })
      return { connection, server }
    })

  it.effect("posts JSON to the path after its address", () =>
    Effect.gen(function*() {
      const { connection, server } = yield* connected([{ body: "{\"a\":1}" }])
      assert.deepStrictEqual((yield* connection.json({ origin, path: "/ask?alt=sse", body: { ask: true } })).json, {
        a: 1
      })
      const [sent] = yield* server.requests
      assert.deepStrictEqual([sent?.method, sent?.path, sent?.body], ["POST", "/v2/ask?alt=sse", "{\"ask\":true}"])
      assert.strictEqual(sent?.headers["content-type"], "application/json")
      assert.strictEqual(sent?.headers["x-acme-key"], secret)
    }).pipe(Effect.scoped))

  it.effect("gets without a body", () =>
    Effect.gen(function*() {
      const { connection, server } = yield* connected([{ body: "{}" }])
      yield* connection.json({ origin, path: "/models", method: "GET" })
      const [sent] = yield* server.requests
      assert.deepStrictEqual([sent?.method, sent?.body, sent?.headers["content-type"]], ["GET", "", undefined])
    }).pipe(Effect.scoped))

  it.effect("sends forms as what they are", () =>
    Effect.gen(function*() {
      const { connection, server } = yield* connected([{ body: "{}" }, { body: "{}" }])
      yield* connection.json({ origin, path: "/token", body: new URLSearchParams({ grant_type: "a b" }) })
      const form = new FormData()
      form.set("file", new Blob(["hello"]), "a.txt")
      yield* connection.json({ origin, path: "/files", body: form })
      const [token, file] = yield* server.requests
      assert.strictEqual(token?.body, "grant_type=a+b")
      assert.match(`${token?.headers["content-type"]}`, /^application\/x-www-form-urlencoded/)
      assert.match(`${file?.headers["content-type"]}`, /^multipart\/form-data; boundary=/)
      assert.include(file?.body, "hello")
    }).pipe(Effect.scoped))

  it.effect("names the method and address in an error", () =>
    Effect.gen(function*() {
      const { connection } = yield* connected(["reset"])
      const error = yield* Effect.flip(connection.json({ origin, path: "/models", method: "GET" }))
      assert.include(inspect(error.reason, { depth: 3 }), "GET")
      assert.include(inspect(error.reason, { depth: 3 }), "/v2/models")
    }).pipe(Effect.scoped))
})
