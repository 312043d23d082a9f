import { assert, describe, it } from "@effect/vitest"
import * as ProviderError from "@llm-layers/core/ProviderError"
import * as LoopbackServer from "@llm-layers/testing/LoopbackServer"
import { ConfigProvider, Deferred, Duration, Effect, Fiber, Layer, Redacted, Stream } from "effect"
import { AiError, LanguageModel } from "effect/ai"
import { TestClock } from "effect/testing"
import { inspect } from "node:util"
import * as StackSpotClient from "../src/StackSpotClient.ts"
import * as StackSpotLanguageModel from "../src/StackSpotLanguageModel.ts"
import {
  addressOf,
  agent,
  answer,
  chatPath,
  client,
  clientKey,
  hosts,
  json,
  last,
  model,
  paths,
  plans,
  sse,
  stub,
  token,
  tokenPath
} from "./fixtures/stackspot.ts"

const ask = Effect.map(LanguageModel.generateText({ prompt: "Hi" }), ({ text }) => text)

/** A chat that takes the tokens given, and refuses others. */
const taking = (...good: ReadonlyArray<string>) => ({ headers }: LoopbackServer.Request) =>
  good.includes(String(headers.authorization).replace("Bearer ", ""))
    ? json(answer("Hello."))
    : json({ type: "Unauthorized", code: "GATEWAY_401", details: "token rejected" }, 401)

const noSecret = (error: unknown) => {
  const shown = [inspect(error, { depth: 20, showHidden: true }), JSON.stringify(error), String(error)].join()
  for (const secret of [clientKey, encodeURIComponent(clientKey), "token-1"]) assert.notInclude(shown, secret)
}

describe("the access token", () => {
  it.effect("is asked for with the client credentials, as a form", () =>
    Effect.gen(function*() {
      const server = yield* LoopbackServer.make(plans(taking("token-1")))
      assert.strictEqual(yield* Effect.provide(ask, model(hosts(server.url))), "Hello.")
      const [first, second] = yield* server.requests
      assert.strictEqual(first?.path, tokenPath)
      assert.strictEqual(first?.method, "POST")
      assert.include(first?.headers["content-type"] ?? "", "application/x-www-form-urlencoded")
      assert.isUndefined(first?.headers.authorization)
      assert.deepStrictEqual(Object.fromEntries(new URLSearchParams(first?.body)), {
        grant_type: "client_credentials",
        client_id: "client-1",
        client_secret: clientKey
      })
      assert.strictEqual(second?.path, chatPath)
      assert.strictEqual(second?.headers.authorization, "Bearer token-1")
    }))

  it.effect("is held for as long as it lasts, and renewed a minute before", () =>
    Effect.gen(function*() {
      const { fetch, ...server } = yield* stub(taking("token-1", "token-2"))
      yield* Effect.gen(function*() {
        yield* ask
        yield* TestClock.adjust("18 minutes")
        yield* ask
        assert.deepStrictEqual(yield* paths(server), ["token", "chat", "chat"])
        yield* TestClock.adjust("1 minute")
        yield* ask
      }).pipe(Effect.provide(model({ fetch })))
      assert.deepStrictEqual(yield* paths(server), ["token", "chat", "chat", "token", "chat"])
      assert.strictEqual((yield* server.requests).at(-1)?.headers["authorization"], "Bearer token-2")
    }))

  it.effect("lasts 20 minutes where the answer does not say, and may say it as a text", () =>
    Effect.gen(function*() {
      for (const [expires, minutes] of [[null, 19], ["600", 9], [60, 0.75]] as const) {
        const { fetch, ...server } = yield* stub(
          taking("token-1", "token-2"),
          (index) => token(`token-${index + 1}`, expires)
        )
        yield* Effect.gen(function*() {
          yield* ask
          yield* TestClock.adjust(Duration.millis(Duration.toMillis(Duration.minutes(minutes)) - 1))
          yield* ask
          assert.lengthOf(yield* server.requests, 3)
          yield* TestClock.adjust(1)
          yield* ask
          assert.lengthOf(yield* server.requests, 5)
        }).pipe(Effect.provide(model({ fetch })))
      }
    }))

  it.effect("still serves until its end where no new one can be had", () =>
    Effect.gen(function*() {
      const { fetch } = yield* stub(
        taking("token-1"),
        (index) => index === 0 ? token("token-1") : { status: 503 }
      )
      yield* Effect.gen(function*() {
        yield* ask
        yield* TestClock.adjust("1170 seconds")
        yield* ask
        yield* TestClock.adjust("1 minute")
        assert.strictEqual(ProviderError.kindOf(asAiError(yield* Effect.flip(ask))), "Overloaded")
      }).pipe(Effect.provide(model({ fetch })))
    }))

  it.effect("is renewed once on a 401, for plain answers and streams", () =>
    Effect.gen(function*() {
      const streamed = Stream.mkString(
        Stream.map(
          LanguageModel.streamText({ prompt: "Hi" }),
          (part) => part.type === "text-delta" ? part.delta : ""
        )
      )
      for (const call of [ask, streamed]) {
        const plain = taking("token-2")
        const { fetch, ...server } = yield* stub((request) =>
          call === streamed && request.headers["authorization"] === "Bearer token-2"
            ? sse({ message: "Hello." }, last())
            : plain(request)
        )
        assert.strictEqual(yield* Effect.provide(call, model({ fetch })), "Hello.")
        assert.deepStrictEqual(yield* paths(server), ["token", "chat", "token", "chat"])
      }
    }))

  it.effect("is not renewed twice for one call", () =>
    Effect.gen(function*() {
      const { fetch, ...server } = yield* stub(taking())
      const error = asAiError(yield* Effect.flip(Effect.provide(ask, model({ fetch }))))
      assert.strictEqual(ProviderError.kindOf(error), "AuthenticationFailed")
      assert.include(error.message, "token rejected")
      assert.deepStrictEqual(yield* paths(server), ["token", "chat", "token", "chat"])
      noSecret(error)
    }))

  it.effect("is not renewed for another failure", () =>
    Effect.gen(function*() {
      const { fetch, ...server } = yield* stub(() => json({ code: "X", details: "no" }, 403))
      yield* Effect.flip(Effect.provide(ask, model({ fetch })))
      assert.deepStrictEqual(yield* paths(server), ["token", "chat"])
    }))

  it.effect("is shared by the hosts", () =>
    Effect.gen(function*() {
      const { fetch, ...server } = yield* stub(() => json("01EXECUTION"))
      yield* Effect.gen(function*() {
        const connection = yield* StackSpotClient.StackSpotClient
        const origin = { provider: "stackspot", module: "Test", method: "test" }
        yield* connection.quickCommands.json({ origin, path: "/a", body: {} })
        yield* connection.files.json({ origin, path: "/b", body: {} })
        yield* connection.json({ origin, path: "/c", body: {} })
      }).pipe(Effect.provide(client({ fetch })))
      assert.deepStrictEqual(yield* paths(server), ["token", "chat", "chat", "chat"])
    }))
})

