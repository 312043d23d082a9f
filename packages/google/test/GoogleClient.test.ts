import { assert, describe, it } from "@effect/vitest"
import * as ProviderError from "@llm-layers/core/ProviderError"
import { ConfigProvider, Duration, Effect, Layer, Redacted } from "effect"
import { EmbeddingModel, LanguageModel } from "effect/ai"
import * as GoogleClient from "../src/GoogleClient.ts"
import * as GoogleEmbeddingModel from "../src/GoogleEmbeddingModel.ts"
import * as GoogleLanguageModel from "../src/GoogleLanguageModel.ts"
import { chunk, end } from "./fixtures/decode.ts"
import { json, layer, stub } from "./fixtures/stub.ts"

const hello = chunk([{ text: "Hello" }], end)
const ask = LanguageModel.generateText({ prompt: "Hi" })
const env = (values: { readonly [name: string]: string }) =>
  ConfigProvider.layer(ConfigProvider.fromEnv({ env: values }))

describe("layerConfig", () => {
  it.effect("takes GOOGLE_API_KEY before GEMINI_API_KEY, and the address", () =>
    Effect.gen(function*() {
      const cases = [
        [{ GEMINI_API_KEY: "gemini" }, "gemini"],
        [{ GEMINI_API_KEY: "gemini", GOOGLE_API_KEY: "google" }, "google"]
      ] as const
      for (const [values, key] of cases) {
        const { fetch, sent } = stub(json(hello))
        const model = GoogleLanguageModel.layer("gemini-3.5-flash").pipe(
          Layer.provide(GoogleClient.layerConfig({ fetch })),
          Layer.provide(env({ ...values, GOOGLE_GEMINI_BASE_URL: "https://proxy.example/g/" }))
        )
        yield* Effect.provide(ask, model)
        assert.strictEqual(sent[0]?.url, "https://proxy.example/g/v1beta/models/gemini-3.5-flash:generateContent")
        assert.strictEqual(sent[0]?.headers.get("x-goog-api-key"), key)
      }
    }))

  it.effect("names the variable of a key that is missing or empty", () =>
    Effect.gen(function*() {
      const failing = (values: { readonly [name: string]: string }) =>
        Effect.map(
          Effect.flip(Effect.provide(
            Effect.asVoid(GoogleClient.GoogleClient),
            Layer.provide(GoogleClient.layerConfig(), env(values))
          )),
          String
        )
      assert.include(yield* failing({}), "GOOGLE_API_KEY")
      assert.include(yield* failing({ GOOGLE_API_KEY: " " }), "GOOGLE_API_KEY")
    }))
})

describe("the key", () => {
  it.effect("is in a header, never in the address, and in no error", () =>
    Effect.gen(function*() {
      const key = "AIza-secret-key-of-this-test"
      const refused = json({
        error: {
          code: 400,
          message: `API key not valid: ${key}`,
          status: "INVALID_ARGUMENT",
          details: [
            { "@type": "type.googleapis.com/google.rpc.ErrorInfo", reason: "API_KEY_INVALID" }
          ]
        }
      }, { status: 400 })
      const { fetch, sent } = stub(refused)
      const error = yield* Effect.provide(
        Effect.flip(ask),
        layer(fetch, "gemini-3.5-flash", {}, { apiKey: Redacted.make(key) })
      )
      assert.notInclude(sent[0]?.url ?? "", "key")
      assert.strictEqual(sent[0]?.headers.get("x-goog-api-key"), key)
      assert.strictEqual(ProviderError.kindOf(error), "AuthenticationFailed")
      assert.notInclude(JSON.stringify(error) + String(error), key)
    }))
})

describe("Vertex AI", () => {
  const vertex = (fetch: typeof globalThis.fetch, location: string, model: string) => {
    let tokens = 0
    return GoogleLanguageModel.layer(model).pipe(Layer.provide(GoogleClient.layerVertex({
      project: "p-1",
      location,
      accessToken: Effect.sync(() => Redacted.make(`ya29.token-${++tokens}`)),
      fetch
    })))
  }
  const parent = (location: string) => `/v1/projects/p-1/locations/${location}`

  it.effect("has hosts by location, models by publisher, and a token for each request", () =>
    Effect.gen(function*() {
      const cases = [
        [
          "europe-west4",
          "gemini-3.5-flash",
          "https://europe-west4-aiplatform.googleapis.com",
          "publishers/google/models/gemini-3.5-flash"
        ],
        [
          "global",
          "models/gemini-3.5-flash",
          "https://aiplatform.googleapis.com",
          "publishers/google/models/gemini-3.5-flash"
        ],
        ["eu", "publishers/acme/models/m-1", "https://aiplatform.eu.rep.googleapis.com", "publishers/acme/models/m-1"]
      ] as const
      for (const [location, model, host, path] of cases) {
        const { fetch, sent } = stub(json(hello), json(hello))
        yield* Effect.provide(Effect.andThen(ask, ask), vertex(fetch, location, model))
        assert.strictEqual(sent[0]?.url, `${host}${parent(location)}/${path}:generateContent`)
        assert.deepStrictEqual(sent.map(({ headers }) => headers.get("authorization")), [
          "Bearer ya29.token-1",
          "Bearer ya29.token-2"
        ])
        assert.isNull(sent[0]?.headers.get("x-goog-api-key"))
      }
    }))

  it.effect("has no embeddings here, which is said before the network", () =>
    Effect.gen(function*() {
      const { fetch, sent } = stub()
      const model = GoogleEmbeddingModel.layer("gemini-embedding-001").pipe(Layer.provide(
        GoogleClient.layerVertex({ project: "p", location: "us", accessToken: Redacted.make("t"), fetch })
      ))
      const error = yield* Effect.flip(
        Effect.provide(Effect.flatMap(EmbeddingModel.EmbeddingModel, (one) => one.embed("a")), model)
      )
      assert.strictEqual(ProviderError.kindOf(error), "Unsupported")
      assert.lengthOf(sent, 0)
    }))
})

