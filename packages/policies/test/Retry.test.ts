import { assert, describe, it } from "@effect/vitest"
import * as Driver from "@llm-layers/core/Driver"
import * as Metadata from "@llm-layers/core/Metadata"
import * as Policy from "@llm-layers/core/Policy"
import * as ProviderError from "@llm-layers/core/ProviderError"
import * as Retry from "@llm-layers/policies/Retry"
import * as PolicyLaws from "@llm-layers/testing/PolicyLaws"
import * as ScriptedModel from "@llm-layers/testing/ScriptedModel"
import { Cause, Clock, Duration, Effect, Exit, Fiber, Logger, Random, Schedule, Stream, Tracer } from "effect"
import { AiError, LanguageModel } from "effect/ai"
import { TestClock } from "effect/testing"
import { changedClock } from "./fixtures/changedClock.ts"

PolicyLaws.suite("Retry", () => Retry.make())
PolicyLaws.suite("Retry with a schedule", () => Retry.make({ schedule: Schedule.recurs(2) }))
PolicyLaws.suite("Retry in Retry", () => Policy.compose(Retry.make(), Retry.make({ times: 1 })))

const failure = ScriptedModel.fail
const ask = LanguageModel.generateText({ prompt: "Hello" })
const listen = LanguageModel.streamText({ prompt: "Hello" })

/** Random numbers that are always the same one. */
const drawing = (number: number) =>
  Effect.provideService(Random.Random, { nextDoubleUnsafe: () => number, nextIntUnsafe: () => 0 })

/** How a program under a policy ends, and when the model was asked, in milliseconds from the start. */
const outcome = <A, E>(
  program: Effect.Effect<A, E, LanguageModel.LanguageModel>,
  script: ScriptedModel.Script,
  policy: Policy.Policy
) =>
  Effect.gen(function*() {
    const started = yield* Clock.currentTimeMillis
    const asked: Array<number> = []
    const noting: Policy.Policy = (driver) => {
      const note = Effect.map(Clock.currentTimeMillis, (now) => asked.push(now - started))
      return Effect.succeed({
        ...driver,
        generateText: (request) => Effect.andThen(note, driver.generateText(request)),
        streamText: (request) => Stream.unwrap(Effect.as(note, driver.streamText(request)))
      })
    }
    const layer = ScriptedModel.layer(script, { policy: Policy.compose(policy, noting) })
    const running = yield* Effect.forkChild(Effect.exit(Effect.provide(program, layer)))
    yield* TestClock.adjust("1 hour")
    const exit = yield* Fiber.join(running)
    return { exit, asked, error: Exit.isFailure(exit) ? Cause.squash(exit.cause) : undefined }
  })

const always = (error: AiError.AiError): ScriptedModel.Script => () => error

const factsOf = (error: unknown) =>
  AiError.isAiError(error) && "metadata" in error.reason ? error.reason.metadata[Metadata.namespace] : undefined