describe("calls at the same time", () => {
  it.effect("share one request for a token, the first and a renewal after 401s", () =>
    Effect.gen(function*() {
      const { fetch, ...server } = yield* stub(taking("token-2"))
      const texts = yield* Effect.provide(
        Effect.all(Array.from({ length: 8 }, () => ask), { concurrency: "unbounded" }),
        model({ fetch })
      )
      assert.deepStrictEqual(texts, Array.from({ length: 8 }, () => "Hello."))
      const asked = yield* paths(server)
      assert.lengthOf(asked.filter((path) => path === "token"), 2)
      assert.lengthOf(asked.filter((path) => path === "chat"), 16)
    }))

  it.effect("get the token although the call that began the request was interrupted", () =>
    Effect.gen(function*() {
      const gate = yield* Deferred.make<void>()
      const { fetch, ...server } = yield* stub(
        taking("token-1"),
        () => Effect.as(Deferred.await(gate), token("token-1"))
      )
      yield* Effect.gen(function*() {
        const first = yield* Effect.forkChild(ask)
        yield* server.received(1)
        const second = yield* Effect.forkChild(ask)
        yield* Effect.yieldNow
        yield* Fiber.interrupt(first)
        yield* Deferred.succeed(gate, undefined)
        assert.strictEqual(yield* Fiber.join(second), "Hello.")
      }).pipe(Effect.provide(model({ fetch })))
      assert.deepStrictEqual(yield* paths(server), ["token", "chat"])
      assert.strictEqual(yield* server.abandoned, 0)
    }))

  it.effect("end the request with the last of them, and the next call asks anew", () =>
    Effect.gen(function*() {
      const server = yield* LoopbackServer.make(
        plans(taking("token-2"), (index) => index === 0 ? "silence" : token("token-2"))
      )
      yield* Effect.gen(function*() {
        const both = yield* Effect.forEach([1, 2], () => Effect.forkChild(ask))
        yield* server.received(1)
        yield* Fiber.interruptAll(both)
        yield* server.closed
        assert.strictEqual(yield* ask, "Hello.")
      }).pipe(Effect.provide(model(hosts(server.url))))
      assert.deepStrictEqual(yield* paths(server), ["token", "token", "chat"])
    }))

  it.effect("fail all with the failure of the shared request, each in its own name", () =>
    Effect.gen(function*() {
      const { fetch, ...server } = yield* stub(
        taking(),
        () => Effect.as(Effect.yieldNow, json({ error: "invalid_client", error_description: "Bad credentials" }, 401))
      )
      const [plain, streamed] = yield* Effect.provide(
        Effect.all(
          [Effect.flip(ask), Effect.flip(Stream.runDrain(LanguageModel.streamText({ prompt: "Hi" })))],
          { concurrency: "unbounded" }
        ),
        model({ fetch })
      )
      assert.deepStrictEqual([asAiError(plain).method, asAiError(streamed).method], ["generateText", "streamText"])
      assert.deepStrictEqual(yield* paths(server), ["token"])
    }))
})

