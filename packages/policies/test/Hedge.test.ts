import { assert, describe, it } from "@effect/vitest"
import * as ProviderError from "@llm-layers/core/ProviderError"
import * as PolicyLaws from "@llm-layers/testing/PolicyLaws"
import * as ScriptedModel from "@llm-layers/testing/ScriptedModel"
import { Duration, Effect, Fiber, Stream } from "effect"
import type { AiError } from "effect/ai"
import { LanguageModel } from "effect/ai"
import { TestClock } from "effect/testing"
import * as Hedge from "../src/Hedge.ts"
import * as RetryBudget from "../src/internal/retryBudget.ts"

PolicyLaws.suite("Hedge", () => Hedge.make())

const ask = Effect.map(LanguageModel.generateText({ prompt: "Hello" }), (response) => response.text)
const askStreamed = Stream.runFold(
  LanguageModel.streamText({ prompt: "Hello" }),
  () => "",
  (text, part) => part.type === "text-delta" ? text + part.delta : text
)

type Answer = ScriptedModel.Answer | ScriptedModel.Delivered

/** What becomes of the requests of a call: when each was made, in seconds, and whether it was interrupted. */
const watched = (answers: ReadonlyArray<Effect.Effect<Answer, AiError.AiError>>) => {
  const asked: Array<number> = []
  const interrupted: Array<number> = []
  const script: ScriptedModel.Respond = () =>
    Effect.suspend(() => {
      const at = asked.length
      return Effect.clockWith((clock) => Effect.sync(() => asked.push(clock.currentTimeMillisUnsafe() / 1000))).pipe(
        Effect.andThen(answers[at] ?? Effect.die("asked too often")),
        Effect.onInterrupt(() => Effect.sync(() => interrupted.push(at)))
      )
    })
  return { asked, interrupted, script }
}

const after = (seconds: number, answer: Answer): Effect.Effect<Answer, AiError.AiError> =>
  Effect.delay(Effect.succeed(answer), Duration.seconds(seconds))
const failsAfter = (seconds: number, kind: "Overloaded" | "TimedOut"): Effect.Effect<Answer, AiError.AiError> =>
  Effect.delay(Effect.fail(ScriptedModel.fail(kind)), Duration.seconds(seconds))

/** The exit of a call, and when it ended, as seconds pass. */
const run = <A, E>(
  call: Effect.Effect<A, E, LanguageModel.LanguageModel>,
  script: ScriptedModel.Script,
  options: Hedge.Options
) =>
  Effect.gen(function*() {
    const running = yield* Effect.forkChild(
      Effect.provide(Effect.result(call), ScriptedModel.layer(script, { policy: Hedge.make(options) }))
    )
    let seconds = 0
    while (running.pollUnsafe() === undefined && seconds < 1000) {
      yield* TestClock.adjust("1 second")
      seconds++
    }
    const result = yield* Fiber.join(running)
    return { seconds, result }
  })

const calls = [["generateText", ask], ["streamText", askStreamed]] as const

