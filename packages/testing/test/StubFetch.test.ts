import { assert, describe, it } from "@effect/vitest"
import * as StubFetch from "@llm-layers/testing/StubFetch"
import { Deferred, Effect, Fiber, Stream } from "effect"
import { TestClock } from "effect/testing"

const post = ({ fetch }: StubFetch.StubFetch, path = "", body = "") =>
  Effect.tryPromise({
    try: (signal) => fetch(`https://acme.example${path}`, { method: "POST", body, signal }),
    catch: (thrown) => thrown
  })

const text = (response: Response) => Effect.tryPromise({ try: () => response.text(), catch: (thrown) => thrown })

describe("StubFetch", () => {
  it.effect("gives each request the next plan, and keeps the requests", () =>
    Effect.gen(function*() {
      const stub = yield* StubFetch.make([{ body: "one" }, { status: 404, headers: { "x-a": "b" } }, { status: 204 }])
      const first = yield* post(stub, "/a?b=1", "{\"é\":1}")
      assert.strictEqual(yield* text(first), "one")
      assert.strictEqual(first.headers.get("content-length"), "3")
      const second = yield* post(stub)
      assert.deepStrictEqual([second.status, second.headers.get("x-a"), yield* text(second)], [404, "b", ""])
      assert.deepStrictEqual([(yield* post(stub)).status], [204])
      const last = yield* post(stub)
      assert.deepStrictEqual([last.status, yield* text(last)], [500, "no plan for request 4"])
      const [request] = yield* stub.requests
      assert.deepInclude(request, { method: "POST", path: "/a?b=1", body: "{\"é\":1}" })
      yield* stub.closed
      assert.strictEqual(yield* stub.abandoned, 0)
    }))

  it.effect("plans by a function of the request", () =>
    Effect.gen(function*() {
      const stub = yield* StubFetch.make(({ path }, index) => ({ body: `${index} ${path}` }))
      assert.strictEqual(yield* text(yield* post(stub, "/a")), "0 /a")
      assert.strictEqual(yield* text(yield* post(stub, "/b")), "1 /b")
    }))

  it.effect("a piece is a read, none is taken ahead, and waits go by the test's clock", () =>
    Effect.gen(function*() {
      const sent: Array<string> = []
      const mark = (name: string) => Effect.sync(() => void sent.push(name))
      const stub = yield* StubFetch.make([{ body: ["a", mark("a"), "b", Effect.sleep("1 hour"), "c", mark("c")] }])
      const reader = (yield* post(stub)).body!.getReader()
      const read = Effect.promise(async () => new TextDecoder().decode((await reader.read()).value))
      assert.deepStrictEqual(sent, [])
      assert.strictEqual(yield* read, "a")
      assert.strictEqual(yield* read, "b")
      const waiting = yield* Effect.forkChild(read)
      yield* TestClock.adjust("59 minutes")
      assert.isUndefined(waiting.pollUnsafe())
      yield* TestClock.adjust("1 minute")
      assert.strictEqual(yield* Fiber.join(waiting), "c")
      assert.isTrue((yield* Effect.promise(() => reader.read())).done)
      assert.deepStrictEqual(sent, ["a", "c"])
      yield* stub.closed
    }))

  it.effect("breaks as Node's fetch does", () =>
    Effect.gen(function*() {
      const stub = yield* StubFetch.make([
        "reset",
        "not-http",
        { body: ["abc"], end: "cut" },
        { body: ["abc", "def"], bytes: 4, end: "reset" },
        { body: Stream.fail("upstream broke") }
      ])
      const before = [yield* Effect.flip(post(stub)), yield* Effect.flip(post(stub))]
      const during: Array<unknown> = []
      for (let i = 0; i < 3; i++) during.push(yield* Effect.flip(text(yield* post(stub))))
      const said = [...before, ...during].map((error) =>
        error instanceof TypeError && error.cause instanceof Error ? [error.message, error.cause.message] : []
      )
      assert.deepStrictEqual(said, [
        ["fetch failed", "read ECONNRESET"],
        ["fetch failed", "Response does not match the HTTP/1.1 protocol (Expected HTTP/, RTSP/ or ICE/)"],
        ["terminated", "other side closed"],
        ["terminated", "read ECONNRESET"],
        ["terminated", "other side closed"]
      ])
      yield* stub.closed
      assert.strictEqual(yield* stub.abandoned, 0)
    }))

  it.effect("a client that aborts or cancels has left, and its plan is interrupted", () =>
    Effect.gen(function*() {
      const stopped: Array<number> = []
      const held = yield* Deferred.make<void>()
      const hold = (index: number) =>
        Effect.onInterrupt(
          Effect.andThen(Deferred.succeed(held, undefined), Effect.never),
          () => Effect.sync(() => void stopped.push(index))
        )
      const stub = yield* StubFetch.make([
        "silence",
        { body: ["a", hold(1)] },
        { body: ["a"], end: "silence" },
        hold(3)
      ])
      const waiting = yield* Effect.forkChild(post(stub))
      yield* stub.received(1)
      assert.strictEqual(yield* stub.openAnswers, 1)
      yield* Fiber.interrupt(waiting)
      yield* stub.closed

      const reader = (yield* post(stub)).body!.getReader()
      yield* Effect.promise(() => reader.read())
      yield* Deferred.await(held)
      yield* Effect.promise(() => reader.cancel())
      assert.deepStrictEqual(stopped, [1])

      const controller = new AbortController()
      const third = yield* Effect.promise(() => stub.fetch("https://acme.example", { signal: controller.signal }))
      controller.abort(new Error("enough"))
      assert.include(String(yield* Effect.flip(text(third))), "enough")

      const fourth = yield* Effect.forkChild(post(stub))
      yield* stub.received(4)
      yield* Fiber.interrupt(fourth)
      assert.deepStrictEqual(stopped, [1, 3])
      yield* stub.closed
      assert.strictEqual(yield* stub.abandoned, 4)
    }))

  it.effect("a request that is aborted before it is sent is none", () =>
    Effect.gen(function*() {
      const stub = yield* StubFetch.make([])
      const thrown = yield* Effect.flip(Effect.tryPromise({
        try: () => stub.fetch("https://acme.example", { signal: AbortSignal.abort(new Error("too late")) }),
        catch: (thrown) => thrown
      }))
      assert.include(String(thrown), "too late")
      assert.lengthOf(yield* stub.requests, 0)
    }))

  it.effect("an answer that was not read is open", () =>
    Effect.gen(function*() {
      const stub = yield* StubFetch.make([{ body: ["a"] }])
      yield* post(stub)
      const defect = yield* Effect.catchDefect(stub.closed, Effect.succeed)
      assert.include(String(defect), "1 answers are still open")
    }))

  it.effect("a status that a response cannot have rejects", () =>
    Effect.gen(function*() {
      const stub = yield* StubFetch.make([{ status: 999, body: ["a"] }])
      assert.instanceOf(yield* Effect.flip(post(stub)), RangeError)
      yield* stub.closed
    }))
})
