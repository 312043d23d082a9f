import { assert, describe, it } from "@effect/vitest"
import * as ProviderError from "@llm-layers/core/ProviderError"
import * as ScriptedEmbeddingModel from "@llm-layers/testing/ScriptedEmbeddingModel"
import { Cause, Effect, Exit, Fiber } from "effect"
import { EmbeddingModel, Model } from "effect/ai"
import { TestClock } from "effect/testing"

const embed = (text: string) =>
  Effect.gen(function*() {
    const model = yield* EmbeddingModel.EmbeddingModel
    return (yield* model.embed(text)).vector
  })

const embedMany = (...texts: ReadonlyArray<string>) =>
  Effect.gen(function*() {
    const model = yield* EmbeddingModel.EmbeddingModel
    return yield* model.embedMany(texts)
  })

const vectorsOf = (response: EmbeddingModel.EmbedManyResponse) => response.embeddings.map((one) => one.vector)

const dot = (a: ReadonlyArray<number>, b: ReadonlyArray<number>) =>
  a.reduce((sum, number, index) => sum + number * (b[index] ?? Number.NaN), 0)

const outcomes = Effect.map(ScriptedEmbeddingModel.calls, (calls) => calls.map((call) => call.outcome))

describe("without a script", () => {
  it.effect("the same text has the same vector, of length one; others are about at right angles", () =>
    Effect.gen(function*() {
      const red = yield* embed("red")
      assert.lengthOf(red, 64)
      assert.strictEqual(yield* EmbeddingModel.Dimensions, 64)
      assert.approximately(dot(red, red), 1, 1e-12)
      assert.deepStrictEqual(vectorsOf(yield* embedMany("blue", "red", "red", ""))[1], red)
      assert.deepStrictEqual(ScriptedEmbeddingModel.vector("red"), red)
      const all = Array.from({ length: 50 }, (_, index) => ScriptedEmbeddingModel.vector(`text ${index}`))
      const largest = Math.max(...all.flatMap((a, i) => all.slice(i + 1).map((b) => Math.abs(dot(a, b)))))
      assert.isBelow(largest, 0.7)
    }).pipe(Effect.provide(ScriptedEmbeddingModel.layer())))

  it("the vector is the same in every process", () => {
    // Computed with Python's `hashlib.shake_256`.
    const red = [0.575963, 0.073791, -0.51092, -0.633863]
    assert.deepStrictEqual(ScriptedEmbeddingModel.vector("red", 4).map((one) => Number(one.toFixed(6))), red)
  })

  it.effect("has the dimensions asked for, and the names of a Model", () =>
    Effect.gen(function*() {
      assert.lengthOf(yield* embed("red"), 3)
      assert.strictEqual(yield* EmbeddingModel.Dimensions, 3)
      assert.strictEqual(yield* Model.ProviderName, "scripted")
      assert.strictEqual(yield* Model.ModelName, "embed-next")
    }).pipe(Effect.provide(ScriptedEmbeddingModel.layer(undefined, { dimensions: 3, model: "embed-next" }))))

  it.effect("counts words as tokens", () =>
    Effect.gen(function*() {
      assert.strictEqual((yield* embedMany("a b", "c")).usage.inputTokens, 3)
    }).pipe(Effect.provide(ScriptedEmbeddingModel.layer())))
})

describe("a function", () => {
  it.effect("gives the vector of each text, or an Effect of one", () =>
    Effect.gen(function*() {
      assert.deepStrictEqual(vectorsOf(yield* embedMany("a", "bb")), [[1, 0], [2, 0]])
      yield* ScriptedEmbeddingModel.expectDone
    }).pipe(Effect.provide(ScriptedEmbeddingModel.layer((text) =>
      text.length === 1 ? [text.length, 0] : Effect.succeed([text.length, 0])
    ))))

  it.effect("fails the call for a text", () =>
    Effect.gen(function*() {
      const error = yield* Effect.flip(embedMany("a", "bad"))
      assert.strictEqual(ProviderError.kindOf(error), "ContentRefused")
      assert.deepStrictEqual(yield* outcomes, ["failed"])
    }).pipe(Effect.provide(ScriptedEmbeddingModel.layer((text) =>
      text === "bad"
        ? ProviderError.make({ provider: "a", module: "A", method: "embedMany" }, "ContentRefused")
        : [1]
    ))))
})

