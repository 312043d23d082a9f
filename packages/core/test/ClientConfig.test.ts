import { assert, describe, it } from "@effect/vitest"
import * as ClientConfig from "@llm-layers/core/ClientConfig"
import { Config, ConfigProvider, Effect, Redacted } from "effect"
import { inspect } from "node:util"

const names = { apiKey: "ACME_API_KEY", baseUrl: "ACME_BASE_URL", others: { project: "ACME_PROJECT" } }

const load = (env: Record<string, string>, options: ClientConfig.Options<"project"> = {}) =>
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
      for (const env of [{}, { ACME_API_KEY: "" }, { ACME_API_KEY: " \t\n" }]) {
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

  it.effect("fails where a config of the caller's own is missing or empty, whatever the vendor's names hold", () =>
    Effect.gen(function*() {
      const vendor = { ACME_API_KEY: "a", ACME_BASE_URL: "https://acme.test", ACME_PROJECT: "p" }
      const own = [
        { apiKey: Config.Redacted("TEAM") },
        { baseUrl: Config.String("TEAM") },
        { project: Config.String("TEAM") }
      ]
      for (const options of own) {
        const missing = yield* Effect.flip(load(vendor, options))
        assert.strictEqual(missing._tag, "ConfigError")
        assert.include(String(missing), "TEAM")
        const empty = yield* Effect.flip(load({ ...vendor, TEAM: "  " }, options))
        assert.strictEqual(empty._tag, "ConfigError")
        assert.include(String(empty), Object.keys(options)[0] ?? "no option")
      }
    }))

  it.effect("takes the others as texts or as configs", () =>
    Effect.gen(function*() {
      const env = { ACME_API_KEY: "a", ACME_PROJECT: "standard", TEAM_PROJECT: "team" }
      assert.strictEqual((yield* load(env, { project: "text" })).project, "text")
      assert.strictEqual((yield* load(env, { project: Config.String("TEAM_PROJECT") })).project, "team")
      assert.strictEqual((yield* load(env, { project: undefined })).project, "standard")
    }))

  it.effect("fails with a base URL that cannot be one, and does not show it", () =>
    Effect.gen(function*() {
      const bad = [
        "acme.test/s3cret",
        "ftp://acme.test",
        "https://acme.test/v1?tok=s3cret",
        "https://u:s3cret@acme.test"
      ]
      for (const url of bad) {
        const standard = yield* Effect.flip(load({ ACME_API_KEY: "a", ACME_BASE_URL: url }))
        assert.include(String(standard), "ACME_BASE_URL")
        const own = yield* Effect.flip(load({ ACME_API_KEY: "a", TEAM: url }, { baseUrl: Config.String("TEAM") }))
        for (const error of [standard, own]) {
          assert.strictEqual(error._tag, "ConfigError")
          assert.include(String(error), "base URL")
          assert.notInclude(inspect(error, { depth: 20, showHidden: true }) + String(error), "s3cret")
        }
      }
    }))

  it.effect("looks a name up with the prefix where it is not set, or empty", () =>
    Effect.gen(function*() {
      const own = { MYAPP_ACME_API_KEY: "own", MYAPP_ACME_BASE_URL: "https://own.test", MYAPP_ACME_PROJECT: "p" }
      for (const unset of [{}, { ACME_API_KEY: "", ACME_BASE_URL: " ", ACME_PROJECT: "" }]) {
        const loaded = yield* load({ ...own, ...unset }, { prefix: "MYAPP_" })
        assert.strictEqual(Redacted.value(loaded.apiKey), "own")
        assert.strictEqual(loaded.baseUrl, "https://own.test")
        assert.strictEqual(loaded.project, "p")
      }
      const both = yield* load({ ...own, ACME_API_KEY: "k3y", ACME_PROJECT: "q" }, { prefix: "MYAPP_" })
      assert.strictEqual(Redacted.value(both.apiKey), "k3y")
      assert.strictEqual(both.project, "q")
      assert.include(String(yield* Effect.flip(load(own))), "ACME_API_KEY")
      assert.include(String(yield* Effect.flip(load({}, { prefix: "MYAPP_" }))), "ACME_API_KEY")
      const address = yield* Effect.flip(load({ ...own, MYAPP_ACME_BASE_URL: "own.test" }, { prefix: "MYAPP_" }))
      assert.include(String(address), "MYAPP_ACME_BASE_URL")
    }))

  it.effect("takes the first of several names of the key", () =>
    Effect.gen(function*() {
      const keyOf = (env: Record<string, string>) =>
        ClientConfig.load({ prefix: "MYAPP_" }, { ...names, apiKey: ["ACME_API_KEY", "ACME_KEY"] }).pipe(
          Effect.map(({ apiKey }) => Redacted.value(apiKey)),
          Effect.provide(ConfigProvider.layer(ConfigProvider.fromEnv({ env })))
        )
      assert.strictEqual(yield* keyOf({ ACME_API_KEY: "1", ACME_KEY: "2" }), "1")
      assert.strictEqual(yield* keyOf({ ACME_API_KEY: "", ACME_KEY: "2", MYAPP_ACME_API_KEY: "3" }), "2")
      assert.strictEqual(yield* keyOf({ MYAPP_ACME_KEY: "4" }), "4")
      assert.include(String(yield* Effect.flip(keyOf({}))), "ACME_API_KEY")
    }))

  it.effect("needs no key where the server does not, and an address where there is none by default", () =>
    Effect.gen(function*() {
      const local = (env: Record<string, string>) =>
        ClientConfig.load({}, { ...names, keyless: true, baseUrlNeeded: true }).pipe(
          Effect.provide(ConfigProvider.layer(ConfigProvider.fromEnv({ env })))
        )
      const url = { ACME_BASE_URL: "http://localhost:1/v1" }
      for (const [env, key] of [[{}, "none"], [{ ACME_API_KEY: " " }, "none"], [{ ACME_API_KEY: "k" }, "k"]] as const) {
        assert.strictEqual(Redacted.value((yield* local({ ...url, ...env })).apiKey), key)
      }
      assert.include(String(yield* Effect.flip(local({}))), "ACME_BASE_URL")
    }))

  it.effect("fails where a text that is needed is missing or empty", () =>
    Effect.gen(function*() {
      const team = (env: Record<string, string>, options: ClientConfig.Options<"project" | "team"> = {}) =>
        ClientConfig.load(options, { ...names, needed: { team: "ACME_TEAM" } }).pipe(
          Effect.map(({ team }) => team),
          Effect.provide(ConfigProvider.layer(ConfigProvider.fromEnv({ env: { ACME_API_KEY: "a", ...env } })))
        )
      assert.strictEqual(yield* team({ ACME_TEAM: "t" }), "t")
      assert.strictEqual(yield* team({}, { team: "text" }), "text")
      for (const failing of [team({}), team({ ACME_TEAM: " " }), team({ ACME_TEAM: "t" }, { team: "" })]) {
        const error = yield* Effect.flip(failing)
        assert.strictEqual(error._tag, "ConfigError")
        assert.include(String(error), "ACME_TEAM")
      }
    }))
})

