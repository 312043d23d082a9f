import { assert, describe, it } from "@effect/vitest"
import * as ClientConfig from "@llm-layers/core/ClientConfig"
import { Config, ConfigProvider, Effect, Redacted } from "effect"
import { inspect } from "node:util"

const names = { apiKey: "ACME_API_KEY", baseUrl: "ACME_BASE_URL", others: { project: "ACME_PROJECT" } }

const load = (env: Record<string, string>, options: ClientConfig.Options = {}) =>
  ClientConfig.load(options, names).pipe(
    Effect.provide(ConfigProvider.layer(ConfigProvider.fromEnv({ env })))
  )

describe("load", () => {
  it.effect("reads key and base URL from the vendor's names", () =>
    Effect.gen(function*() {
      const loaded = yield* load({ ACME_API_KEY: "k3y", ACME_BASE_URL: "https://proxy.test" })
      assert.strictEqual(Redacted.value(loaded.apiKey), "k3y")
      assert.strictEqual(loaded.baseUrl, "https://proxy.test")
      assert.notInclude(inspect(loaded), "k3y")
    }))

  it.effect("needs no base URL and no others, and takes empty ones for none", () =>
    Effect.gen(function*() {
      for (const env of [{}, { ACME_BASE_URL: "", ACME_PROJECT: " " }]) {
        const { apiKey: _, ...rest } = yield* load({ ACME_API_KEY: "k3y", ...env })
        assert.deepStrictEqual(rest, { baseUrl: undefined, project: undefined })
      }
    }))

  it.effect("reads the others by their names", () =>
    Effect.gen(function*() {
      assert.strictEqual((yield* load({ ACME_API_KEY: "k3y", ACME_PROJECT: "p" })).project, "p")
    }))

  it.effect("names the variable where the key is missing or empty", () =>
    Effect.gen(function*() {
      for (const env of [{}, { ACME_API_KEY: "" }]) {
        const error = yield* Effect.flip(load(env))
        assert.strictEqual(error._tag, "ConfigError")
        assert.include(String(error), "ACME_API_KEY")
      }
    }))

  it.effect("takes the caller's own configs in their place", () =>
    Effect.gen(function*() {
      const loaded = yield* load({ TEAM_KEY: "t", TEAM_URL: "https://team.test", ACME_API_KEY: "a" }, {
        apiKey: Config.Redacted("TEAM_KEY"),
        baseUrl: Config.String("TEAM_URL")
      })
      assert.strictEqual(Redacted.value(loaded.apiKey), "t")
      assert.strictEqual(loaded.baseUrl, "https://team.test")
      const error = yield* Effect.flip(load({ ACME_API_KEY: "a" }, { apiKey: Config.Redacted("TEAM_KEY") }))
      assert.include(String(error), "TEAM_KEY")
    }))
})
