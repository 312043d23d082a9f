import { assert, describe, it } from "@effect/vitest"
import * as Cassette from "@llm-layers/testing/Cassette"
import type * as LoopbackServer from "@llm-layers/testing/LoopbackServer"
import type * as Recorder from "@llm-layers/testing/Recorder"
import { Config, ConfigProvider, Effect, Redacted } from "effect"
import { HttpClient, HttpClientRequest, HttpClientResponse } from "effect/http"
import * as Scrub from "../src/internal/recorder/scrub.ts"
import { call, cassette, exchangesOf, type Options, post, record, textOf, under } from "./fixtures/cassettes.ts"

/** Has no form by which keys are found in text, and letters that addresses, JSON and forms write in another way. */
const secret = "fault+key/0123456789="

/** Every way in which it may be written. */
const writings = (value: string): ReadonlyArray<string> => [
  value,
  encodeURIComponent(value),
  encodeURIComponent(encodeURIComponent(value)),
  new URLSearchParams({ value }).toString().slice("value=".length),
  JSON.stringify(value).slice(1, -1),
  ...[0, 1, 2].map((before) =>
    Buffer.from("\0".repeat(before) + value).toString("base64").slice(before * 2, before * 2 + 12)
  )
]

const assertAbsent = (text: string, value: string = secret) => {
  for (const one of writings(value)) assert.notInclude(text, one)
}

interface Place {
  readonly where: string
  readonly path?: string
  readonly init: RequestInit
}

const sse = (events: ReadonlyArray<unknown>) => events.map((event) => `data: ${JSON.stringify(event)}\n\n`).join("")

/** The places in which vendors take a credential. */
const places: ReadonlyArray<Place> = [
  { where: "authorization, bearer", init: post({}, { authorization: `Bearer ${secret}` }) },
  { where: "authorization, no scheme", init: post({}, { authorization: secret }) },
  {
    where: "authorization, basic",
    init: post({}, { authorization: `Basic ${Buffer.from(`user:${secret}`).toString("base64")}` })
  },
  {
    where: "authorization, key as user",
    init: post({}, { authorization: `Basic ${Buffer.from(`${secret}:`).toString("base64")}` })
  },
  {
    where: "authorization, signature",
    init: post({}, { authorization: `AWS4-HMAC-SHA256 Credential=AKID/20260101, Signature=${secret}` })
  },
  { where: "x-api-key", init: post({}, { "x-api-key": secret }) },
  { where: "api-key", init: post({}, { "api-key": secret }) },
  { where: "ocp-apim-subscription-key", init: post({}, { "ocp-apim-subscription-key": secret }) },
  { where: "x-goog-api-key", init: post({}, { "x-goog-api-key": secret }) },
  { where: "x-amz-security-token", init: post({}, { "x-amz-security-token": secret }) },
  { where: "proxy-authorization", init: post({}, { "proxy-authorization": `Bearer ${secret}` }) },
  { where: "cookie", init: post({}, { cookie: `theme=dark; session=${secret}` }) },
  { where: "openai-organization", init: post({}, { "openai-organization": secret }) },
  { where: "openai-project", init: post({}, { "openai-project": secret }) },
  { where: "x-goog-user-project", init: post({}, { "x-goog-user-project": secret }) },
  { where: "a header of nobody's", init: post({}, { "x-acme-secret": secret }) },
  { where: "?key=", path: `/v1/ask?key=${encodeURIComponent(secret)}&alt=sse`, init: post({}) },
  { where: "?api-key=", path: `/v1/ask?api-key=${encodeURIComponent(secret)}`, init: post({}) },
  { where: "?access_token=", path: `/v1/ask?access_token=${encodeURIComponent(secret)}`, init: post({}) },
  { where: "?X-Amz-Signature=", path: `/v1/ask?X-Amz-Signature=${encodeURIComponent(secret)}`, init: post({}) },
  {
    where: "client_secret in a form",
    init: {
      method: "POST",
      body: new URLSearchParams({ grant_type: "client_credentials", client_id: "me", client_secret: secret })
    }
  },
  {
    where: "client_key in a form",
    init: { method: "POST", body: new URLSearchParams({ client_key: secret, grant_type: "client_credentials" }) }
  },
  ...[
    "api_key",
    "apiKey",
    "client_secret",
    "authorization_token",
    "password",
    "refresh_token",
    "secret_access_key",
    "x-goog-api-key"
  ].map((name) => ({ where: `${name} in JSON`, init: post({ tools: [{ [name]: secret }] }) })),
  { where: "JSON in JSON", init: post({ arguments: JSON.stringify({ api_key: secret }) }) },
  { where: "headers in JSON", init: post({ server: { headers: { Authorization: `Bearer ${secret}` } } }) },
  {
    where: "an address in JSON",
    init: post({ url: `https://files.example/one?sig=${encodeURIComponent(secret)}` })
  },
  { where: "a user in an address in JSON", init: post({ url: `https://me:${encodeURIComponent(secret)}@mcp.example` }) }
]

