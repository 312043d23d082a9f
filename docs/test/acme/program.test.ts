/** The whole way, as a program goes it: from the environment to an answer. */
import { assert, it } from "@effect/vitest"
import { StubFetch } from "@llm-layers/testing"
import { ConfigProvider, Effect, Layer } from "effect"
import { LanguageModel } from "effect/ai"
import * as AcmeClient from "../../guides/acme/AcmeClient.ts"
import * as AcmeLanguageModel from "../../guides/acme/AcmeLanguageModel.ts"
import { provider } from "../../guides/acme/AcmeProvider.ts"

it.effect("Acme answers", () =>
  Effect.gen(function*() {
    const body = JSON.stringify({ say: [{ text: "Hi." }], why: "done", cost: { in: 3, out: 2 } })
    const stub = yield* StubFetch.make([{ body }, { body }])
    const client = AcmeClient.layerConfig({ fetch: stub.fetch })
    const ask = LanguageModel.generateText({ prompt: "Hello" })
    const models = [
      AcmeLanguageModel.model("acme-large").pipe(Layer.provide(client)),
      provider.languageModel("acme-large", { maxOutputTokens: 5 }).pipe(Layer.provide(client))
    ]
    for (const model of models) assert.strictEqual((yield* Effect.provide(ask, model)).text, "Hi.")
    const [request, limited] = yield* stub.requests
    assert.strictEqual(request?.headers["x-acme-key"], "secret")
    assert.strictEqual(request?.path, "/v3/answers")
    assert.match(limited?.body ?? "", /"limit":5\b/)
  }).pipe(
    Effect.provide(ConfigProvider.layer(ConfigProvider.fromEnv({ env: { ACME_API_KEY: "secret" } })))
  ))