describe("Retry", () => {
  it.effect("waits longer each time, up to the cap, and three times by default", () =>
    Effect.gen(function*() {
      const { asked, error } = yield* outcome(ask, always(failure("Overloaded")), Retry.make())
      assert.deepStrictEqual(asked, [0, 500, 1_500, 3_500])
      assert.strictEqual(AiError.isAiError(error) && ProviderError.kindOf(error), "Overloaded")
      assert.isUndefined(AiError.isAiError(error) ? Retry.notRetried(error) : "no error")
      const capped = Retry.make({ times: 5, base: "1 second", cap: "3 seconds" })
      assert.deepStrictEqual((yield* outcome(ask, always(failure("Overloaded")), capped)).asked, [
        0,
        1_000,
        3_000,
        6_000,
        9_000,
        12_000
      ])
    }).pipe(drawing(1)))

  it.effect("waits a random part of that", () =>
    Effect.gen(function*() {
      const of = (number: number) =>
        Effect.map(
          outcome(ask, always(failure("Overloaded")), Retry.make({ base: "1 second" })).pipe(drawing(number)),
          ({ asked }) => asked
        )
      assert.deepStrictEqual(yield* of(0.25), [0, 250, 750, 1_750])
      assert.deepStrictEqual(yield* of(0), [0, 0, 0, 0])
    }))

  it.effect("keeps the wait that a server asks for, with its own on top", () =>
    Effect.gen(function*() {
      const limited = failure("RateLimited", { retryAfter: Duration.seconds(61) })
      assert.deepStrictEqual((yield* outcome(ask, [limited, "Hi."], Retry.make())).asked, [0, 61_500])
      const overloaded = failure("Overloaded", { retryAfter: Duration.seconds(2) })
      assert.deepStrictEqual((yield* outcome(ask, [overloaded, "Hi."], Retry.make())).asked, [0, 2_500])
      const last = failure("RateLimited", { retryAfter: Duration.minutes(2) })
      assert.deepStrictEqual((yield* outcome(ask, [last, "Hi."], Retry.make())).asked, [0, 120_000])
    }).pipe(drawing(1)))

  it.effect("fails at once where the server's wait is longer than the time left, and says so", () =>
    Effect.gen(function*() {
      const lines: Array<string> = []
      const logger = Logger.make(({ logLevel, message }) => {
        lines.push(`${logLevel}: ${String(message)}`)
      })
      const given = failure("RateLimited", { description: "Slow down", retryAfter: Duration.minutes(5) })
      const { asked, error } = yield* outcome(ask, [given], Retry.make()).pipe(
        Effect.provide(Logger.layer([logger]))
      )
      assert.deepStrictEqual(asked, [0])
      if (!AiError.isAiError(error)) return assert.fail("an AiError")
      const why =
        "Not tried again: its server asks for a wait of 5m, which is longer than the 2m that are left for retries"
      assert.strictEqual(Retry.notRetried(error), why)
      assert.deepStrictEqual(lines, [`Warn: ${why}`])
      assert.strictEqual(error.message, given.message)
      assert.strictEqual(error.isRetryable, true)
      assert.deepStrictEqual(error.retryAfter && Duration.toMillis(error.retryAfter), 300_000)
      assert.deepInclude(factsOf(error), { kind: "RateLimited", description: "Slow down", retryAfterMillis: 300_000 })
    }))

  it.effect("begins nothing after `totalTime`", () =>
    Effect.gen(function*() {
      const policy = Retry.make({ times: 100, base: "10 seconds", cap: "10 seconds", totalTime: "35 seconds" })
      const error = failure("Overloaded")
      assert.deepStrictEqual((yield* outcome(ask, always(error), policy)).asked, [0, 10_000, 20_000, 30_000])
    }).pipe(drawing(1)))

  it.effect("asks once where `isRetryable` or `while` says no, and again where `while` widens", () =>
    Effect.gen(function*() {
      const refused = failure("InvalidRequest")
      const first = yield* outcome(ask, [refused], Retry.make())
      assert.strictEqual(first.error, refused)
      const narrow = Retry.make({ while: (error) => error.isRetryable && ProviderError.kindOf(error) !== "Overloaded" })
      assert.lengthOf((yield* outcome(ask, [failure("Overloaded")], narrow)).asked, 1)
      const wide = Retry.make({ while: () => true })
      assert.lengthOf((yield* outcome(ask, [refused, "Hi."], wide)).asked, 2)
    }))

  it.effect("takes a schedule of the program's own", () =>
    Effect.gen(function*() {
      const policy = Retry.make({ schedule: Schedule.upTo(Schedule.spaced("7 seconds"), { times: 4 }) })
      const { asked } = yield* outcome(ask, always(failure("Overloaded")), policy)
      assert.deepStrictEqual(asked, [0, 7_000, 14_000, 21_000, 28_000])
      const endless = Retry.make({ schedule: Schedule.spaced("7 seconds"), totalTime: "20 seconds" })
      assert.deepStrictEqual((yield* outcome(ask, always(failure("Overloaded")), endless)).asked, [0, 7_000, 14_000])
    }))

  it.effect("begins each call's schedule anew", () =>
    Effect.gen(function*() {
      const script = [failure("Overloaded"), failure("Overloaded"), "Hi.", failure("Overloaded"), "Hi."]
      const { asked } = yield* outcome(Effect.andThen(ask, ask), script, Retry.make({ times: 2, base: "1 second" }))
      assert.deepStrictEqual(asked, [0, 1_000, 3_000, 3_000, 4_000])
    }).pipe(drawing(1)))

  it.effect("begins a stream again before it says something, and never after", () =>
    Effect.gen(function*() {
      const seen: Array<string> = []
      const read = Stream.runForEach(listen, (part) =>
        Effect.sync(() => part.type === "text-delta" && seen.push(part.delta)))
      const broken = failure("StreamInterrupted")
      assert.lengthOf((yield* outcome(read, [failure("Overloaded"), "Hi."], Retry.make())).asked, 2)
      assert.strictEqual(seen.join(""), "Hi.")
      seen.length = 0
      const { asked, error } = yield* outcome(read, [["Hel", broken]], Retry.make())
      assert.lengthOf(asked, 1)
      assert.strictEqual(seen.join(""), "Hel")
      const partial = AiError.isAiError(error) ? ProviderError.partial(error) : undefined
      assert.deepInclude(
        partial?.parts.find((part) =>
          part.type === "text"
        ),
        { text: "Hel" }
      )
    }))

  it.effect("takes an interruption while it waits, and asks no more", () =>
    Effect.gen(function*() {
      const { calls, driver } = yield* ScriptedModel.make(
        always(failure("Overloaded", { retryAfter: Duration.minutes(1) }))
      )
      const model = yield* Effect.flatMap(Retry.make()(driver), Driver.toLanguageModel)
      for (const call of [model.generateText({ prompt: "a" }), Stream.runDrain(model.streamText({ prompt: "a" }))]) {
        const running = yield* Effect.forkChild(call)
        yield* TestClock.adjust("10 seconds")
        const before = (yield* calls).length
        yield* Fiber.interrupt(running)
        assert.isTrue(Exit.hasInterrupts(yield* Fiber.await(running)))
        yield* TestClock.adjust("1 hour")
        assert.lengthOf(yield* calls, before)
      }
    }))

  it.effect("a clock that is set on ends the retries, one that is set back adds none", () =>
    Effect.gen(function*() {
      const real = yield* Clock.Clock
      const after = (millis: number) => {
        let offset = 0
        const clock = changedClock(real, {
          currentTimeMillisUnsafe: () => real.currentTimeMillisUnsafe() + offset,
          currentTimeMillis: Effect.sync(() => real.currentTimeMillisUnsafe() + offset)
        })
        const script: ScriptedModel.Script = () => {
          offset += millis
          return failure("Overloaded")
        }
        return Effect.map(
          Effect.provideService(outcome(ask, script, Retry.make()), Clock.Clock, clock),
          ({ asked }) => asked.length
        )
      }
      assert.strictEqual(yield* after(3_600_000), 1)
      assert.strictEqual(yield* after(-3_600_000), 4)
    }))

  it.effect("refuses options that cannot be used, by name, before anything is asked", () =>
    Effect.gen(function*() {
      for (
        const [name, bad] of [["times", -1], ["times", 1.5], ["base", 0], ["cap", -1], [
          "totalTime",
          Number.NaN
        ]] as const
      ) {
        const { asked, error } = yield* outcome(ask, [], Retry.make({ [name]: bad }))
        assert.strictEqual(AiError.isAiError(error) && ProviderError.kindOf(error), "Unsupported")
        assert.include(String(error), name)
        assert.lengthOf(asked, 0)
      }
    }))

  it.effect("tells of each retry: an event on the span, a line at the level Debug", () =>
    Effect.gen(function*() {
      const spans: Array<Tracer.NativeSpan> = []
      const tracer = Tracer.make({
        span: (options) => {
          const span = new Tracer.NativeSpan(options)
          spans.push(span)
          return span
        }
      })
      yield* outcome(ask, [failure("Overloaded"), "Hi."], Retry.make()).pipe(
        Effect.provideService(Tracer.Tracer, tracer)
      )
      const events = spans.flatMap((span) => span.events).filter(([name]) => name === "llm_layers.retry")
      assert.deepStrictEqual(events.map(([, , attributes]) => attributes), [
        { "error.type": "Overloaded", "llm_layers.retry.attempt": 1, "llm_layers.retry.wait_ms": 500 }
      ])
    }).pipe(drawing(1)))
})