/** What an answer may have of it: as it is, in JSON, in an address, in base64, and in the pieces of a stream. */
const echo = JSON.stringify({
  message: `Incorrect API key provided: ${secret}`,
  detail: JSON.stringify({ key: secret, escaped: secret.replace("+", "\\u002b") }),
  url: `https://files.example/?k=${encodeURIComponent(secret)}`,
  next: `https://files.example/?url=${encodeURIComponent(`https://x.example/?k=${encodeURIComponent(secret)}`)}`,
  basic: Buffer.from(`someone:${secret}`).toString("base64")
}) + `\n{"escaped":"${secret.replace("/", "\\/").replace("0", "\\u0030")}"}`

const kept = (place: Place, plan: LoopbackServer.Answer, options: Options = {}) =>
  Effect.gen(function*() {
    const path = yield* cassette
    yield* record(path, [plan], (recorder, url) => call(recorder, url + (place.path ?? "/v1/ask"), place.init), options)
    const text = yield* textOf(path)
    // Asked for again, with the same credential and with another one, the recording answers.
    for (const value of [secret, "another+key/9876543210="]) {
      const other = (given: string) =>
        given.replaceAll(secret, value).replaceAll(encodeURIComponent(secret), encodeURIComponent(value))
      const init = { ...place.init }
      if (typeof init.body === "string") init.body = other(init.body)
      if (init.body instanceof URLSearchParams) {
        init.body = new URLSearchParams([...init.body].map(([name, one]): [string, string] => [name, other(one)]))
      }
      yield* under(
        path,
        { mode: "replay", ...options },
        (recorder) => call(recorder, `https://gone.invalid${other(place.path ?? "/v1/ask")}`, init)
      )
    }
    return text
  })

