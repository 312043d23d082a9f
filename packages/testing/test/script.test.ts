import { assert, describe, it } from "@effect/vitest"
import * as ProviderError from "@llm-layers/core/ProviderError"
import * as ScriptedModel from "@llm-layers/testing/ScriptedModel"
import { Cause, Deferred, Duration, Effect, Exit, Fiber, Layer, ManagedRuntime, Stream } from "effect"
import { LanguageModel } from "effect/ai"

const ask = (prompt: string) => Effect.map(LanguageModel.generateText({ prompt }), (response) => response.text)

/** The defect an effect died with; of several the last, which is that of the outermost. */
const defectOf = <A, E, R>(effect: Effect.Effect<A, E, R>) =>
  Effect.map(Effect.exit(effect), (exit) =>
    Exit.isFailure(exit)
      ? exit.cause.reasons.flatMap((reason) => Cause.isDieReason(reason) ? [reason.defect] : []).at(-1)
      : undefined)

const mismatchOf = <A, E, R>(effect: Effect.Effect<A, E, R>) =>
  Effect.map(defectOf(effect), (defect) => {
    assert.instanceOf(defect, ScriptedModel.ScriptMismatch)
    return defect
  })

describe("a call without an answer", () => {
  it.effect("fails with an error that shows what was asked and what the script has", () =>
    Effect.gen(function*() {
      const mismatch = yield* Effect.gen(function*() {
        yield* ask("One")
        const error = yield* Effect.flip(ask("One more"))
        assert.strictEqual(error.reason._tag, "UnknownError")
        assert.strictEqual(ProviderError.kindOf(error), "Unknown")
        assert.strictEqual(error.isRetryable, false)
        assert.include(
          error.message,
          [
            `The script has no answer for call 2, generateText "One more".`,
            "Asked:",
            `  1. generateText "One" - answer 1`,
            `  2. generateText "One more" - no answer`,
            "Script:",
            `  1. "Hi." - call 1`
          ].join("\n")
        )
        const streamed = yield* LanguageModel.streamText({ prompt: "Third" }).pipe(Stream.runDrain, Effect.flip)
        assert.include(streamed.message, `The script has no answer for call 3, streamText "Third".`)
        assert.deepStrictEqual(
          (yield* ScriptedModel.calls).map((call) => call.outcome),
          ["answered", "failed", "failed"]
        )
      }).pipe(Effect.provide(ScriptedModel.layer(["Hi."])), mismatchOf)
      assert.deepInclude(mismatch, { missing: 2, unused: 0 })
      assert.strictEqual(
        mismatch.message,
        [
          "The script does not fit what was asked: 2 calls found no answer.",
          "Asked:",
          `  1. generateText "One" - answer 1`,
          `  2. generateText "One more" - no answer`,
          `  3. streamText "Third" - no answer`,
          "Script:",
          `  1. "Hi." - call 1`
        ].join("\n")
      )
    }))

  it.effect.fails("fails the test of a program that handles the error", () =>
    ask("One").pipe(
      Effect.catch(() => Effect.succeed("nothing")),
      Effect.provide(ScriptedModel.layer([]))
    ))

  it.effect.fails("fails the test of a program that ignores every cause", () =>
    ask("One").pipe(
      Effect.catchCause(() => Effect.succeed("nothing")),
      Effect.provide(ScriptedModel.layer([]))
    ))

  it.effect("is seen beside the failure it led to", () =>
    Effect.gen(function*() {
      const exit = yield* ask("One").pipe(
        Effect.catch(() => Effect.succeed("nothing")),
        Effect.map((text) => assert.strictEqual(text, "Hi.")),
        Effect.provide(ScriptedModel.layer([])),
        Effect.exit
      )
      assert.isTrue(Exit.isFailure(exit))
      const errors = Exit.isFailure(exit) ? Cause.prettyErrors(exit.cause) : []
      assert.lengthOf(errors, 2)
      assert.include(errors[0]?.message, "expected 'nothing' to equal 'Hi.'")
      assert.include(errors[1]?.message, "1 call found no answer")
    }))
})

