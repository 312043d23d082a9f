import { assert, describe, it } from "@effect/vitest"
import { LoopbackServer } from "@llm-layers/testing"
import { Cause, Deferred, Effect, Exit, Fiber, Redacted, Stream } from "effect"
import { LanguageModel } from "effect/ai"
import { watchRejections } from "./rejections.ts"
import { call, cases, eventStream, secret, turns, wires } from "./run.ts"

watchRejections()

const said = { deltas: ["Hel", "lo"] }

describe.each(cases)("$name", (one) => {
  const { way, wire } = one
  const { before } = wire.stream(said)
  const half = way === "generateText" ? [wire.answer(said).slice(0, 30)] : before.slice(0, 1)

  /** Interrupts the call once `reached` is done; the server sees the client leave. */
  const interrupted = (
    plan: LoopbackServer.Plan,
    reached: (server: LoopbackServer.LoopbackServer) => Effect.Effect<void>
  ) =>
    Effect.scoped(Effect.gen(function*() {
      const server = yield* LoopbackServer.make([plan])
      const running = yield* Effect.forkChild(call(one, server.url))
      yield* reached(server)
      assert.isUndefined(running.pollUnsafe())
      yield* Fiber.interrupt(running)
      const exit = yield* Fiber.await(running)
      assert.isTrue(Exit.isFailure(exit) && Cause.hasInterruptsOnly(exit.cause))
      yield* server.closed
      assert.strictEqual(yield* server.abandoned, 1)
    }))

  it.effect("before the head", () => interrupted("silence", (server) => server.received(1)))

  it.effect("after the head, before the body", () =>
    interrupted(
      { headers: eventStream, body: [], end: "silence" },
      (server) => Effect.andThen(server.received(1), turns)
    ))

  it.effect("while the body is read", () =>
    interrupted(
      { headers: eventStream, body: half, end: "silence" },
      (server) => Effect.andThen(server.received(1), turns)
    ))

  it.effect("while the body of an error is read", () =>
    interrupted(
      { status: 500, body: [wire.error({ message: "It broke" }).slice(0, 10)], end: "silence" },
      (server) => Effect.andThen(server.received(1), turns)
    ))

  it.effect("before the request is sent", () =>
    Effect.scoped(Effect.gen(function*() {
      const server = yield* LoopbackServer.make([])
      const asked = yield* Deferred.make<void>()
      const apiKey = Effect.andThen(Deferred.succeed(asked, undefined), Effect.never)
      const running = yield* Effect.forkChild(call(one, server.url, { client: { apiKey } }))
      yield* Deferred.await(asked)
      yield* Fiber.interrupt(running)
      yield* turns
      assert.lengthOf(yield* server.requests, 0)
      yield* server.closed
    })))

  if (way === "generateText") return

  it.effect("in the middle of a stream, after a part", () =>
    Effect.scoped(Effect.gen(function*() {
      const server = yield* LoopbackServer.make([{ headers: eventStream, body: before, end: "silence" }])
      const first = yield* Deferred.make<void>()
      const running = yield* Effect.forkChild(call(one, server.url, {}, () => Deferred.succeed(first, undefined)))
      yield* Deferred.await(first)
      yield* Fiber.interrupt(running)
      yield* server.closed
      assert.strictEqual(yield* server.abandoned, 1)
    })))

  it.effect("by a consumer that needs no more", () =>
    Effect.scoped(Effect.gen(function*() {
      const server = yield* LoopbackServer.make([{ headers: eventStream, body: before, end: "silence" }])
      const parts = yield* LanguageModel.streamText({ prompt: "Hello" }).pipe(
        Stream.filter((part) => part.type === "text-delta"),
        Stream.take(1),
        Stream.runCollect,
        Effect.provide(wire.layer(wire.model, { apiKey: Redacted.make(secret), baseUrl: server.url }))
      )
      assert.deepStrictEqual(parts.map((part) => part.delta), ["Hel"])
      yield* server.closed
      assert.strictEqual(yield* server.abandoned, 1)
    })))

  it.effect("by a consumer that fails", () =>
    Effect.scoped(Effect.gen(function*() {
      const server = yield* LoopbackServer.make([{ headers: eventStream, body: before, end: "silence" }])
      const error = yield* LanguageModel.streamText({ prompt: "Hello" }).pipe(
        Stream.runForEach((part) => part.type === "text-delta" ? Effect.fail("enough") : Effect.void),
        Effect.provide(wire.layer(wire.model, { apiKey: Redacted.make(secret), baseUrl: server.url })),
        Effect.flip
      )
      assert.strictEqual(error, "enough")
      yield* server.closed
      assert.strictEqual(yield* server.abandoned, 1)
    })))
})

describe("many at once", () => {
  it.effect("interrupted together leave nothing open", () =>
    Effect.scoped(Effect.gen(function*() {
      const all = wires.flatMap((wire) => Array.from({ length: 4 }, () => ({ wire, way: "streamText" } as const)))
      const server = yield* LoopbackServer.make(all.map(() => "silence" as const))
      const running = yield* Effect.forkChild(
        Effect.forEach(all, (one) => call(one, server.url), { concurrency: "unbounded" })
      )
      yield* server.received(all.length)
      yield* Fiber.interrupt(running)
      yield* server.closed
      assert.strictEqual(yield* server.abandoned, all.length)
    })))
})