describe("required", () => {
  const required = (env: Record<string, string>) =>
    ClientConfig.required({ apiKey: Config.Redacted("TEAM_KEY"), baseUrl: Config.String("TEAM_URL") }).pipe(
      Effect.provide(ConfigProvider.layer(ConfigProvider.fromEnv({ env })))
    )

  it.effect("reads both", () =>
    Effect.gen(function*() {
      const { apiKey, baseUrl } = yield* required({ TEAM_KEY: "t", TEAM_URL: "https://team.test" })
      assert.strictEqual(Redacted.value(apiKey), "t")
      assert.strictEqual(baseUrl, "https://team.test")
    }))

  it.effect("fails where one is missing, empty or no address", () =>
    Effect.gen(function*() {
      const good = { TEAM_KEY: "t", TEAM_URL: "https://team.test" }
      for (const change of [{ TEAM_KEY: " " }, { TEAM_URL: "" }, { TEAM_URL: "team.test" }]) {
        assert.strictEqual((yield* Effect.flip(required({ ...good, ...change })))._tag, "ConfigError")
      }
      assert.include(String(yield* Effect.flip(required({ TEAM_KEY: "t" }))), "TEAM_URL")
      assert.include(String(yield* Effect.flip(required({ TEAM_URL: "https://team.test" }))), "TEAM_KEY")
    }))
})
