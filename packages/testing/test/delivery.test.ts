import { assert, describe, it } from "@effect/vitest"
import * as ProviderError from "@llm-layers/core/ProviderError"
import * as ScriptedModel from "@llm-layers/testing/ScriptedModel"
import { Clock, Duration, Effect, Exit, Fiber, Stream } from "effect"
import { LanguageModel, Tool, Toolkit } from "effect/ai"
import { TestClock } from "effect/testing"

/** The reads of a stream, each with the milliseconds at which it came. */
const reads = (answer: ScriptedModel.Answer, delivery: ScriptedModel.Delivery = {}) =>
  Effect.gen(function*() {
    const found: Array<readonly [number, ReadonlyArray<string>]> = []
    const fiber = yield* LanguageModel.streamText({ prompt: "?" }).pipe(
      Stream.runForEachArray((parts) =>
        Effect.map(Clock.currentTimeMillis, (now) => {
          found.push([now, parts.map((part) => "delta" in part ? part.delta : part.type)])
        })
      ),
      Effect.provide(ScriptedModel.layer([ScriptedModel.deliver(answer, delivery)])),
      Effect.exit,
      Effect.forkChild
    )
    yield* TestClock.adjust("1 hour")
    return { found, exit: yield* Fiber.join(fiber) }
  })

const readsOf = (answer: ScriptedModel.Answer, delivery?: ScriptedModel.Delivery) =>
  Effect.map(reads(answer, delivery), ({ exit, found }) => {
    assert.isTrue(Exit.isSuccess(exit), String(exit))
    return found
  })

describe("after", () => {
  it.effect("is how long a plain answer takes, not less and not more", () =>
    Effect.gen(function*() {
      const fiber = yield* Effect.forkChild(LanguageModel.generateText({ prompt: "?" }))
      yield* TestClock.adjust("1999 millis")
      assert.isUndefined(fiber.pollUnsafe())
      assert.deepInclude((yield* ScriptedModel.calls)[0], { outcome: "running" })
      yield* TestClock.adjust("1 millis")
      assert.strictEqual((yield* Fiber.join(fiber)).text, "Hi.")
    }).pipe(Effect.provide(ScriptedModel.layer([ScriptedModel.deliver("Hi.", { after: "2 seconds" })]))))

  it.effect("is how long a failure takes", () =>
    Effect.gen(function*() {
      const fiber = yield* Effect.forkChild(Effect.flip(LanguageModel.generateText({ prompt: "?" })))
      yield* TestClock.adjust("1 second")
      assert.isUndefined(fiber.pollUnsafe())
      yield* TestClock.adjust("1 second")
      assert.strictEqual(ProviderError.kindOf(yield* Fiber.join(fiber)), "Overloaded")
    }).pipe(Effect.provide(ScriptedModel.layer([
      ScriptedModel.deliver(ScriptedModel.fail("Overloaded"), { after: "2 seconds" })
    ]))))

  it.effect("is how long a stream waits before its first part", () =>
    Effect.gen(function*() {
      assert.deepStrictEqual(yield* readsOf("Hi.", { after: Duration.seconds(2), reads: Infinity }), [
        [2000, ["response-metadata", "text-start", "Hi.", "text-end", "finish"]]
      ])
    }))

  it.effect("is ended by an interruption", () =>
    Effect.gen(function*() {
      const error = yield* LanguageModel.generateText({ prompt: "?" }).pipe(
        Effect.timeout("1 second"),
        Effect.flip,
        Effect.forkChild,
        Effect.tap(() => TestClock.adjust("1 second")),
        Effect.flatMap(Fiber.join)
      )
      assert.strictEqual(error._tag, "TimeoutError")
      assert.deepInclude((yield* ScriptedModel.calls)[0], { outcome: "interrupted" })
    }).pipe(Effect.provide(ScriptedModel.layer([ScriptedModel.deliver("Hi.", { after: "1 hour" })]))))
})

describe("every", () => {
  it.effect("is the time between two reads of a stream", () =>
    Effect.gen(function*() {
      assert.deepStrictEqual(yield* readsOf("One two", { after: 5, every: "10 millis" }), [
        [5, ["response-metadata"]],
        [15, ["text-start"]],
        [25, ["One"]],
        [35, [" two"]],
        [45, ["text-end"]],
        [55, ["finish"]]
      ])
    }))

  it.effect("does not slow a plain answer", () =>
    Effect.gen(function*() {
      assert.strictEqual((yield* LanguageModel.generateText({ prompt: "?" })).text, "One two")
    }).pipe(Effect.provide(ScriptedModel.layer([ScriptedModel.deliver("One two", { every: "1 hour" })]))))
})