describe("errors", () => {
  const detail = (type: string, members: object) => ({ "@type": `type.googleapis.com/google.rpc.${type}`, ...members })
  const failing = (
    code: number,
    status: string,
    message: string,
    details: ReadonlyArray<object> = [],
    listed = false
  ) =>
    Effect.gen(function*() {
      const error = { error: { code, message, status, details } }
      const { fetch } = stub(json(listed ? [error] : error, { status: code }))
      return yield* Effect.provide(Effect.flip(ask), layer(fetch))
    })

  it.effect("by status, reason and words", () =>
    Effect.gen(function*() {
      const cases = [
        [400, "FAILED_PRECONDITION", "User location is not supported for the API use.", "AuthenticationFailed"],
        [400, "FAILED_PRECONDITION", "Please enable billing on project p.", "QuotaExhausted"],
        [400, "FAILED_PRECONDITION", "The file is not in an ACTIVE state.", "InvalidRequest"],
        [400, "INVALID_ARGUMENT", "Request payload size exceeds the limit: 20971520 bytes.", "RequestTooLarge"],
        [429, "RESOURCE_EXHAUSTED", "Your prepayment credits are depleted.", "QuotaExhausted"],
        [429, "RESOURCE_EXHAUSTED", "Resource has been exhausted (e.g. check quota).", "RateLimited"],
        [499, "CANCELLED", "The operation was cancelled.", "ProviderFailed"],
        [504, "DEADLINE_EXCEEDED", "Deadline expired.", "TimedOut"]
      ] as const
      for (const [code, status, message, kind] of cases) {
        assert.strictEqual(ProviderError.kindOf(yield* failing(code, status, message)), kind, message)
      }
    }))

  it.effect("a list with one error is that error; the wait is in its details", () =>
    Effect.gen(function*() {
      for (const listed of [false, true]) {
        const error = yield* failing(429, "RESOURCE_EXHAUSTED", "Slow down.", [
          detail("QuotaFailure", { violations: [{ quotaId: "GenerateRequestsPerMinutePerProjectPerModel" }] }),
          detail("RetryInfo", { retryDelay: "0.5s" })
        ], listed)
        assert.strictEqual(ProviderError.kindOf(error), "RateLimited")
        assert.strictEqual(error.retryAfter && Duration.toMillis(error.retryAfter), 500)
      }
    }))

  it.effect("a quota of a day is not lifted by waiting a while", () =>
    Effect.gen(function*() {
      const error = yield* failing(429, "RESOURCE_EXHAUSTED", "You exceeded your current quota.", [
        detail("QuotaFailure", {
          violations: [
            { quotaId: "GenerateRequestsPerMinutePerProjectPerModel-FreeTier" },
            { quotaId: "GenerateRequestsPerDayPerProjectPerModel-FreeTier" }
          ]
        })
      ])
      assert.strictEqual(ProviderError.kindOf(error), "QuotaExhausted")
      assert.isFalse(error.isRetryable)
    }))

  it.effect("a prompt that was blocked is refused content", () =>
    Effect.gen(function*() {
      const { fetch } = stub(json({ promptFeedback: { blockReason: "SAFETY" } }))
      const error = yield* Effect.provide(Effect.flip(ask), layer(fetch))
      assert.strictEqual(error.reason._tag, "ContentPolicyError")
    }))
})

describe("countTokens", () => {
  it.effect("sends what a request would have, in the form of each API", () =>
    Effect.gen(function*() {
      const count = GoogleLanguageModel.countTokens("gemini-3.5-flash", {
        prompt: [{ role: "system", content: "Be brief." }, { role: "user", content: "Hi" }]
      })
      const { fetch, sent } = stub(json({ totalTokens: 11 }), json({ totalTokens: 12 }), json({}))
      const contents = [{ role: "user", parts: [{ text: "Hi" }] }]
      const systemInstruction = { parts: [{ text: "Be brief." }] }
      const developer = GoogleClient.layer({ apiKey: Redacted.make("k"), fetch })
      assert.strictEqual(yield* Effect.provide(count, developer), 11)
      assert.deepStrictEqual<unknown>(sent[0]?.body, {
        generateContentRequest: { model: "models/gemini-3.5-flash", systemInstruction, contents }
      })
      const vertex = GoogleClient.layerVertex({ project: "p", location: "us", accessToken: Redacted.make("t"), fetch })
      assert.strictEqual(yield* Effect.provide(count, vertex), 12)
      assert.deepStrictEqual<unknown>(sent[1]?.body, { contents, systemInstruction })
      const error = yield* Effect.flip(Effect.provide(count, developer))
      assert.strictEqual(ProviderError.kindOf(error), "InvalidResponse")
    }))
})