const asAiError = (error: unknown): AiError.AiError => {
  if (!AiError.isAiError(error)) throw new Error(`no AiError: ${inspect(error)}`)
  return error
}

describe("a token endpoint that", () => {
  const cases: ReadonlyArray<
    readonly [string, LoopbackServer.Plan, string, RegExp]
  > = [
    ["is not there", "reset", "ConnectionFailed", /No access token/],
    [
      "answers with a page",
      { headers: { "content-type": "text/html" }, body: "<html>Login</html>" },
      "InvalidResponse",
      /No access token: The answer is a page/
    ],
    [
      "answers with an error page",
      { status: 502, body: "<!doctype html><p>Bad Gateway" },
      "ProviderFailed",
      /No access token.*page/s
    ],
    [
      "refuses the credentials",
      json({ error: "invalid_client", error_description: `Bad ${clientKey}` }, 401),
      "AuthenticationFailed",
      /No access token.*Bad \[redacted\]/s
    ],
    [
      "refuses them as RFC 6749 has it",
      json({ error: "unauthorized_client" }, 400),
      "AuthenticationFailed",
      /No access token/
    ],
    ["knows no such realm", json({ message: "No such realm" }, 404), "InvalidRequest", /No such realm/],
    ["has had too many requests", { status: 429, headers: { "retry-after": "3" } }, "RateLimited", /./],
    ["gives no token", json({ token_type: "Bearer" }), "InvalidResponse", /No access token: The answer has no token/],
    ["gives a token that no header can hold", token("a\nb"), "AuthenticationFailed", /header/]
  ]

  for (const [name, plan, kind, words] of cases) {
    it.effect(`${name} fails the call as ${kind}, and no other host is asked`, () =>
      Effect.gen(function*() {
        const server = yield* LoopbackServer.make(plans(taking(), () => plan))
        const error = asAiError(yield* Effect.flip(Effect.provide(ask, model(hosts(server.url)))))
        assert.strictEqual(ProviderError.kindOf(error), kind)
        assert.match(error.message, words)
        assert.strictEqual(error.module, "StackSpotLanguageModel")
        assert.strictEqual(error.method, "generateText")
        noSecret(error)
        assert.deepStrictEqual(yield* paths(server), ["token"])
        yield* server.closed
      }))
  }

  it.effect("is slow is given up after 30 seconds, or what the client says", () =>
    Effect.gen(function*() {
      for (
        const [options, seconds] of [[{}, 30], [{ timeout: "5 seconds" }, 5], [
          { tokenTimeout: "2 seconds" },
          2
        ]] as const
      ) {
        const { fetch, ...server } = yield* stub(taking(), () => "silence")
        const running = yield* Effect.forkChild(Effect.flip(Effect.provide(ask, model({ fetch, ...options }))))
        yield* server.received(1)
        yield* TestClock.adjust(Duration.seconds(seconds))
        const error = asAiError(yield* Fiber.join(running))
        assert.strictEqual(ProviderError.kindOf(error), "TimedOut")
        assert.include(error.message, `No access token: Waited ${seconds}s`)
        yield* server.closed
      }
    }))
})

