import { assert, describe, it, vi } from "@effect/vitest"
import * as OpenAiCompatibleClient from "@llm-layers/openai-compatible/OpenAiCompatibleClient"
import * as LoopbackServer from "@llm-layers/testing/LoopbackServer"
import { Config, ConfigProvider, Effect, Layer, Redacted } from "effect"

const origin = { provider: "acme", module: "Test", method: "test" }

const ask = Effect.flatMap(
  OpenAiCompatibleClient.OpenAiCompatibleClient,
  (connection) => connection.json({ origin, path: "/chat/completions", body: {} })
)

const fromConfig = (env: Record<string, string>) =>
  Layer.provide(
    OpenAiCompatibleClient.layerConfig({
      baseUrl: Config.String("ACME_URL"),
      apiKey: Config.Redacted("ACME_KEY"),
      headers: { "x-team": "search" }
    }),
    ConfigProvider.layer(ConfigProvider.fromEnv({ env }))
  )

describe("layerConfig", () => {
  it.effect("reads address and key, and takes the rest as it is", () =>
    Effect.gen(function*() {
      const server = yield* LoopbackServer.make([{ body: "{}" }])
      yield* Effect.provide(ask, fromConfig({ ACME_URL: `${server.url}/v1`, ACME_KEY: "acme-1" }))
      const [request] = yield* server.requests
      assert.strictEqual(request?.path, "/v1/chat/completions")
      assert.strictEqual(request?.headers.authorization, "Bearer acme-1")
      assert.strictEqual(request?.headers["x-team"], "search")
    }))

  it.effect("fails where one is missing, and names it", () =>
    Effect.gen(function*() {
      const noUrl = yield* Effect.flip(Effect.provide(ask, fromConfig({ ACME_KEY: "acme-1", OPENAI_BASE_URL: "x" })))
      assert.include(String(noUrl), "ACME_URL")
      const noKey = yield* Effect.flip(Effect.provide(ask, fromConfig({ ACME_URL: "http://x", OPENAI_API_KEY: "x" })))
      assert.include(String(noKey), "ACME_KEY")
    }))
})

describe("the environment of OpenAI", () => {
  it.effect("does not go to another server", () =>
    Effect.gen(function*() {
      vi.stubEnv("OPENAI_CUSTOM_HEADERS", "x-gateway-token: s3cret\nUser-Agent: s3cret")
      yield* Effect.addFinalizer(() => Effect.sync(() => vi.unstubAllEnvs()))
      const server = yield* LoopbackServer.make([{ body: "{}" }])
      const client = OpenAiCompatibleClient.layer({ baseUrl: server.url, apiKey: Redacted.make("acme-1") })
      yield* Effect.provide(ask, client)
      const [request] = yield* server.requests
      assert.isDefined(request?.headers["user-agent"])
      assert.notInclude(JSON.stringify(request), "s3cret")
    }))
})