describe.each(calls)("%s", (_, call) => {
  it.effect("is asked once where the answer begins in time", () =>
    Effect.gen(function*() {
      const { asked, script } = watched([after(4, "Hi.")])
      const { result, seconds } = yield* run(call, script, { delay: "5 seconds" })
      assert.deepStrictEqual([result._tag, asked, seconds], ["Success", [0], 4])
    }))

  it.effect("is asked again after the delay; the first to answer wins, and the other is interrupted", () =>
    Effect.gen(function*() {
      for (const [first, second, text, ended, loser] of [[60, 2, "two", 7, 0], [8, 60, "one", 8, 1]] as const) {
        const { asked, interrupted, script } = watched([after(first, "one"), after(second, "two")])
        const { result, seconds } = yield* run(call, script, { delay: "5 seconds" })
        assert.deepStrictEqual(result._tag === "Success" && result.success, text)
        assert.deepStrictEqual([asked.length, (asked[1] ?? 0) - (asked[0] ?? 0), seconds], [2, 5, ended])
        assert.deepStrictEqual(interrupted, [loser])
      }
    }))

  it.effect("fails at once before the delay, and asks nobody then", () =>
    Effect.gen(function*() {
      const { asked, script } = watched([failsAfter(3, "Overloaded")])
      const { result, seconds } = yield* run(call, script, { delay: "5 seconds" })
      assert.deepStrictEqual([result._tag, asked, seconds], ["Failure", [0], 3])
      yield* TestClock.adjust("1 hour")
      assert.strictEqual(asked.length, 1)
    }))

  it.effect("waits for the other where one fails, and has the first failure where both do", () =>
    Effect.gen(function*() {
      const one = watched([failsAfter(6, "Overloaded"), after(4, "two")])
      const answered = yield* run(call, one.script, { delay: "5 seconds" })
      assert.deepStrictEqual([answered.result._tag, answered.seconds], ["Success", 9])
      const both = watched([failsAfter(9, "Overloaded"), failsAfter(2, "TimedOut")])
      const failed = yield* run(call, both.script, { delay: "5 seconds" })
      const error = failed.result._tag === "Failure" ? failed.result.failure : undefined
      assert.strictEqual(error && ProviderError.kindOf(error), "TimedOut")
      assert.strictEqual(failed.seconds, 9)
    }))

  it.effect("makes no more requests than `max`", () =>
    Effect.gen(function*() {
      for (const max of [1, 2, 3]) {
        const { asked, interrupted, script } = watched(Array.from({ length: max }, () => after(100, "Hi.")))
        const { seconds } = yield* run(call, script, { delay: "5 seconds", max })
        assert.deepStrictEqual(asked.map((at) => at - (asked[0] ?? 0)), [0, 5, 10].slice(0, max))
        assert.strictEqual(seconds, 100)
        assert.strictEqual(interrupted.length, max - 1)
      }
    }))

  it.effect("takes its requests from the retry budget around it", () =>
    Effect.gen(function*() {
      const budget = { times: 1, until: Number.POSITIVE_INFINITY }
      const { asked, script } = watched([after(60, "one"), after(60, "two")])
      const given = Effect.provideService(call, RetryBudget.Current, budget)
      yield* run(given, script, { delay: "5 seconds", max: 5 })
      assert.deepStrictEqual([asked.length, budget.times], [2, 0])
    }))

  it.effect("leaves nothing when it is interrupted", () =>
    Effect.gen(function*() {
      const { asked, interrupted, script } = watched([after(60, "one"), after(60, "two")])
      const running = yield* Effect.forkChild(
        Effect.provide(call, ScriptedModel.layer(script, { policy: Hedge.make({ delay: "5 seconds", max: 9 }) }))
      )
      yield* TestClock.adjust("6 seconds")
      yield* Fiber.interrupt(running)
      assert.deepStrictEqual(new Set(interrupted), new Set([0, 1]))
      yield* TestClock.adjust("1 hour")
      assert.strictEqual(asked.length, 2)
    }))
})

describe("streams", () => {
  it.effect("that have begun are not hedged, however slow they go on", () =>
    Effect.gen(function*() {
      const { asked, script } = watched([Effect.succeed(["Once ", Duration.seconds(60), "upon"])])
      const { result } = yield* run(askStreamed, script, { delay: "5 seconds" })
      assert.deepStrictEqual([result._tag === "Success" && result.success, asked.length], ["Once upon", 1])
    }))

  it.effect("of which only starts came have not begun", () =>
    Effect.gen(function*() {
      const { interrupted, script } = watched([
        Effect.succeed([{ type: "text-start", id: "0" }, Duration.seconds(60), {
          type: "text-delta",
          id: "0",
          delta: "one"
        }, { type: "text-end", id: "0" }]),
        Effect.succeed("two")
      ])
      const { result, seconds } = yield* run(askStreamed, script, { delay: "5 seconds" })
      assert.deepStrictEqual([result._tag === "Success" && result.success, seconds], ["two", 5])
      // Its Effect had ended before; it is the stream that was left.
      assert.deepStrictEqual(interrupted, [])
    }))
})

describe("defaults", () => {
  it.effect("are 10 seconds for a stream and a minute for an answer, or the delay given", () =>
    Effect.gen(function*() {
      for (
        const [call, options, delay] of [
          [askStreamed, {}, 10],
          [ask, {}, 60],
          [ask, { delay: "3 seconds" }, 3],
          [ask, { delay: "3 seconds", answerDelay: "4 seconds" }, 4]
        ] as const
      ) {
        const { asked, script } = watched([after(600, "one"), after(1, "two")])
        yield* run(call, script, options)
        assert.strictEqual((asked[1] ?? 0) - (asked[0] ?? 0), delay)
      }
    }))

  it.effect("are not in the place of options that cannot be used", () =>
    Effect.gen(function*() {
      for (
        const [options, parameter] of [
          [{ delay: 0 }, "delay"],
          [{ answerDelay: -1 }, "answerDelay"],
          [{ max: 0 }, "max"],
          [{ max: 1.5 }, "max"],
          [{ max: Number.NaN }, "max"]
        ] as const
      ) {
        const { asked, script } = watched([])
        const { result } = yield* run(ask, script, options)
        const reason = result._tag === "Failure" ? result.failure.reason : undefined
        assert.strictEqual(reason && "parameter" in reason ? reason.parameter : undefined, parameter)
        assert.deepStrictEqual(asked, [])
      }
    }))
})
