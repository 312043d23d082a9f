import { assert, describe, it } from "@effect/vitest"
import * as Driver from "@llm-layers/core/Driver"
import * as Policy from "@llm-layers/core/Policy"
import { Context, Effect, Ref, Stream } from "effect"
import { LanguageModel } from "effect/ai"
import * as Fake from "./fixtures/driver.ts"

class Log extends Context.Service<Log, Ref.Ref<ReadonlyArray<string>>>()("@test/Log") {}

/** Writes down when it is made, and each request and answer that passes. */
const named = (name: string): Policy.Policy<Log> => (driver) =>
  Effect.gen(function*() {
    const log = yield* Log
    const write = (word: string) => Ref.update(log, (all) => [...all, `${word} ${name}`])
    yield* write("make")
    return {
      ...driver,
      generateText: (options) =>
        Effect.andThen(write("ask"), Effect.tap(driver.generateText(options), () => write("answer"))),
      streamText: (options) =>
        driver.streamText(options).pipe(Stream.onStart(write("ask")), Stream.onEnd(write("answer")))
    }
  })

const run = (policy: Policy.Policy<Log>) =>
  Effect.gen(function*() {
    const log = yield* Ref.make<ReadonlyArray<string>>([])
    const driver = Fake.make({
      generateText: () => Effect.as(Ref.update(log, (all) => [...all, "vendor"]), [Fake.finish()]),
      streamText: () => Stream.fromEffect(Effect.as(Ref.update(log, (all) => [...all, "vendor"]), Fake.finish()))
    })
    const both = Effect.andThen(
      LanguageModel.generateText({ prompt: "?" }),
      Stream.runDrain(LanguageModel.streamText({ prompt: "?" }))
    )
    yield* both.pipe(
      Effect.provide(Driver.layer(Effect.succeed(driver), policy)),
      Effect.provideService(Log, log)
    )
    return yield* Ref.get(log)
  })

describe("compose", () => {
  it.effect("the first is the outermost: it sees a request first and its answer last", () =>
    Effect.gen(function*() {
      const once = ["ask a", "ask b", "ask c", "vendor", "answer c", "answer b", "answer a"]
      assert.deepStrictEqual(
        yield* run(Policy.compose(named("a"), named("b"), named("c"))),
        ["make c", "make b", "make a", ...once, ...once]
      )
    }))

  it.effect("of compositions is the same", () =>
    Effect.gen(function*() {
      const flat = yield* run(Policy.compose(named("a"), named("b"), named("c")))
      assert.deepStrictEqual(yield* run(Policy.compose(named("a"), Policy.compose(named("b"), named("c")))), flat)
      assert.deepStrictEqual(yield* run(Policy.compose(Policy.compose(named("a"), named("b")), named("c"))), flat)
    }))

  it.effect("of none changes nothing; of one is that one", () =>
    Effect.gen(function*() {
      const driver = Fake.make()
      assert.strictEqual(yield* Policy.compose()(driver), driver)
      assert.deepStrictEqual(yield* run(Policy.compose(named("a"))), yield* run(named("a")))
    }))
})
