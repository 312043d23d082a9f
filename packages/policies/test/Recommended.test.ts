import { assert, describe, it } from "@effect/vitest"
import * as ProviderError from "@llm-layers/core/ProviderError"
import * as PolicyLaws from "@llm-layers/testing/PolicyLaws"
import * as ScriptedModel from "@llm-layers/testing/ScriptedModel"
import { Effect, Layer } from "effect"
import { LanguageModel } from "effect/ai"
import { TestClock } from "effect/testing"
import * as CircuitBreaker from "../src/CircuitBreaker.ts"
import * as Recommended from "../src/Recommended.ts"
import * as UsageLedger from "../src/UsageLedger.ts"

PolicyLaws.suite("Recommended", () => Recommended.make(), { layer: Recommended.layer() })
PolicyLaws.suite(
  "Recommended, with all that can be asked for",
  () => Recommended.make({ cache: true, tokenLimit: { max: 1_000_000 } }),
  { layer: Recommended.layer() }
)

const ask = Effect.map(LanguageModel.generateText({ prompt: "Hello" }), (response) => response.text)
const kind = Effect.match(ask, { onSuccess: (text) => text, onFailure: ProviderError.kindOf })

/** What came of the calls, and the ledger's outcomes. */
const run = (
  script: ScriptedModel.Script,
  options: Recommended.Options,
  calls: Effect.Effect<unknown, never, LanguageModel.LanguageModel>
) =>
  Effect.gen(function*() {
    const result = yield* Effect.provide(calls, ScriptedModel.layer(script, { policy: Recommended.make(options) }))
    const ledger = yield* UsageLedger.UsageLedger
    return { result, outcomes: (yield* ledger.entries).map((entry) => entry.kind ?? entry.outcome) }
  }).pipe(Effect.provide(Recommended.layer()))

/** Time passes while it runs. */
const passing = <A, E, R>(effect: Effect.Effect<A, E, R>) =>
  Effect.gen(function*() {
    const fiber = yield* Effect.forkChild(effect, { startImmediately: true })
    while (fiber.pollUnsafe() === undefined) {
      yield* TestClock.adjust("1 minute")
      yield* Effect.promise(() => new Promise(setImmediate))
    }
    return yield* fiber.pollUnsafe()!
  })

const overloaded = ScriptedModel.fail("Overloaded")

describe("the order", () => {
  it.effect("each attempt is booked and counts for the circuit; who is refused by it is not", () =>
    Effect.gen(function*() {
      const { outcomes, result } = yield* passing(run([overloaded, overloaded], {
        retry: { times: 3, base: "1 millis" },
        circuitBreaker: { tripPolicy: CircuitBreaker.consecutive(2), openFor: "1 hour", maxOpenFor: "1 hour" }
      }, kind))
      assert.strictEqual(result, "CircuitOpen")
      assert.deepStrictEqual(outcomes, ["Overloaded", "Overloaded"])
    }))

  it.effect("an attempt that is late fails the circuit, is tried again, and is booked as interrupted", () =>
    Effect.gen(function*() {
      const late = ScriptedModel.deliver("late", { after: "1 hour" })
      const { outcomes, result } = yield* passing(
        run([late, "in time"], { timeout: { total: "10 seconds" }, retry: { base: "1 millis" } }, kind)
      )
      assert.strictEqual(result, "in time")
      assert.deepStrictEqual(outcomes, ["interrupted", "answered"])
      const open = yield* passing(run([late], {
        timeout: { total: "10 seconds" },
        retry: false,
        circuitBreaker: { tripPolicy: CircuitBreaker.consecutive(1), openFor: "1 hour", maxOpenFor: "1 hour" }
      }, Effect.all([kind, kind])))
      assert.deepStrictEqual(open.result, ["TimedOut", "CircuitOpen"])
    }))

  it.effect("waiting for the rate limit is not the model's fault", () =>
    Effect.gen(function*() {
      const { outcomes, result } = yield* passing(run(["one", "two"], {
        rateLimit: { requestsPerMinute: 1 },
        timeout: { total: "1 second" }
      }, Effect.all([kind, kind])))
      assert.deepStrictEqual(result, ["one", "two"])
      assert.deepStrictEqual(outcomes, ["answered", "answered"])
    }))

  it.effect("what is known, or cannot fit, reaches nobody", () =>
    Effect.gen(function*() {
      const cached = yield* run(["one"], { cache: true }, Effect.all([kind, kind]))
      assert.deepStrictEqual(cached.result, ["one", "one"])
      assert.deepStrictEqual(cached.outcomes, ["answered"])
      const refused = yield* run([], { tokenLimit: { max: 1 } }, kind)
      assert.strictEqual(refused.result, "ContextOverflow")
      assert.deepStrictEqual(refused.outcomes, [])
    }))
})

it.effect("members that are left out do nothing", () =>
  Effect.gen(function*() {
    const none = Recommended.make({
      retry: false,
      circuitBreaker: false,
      rateLimit: false,
      timeout: false,
      usageLedger: false
    })
    const layer = ScriptedModel.layer([overloaded], { policy: none })
    assert.strictEqual(yield* Effect.provide(kind, layer), "Overloaded")
    const unneeded: Layer.Layer<LanguageModel.LanguageModel | ScriptedModel.ScriptedModel, never, never> = layer
    assert.isTrue(Layer.isLayer(unneeded))
  }))
