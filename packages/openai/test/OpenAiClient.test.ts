import { assert, describe, it, vi } from "@effect/vitest"
import * as OpenAiClient from "@llm-layers/openai/OpenAiClient"
import { Config, ConfigProvider, Effect, Layer, Redacted } from "effect"

const origin = { provider: "openai", module: "Test", method: "test" }

/** The address and the headers of a request. */
const asked = <E>(layer: (fetch: typeof globalThis.fetch) => Layer.Layer<OpenAiClient.OpenAiClient, E>) =>
  Effect.gen(function*() {
    const requests: Array<{ url: string; headers: Headers }> = []
    const client = layer(async (input, init) => {
      requests.push({
        url: input instanceof Request ? input.url : input.toString(),
        headers: new Headers(init?.headers)
      })
      return new Response("{}", { headers: { "content-type": "application/json" } })
    })
    yield* Effect.flatMap(
      OpenAiClient.OpenAiClient,
      (connection) => connection.json({ origin, path: "/responses", body: {} })
    ).pipe(Effect.provide(client))
    const [request] = requests
    if (request === undefined) return yield* Effect.die("nothing was sent")
    return request
  })

const environment = (values: Record<string, string>) => ConfigProvider.layer(ConfigProvider.fromUnknown(values))

describe("layer", () => {
  it.effect("sends key, organization, project and headers", () =>
    Effect.gen(function*() {
      const { headers, url } = yield* asked((fetch) =>
        OpenAiClient.layer({
          apiKey: Redacted.make("sk-1"),
          organization: "org-1",
          project: "proj-1",
          headers: { "x-team": "search" },
          fetch
        })
      )
      assert.strictEqual(url, "https://api.openai.com/v1/responses")
      assert.strictEqual(headers.get("authorization"), "Bearer sk-1")
      assert.strictEqual(headers.get("openai-organization"), "org-1")
      assert.strictEqual(headers.get("openai-project"), "proj-1")
      assert.strictEqual(headers.get("x-team"), "search")
    }))
})

describe("the process's own environment", () => {
  const variables = {
    OPENAI_API_KEY: "env-1",
    OPENAI_ADMIN_KEY: "env-2",
    OPENAI_BASE_URL: "https://env.test",
    OPENAI_ORG_ID: "env-3",
    OPENAI_PROJECT_ID: "env-4",
    OPENAI_LOG: "debug",
    OPENAI_CUSTOM_HEADERS: "x-env: env-5\nAccept: text/env\nOpenAI-Organization: env-6\nno name: env-7"
  }

  it.effect("has no part in a request", () =>
    Effect.gen(function*() {
      const layer = (fetch: typeof globalThis.fetch) => OpenAiClient.layer({ apiKey: Redacted.make("sk-1"), fetch })
      const plain = yield* asked(layer)
      for (const [name, value] of Object.entries(variables)) vi.stubEnv(name, value)
      yield* Effect.addFinalizer(() => Effect.sync(() => vi.unstubAllEnvs()))
      const logged = vi.spyOn(console, "debug")
      const set = yield* asked(layer)
      assert.strictEqual(set.url, plain.url)
      assert.deepStrictEqual([...set.headers], [...plain.headers])
      assert.strictEqual(process.env["OPENAI_CUSTOM_HEADERS"], variables.OPENAI_CUSTOM_HEADERS)
      assert.lengthOf(logged.mock.calls, 0)
    }))
})

describe("layerConfig", () => {
  it.effect("reads the environment", () =>
    Effect.gen(function*() {
      const { headers, url } = yield* asked((fetch) =>
        Layer.provide(
          OpenAiClient.layerConfig({ fetch }),
          environment({
            OPENAI_API_KEY: "sk-2",
            OPENAI_BASE_URL: "https://proxy.example.com/v1/",
            OPENAI_ORG_ID: "org-2",
            OPENAI_PROJECT_ID: "proj-2"
          })
        )
      )
      assert.strictEqual(url, "https://proxy.example.com/v1/responses")
      assert.strictEqual(headers.get("authorization"), "Bearer sk-2")
      assert.strictEqual(headers.get("openai-organization"), "org-2")
      assert.strictEqual(headers.get("openai-project"), "proj-2")
    }))

  it.effect("takes a name of the caller's own", () =>
    Effect.gen(function*() {
      const { headers } = yield* asked((fetch) =>
        Layer.provide(
          OpenAiClient.layerConfig({ apiKey: Config.Redacted("TEAM_KEY"), fetch }),
          environment({ TEAM_KEY: "sk-3" })
        )
      )
      assert.strictEqual(headers.get("authorization"), "Bearer sk-3")
    }))

  it.effect("a missing or empty key fails with its name", () =>
    Effect.gen(function*() {
      for (const values of [{ OTHER: "x" }, { OPENAI_API_KEY: "" }]) {
        const error = yield* Effect.flip(
          asked((fetch) => Layer.provide(OpenAiClient.layerConfig({ fetch }), environment(values)))
        )
        assert.include(String(error), "OPENAI_API_KEY")
      }
    }))

  it.effect("takes organization and project as texts or as configs", () =>
    Effect.gen(function*() {
      const { headers } = yield* asked((fetch) =>
        Layer.provide(
          OpenAiClient.layerConfig({ organization: Config.String("MY_ORG"), project: "proj-4", fetch }),
          environment({ OPENAI_API_KEY: "sk-4", OPENAI_ORG_ID: "other", OPENAI_PROJECT_ID: "other", MY_ORG: "org-4" })
        )
      )
      assert.strictEqual(headers.get("openai-organization"), "org-4")
      assert.strictEqual(headers.get("openai-project"), "proj-4")
    }))

  it.effect("never sends a key to the vendor in place of the caller's own address", () =>
    Effect.gen(function*() {
      const error = yield* Effect.flip(asked((fetch) =>
        Layer.provide(
          OpenAiClient.layerConfig({ baseUrl: Config.String("PROXY_URL"), fetch }),
          environment({ OPENAI_API_KEY: "sk-5" })
        )
      ))
      assert.include(String(error), "PROXY_URL")
    }))
})
