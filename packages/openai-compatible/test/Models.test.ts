import { assert, describe, it } from "@effect/vitest"
import * as ProviderError from "@llm-layers/core/ProviderError"
import * as LoopbackServer from "@llm-layers/testing/LoopbackServer"
import { Effect, Redacted } from "effect"
import * as OpenAiCompatibleClient from "../src/OpenAiCompatibleClient.ts"
import * as OpenAiCompatibleModels from "../src/OpenAiCompatibleModels.ts"
import * as Presets from "../src/Presets.ts"

const listed = (body: unknown) =>
  Effect.gen(function*() {
    const server = yield* LoopbackServer.make([{ body: JSON.stringify(body) }])
    const client = OpenAiCompatibleClient.layer({ baseUrl: `${server.url}/v1`, apiKey: Redacted.make("none") })
    const models = yield* Effect.provide(OpenAiCompatibleModels.list, client)
    const [request] = yield* server.requests
    assert.deepInclude(request, { method: "GET", path: "/v1/models", body: "" })
    return models
  })

describe("what servers say of a model", () => {
  it.effect("most say its name", () =>
    Effect.gen(function*() {
      const models = yield* listed({
        object: "list",
        data: [{ id: "llama3", object: "model", created: 1_700_000_000 }]
      })
      assert.deepStrictEqual(models, [{ id: "llama3" }])
    }))

  it.effect("Groq, Mistral and vLLM have limits", () =>
    Effect.gen(function*() {
      const models = yield* listed({
        data: [
          { id: "groq", active: true, context_window: 131_072, max_completion_tokens: 32_768, public_apps: null },
          {
            id: "mistral",
            type: "base",
            name: "Mistral",
            max_context_length: 32_768,
            capabilities: { completion_chat: true }
          },
          { id: "vllm", max_model_len: 4096, root: "/models/a", permission: [] }
        ]
      })
      assert.deepStrictEqual(models, [
        { id: "groq", contextTokens: 131_072, outputTokens: 32_768 },
        { id: "mistral", name: "Mistral", contextTokens: 32_768, kind: "language" },
        { id: "vllm", contextTokens: 4096 }
      ])
    }))

  it.effect("Together answers with the list itself, and with kinds", () =>
    Effect.gen(function*() {
      const models = yield* listed([
        { id: "a", type: "chat", display_name: "A", context_length: 8192 },
        { id: "b", type: "embedding", context_length: 512 },
        { id: "c", type: "image", context_length: 0 },
        { id: "d", type: "hologram" }
      ])
      assert.deepStrictEqual(models, [
        { id: "a", name: "A", contextTokens: 8192, kind: "language" },
        { id: "b", contextTokens: 512, kind: "embedding" },
        { id: "c", kind: "other" },
        { id: "d" }
      ])
    }))

  it.effect("a page for people is no list", () =>
    Effect.gen(function*() {
      const error = yield* Effect.flip(listed({ welcome: true }))
      assert.strictEqual(ProviderError.kindOf(error), "InvalidResponse")
    }))
})

describe("presets", () => {
  it.effect("list the models of their server, under their name", () =>
    Effect.gen(function*() {
      const server = yield* LoopbackServer.make([
        { body: JSON.stringify({ data: [{ id: "deepseek-chat" }] }) },
        { status: 404, body: "{}" }
      ])
      const client = Presets.deepseek.layer({ baseUrl: server.url, apiKey: Redacted.make("key") })
      const list = Effect.provide(Presets.deepseek.provider.listModels ?? Effect.die("no list"), client)
      assert.deepStrictEqual(yield* list, [{ id: "deepseek-chat" }])
      const error = yield* Effect.flip(list)
      assert.deepInclude(error, { module: "Preset", method: "listModels" })
      assert.deepStrictEqual((yield* server.requests).map(({ path }) => path), ["/models", "/models"])
    }))

  it("those whose list is not of what can be asked for have none", () => {
    assert.strictEqual(Presets.azure.provider.listModels, undefined)
    assert.strictEqual(Presets.fireworks.provider.listModels, undefined)
    assert.isDefined(Presets.groq.provider.listModels)
  })
})
