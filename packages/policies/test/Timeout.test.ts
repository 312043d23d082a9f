import { assert, describe, it } from "@effect/vitest"
import * as Capability from "@llm-layers/core/Capability"
import type * as Driver from "@llm-layers/core/Driver"
import type * as PartStream from "@llm-layers/core/PartStream"
import * as Policy from "@llm-layers/core/Policy"
import * as ProviderError from "@llm-layers/core/ProviderError"
import * as ToolParameters from "@llm-layers/core/ToolParameters"
import * as Usage from "@llm-layers/core/Usage"
import * as Retry from "@llm-layers/policies/Retry"
import * as Timeout from "@llm-layers/policies/Timeout"
import * as PolicyLaws from "@llm-layers/testing/PolicyLaws"
import { Clock, type Duration, Effect, Exit, Fiber, Stream } from "effect"
import { AiError, IdGenerator, type LanguageModel } from "effect/ai"
import { TestClock } from "effect/testing"
import { changedClock } from "./fixtures/changedClock.ts"

PolicyLaws.suite("Timeout", () => Timeout.make())
PolicyLaws.suite("Timeout in Retry", () => Policy.compose(Retry.make(), Timeout.make()))
PolicyLaws.suite("Retry in Timeout", () => Policy.compose(Timeout.make(), Retry.make()))
PolicyLaws.suite(
  "Timeout without limits",
  () => Timeout.make({ total: "Infinity", firstPart: Infinity, idle: "Infinity" })
)

const finish = { type: "finish", reason: "stop", usage: Usage.unknown } as const
const start: PartStream.Part = { type: "text-start", id: "0" }
const text = (delta: string): PartStream.Part => ({ type: "text-delta", id: "0", delta })

interface Call {
  readonly generateText?: Effect.Effect<void>
  readonly streamText?: Stream.Stream<PartStream.Part, AiError.AiError>
}

const driver = ({ generateText = Effect.void, streamText = Stream.empty }: Call): Driver.Driver => ({
  provider: "acme",
  module: "AcmeLanguageModel",
  model: "acme-1",
  capabilities: Capability.all,
  codecTransformer: ToolParameters.plain,
  generateText: () => Effect.as(generateText, [{ type: "text", text: "Hi" }, finish]),
  streamText: () => streamText
})

// The policy hands the request through and does not look at it.
const request = {} as LanguageModel.ProviderOptions

const generate = (options: Timeout.Options, effect: Effect.Effect<void>) =>
  Effect.flatMap(Timeout.make(options)(driver({ generateText: effect })), (wrapped) => wrapped.generateText(request))
    .pipe(
      Effect.provideService(IdGenerator.IdGenerator, IdGenerator.defaultIdGenerator)
    )

const stream = (options: Timeout.Options, parts: Stream.Stream<PartStream.Part, AiError.AiError>) =>
  Stream.unwrap(Effect.map(Timeout.make(options)(driver({ streamText: parts })), (one) => one.streamText(request)))
    .pipe(
      Stream.provideService(IdGenerator.IdGenerator, IdGenerator.defaultIdGenerator)
    )

/** Each part after a wait, and nothing else for ever at the end. */
const paced = (...parts: ReadonlyArray<readonly [Duration.Input, PartStream.Part]>) =>
  Stream.concat(
    Stream.mapEffect(Stream.fromIterable(parts), ([wait, part]) => Effect.delay(Effect.succeed(part), wait)),
    Stream.never
  )

/** The parts a stream gives until its failure, and when that came, in milliseconds from the start. */
const outcome = (parts: Stream.Stream<PartStream.Part, AiError.AiError>, reads: Effect.Effect<void> = Effect.void) =>
  Effect.gen(function*() {
    const seen: Array<string> = []
    const started = yield* Clock.currentTimeMillis
    const running = yield* Effect.forkChild(
      parts.pipe(
        Stream.runForEach((part) => {
          seen.push(part.type === "text-delta" ? part.delta : part.type)
          return reads
        }),
        Effect.flip,
        Effect.zip(Clock.currentTimeMillis)
      )
    )
    yield* TestClock.adjust("2 hours")
    const [error, at] = yield* Fiber.join(running)
    return { seen: seen.join(" "), limit: Timeout.of(error), at: at - started }
  })

