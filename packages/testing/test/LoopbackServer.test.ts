import { assert, describe, it } from "@effect/vitest"
import * as LoopbackServer from "@llm-layers/testing/LoopbackServer"
import { Deferred, Effect, Fiber, Scope, Stream } from "effect"

const post = (url: string, body = "") =>
  Effect.tryPromise({ try: (signal) => fetch(url, { method: "POST", body, signal }), catch: (thrown) => thrown })

const text = (response: Response) => Effect.tryPromise({ try: () => response.text(), catch: (thrown) => thrown })

describe("LoopbackServer", () => {
  it.effect("gives each request the next plan, and keeps the requests", () =>
    Effect.gen(function*() {
      const server = yield* LoopbackServer.make([{ body: "one" }, { status: 404, headers: { "x-a": "b" } }])
      const first = yield* post(`${server.url}/a?b=1`, "{\"é\":1}")
      const second = yield* post(server.url)
      const third = yield* post(server.url)
      assert.strictEqual(yield* text(first), "one")
      assert.deepStrictEqual([second.status, second.headers.get("x-a"), yield* text(second)], [404, "b", ""])
      assert.deepStrictEqual([third.status, yield* text(third)], [500, "no plan for request 3"])
      const [request] = yield* server.requests
      assert.deepInclude(request, { method: "POST", path: "/a?b=1", body: "{\"é\":1}" })
      yield* server.closed
      assert.strictEqual(yield* server.abandoned, 0)
    }))

  it.effect("plans by a function of the request, and by an effect that is run when the request is there", () =>
    Effect.gen(function*() {
      const server = yield* LoopbackServer.make(({ path }, index) => Effect.sync(() => ({ body: `${index} ${path}` })))
      assert.strictEqual(yield* text(yield* post(`${server.url}/a`)), "0 /a")
      assert.strictEqual(yield* text(yield* post(`${server.url}/b`)), "1 /b")
    }))

  it.effect("interrupts the plan of a client that leaves, and closes its scope", () =>
    Effect.gen(function*() {
      const closed = yield* Deferred.make<void>()
      const plan = Effect.andThen(
        Effect.acquireRelease(Effect.void, () => Deferred.succeed(closed, undefined)),
        Effect.never
      )
      const server = yield* LoopbackServer.make([plan])
      const waiting = yield* Effect.forkChild(post(server.url))
      yield* server.received(1)
      yield* Fiber.interrupt(waiting)
      yield* Deferred.await(closed)
      yield* server.closed
      assert.strictEqual(yield* server.abandoned, 1)
    }))

  it.effect("sends a stream as it comes, and cuts where it fails", () =>
    Effect.gen(function*() {
      const bytes = new TextEncoder().encode("abc")
      const server = yield* LoopbackServer.make([
        { body: Stream.make(bytes, bytes) },
        { body: Stream.concat(Stream.make(bytes), Stream.fail("broke")) }
      ])
      assert.strictEqual(yield* text(yield* post(server.url)), "abcabc")
      assert.instanceOf(yield* Effect.flip(text(yield* post(server.url))), TypeError)
    }))

  it.effect("sends pieces one by one, waiting where the plan says so", () =>
    Effect.gen(function*() {
      const gate = yield* Deferred.make<void>()
      const server = yield* LoopbackServer.make([{ body: ["a", Deferred.await(gate), "b"] }])
      const response = yield* post(server.url)
      const reader = response.body!.getReader()
      const read = Effect.promise(() => reader.read())
      assert.strictEqual(new TextDecoder().decode((yield* read).value), "a")
      yield* Deferred.succeed(gate, undefined)
      assert.strictEqual(new TextDecoder().decode((yield* read).value), "b")
      assert.isTrue((yield* read).done)
    }))

  it.effect("cuts after so many bytes", () =>
    Effect.gen(function*() {
      const server = yield* LoopbackServer.make([
        { body: "0123456789", bytes: 4, end: "cut" },
        { body: ["012", "345"], bytes: 4, end: "reset" }
      ])
      for (let i = 0; i < 2; i++) {
        const response = yield* post(server.url)
        const reader = response.body!.getReader()
        let got = ""
        const end = yield* Effect.flip(Effect.tryPromise(async () => {
          for (let read = await reader.read(); !read.done; read = await reader.read()) {
            got += new TextDecoder().decode(read.value)
          }
        }))
        assert.isDefined(end)
        // A reset may overtake what was sent before it.
        assert.isTrue("0123".startsWith(got), got)
      }
      yield* server.closed
      assert.strictEqual(yield* server.abandoned, 0)
    }))

  it.effect("resets before the head", () =>
    Effect.gen(function*() {
      const server = yield* LoopbackServer.make(["reset"])
      const thrown = yield* Effect.flip(post(server.url))
      assert.instanceOf(thrown, TypeError)
      yield* server.closed
    }))

  it.effect("is silent, and sees the client leave", () =>
    Effect.gen(function*() {
      const server = yield* LoopbackServer.make(["silence", { body: ["a"], end: "silence" }])
      const waiting = yield* Effect.forkChild(post(server.url))
      yield* server.received(1)
      assert.strictEqual(yield* server.openSockets, 1)
      yield* Fiber.interrupt(waiting)
      yield* server.closed
      assert.strictEqual(yield* server.abandoned, 1)
      const response = yield* post(server.url)
      yield* Effect.promise(() => response.body!.cancel())
      yield* server.closed
      assert.strictEqual(yield* server.abandoned, 2)
    }))

  it.effect("says that a socket was left open", () =>
    Effect.gen(function*() {
      const server = yield* LoopbackServer.make([{ body: ["a"], end: "silence" }])
      yield* post(server.url)
      const defect = yield* Effect.catchDefect(server.closed, Effect.succeed)
      assert.include(String(defect), "1 sockets are still open")
    }))

  it.effect("closes with its scope, sockets included", () =>
    Effect.gen(function*() {
      const scope = yield* Scope.make()
      const server = yield* Scope.provide(LoopbackServer.make(["silence"]), scope)
      const waiting = yield* Effect.forkChild(Effect.flip(post(server.url)))
      yield* server.received(1)
      yield* Scope.close(scope, yield* Effect.exit(Effect.void))
      assert.instanceOf(yield* Fiber.join(waiting), TypeError)
      assert.instanceOf(yield* Effect.flip(post(server.url)), TypeError)
    }))
})
