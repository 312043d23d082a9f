/** What a call by the real clock does not show: time limits to the second, and many calls at once. */
import { assert, describe, it } from "@effect/vitest"
import { Faults, LoopbackServer } from "@llm-layers/testing"
import { Effect, Fiber, pipe } from "effect"
import { TestClock } from "effect/testing"
import { endedOf, prepare } from "../../src/faults/call.ts"
import { eventsBefore, eventStream, timedOut, upTo, whole } from "../../src/faults/catalogue/answers.ts"
import { type Fails, type Target, ways } from "../../src/faults/Fault.ts"
import { problemsOf } from "../../src/faults/judge.ts"
import { wires } from "../../src/faults/wires/index.ts"
import { watchRejections } from "./rejections.ts"

watchRejections()

const targets = wires.flatMap((wire) => ways.map((way) => ({ wire, way, name: `${wire.name}, ${way}` })))

describe.each(targets)("$name", (target) => {
  /** The call waits for twenty seconds after what it waits for first, and no second longer. */
  const waits = (
    plan: LoopbackServer.Plan,
    first: (server: LoopbackServer.LoopbackServer, text: Effect.Effect<void>) => Effect.Effect<void>,
    expected: Fails
  ) =>
    Effect.gen(function*() {
      const server = yield* LoopbackServer.make([plan])
      const { given, run } = prepare(target, server.url, { client: { timeout: "20 seconds" } }, undefined)
      const running = yield* Effect.forkChild(run)
      yield* first(server, given.reached("text"))
      yield* TestClock.adjust("19 seconds")
      assert.isUndefined(running.pollUnsafe())
      yield* TestClock.adjust("1 second")
      const ended = endedOf(yield* Fiber.await(running), undefined)
      yield* server.closed
      const outcome = { ...given, ended, millis: 0, closedAfter: 0, requests: yield* server.requests, abandoned: 1 }
      assert.deepStrictEqual(problemsOf(target, { expected }, outcome, 0), [])
      assert.strictEqual(yield* server.abandoned, 1)
    })

  it.effect("a server that never answers", () =>
    waits("silence", (server) => server.received(1), { ...timedOut, says: ["20s"] }))

  it.effect("a server that stops in the middle of its answer", () =>
    target.way === "generateText"
      ? waits(pipe(whole(target), Faults.silentAt(30)), (server) => server.received(1), timedOut)
      : waits(
        { headers: eventStream, body: eventsBefore(target).slice(0, upTo(target, 1)), end: "silence" },
        (_, text) => text,
        { ...timedOut, given: "Hel", partial: "Hel" }
      ))
})

describe("many at once", () => {
  it.effect("interrupted together leave nothing open", () =>
    Effect.gen(function*() {
      const all = wires.flatMap((wire) => Array.from({ length: 4 }, (): Target => ({ wire, way: "streamText" })))
      const server = yield* LoopbackServer.make(() => "silence")
      const running = yield* Effect.forkChild(
        Effect.forEach(all, (target) => prepare(target, server.url, {}, undefined).run, { concurrency: "unbounded" })
      )
      yield* server.received(all.length)
      yield* Fiber.interrupt(running)
      yield* server.closed
      assert.strictEqual(yield* server.abandoned, all.length)
    }))
})
