import { assert, describe, it } from "@effect/vitest"
import { Config, ConfigProvider, Effect, Layer, Redacted } from "effect"
import * as OpenRouterClient from "../src/OpenRouterClient.ts"

const origin = { provider: "openrouter", module: "Test", method: "test" }

/** The address and the headers of a request. */
const asked = <E>(layer: (fetch: typeof globalThis.fetch) => Layer.Layer<OpenRouterClient.OpenRouterClient, E>) =>
  Effect.gen(function*() {
    const requests: Array<Request> = []
    const client = layer(async (input, init) => {
      requests.push(new Request(input, init))
      return Response.json({})
    })
    yield* Effect.flatMap(
      OpenRouterClient.OpenRouterClient,
      (connection) => connection.json({ origin, path: "/chat/completions", body: {} })
    ).pipe(Effect.provide(client))
    const [request] = requests
    if (request === undefined) return yield* Effect.die("nothing was sent")
    return request
  })

const environment = (values: Record<string, string>) => ConfigProvider.layer(ConfigProvider.fromUnknown(values))

describe("layer", () => {
  it.effect("sends the key and what names the app", () =>
    Effect.gen(function*() {
      const { headers, url } = yield* asked((fetch) =>
        OpenRouterClient.layer({
          apiKey: Redacted.make("sk-or-1"),
          referer: "https://app.example.com",
          title: "Rivers",
          categories: "education,maps",
          fetch
        })
      )
      assert.strictEqual(url, "https://openrouter.ai/api/v1/chat/completions")
      assert.strictEqual(headers.get("authorization"), "Bearer sk-or-1")
      assert.strictEqual(headers.get("http-referer"), "https://app.example.com")
      assert.strictEqual(headers.get("x-openrouter-title"), "Rivers")
      assert.strictEqual(headers.get("x-openrouter-categories"), "education,maps")
    }))

  it.effect("names nothing that was not given; the caller's own headers go along", () =>
    Effect.gen(function*() {
      const { headers } = yield* asked((fetch) =>
        OpenRouterClient.layer({ apiKey: Redacted.make("sk-or-1"), headers: { "X-Title": "Rivers" }, fetch })
      )
      assert.isNull(headers.get("http-referer"))
      assert.isNull(headers.get("x-openrouter-title"))
      assert.strictEqual(headers.get("x-title"), "Rivers")
    }))
})

describe("layerConfig", () => {
  it.effect("reads the environment", () =>
    Effect.gen(function*() {
      const { headers, url } = yield* asked((fetch) =>
        Layer.provide(
          OpenRouterClient.layerConfig({ fetch }),
          environment({
            OPENROUTER_API_KEY: "sk-or-2",
            OPENROUTER_BASE_URL: "https://proxy.example.com/api/v1/",
            OPENROUTER_HTTP_REFERER: "https://app.example.com",
            OPENROUTER_APP_TITLE: "Rivers",
            OPENROUTER_APP_CATEGORIES: "maps"
          })
        )
      )
      assert.strictEqual(url, "https://proxy.example.com/api/v1/chat/completions")
      assert.strictEqual(headers.get("authorization"), "Bearer sk-or-2")
      assert.strictEqual(headers.get("http-referer"), "https://app.example.com")
      assert.strictEqual(headers.get("x-openrouter-title"), "Rivers")
      assert.strictEqual(headers.get("x-openrouter-categories"), "maps")
    }))

  it.effect("what names the app may be a text or a config", () =>
    Effect.gen(function*() {
      const { headers } = yield* asked((fetch) =>
        Layer.provide(
          OpenRouterClient.layerConfig({ title: "Own", referer: Config.String("APP_URL"), fetch }),
          environment({
            OPENROUTER_API_KEY: "sk-or-3",
            OPENROUTER_APP_TITLE: "Other",
            APP_URL: "https://own.example.com"
          })
        )
      )
      assert.strictEqual(headers.get("x-openrouter-title"), "Own")
      assert.strictEqual(headers.get("http-referer"), "https://own.example.com")
    }))

  it.effect("a missing or empty key fails with its name", () =>
    Effect.gen(function*() {
      for (const values of [{ OTHER: "x" }, { OPENROUTER_API_KEY: "" }]) {
        const error = yield* Effect.flip(
          asked((fetch) => Layer.provide(OpenRouterClient.layerConfig({ fetch }), environment(values)))
        )
        assert.include(String(error), "OPENROUTER_API_KEY")
      }
    }))
})
