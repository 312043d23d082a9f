import { assert, describe, it } from "@effect/vitest"
import * as ProviderError from "@llm-layers/core/ProviderError"
import { ConfigProvider, Duration, Effect, Layer, Redacted } from "effect"
import { LanguageModel } from "effect/ai"
import * as CohereClient from "../src/CohereClient.ts"
import * as CohereLanguageModel from "../src/CohereLanguageModel.ts"
import { answer, text } from "./fixtures/events.ts"
import { failures } from "./fixtures/failures.ts"
import { client, json, layer, stub } from "./fixtures/stub.ts"

const ask = LanguageModel.generateText({ prompt: "Hi" })
const env = (values: { readonly [name: string]: string }) =>
  ConfigProvider.layer(ConfigProvider.fromEnv({ env: values }))
const model = CohereLanguageModel.layer("command-a-03-2025")

describe("layerConfig", () => {
  it.effect.each<readonly [{ readonly [name: string]: string }, string]>([
    [{ CO_API_KEY: "one", COHERE_API_KEY: "two" }, "one"],
    [{ COHERE_API_KEY: "two" }, "two"],
    [{ CO_API_KEY: " ", COHERE_API_KEY: "two" }, "two"]
  ])("of %o takes the vendor's documented name first", ([values, key]) =>
    Effect.gen(function*() {
      const { fetch, sent } = stub(json(answer(text("Hi"))))
      yield* ask.pipe(
        Effect.provide(model),
        Effect.provide(CohereClient.layerConfig({ fetch })),
        Effect.provide(env({ ...values, CO_API_URL: "https://proxy.example/a/" }))
      )
      assert.strictEqual(sent[0]?.url, "https://proxy.example/a/v2/chat")
      assert.strictEqual(sent[0]?.headers.get("authorization"), `Bearer ${key}`)
    }))

  it.effect("names the variable that is missing or empty", () =>
    Effect.gen(function*() {
      for (const values of [{}, { CO_API_KEY: "" }, { COHERE_API_KEY: "" }]) {
        const error = yield* CohereClient.CohereClient.pipe(
          Effect.provide(CohereClient.layerConfig()),
          Effect.provide(env(values)),
          Effect.flip
        )
        assert.include(String(error), "CO_API_KEY")
      }
    }))
})

describe("requests", () => {
  it.effect("carry the client's name and headers", () =>
    Effect.gen(function*() {
      const { fetch, sent } = stub(json(answer(text("Hi"))))
      yield* ask.pipe(
        Effect.provide(model),
        Effect.provide(client(fetch, { clientName: "search", headers: { "x-team": Redacted.make("t") } }))
      )
      assert.strictEqual(sent[0]?.headers.get("x-client-name"), "search")
      assert.strictEqual(sent[0]?.headers.get("x-team"), "t")
      assert.strictEqual(sent[0]?.headers.get("content-type"), "application/json")
    }))
})

describe("errors", () => {
  it.effect.each(failures)("$name", ({ body, headers = {}, kind, retryAfter, status }) =>
    Effect.gen(function*() {
      const { fetch } = stub(json(body, { status, headers }))
      const error = yield* Effect.flip(Effect.provide(ask, layer(fetch)))
      assert.strictEqual(ProviderError.kindOf(error), kind)
      assert.strictEqual(error.retryAfter && Duration.toMillis(error.retryAfter), retryAfter)
    }))
})

it.effect("the key is in no error", () =>
  Effect.gen(function*() {
    const { fetch } = stub(json({ id: "r1", message: "invalid api token co-test-key" }, { status: 401 }))
    const error = yield* Effect.flip(Effect.provide(ask, Layer.provide(model, client(fetch))))
    assert.notInclude(JSON.stringify(error), "co-test-key")
    assert.notInclude(String(error), "co-test-key")
  }))