describe("a credential does not reach the file", () => {
  for (const place of places) {
    it.effect(place.where, () =>
      Effect.gen(function*() {
        const text = yield* kept(place, { body: echo, headers: { "x-request-id": "req_1" } })
        assertAbsent(text)
        assert.include(text, "req_1")
      }))
  }

  it("though it is short, where its name tells", () => {
    const scrub = Scrub.make([])
    assert.strictEqual(scrub.text(`{"password": "abc", "user": "abc"}`), `{"password": "[redacted]", "user": "abc"}`)
    assert.strictEqual(scrub.text("client_key=abc&user=abc"), "client_key=[redacted]&user=abc")
    assert.strictEqual(
      scrub.text("see https://me:abc@x.example/?sig=d"),
      "see https://me:[redacted]@x.example/?sig=[redacted]"
    )
    assert.strictEqual(
      scrub.text(String.raw`{"client_secret":{"value":"a\"b"},"body":"{\"api_key\":\"abc\"}"}`),
      String.raw`{"client_secret":{"value":"[redacted]"},"body":"{\"api_key\":\"[redacted]\"}"}`
    )
  })

  it.effect("though it is a number", () =>
    Effect.gen(function*() {
      const path = yield* cassette
      const headers = { "x-api-key": "12345678", "x-tokens-left": "1000000" }
      yield* record(path, [{ body: "no key 12345678, 1000000 left" }], (recorder, url) =>
        call(recorder, url, post({}, headers)))
      assert.include(yield* textOf(path), "no key [redacted], 1000000 left")
    }))

  it.effect("as a declared secret anywhere", () =>
    Effect.gen(function*() {
      const place: Place = {
        where: "",
        path: `/v1/${encodeURIComponent(secret)}/ask?x=${encodeURIComponent(secret)}`,
        init: post({ prompt: `Say ${secret}` }, { accept: secret })
      }
      const text = yield* kept(place, { body: echo, headers: { "x-request-id": secret } }, {
        secrets: [Redacted.make(secret)]
      })
      assertAbsent(text)
    }))

  it.effect("as a secret of the environment that the recorder reads", () =>
    Effect.gen(function*() {
      const path = yield* cassette
      const use = (recorder: Recorder.Recorder["Service"], url: string) =>
        Effect.gen(function*() {
          const key = Redacted.value(yield* recorder.secret("ACME_KEY"))
          return [key, (yield* call(recorder, url, post({ prompt: `Say ${key}` }))).text]
        })
      const provider = ConfigProvider.layer(ConfigProvider.fromUnknown({ ACME_KEY: secret }))
      const [key] = yield* Effect.provide(record(path, [{ body: "ok" }], use), provider)
      assert.strictEqual(key, secret)
      assertAbsent(yield* textOf(path))
      // A replay reads no key.
      const replayed = yield* under(path, { mode: "replay" }, (recorder) => use(recorder, "http://gone.invalid"))
      assert.deepStrictEqual(replayed, ["replayed", "ok"])
      const missing = yield* Effect.flip(record(path, [], (recorder) => recorder.secret("ACME_KEY")))
      assert.instanceOf(missing, Config.ConfigError)
    }))

  it.effect("of an answer: tokens, cookies, the account", () =>
    Effect.gen(function*() {
      const path = yield* cassette
      const token = "token-of-the-day-42"
      yield* record(path, [
        {
          body: JSON.stringify({ access_token: token, token_type: "bearer", expires_in: 3600 }),
          headers: {
            "set-cookie": `session=cookie-${token}; Path=/; HttpOnly`,
            "openai-organization": "org-of-mine-7",
            "x-ratelimit-remaining-tokens": "149984"
          }
        },
        { body: `hello ${token} of org-of-mine-7, cookie-${token}` }
      ], (recorder, url) =>
        Effect.andThen(
          call(recorder, `${url}/token`, { method: "POST" }),
          call(recorder, `${url}/ask`, post({}, { authorization: `Bearer ${token}` }))
        ))
      const text = yield* textOf(path)
      assertAbsent(text, token)
      assertAbsent(text, "org-of-mine-7")
      assert.notInclude(text, "set-cookie")
      const [first, second] = yield* exchangesOf(path)
      assert.isTrue("response" in first)
      if (!("response" in first) || second === undefined || !("response" in second)) return
      assert.strictEqual(first.response.headers["x-ratelimit-remaining-tokens"], "149984")
      assert.deepInclude(first.response.reads[0], {
        json: { access_token: "[redacted]", token_type: "bearer", expires_in: 3600 }
      })
      assert.deepInclude(second.response.reads[0], { text: "hello [redacted] of [redacted], [redacted]" })
    }))

  it.effect("in the address of a client that takes a user there", () =>
    Effect.gen(function*() {
      const path = yield* cassette
      const send = (recorder: Recorder.Recorder["Service"], url: string) => {
        const request = HttpClientRequest.post(url.replace("//", `//me:${encodeURIComponent(secret)}@`))
        // Takes the user out of the address and makes a header of it, as clients for Node do.
        const transport = HttpClient.make((request, { origin }) =>
          Effect.map(
            Effect.promise(() => fetch(origin, { method: request.method })),
            (response) => HttpClientResponse.fromWeb(request, response)
          )
        )
        return Effect.flatMap(recorder.transformClient(transport).execute(request), ({ text }) => text)
      }
      assert.strictEqual(yield* record(path, [{ body: echo }], send), echo)
      assertAbsent(yield* textOf(path))
    }))

  it.effect("over the reads of a stream, wherever they are cut", () =>
    Effect.gen(function*() {
      const whole = Buffer.from(`data: {"error":"no ${secret} é"}\n\n`)
      const body = Array.from({ length: whole.length }, (_, at) => whole.subarray(at, at + 1))
      const text = yield* kept({ where: "", init: post({}, { "x-api-key": secret }) }, { body })
      assertAbsent(text)
      const { exchanges: [exchange] } = yield* Cassette.decode("one.json", text)
      assert.isTrue("response" in exchange)
      if (!("response" in exchange)) return
      assert.strictEqual(
        Buffer.concat(exchange.response.reads.map(Cassette.bytes)).toString(),
        `data: {"error":"no [redacted] é"}\n\n`
      )
    }))

  it.effect("over the events of a stream", () =>
    Effect.gen(function*() {
      const body = [
        sse([{ delta: "The key is fau" }, { delta: "lt+k", other: "x" }]),
        `data: {"delta":"ey\\/01"}\n\n`,
        sse([{ delta: "234567" }, { delta: "89=." }])
      ]
      const text = yield* kept({ where: "", init: post({}, { "x-api-key": secret }) }, { body })
      assertAbsent(text)
      for (const piece of ["fau", "lt+k", "234567", "89="]) assert.notInclude(text, piece)
    }))

  it.effect("in the message of a connection that broke", () =>
    Effect.gen(function*() {
      const path = yield* cassette
      const fetch = () => Promise.reject(new TypeError("fetch failed", { cause: new Error(`no ${secret}`) }))
      yield* record(
        path,
        [],
        (recorder, url) => Effect.flip(call(recorder, url, post({}, { "x-api-key": secret }))),
        { fetch }
      )
      assertAbsent(yield* textOf(path))
    }))

  it.effect("and not the message of a request that differs", () =>
    Effect.gen(function*() {
      const path = yield* cassette
      yield* record(path, [{ body: "ok" }], (recorder, url) => call(recorder, `${url}/a?key=1`, post({ prompt: "x" })))
      const exit = yield* Effect.exit(under(path, { mode: "replay" }, (recorder) =>
        Effect.flip(call(
          recorder,
          `http://gone.invalid/a?key=${encodeURIComponent(secret)}`,
          post({ prompt: `y ${secret}`, api_key: secret }, { authorization: `Bearer ${secret}` })
        ))))
      assertAbsent(JSON.stringify(exit))
      assert.include(JSON.stringify(exit), "y [redacted]")
    }))
})