describe("the budget", () => {
  const overloaded = always(failure("Overloaded"))
  const quick = Retry.make({ times: 3, base: "1 millis" })

  it.effect("is one for stacked policies, the outermost's", () =>
    Effect.gen(function*() {
      const stacked = Policy.compose(Retry.make({ times: 3, base: "1 millis" }), quick, quick)
      assert.lengthOf((yield* outcome(ask, overloaded, stacked)).asked, 4)
      assert.lengthOf((yield* outcome(Stream.runDrain(listen), overloaded, stacked)).asked, 4)
    }))

  it.effect("of a caller holds for all its calls, and for its own repeats of them", () =>
    Effect.gen(function*() {
      const limits = { times: 4, totalTime: "1 minute" } as const
      const repeated = Effect.retry(ask, { times: 5 })
      assert.lengthOf((yield* outcome(repeated, overloaded, quick)).asked, 6 * 4)
      assert.lengthOf((yield* outcome(Retry.withBudget(limits)(repeated), overloaded, quick)).asked, 6 + 4)
      const heard = Stream.runDrain(Retry.withBudget(limits)(Stream.retry(listen, Schedule.recurs(5))))
      assert.lengthOf((yield* outcome(heard, overloaded, quick)).asked, 6 + 4)
      const none = Retry.withBudget({ ...limits, times: 0 })
      assert.lengthOf((yield* outcome(none(ask), overloaded, quick)).asked, 1)
    }))

  it.effect("of a caller bounds the time as well, and a policy keeps its own bounds within it", () =>
    Effect.gen(function*() {
      const policy = Retry.make({ times: 9, base: "10 seconds", cap: "10 seconds" })
      const short = Retry.withBudget({ times: 9, totalTime: "25 seconds" })(ask)
      assert.deepStrictEqual((yield* outcome(short, overloaded, policy)).asked, [0, 10_000, 20_000])
      const wide = Retry.withBudget({ times: 100, totalTime: "1 hour" })(ask)
      assert.lengthOf((yield* outcome(wide, overloaded, quick)).asked, 4)
    }).pipe(drawing(1)))

  it.effect("is a mistake of the program where it is none", () =>
    Effect.gen(function*() {
      for (const limits of [{ times: -1, totalTime: "1 minute" }, { times: 1, totalTime: Number.NaN }] as const) {
        const exits = [
          yield* Effect.exit(Retry.withBudget(limits)(Effect.void)),
          yield* Effect.exit(Stream.runDrain(Retry.withBudget(limits)(Stream.empty)))
        ]
        assert.isTrue(exits.every((exit) => Exit.hasDies(exit)))
      }
    }))
})