describe("a list", () => {
  it.effect("answers call by call: one vector, several, or from the inputs", () =>
    Effect.gen(function*() {
      assert.deepStrictEqual(yield* embed("one"), [1, 0])
      assert.deepStrictEqual(vectorsOf(yield* embedMany("two", "three")), [[0, 1], [1, 1]])
      assert.deepStrictEqual(vectorsOf(yield* embedMany("four", "five")), [[2], [2]])
      assert.deepStrictEqual(yield* ScriptedEmbeddingModel.calls, [
        { inputs: ["one"], outcome: "answered" },
        { inputs: ["two", "three"], outcome: "answered" },
        { inputs: ["four", "five"], outcome: "answered" }
      ])
    }).pipe(Effect.provide(ScriptedEmbeddingModel.layer([
      [1, 0],
      [[0, 1], [1, 1]],
      (inputs) => inputs.map(() => [inputs.length])
    ]))))

  it.effect("sees calls that run side by side as one", () =>
    Effect.gen(function*() {
      const vectors = yield* Effect.all([embed("a"), embed("b")], { concurrency: 2 })
      assert.deepStrictEqual(vectors, [[1], [2]])
      assert.deepStrictEqual((yield* ScriptedEmbeddingModel.calls).map((call) => call.inputs), [["a", "b"]])
    }).pipe(Effect.provide(ScriptedEmbeddingModel.layer([[[1], [2]]]))))

  it.effect("fails where it says so, by an error or an Effect", () =>
    Effect.gen(function*() {
      assert.strictEqual(ProviderError.kindOf(yield* Effect.flip(embed("a"))), "RateLimited")
      assert.strictEqual(ProviderError.kindOf(yield* Effect.flip(embed("a"))), "Overloaded")
      assert.deepStrictEqual(yield* outcomes, ["failed", "failed"])
    }).pipe(Effect.provide(ScriptedEmbeddingModel.layer([
      ProviderError.make({ provider: "a", module: "A", method: "embedMany" }, "RateLimited"),
      Effect.fail(ProviderError.make({ provider: "a", module: "A", method: "embedMany" }, "Overloaded"))
    ]))))

  it.effect("waits by the test's clock, until an interruption or the answer", () =>
    Effect.gen(function*() {
      const first = yield* Effect.forkChild(embedMany("a"))
      yield* TestClock.adjust("1 second")
      yield* Fiber.interrupt(first)
      assert.deepStrictEqual(yield* outcomes, ["interrupted"])

      const second = yield* Effect.forkChild(embed("a"))
      yield* TestClock.adjust("1999 millis")
      assert.isUndefined(second.pollUnsafe())
      yield* TestClock.adjust("1 second")
      assert.deepStrictEqual(yield* Fiber.join(second), [1])
      assert.deepStrictEqual(yield* outcomes, ["interrupted", "answered"])
    }).pipe(Effect.provide(ScriptedEmbeddingModel.layer([
      Effect.never,
      ScriptedEmbeddingModel.deliver([1], { after: "2 seconds" })
    ]))))

  it.effect("with too few vectors, none, or numbers that are none fails as with a vendor", () =>
    Effect.gen(function*() {
      const few = yield* Effect.flip(embedMany("a", "b"))
      assert.include(few.message, "Provider returned 1 embeddings but expected 2")
      const none = yield* Effect.flip(embed("a"))
      assert.include(none.message, "Provider returned 0 embeddings but expected 1")
      const wrong = yield* Effect.flip(embedMany("a", "b"))
      assert.strictEqual(ProviderError.kindOf(wrong), "InvalidOutput")
      assert.include(wrong.message, "The vector of input 1 is not a list of finite numbers")
    }).pipe(Effect.provide(ScriptedEmbeddingModel.layer([[1], [], [[1], [Number.NaN]]]))))

  it.effect("is held to the dimensions of the model", () =>
    Effect.gen(function*() {
      assert.strictEqual(yield* EmbeddingModel.Dimensions, 2)
      assert.deepStrictEqual(yield* embed("a"), [1, 0])
      const error = yield* Effect.flip(embed("a"))
      assert.include(error.message, "The vector of input 0 has 1 numbers, and the model 2 dimensions")
    }).pipe(Effect.provide(ScriptedEmbeddingModel.layer([[1, 0], [1]], { dimensions: 2 }))))
})

describe("a script that does not fit", () => {
  it.effect("says what was asked and what it has", () =>
    Effect.gen(function*() {
      const exit = yield* Effect.gen(function*() {
        yield* embed("one")
        const error = yield* Effect.flip(embedMany("two", "three"))
        assert.strictEqual(ProviderError.kindOf(error), "Unknown")
        assert.include(error.message, `The script has no answer for call 2, embedMany "two", "three".\nAsked:\n`)
        assert.include(error.message, `  1. [1,0] - call 1`)
      }).pipe(Effect.provide(ScriptedEmbeddingModel.layer([[1, 0]])), Effect.exit)
      const [error] = Exit.isFailure(exit) ? Cause.prettyErrors(exit.cause) : []
      assert.strictEqual(
        error?.message,
        [
          "The script does not fit what was asked: 1 call found no answer.",
          "Asked:",
          `  1. embedMany "one" - answer 1`,
          `  2. embedMany "two", "three" - no answer`,
          "Script:",
          "  1. [1,0] - call 1"
        ].join("\n")
      )
    }))

  it.effect.fails("fails the test that leaves an answer", () =>
    Effect.provide(embed("one"), ScriptedEmbeddingModel.layer([[1], [2]])))

  it.effect.fails("fails the test that handles the error of a missing one", () =>
    embed("one").pipe(
      Effect.catch(() => Effect.succeed([])),
      Effect.provide(ScriptedEmbeddingModel.layer([]))
    ))

  it.effect("shows every kind of entry", () =>
    Effect.gen(function*() {
      const { expectDone } = yield* ScriptedEmbeddingModel.make([
        [1, 0],
        () => [1],
        Effect.succeed([1]),
        ProviderError.make({ provider: "a", module: "A", method: "embedMany" }, "Overloaded")
      ])
      const exit = yield* Effect.exit(expectDone)
      const [error] = Exit.isFailure(exit) ? Cause.prettyErrors(exit.cause) : []
      assert.deepStrictEqual(error?.message.split("\n").slice(4), [
        "  1. [1,0] - not used",
        "  2. a function - not used",
        "  3. an Effect - not used",
        "  4. failure Overloaded - not used"
      ])
    }))
})

describe("make", () => {
  it.effect("gives the model alone", () =>
    Effect.gen(function*() {
      const { calls, expectDone, model } = yield* ScriptedEmbeddingModel.make()
      assert.lengthOf((yield* model.embed("a")).vector, 64)
      assert.lengthOf(yield* calls, 1)
      yield* expectDone
    }))
})