describe("an answer without a call", () => {
  it.effect.fails("fails the test", () => Effect.provide(ask("One"), ScriptedModel.layer(["Hi.", "left"])))

  it.effect("is shown beside what was asked, whatever it is", () =>
    Effect.gen(function*() {
      const mismatch = yield* ask("One").pipe(
        Effect.provide(ScriptedModel.layer([
          "Hi.",
          ScriptedModel.toolCall("Weather", { city: "Rome" }),
          ["Hel", Duration.seconds(2), "lo", ScriptedModel.fail("Overloaded")],
          ScriptedModel.fail("RateLimited"),
          ScriptedModel.deliver({ type: "reasoning", text: "Hm" }, { after: "1 second" }),
          ScriptedModel.when("Oslo", "snow"),
          ScriptedModel.when(/oslo/, () => "snow"),
          ScriptedModel.when(() => true, "any"),
          () => "computed",
          Effect.succeed("later"),
          { type: "source", sourceType: "url", id: "s", url: "https://example.com/", title: "Example" },
          "x".repeat(300)
        ])),
        mismatchOf
      )
      assert.deepInclude(mismatch, { missing: 0, unused: 11 })
      assert.strictEqual(
        mismatch.message,
        [
          "The script does not fit what was asked: 11 answers were not used.",
          "Asked:",
          `  1. generateText "One" - answer 1`,
          "Script:",
          `  1. "Hi." - call 1`,
          `  2. Weather({"city":"Rome"}) - not used`,
          `  3. ["Hel", 2s, "lo", failure Overloaded] - not used`,
          `  4. failure RateLimited - not used`,
          `  5. reasoning "Hm" - not used`,
          `  6. when "Oslo": "snow" - not used`,
          `  7. when /oslo/: a function - not used`,
          `  8. when a function says so: "any" - not used`,
          `  9. a function - not used`,
          `  10. an Effect - not used`,
          `  11. source - not used`,
          `  12. "${"x".repeat(199)}…" - not used`
        ].join("\n")
      )
    }))

  it.effect("is seen where nothing was asked", () =>
    Effect.gen(function*() {
      const mismatch = yield* Effect.void.pipe(Effect.provide(ScriptedModel.layer(["Hi."])), mismatchOf)
      assert.include(mismatch.message, "Asked:\n  nothing\nScript:")
    }))

  it.effect("is seen although the program failed, which `flip` does not hide", () =>
    Effect.gen(function*() {
      const mismatch = yield* ask("One").pipe(
        Effect.provide(ScriptedModel.layer([ScriptedModel.fail("Overloaded"), "left"])),
        Effect.flip,
        mismatchOf
      )
      assert.strictEqual(mismatch.unused, 1)
    }))

  it.effect("is not asked for where the program was interrupted; a call without one is", () =>
    Effect.gen(function*() {
      const run = (prompts: ReadonlyArray<string>, script: ScriptedModel.Script) =>
        Effect.gen(function*() {
          const asked = yield* Deferred.make<void>()
          const fiber = yield* Effect.forEach(prompts, (prompt) => Effect.exit(ask(prompt))).pipe(
            Effect.andThen(Deferred.succeed(asked, undefined)),
            Effect.andThen(Effect.never),
            Effect.provide(ScriptedModel.layer(script)),
            Effect.forkChild
          )
          yield* Deferred.await(asked)
          yield* Fiber.interrupt(fiber)
          return yield* Fiber.await(fiber)
        })
      const left = yield* run(["One"], ["Hi.", "left"])
      assert.isTrue(Exit.isFailure(left) && Cause.hasInterruptsOnly(left.cause))
      const missing = yield* run(["One", "Two"], ["Hi."])
      assert.include(String(missing), "1 call found no answer")
    }))
})

describe("the check at the end", () => {
  it.effect("is passed by a script that fits, and by a function, whatever was asked", () =>
    Effect.gen(function*() {
      yield* Effect.provide(ask("One"), ScriptedModel.layer(["Hi."]))
      yield* Effect.provide(Effect.void, ScriptedModel.layer([]))
      yield* Effect.provide(Effect.void, ScriptedModel.layer(() => "Hi."))
    }))

  it.effect("is there for each time the Layer is built", () =>
    Effect.gen(function*() {
      const layer = ScriptedModel.layer(["Hi.", "left"])
      yield* mismatchOf(Effect.provide(ask("One"), layer))
      yield* Effect.provide(Effect.andThen(ask("One"), ask("Two")), layer)
    }))

  it.effect("is there for a runtime, when it is disposed of", () =>
    Effect.gen(function*() {
      const runtime = ManagedRuntime.make(Layer.fresh(ScriptedModel.layer(["Hi.", "left"])))
      yield* Effect.promise(() => runtime.runPromise(ask("One")))
      const error = yield* Effect.promise(() => runtime.dispose().then(() => undefined, (error: unknown) => error))
      assert.instanceOf(error, ScriptedModel.ScriptMismatch)
    }))

  it.effect("is made before by expectDone, and not a second time", () =>
    Effect.gen(function*() {
      yield* Effect.andThen(ask("One"), ScriptedModel.expectDone).pipe(Effect.provide(ScriptedModel.layer(["Hi."])))
      const exit = yield* ScriptedModel.expectDone.pipe(Effect.provide(ScriptedModel.layer(["left"])), Effect.exit)
      assert.lengthOf(Exit.isFailure(exit) ? exit.cause.reasons : [], 1)
      assert.include(String(exit), "1 answer was not used")
    }))
})