describe("the client key", () => {
  it.effect("may be read anew for each token", () =>
    Effect.gen(function*() {
      let count = 0
      const { fetch, ...server } = yield* stub(taking("token-2"))
      const key = Effect.sync(() => Redacted.make(`key-${++count}`))
      yield* Effect.provide(ask, model({ fetch, clientKey: key }))
      const sent = (yield* server.requests).filter(({ path }) => path === tokenPath)
      assert.deepStrictEqual(sent.map(({ body }) => new URLSearchParams(body).get("client_secret")), ["key-1", "key-2"])
    }))

  it.effect("that cannot be read is an authentication error", () =>
    Effect.gen(function*() {
      const { fetch, ...server } = yield* stub(taking())
      const error = asAiError(
        yield* Effect.flip(Effect.provide(ask, model({ fetch, clientKey: Effect.fail("sealed") })))
      )
      assert.strictEqual(ProviderError.kindOf(error), "AuthenticationFailed")
      assert.strictEqual(error.method, "generateText")
      assert.lengthOf(yield* server.requests, 0)
    }))
})

describe("options that cannot be used", () => {
  it.effect("fail before a token is asked for", () =>
    Effect.gen(function*() {
      const { fetch, ...server } = yield* stub(taking())
      const error = asAiError(yield* Effect.flip(Effect.provide(ask, model({ fetch, baseUrl: "stackspot.test" }))))
      assert.strictEqual(ProviderError.kindOf(error), "Unsupported")
      assert.lengthOf(yield* server.requests, 0)
    }))
})

describe("layerConfig", () => {
  const env = (values: { readonly [name: string]: string }) =>
    ConfigProvider.layer(ConfigProvider.fromEnv({ env: values }))

  const good = {
    STACKSPOT_REALM: "acme",
    STACKSPOT_CLIENT_ID: "client-1",
    STACKSPOT_CLIENT_KEY: clientKey,
    STACKSPOT_BASE_URL: "https://chat.example",
    STACKSPOT_IDM_URL: "https://idm.example"
  }

  const sent = (values: { readonly [name: string]: string }, options: StackSpotClient.ConfigOptions = {}) =>
    Effect.gen(function*() {
      const urls: Array<string> = []
      const { fetch } = yield* stub(taking("token-1"))
      const spy: typeof globalThis.fetch = (input, init) => {
        urls.push(addressOf(input))
        return fetch(input, init)
      }
      const layer = StackSpotLanguageModel.layer(agent).pipe(
        Layer.provide(StackSpotClient.layerConfig({ ...options, fetch: spy })),
        Layer.provide(env(values))
      )
      yield* Effect.provide(ask, layer)
      return urls
    })

  it.effect("reads credentials and hosts from the environment", () =>
    Effect.gen(function*() {
      const urls = [`https://idm.example${tokenPath}`, `https://chat.example${chatPath}`]
      assert.deepStrictEqual(yield* sent(good), urls)
      const { STACKSPOT_CLIENT_KEY, ...others } = good
      assert.deepStrictEqual(yield* sent({ ...others, STACKSPOT_CLIENT_SECRET: STACKSPOT_CLIENT_KEY }), urls)
      const prefixed = Object.fromEntries(Object.entries(good).map(([name, value]) => [`TEAM_${name}`, value]))
      assert.deepStrictEqual(yield* sent(prefixed, { prefix: "TEAM_" }), urls)
    }))

  it.effect("goes to StackSpot's own hosts where nothing is said", () =>
    Effect.gen(function*() {
      const { STACKSPOT_BASE_URL: _, STACKSPOT_IDM_URL: __, ...credentials } = good
      assert.deepStrictEqual(yield* sent(credentials), [
        `https://idm.stackspot.com${tokenPath}`,
        `https://genai-inference-app.stackspot.com${chatPath}`
      ])
    }))

  it.effect("names the variable that is missing or empty", () =>
    Effect.gen(function*() {
      for (const name of ["STACKSPOT_REALM", "STACKSPOT_CLIENT_ID", "STACKSPOT_CLIENT_KEY"]) {
        const error = yield* StackSpotClient.StackSpotClient.pipe(
          Effect.provide(StackSpotClient.layerConfig()),
          Effect.provide(env({ ...good, [name]: "" })),
          Effect.flip
        )
        assert.include(String(error), name)
      }
    }))
})