describe("what has the form of a key", () => {
  const scrub = Scrub.make([])
  for (
    const key of [
      "sk-proj-abc123def456",
      "sk-ant-api03-abcdef",
      "pk-lf-1234567890",
      "AIzaSyA1234567890abcdefghijkl",
      "ya29.a0AfH6SMBabcdef",
      "gsk_1234567890abcdef",
      "xai-1234567890abcdef",
      "hf_abcdefghij1234567",
      "ghp_0123456789abcdefghij",
      "AKIAIOSFODNN7EXAMPLE",
      "org-0123456789abcdefABCD",
      "proj_0123456789abcdefAB",
      "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.abc-_DEF",
      "-----BEGIN PRIVATE KEY-----\nMIIB\n-----END PRIVATE KEY-----"
    ]
  ) {
    it(key.slice(0, 12), () => assert.strictEqual(scrub.text(`a "${key}" b`), `a "[redacted]" b`))
  }

  it("leaves ordinary text alone", () => {
    const text = "Bearer tokens and Bearer authentication; the password: none; {\"token\":\"Hello\",\"logprob\":-0.3}; "
      + "max_tokens=5; \"signature\":\"EqQBCkYIBxgC\"; https://example.com/a?page=2; risk-averse; {\"required\":[\"a\"]}"
    assert.strictEqual(scrub.text(text), text)
  })

  it("takes a token after Bearer and leaves the word", () => {
    assert.strictEqual(scrub.text("authorization: Bearer abc123"), "authorization: Bearer [redacted]")
  })

  it("is looked for in a large picture without delay", () => {
    const picture = Buffer.alloc(3_000_000, "picture").toString("base64")
    const body = JSON.stringify({ image: picture, note: `no ${secret}`, again: picture.replaceAll("=", "") })
    const clean = Scrub.make([secret]).text(body)
    assert.strictEqual(clean, body.replace(secret, "[redacted]"))
  })

  it("keeps bytes that are no text", () => {
    const bytes = Uint8Array.from({ length: 256 }, (_, value) => value)
    assert.deepStrictEqual(scrub.parts([bytes, bytes]), [bytes, bytes])
  })
})