describe("a pause in a list", () => {
  it.effect("comes where it stands, in the middle of a text or between parts", () =>
    Effect.gen(function*() {
      const answer: ScriptedModel.Answer = [
        Duration.millis(1),
        { type: "reasoning", text: "Hm." },
        Duration.millis(10),
        "Hel",
        Duration.millis(100),
        Duration.millis(1000),
        "lo",
        Duration.millis(10_000)
      ]
      assert.deepStrictEqual(yield* readsOf(answer, { reads: Infinity }), [
        [1, ["response-metadata", "reasoning-start", "Hm.", "reasoning-end"]],
        [11, ["text-start", "Hel"]],
        [1111, ["lo"]],
        [11_111, ["text-end", "finish"]]
      ])
    }))

  it.effect("is time that a plain answer takes, too", () =>
    Effect.gen(function*() {
      const fiber = yield* Effect.forkChild(LanguageModel.generateText({ prompt: "?" }))
      yield* TestClock.adjust("2999 millis")
      assert.isUndefined(fiber.pollUnsafe())
      yield* TestClock.adjust("1 millis")
      assert.strictEqual((yield* Fiber.join(fiber)).text, "Hello")
    }).pipe(Effect.provide(ScriptedModel.layer([
      ScriptedModel.deliver(["Hel", Duration.seconds(1), "lo", Duration.seconds(1)], { after: "1 second" })
    ]))))

  it.effect("after the finish keeps the stream open, which the program does not wait for", () =>
    Effect.gen(function*() {
      const finish = { type: "finish", reason: "stop", usage: { inputTokens: {}, outputTokens: {} } } as const
      const found = yield* readsOf(["Hi.", finish, Duration.infinity], { reads: Infinity })
      assert.deepStrictEqual(found, [[0, ["response-metadata", "text-start", "Hi.", "text-end", "finish"]]])
    }))
})

describe("deltas", () => {
  it.effect("are so many characters each, and never half of one", () =>
    Effect.gen(function*() {
      const [[, parts] = []] = yield* readsOf("a🙂b🙂c", { deltas: 2, reads: Infinity })
      assert.deepStrictEqual(parts, ["response-metadata", "text-start", "a🙂", "b🙂", "c", "text-end", "finish"])
    }))

  it.effect("are cut by a function, which knows text, reasoning and arguments apart", () =>
    Effect.gen(function*() {
      const Weather = Tool.make("Weather", { success: Tool.EmptyParams })
      const seen: Array<string> = []
      const cut: ScriptedModel.Cut = (text, kind) => {
        seen.push(`${kind} ${text}`)
        return [text.slice(0, 1), text.slice(1)]
      }
      const parts = yield* LanguageModel.streamText({
        prompt: "?",
        toolkit: Toolkit.make(Weather),
        disableToolCallResolution: true
      }).pipe(
        Stream.runCollect,
        Effect.provide(ScriptedModel.layer([
          ScriptedModel.deliver([
            { type: "reasoning", text: "Hm." },
            { type: "text", text: "Let us see" },
            ScriptedModel.toolCall("Weather")
          ], { deltas: cut })
        ]))
      )
      assert.deepStrictEqual(seen, ["reasoning Hm.", "text Let us see", "tool-params {}"])
      assert.deepStrictEqual(parts.flatMap((part) => "delta" in part ? [part.delta] : []), [
        "H",
        "m.",
        "L",
        "et us see",
        "{",
        "}"
      ])
    }))

  it.effect("that are not the text are a defect that says so, and so is a size that is none", () =>
    Effect.gen(function*() {
      const wrong = yield* reads("Hello", { deltas: () => ["Hel"] })
      assert.include(
        String(wrong.exit),
        `The deltas of a script are not the text they were made of: ["Hel"] for "Hello"`
      )
      for (const size of [0, -1, Number.NaN]) {
        const { exit } = yield* reads("Hello", { deltas: size })
        assert.include(String(exit), `\`deltas\` of a script is a whole number from 1 on, not ${size}`)
        const { exit: unread } = yield* reads("Hello", { reads: [size] })
        assert.include(String(unread), `\`reads\` of a script is a whole number from 1 on, not ${size}`)
      }
    }))
})

describe("reads", () => {
  it.effect("are of one size, the last with what is left", () =>
    Effect.gen(function*() {
      assert.deepStrictEqual((yield* readsOf("One two", { reads: 4 })).map(([, parts]) => parts), [
        ["response-metadata", "text-start", "One", " two"],
        ["text-end", "finish"]
      ])
    }))

  it.effect("are of the sizes given, of which the last holds on", () =>
    Effect.gen(function*() {
      assert.deepStrictEqual((yield* readsOf("One two", { reads: [3, 1, 2] })).map(([, parts]) => parts), [
        ["response-metadata", "text-start", "One"],
        [" two"],
        ["text-end", "finish"]
      ])
      assert.deepStrictEqual((yield* readsOf("One two", { reads: [4, 1] })).map(([, parts]) => parts.length), [4, 1, 1])
      assert.lengthOf(yield* readsOf("One two", { reads: [] }), 6)
    }))

  it.effect("are not asked for before they are wanted", () =>
    Effect.gen(function*() {
      const first = yield* LanguageModel.streamText({ prompt: "?" }).pipe(Stream.runHead)
      assert.strictEqual(first._tag, "Some")
    }).pipe(Effect.provide(ScriptedModel.layer([["Hi.", Duration.infinity, "never"]]))))
})
