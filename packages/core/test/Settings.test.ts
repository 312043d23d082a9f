import { assert, describe, it } from "@effect/vitest"
import * as Capability from "@llm-layers/core/Capability"
import * as ProviderError from "@llm-layers/core/ProviderError"
import * as Settings from "@llm-layers/core/Settings"
import { Effect, Stream } from "effect"
import { origin } from "./fixtures/acme.ts"

interface Config extends Settings.Common {
  readonly tier?: string | undefined
}

const config = Settings.override<Config>("@test/AcmeLanguageModel")

const resolve = (options: Config, flags: Partial<Capability.Capabilities> = {}) =>
  Settings.resolve({ origin, model: "acme-1", capabilities: { ...Capability.all, ...flags } }, config, options)

const settings = (options: Config) => Effect.map(resolve(options), (resolved) => resolved.settings)

describe("precedence", () => {
  it.effect("the options of the model, where nothing is around the call", () =>
    Effect.gen(function*() {
      assert.deepStrictEqual(yield* settings({ temperature: 0.5, tier: "a" }), { temperature: 0.5, tier: "a" })
    }))

  it.effect("an override over the options, setting by setting", () =>
    Effect.gen(function*() {
      const inside = settings({ temperature: 0.5, tier: "a" })
      assert.deepStrictEqual(yield* inside.pipe(config.withConfigOverride({ tier: "b", seed: 1 })), {
        temperature: 0.5,
        tier: "b",
        seed: 1
      })
      assert.deepStrictEqual(yield* inside, { temperature: 0.5, tier: "a" })
    }))

  it.effect("an inner override over an outer", () =>
    Effect.gen(function*() {
      const found = yield* settings({ temperature: 0.5, tier: "a" }).pipe(
        config.withConfigOverride({ tier: "inner", topK: 1 }),
        config.withConfigOverride({ tier: "outer", seed: 1 })
      )
      assert.deepStrictEqual(found, { temperature: 0.5, tier: "inner", topK: 1, seed: 1 })
    }))

  it.effect("an override of undefined goes back to the vendor's default", () =>
    Effect.gen(function*() {
      const found = yield* config.withConfigOverride(settings({ temperature: 0.5 }), { temperature: undefined })
      assert.isUndefined(found.temperature)
    }))

  it.effect("of a stream is that of the stream, with both forms of call", () =>
    Effect.gen(function*() {
      const stream = Stream.fromEffect(settings({ tier: "a" }))
      const piped = stream.pipe(config.withConfigOverride({ tier: "b" }), Stream.map((one) => one.tier))
      assert.deepStrictEqual(yield* Stream.runCollect(piped), ["b"])
      const first = config.withConfigOverride(stream, { tier: "c" })
      assert.deepStrictEqual((yield* Stream.runCollect(first)).map((one) => one.tier), ["c"])
    }))

  it.effect("of one provider is not that of another", () =>
    Effect.gen(function*() {
      const other = Settings.override<Config>("@test/OtherLanguageModel")
      assert.deepStrictEqual(yield* settings({}).pipe(other.withConfigOverride({ seed: 1 })), {})
    }))
})

describe("settings a model refuses", () => {
  const flagged = [
    "temperature",
    "topP",
    "topK",
    "seed",
    "presencePenalty",
    "frequencyPenalty",
    "stopSequences"
  ] as const

  it.effect.each(flagged)("%s fails before the network", (name) =>
    Effect.gen(function*() {
      const given = { [name]: name === "stopSequences" ? ["x"] : 0 }
      const error = yield* Effect.flip(resolve(given, { [name]: false }))
      assert.strictEqual(ProviderError.kindOf(error), "Unsupported")
      assert.include(error.message, `acme-1 does not support the setting ${name}`)
      assert.deepStrictEqual((yield* resolve(given)).settings, given)
      assert.deepStrictEqual((yield* resolve({ [name]: undefined }, { [name]: false })).warnings, [])
    }))

  it.effect("are left out with a warning where the caller wants that", () =>
    Effect.gen(function*() {
      const resolved = yield* resolve(
        { temperature: 0.5, seed: 1, topP: 0.1, unsupported: "warn" },
        { temperature: false, seed: false }
      )
      assert.isUndefined(resolved.settings.temperature)
      assert.isUndefined(resolved.settings.seed)
      assert.strictEqual(resolved.settings.topP, 0.1)
      assert.deepStrictEqual(resolved.warnings, [
        { about: "temperature", message: "acme-1 does not support temperature; it was left out" },
        { about: "seed", message: "acme-1 does not support seed; it was left out" }
      ])
    }))

  it.effect("fail where an override says so, although the options would warn", () =>
    Effect.gen(function*() {
      const inside = resolve({ seed: 1, unsupported: "warn" }, { seed: false })
      assert.lengthOf((yield* inside).warnings, 1)
      const error = yield* inside.pipe(config.withConfigOverride({ unsupported: "error" }), Effect.flip)
      assert.strictEqual(ProviderError.kindOf(error), "Unsupported")
    }))

  it.effect("fail where an override brings them", () =>
    Effect.gen(function*() {
      const error = yield* resolve({}, { seed: false }).pipe(config.withConfigOverride({ seed: 1 }), Effect.flip)
      assert.strictEqual(ProviderError.kindOf(error), "Unsupported")
    }))
})