describe("Timeout", () => {
  it.effect("ends a call that takes longer than `total`, with an error that says so", () =>
    Effect.gen(function*() {
      let interrupted = false
      const running = yield* Effect.forkChild(Effect.flip(generate(
        { total: "1 minute" },
        Effect.onInterrupt(Effect.never, () =>
          Effect.sync(() => {
            interrupted = true
          }))
      )))
      yield* TestClock.adjust("59 seconds")
      assert.isUndefined(running.pollUnsafe())
      yield* TestClock.adjust("1 second")
      const error = yield* Fiber.join(running)
      assert.isTrue(interrupted)
      assert.strictEqual(ProviderError.kindOf(error), "TimedOut")
      assert.strictEqual(Timeout.of(error), "total")
      assert.isTrue(error.isRetryable)
      assert.include(error.message, "The answer was not whole after 1m, which is `total` of Timeout")
      const metadata = "metadata" in error.reason ? error.reason.metadata : undefined
      assert.deepInclude(metadata?.["llmLayers"], { timeout: "total", millis: 60_000 })
    }))

  it.effect("lets an answer in time pass, at once or later", () =>
    Effect.gen(function*() {
      assert.lengthOf(yield* generate({ total: "1 minute" }, Effect.void), 2)
      const running = yield* Effect.forkChild(generate({ total: "1 minute" }, Effect.sleep("59 seconds")))
      yield* TestClock.adjust("1 hour")
      assert.lengthOf(yield* Fiber.join(running), 2)
    }))

  it.effect("waits 10 minutes for the first part by default, and 5 for more", () =>
    Effect.gen(function*() {
      assert.deepInclude(yield* outcome(stream({}, Stream.never)), { limit: "firstPart", at: 600_000 })
      const silent = yield* outcome(stream({}, paced(["9 minutes", text("a")])))
      assert.deepInclude(silent, { seen: "a", limit: "idle", at: 14 * 60_000 })
    }))

  it.effect("ends an answer that has begun after `total`, 30 minutes by default", () =>
    Effect.gen(function*() {
      const endless = Stream.mapEffect(
        Stream.forever(Stream.succeed(text("a"))),
        (part) => Effect.delay(Effect.succeed(part), "4 minutes")
      )
      assert.deepInclude(yield* outcome(stream({}, endless)), {
        seen: "a a a a a a a",
        limit: "total",
        at: 30 * 60_000
      })
    }))

  it.effect("counts as the first part what says something", () =>
    Effect.gen(function*() {
      const quiet = paced(["0 seconds", start], ["5 seconds", text("")], ["6 seconds", text("a")])
      assert.deepInclude(yield* outcome(stream({ firstPart: "10 seconds" }, quiet)), {
        seen: "text-start ",
        limit: "firstPart",
        at: 10_000
      })
    }))

  it.effect("counts each silence anew, and not those before the answer begins", () =>
    Effect.gen(function*() {
      const parts = paced(["8 seconds", text("a")], ["3 seconds", text("b")], ["3 seconds", text("c")])
      assert.deepInclude(yield* outcome(stream({ idle: "4 seconds" }, parts)), {
        seen: "a b c",
        limit: "idle",
        at: 18_000
      })
    }))

  it.effect("does not count what the reader takes as silence of the server", () =>
    Effect.gen(function*() {
      const parts = paced(["0 seconds", start], ["1 second", text("a")], ["1 second", text("b")])
      const limits = { idle: "2 seconds", firstPart: "3 seconds" } as const
      const read = yield* outcome(stream(limits, parts), Effect.sleep("1 minute"))
      assert.deepInclude(read, { seen: "text-start a b", limit: "idle", at: 3 * 60_000 + 2_000 + 2_000 })
    }))

  it.effect("counts it in `total`, which is told at the next read", () =>
    Effect.gen(function*() {
      const parts = Stream.rechunk(Stream.make(text("a"), text("b")), 1)
      const read = yield* outcome(stream({ total: "30 seconds" }, parts), Effect.sleep("1 minute"))
      assert.deepInclude(read, { seen: "a", limit: "total", at: 60_000 })
    }))

  it.effect("ends the driver's call after `total` where nobody reads", () =>
    Effect.gen(function*() {
      let open = 0
      const opened = Effect.acquireRelease(Effect.sync(() => open++), () => Effect.sync(() => open--))
      const parts = Stream.unwrap(Effect.as(opened, Stream.rechunk(Stream.make(text("a"), text("b")), 1)))
      const running = yield* Effect.forkChild(
        Stream.runForEach(stream({ total: "30 seconds" }, parts), () => Effect.sleep("1 hour")),
        { startImmediately: true }
      )
      yield* TestClock.adjust("29 seconds")
      assert.strictEqual(open, 1)
      yield* TestClock.adjust("1 second")
      assert.strictEqual(open, 0)
      yield* TestClock.adjust("1 hour")
      assert.strictEqual(Timeout.of(yield* Effect.flip(Fiber.join(running))), "total")
    }))

  it.effect("includes what a stream does before its first read", () =>
    Effect.gen(function*() {
      const never: Effect.Effect<never> = Effect.never
      const opening: Stream.Stream<PartStream.Part> = Stream.unwrap(never)
      assert.strictEqual((yield* outcome(stream({ firstPart: "1 second" }, opening))).limit, "firstPart")
      const connecting: Stream.Stream<PartStream.Part> = Stream.fromPull(never)
      assert.strictEqual((yield* outcome(stream({ firstPart: "1 second" }, connecting))).limit, "firstPart")
    }))

  it.effect("closes the driver's stream, and leaves no timer, however it ends", () =>
    Effect.gen(function*() {
      let open = 0
      let timers = 0
      const real = yield* Clock.Clock
      const counted = changedClock(real, {
        sleep: (duration) =>
          Effect.acquireUseRelease(
            Effect.sync(() => timers++),
            () => real.sleep(duration),
            () => Effect.sync(() => timers--)
          )
      })
      const opened = Effect.acquireRelease(Effect.sync(() => open++), () => Effect.sync(() => open--))
      const ends = (parts: Stream.Stream<PartStream.Part, AiError.AiError>, options: Timeout.Options = {}) =>
        Effect.gen(function*() {
          const running = yield* Effect.forkChild(
            Effect.exit(Stream.runDrain(stream(options, Stream.unwrap(Effect.as(opened, parts)))))
          )
          yield* TestClock.adjust("1 second")
          const during = [open, timers]
          yield* TestClock.adjust("1 second")
          yield* Fiber.join(running)
          assert.deepStrictEqual([open, timers], [0, 0])
          return during
        }).pipe(Effect.provideService(Clock.Clock, counted))
      assert.deepStrictEqual(yield* ends(Stream.never, { firstPart: "2 seconds" }), [1, 1])
      yield* ends(Stream.make(text("a"), finish))
      yield* ends(Stream.concat(Stream.make(text("a")), Stream.die("a mistake")))
      yield* ends(Stream.take(paced(["0 seconds", start], ["0 seconds", text("a")]), 2))
    }))

  it.effect("an interruption while the driver is waited for ends the driver's call at once", () =>
    Effect.gen(function*() {
      const ended: Array<string> = []
      const waiting = (name: string) => Effect.onInterrupt(Effect.never, () => Effect.sync(() => ended.push(name)))
      const one = yield* Effect.forkChild(generate({}, waiting("answer")))
      const two = yield* Effect.forkChild(Stream.runDrain(stream({}, Stream.fromEffect(waiting("stream")))))
      yield* Effect.yieldNow
      yield* Fiber.interrupt(one)
      yield* Fiber.interrupt(two)
      assert.deepStrictEqual(ended, ["answer", "stream"])
    }))

  it.effect("a limit of `Infinity` is none", () =>
    Effect.gen(function*() {
      const off = { total: Infinity, firstPart: Infinity }
      const parts = paced(["1 hour", text("a")])
      assert.deepInclude(yield* outcome(stream({ ...off, idle: "1 minute" }, parts)), { seen: "a", limit: "idle" })
      const running = yield* Effect.forkChild(generate(off, Effect.sleep("3 days")))
      yield* TestClock.adjust("4 days")
      assert.lengthOf(yield* Fiber.join(running), 2)
    }))

  it.effect("a clock that is set on or back makes nobody late", () =>
    Effect.gen(function*() {
      const real = yield* Clock.Clock
      let offset = 0
      const moved = changedClock(real, {
        currentTimeMillisUnsafe: () => real.currentTimeMillisUnsafe() + offset,
        currentTimeMillis: Effect.map(real.currentTimeMillis, (now) => now + offset)
      })
      const jump = (millis: number) => Effect.sync(() => offset += millis)
      const parts = Stream.concat(
        Stream.mapEffect(Stream.make(3_600_000, -7_200_000, 1_000), (millis) =>
          Effect.as(Effect.andThen(Effect.sleep("1 second"), jump(millis)), text("a"))),
        Stream.never
      )
      const { limit, seen } = yield* outcome(stream({ idle: "2 seconds" }, parts)).pipe(
        Effect.provideService(Clock.Clock, moved)
      )
      assert.deepStrictEqual([seen, limit], ["a a a", "idle"])
    }))

  it.effect("a failure of the driver passes as it is", () =>
    Effect.gen(function*() {
      const error = AiError.make({ module: "A", method: "b", reason: new AiError.RateLimitError({}) })
      const failed = yield* Effect.flip(
        Stream.runDrain(stream({}, Stream.concat(Stream.make(text("a")), Stream.fail(error))))
      )
      assert.strictEqual(failed, error)
      assert.isUndefined(Timeout.of(error))
    }))

  it.effect("refuses limits that are none, by name, before anything is asked", () =>
    Effect.gen(function*() {
      for (const name of ["total", "firstPart", "idle"] as const) {
        for (const bad of [0, -1, Number.NaN]) {
          const error = yield* Effect.flip(generate({ [name]: bad }, Effect.die("asked")))
          assert.strictEqual(ProviderError.kindOf(error), "Unsupported")
          assert.include(error.message, name)
          const exit = yield* Effect.exit(Stream.runDrain(stream({ [name]: bad }, Stream.die("asked"))))
          assert.isTrue(Exit.hasFails(exit))
        }
      }
    }))
})
