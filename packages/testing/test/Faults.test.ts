import { assert, describe, it } from "@effect/vitest"
import * as Chunking from "@llm-layers/testing/Chunking"
import * as Faults from "@llm-layers/testing/Faults"
import * as LoopbackServer from "@llm-layers/testing/LoopbackServer"
import * as StubFetch from "@llm-layers/testing/StubFetch"
import { Deferred, Effect, Fiber, flow, pipe } from "effect"
import { TestClock } from "effect/testing"

const events = { headers: { "content-type": "text/event-stream" }, body: "data: 1\n\ndata: 2\n\n" }

/** The reads of a client, and how they ended. */
const reads = (plan: LoopbackServer.Plan, fetch?: typeof globalThis.fetch) =>
  Effect.gen(function*() {
    const stub = fetch === undefined ? (yield* StubFetch.make([plan])).fetch : fetch
    return yield* Effect.promise(async () => {
      const got: Array<string> = []
      try {
        const response = await stub("https://acme.example", { method: "POST" })
        for await (const bytes of response.body ?? []) got.push(new TextDecoder().decode(bytes))
        return { status: response.status, headers: response.headers, got, end: "complete" }
      } catch (error) {
        const cause = error instanceof Error ? error.cause : undefined
        return { status: 0, headers: new Headers(), got, end: cause instanceof Error ? cause.message : String(error) }
      }
    })
  })

describe("faults of answers", () => {
  it("are pure functions over plain data", () => {
    assert.deepStrictEqual(pipe(events, Faults.none), events)
    assert.deepStrictEqual(pipe(events, Faults.cutAt(4)), { ...events, bytes: 4, end: "cut" })
    assert.deepStrictEqual(pipe(events, Faults.resetAt(4)), { ...events, bytes: 4, end: "reset" })
    assert.deepStrictEqual(pipe(events, Faults.silentAt(4)), { ...events, bytes: 4, end: "silence" })
    assert.deepStrictEqual(pipe(events, Faults.headers({ "retry-after": "2" })), {
      ...events,
      headers: { "content-type": "text/event-stream", "retry-after": "2" }
    })
    assert.deepStrictEqual(
      pipe(events, Faults.status(429, { headers: { "content-type": "application/json" }, body: "{}" })),
      { status: 429, headers: { "content-type": "application/json" }, body: "{}" }
    )
    assert.deepStrictEqual(pipe(events, Faults.status(500)), { ...events, status: 500 })
    assert.deepStrictEqual(
      [Faults.reset(events), Faults.silence(events), Faults.notHttp(events)],
      ["reset", "silence", "not-http"]
    )
  })

  it("the first place where an answer breaks off counts", () => {
    assert.deepInclude(pipe(events, Faults.cutAt(4), Faults.resetAt(6)), { bytes: 4, end: "cut" })
    assert.deepInclude(pipe(events, Faults.cutAt(6), Faults.resetAt(4)), { bytes: 4, end: "reset" })
  })

  it("what is no answer stays what it is", () => {
    const all = flow(Faults.status(500), Faults.cutAt(1), Faults.chunked(Chunking.every(1)), Faults.garbage({ at: 0 }))
    assert.strictEqual(all("reset"), "reset")
    assert.strictEqual(all("silence"), "silence")
  })

  it("garbage is the same for the same seed", () => {
    const bytes = (options: Faults.Garbage) => {
      const plan = Faults.garbage(options)(events)
      return typeof plan === "object" && "body" in plan ? plan.body : undefined
    }
    assert.instanceOf(bytes({}), Uint8Array)
    assert.deepStrictEqual(bytes({ seed: 1 }), bytes({ seed: 1 }))
    assert.notDeepEqual(bytes({ seed: 1 }), bytes({ seed: 2 }))
  })
})

describe("faults of bodies", () => {
  it.effect("chunked: each piece is a read", () =>
    Effect.gen(function*() {
      const { body } = events
      const cases = [
        [Chunking.every(1), body.split("")],
        [Chunking.at(3, 7), [body.slice(0, 3), body.slice(3, 7), body.slice(7)]],
        [Chunking.events, ["data: 1\n\n", "data: 2\n\n"]]
      ] as const
      for (const [chunking, expected] of cases) {
        assert.deepStrictEqual((yield* reads(pipe(events, Faults.chunked(chunking)))).got, expected)
      }
      const { got } = yield* reads(pipe(events, Faults.chunked(Chunking.random(1, 3))))
      assert.isAbove(got.length, 5)
      assert.strictEqual(got.join(""), body)
    }))

  it.effect("lineEnds: whatever they were, also across pieces", () =>
    Effect.gen(function*() {
      const mixed = { body: ["a\nb\r\nc\rd\r", "\n", "\n"] }
      for (const end of ["\n", "\r\n", "\r"] as const) {
        const { got } = yield* reads(pipe(mixed, Faults.lineEnds(end)))
        assert.strictEqual(got.join(""), ["a", "b", "c", "d", "", ""].join(end))
      }
    }))

  it.effect("insertAt and garbage: at a byte, the other pieces as they were", () =>
    Effect.gen(function*() {
      const body = ["ab", "cd"]
      for (
        const [at, expected] of [
          [0, "#|ab|cd"],
          [1, "a|#|b|cd"],
          [2, "ab|#|cd"],
          [4, "ab|cd|#"],
          [9, "ab|cd|#"]
        ] as const
      ) {
        assert.strictEqual((yield* reads(pipe({ body }, Faults.insertAt(at, "#")))).got.join("|"), expected)
      }
      const { got } = yield* reads(pipe({ body }, Faults.garbage({ at: 1, length: 8 })))
      assert.lengthOf(got, 4)
      assert.deepStrictEqual([got[0], got[2], got[3]], ["a", "b", "cd"])
    }))

  it.effect("come one after the other: a byte is counted in the body as it is then", () =>
    Effect.gen(function*() {
      const cutFirst = yield* reads(pipe({ body: "abcdef" }, Faults.cutAt(2), Faults.insertAt(0, "####")))
      assert.deepStrictEqual([cutFirst.got.join(""), cutFirst.end], ["####ab", "other side closed"])
      const cutLast = yield* reads(pipe({ body: "abcdef" }, Faults.insertAt(0, "####"), Faults.cutAt(2)))
      assert.deepStrictEqual([cutLast.got.join(""), cutLast.end], ["##", "other side closed"])
    }))

  it.effect("delays: before the head, at a byte, between pieces, in place of an answer", () =>
    Effect.gen(function*() {
      const plans: ReadonlyArray<readonly [LoopbackServer.Plan, string]> = [
        [pipe({ body: "abc" }, Faults.delay("10 minutes")), "abc"],
        [pipe({ body: "abc" }, Faults.delayAt(1, "10 minutes")), "a|bc"],
        [pipe({ body: "abc" }, Faults.delayAt(3, "10 minutes")), "abc"],
        [pipe({ body: "abc" }, Faults.delayAt(1, "10 minutes"), Faults.chunked(Chunking.at(2))), "a|b|c"],
        [pipe({ body: ["a", "b", "c"] }, Faults.paced("5 minutes")), "a|b|c"],
        [pipe({ body: "abc" }, Faults.delay("4 minutes"), Faults.cutAt(2), Faults.delay("6 minutes")), "ab"],
        [pipe({ body: "abc" }, Faults.reset, Faults.delay("10 minutes")), ""]
      ]
      for (const [plan, expected] of plans) {
        const reading = yield* Effect.forkChild(reads(plan))
        yield* TestClock.adjust("9 minutes")
        yield* TestClock.adjust("59 seconds")
        assert.isUndefined(reading.pollUnsafe())
        yield* TestClock.adjust("1 second")
        assert.strictEqual((yield* Fiber.join(reading)).got.join("|"), expected)
      }
    }))

  it.effect("garbage in place of a body, and in place of HTTP", () =>
    Effect.gen(function*() {
      const server = yield* LoopbackServer.make([Faults.garbage({ length: 10 })(events), Faults.notHttp(events)])
      const ask = Effect.tryPromise({ try: () => fetch(server.url), catch: (thrown) => thrown })
      const bytes = yield* Effect.andThen(ask, (response) => Effect.promise(() => response.arrayBuffer()))
      assert.strictEqual(bytes.byteLength, 10)
      const thrown = yield* Effect.flip(ask)
      assert.instanceOf(thrown, TypeError)
      assert.include(String(thrown instanceof Error ? thrown.cause : ""), "HTTP/1.1 protocol")
      yield* server.closed
      assert.strictEqual(yield* server.abandoned, 0)
    }))
})

describe("proxy", () => {
  it.effect("sends requests on, and faults are applied in turn", () =>
    Effect.gen(function*() {
      const vendor = yield* LoopbackServer.make(() => ({
        headers: { "x-vendor": "yes" },
        body: ["data: 1\n\n", "data: 2\n\n"]
      }))
      const proxy = yield* LoopbackServer.make(
        Faults.proxy(`${vendor.url}/`, [
          Faults.status(503, { headers: { "retry-after": "1" }, body: "busy" }),
          Faults.none,
          Faults.cutAt(9),
          Faults.lineEnds("\r\n"),
          Faults.reset
        ])
      )
      const { fetch } = globalThis
      const ask = () =>
        reads("reset", () => fetch(`${proxy.url}/v1/a?b`, { method: "POST", headers: { "x-key": "k" }, body: "{}" }))
      const busy = yield* ask()
      assert.deepStrictEqual(
        [busy.status, busy.headers.get("retry-after"), busy.headers.get("x-vendor"), busy.got.join("")],
        [503, "1", "yes", "busy"]
      )
      const whole = yield* ask()
      assert.deepStrictEqual([whole.status, whole.got.join("")], [200, "data: 1\n\ndata: 2\n\n"])
      const cut = yield* ask()
      assert.strictEqual(cut.got.join(""), "data: 1\n\n")
      assert.notStrictEqual(cut.end, "complete")
      assert.strictEqual((yield* ask()).got.join(""), "data: 1\r\n\r\ndata: 2\r\n\r\n")
      assert.strictEqual((yield* ask()).end, "read ECONNRESET")
      assert.strictEqual((yield* ask()).end, "complete")
      const asked = yield* vendor.requests
      // A fault that is no answer sent nothing on.
      assert.lengthOf(asked, 5)
      assert.deepInclude(asked[0], { method: "POST", path: "/v1/a?b", body: "{}" })
      assert.strictEqual(asked[0]?.headers["x-key"], "k")
      yield* proxy.closed
      yield* vendor.closed
    }))

  it.effect("passes on what comes as it comes, and leaves the server when the client leaves", () =>
    Effect.gen(function*() {
      const gate = yield* Deferred.make<void>()
      const vendor = yield* LoopbackServer.make([{ body: ["a", Deferred.await(gate), "b"], end: "silence" }])
      const stub = yield* StubFetch.make(Faults.proxy(vendor.url))
      const response = yield* Effect.promise(() => stub.fetch("https://acme.example/v1"))
      const reader = response.body!.getReader()
      const read = Effect.promise(async () => new TextDecoder().decode((await reader.read()).value))
      assert.strictEqual(yield* read, "a")
      yield* Deferred.succeed(gate, undefined)
      assert.strictEqual(yield* read, "b")
      yield* Effect.promise(() => reader.cancel())
      yield* vendor.closed
      assert.deepStrictEqual([yield* stub.abandoned, yield* vendor.abandoned], [1, 1])
    }))

  it.effect("does not leave an answer open that a fault replaced", () =>
    Effect.gen(function*() {
      const vendor = yield* LoopbackServer.make([{ body: ["a"], end: "silence" }])
      const stub = yield* StubFetch.make(Faults.proxy(vendor.url, Faults.body("other")))
      assert.strictEqual((yield* reads("reset", () => stub.fetch("https://acme.example"))).got.join(""), "other")
      yield* vendor.closed
    }))

  it.effect("breaks where the server breaks, and says where there is none", () =>
    Effect.gen(function*() {
      const vendor = yield* LoopbackServer.make(["reset", { body: ["ab"], end: "cut" }, { body: ["ab"], end: "cut" }])
      const stub = yield* StubFetch.make(Faults.proxy(vendor.url, [Faults.none, Faults.none, Faults.insertAt(1, "#")]))
      const ask = reads("reset", () => stub.fetch("https://acme.example"))
      assert.strictEqual((yield* ask).end, "read ECONNRESET")
      const cut = yield* ask
      assert.deepStrictEqual([cut.got.join(""), cut.end], ["ab", "other side closed"])
      const torn = yield* ask
      assert.deepStrictEqual([torn.got.join(""), torn.end], ["a#b", "other side closed"])

      const { url } = yield* Effect.scoped(LoopbackServer.make([]))
      const nowhere = yield* StubFetch.make(Faults.proxy(url))
      const said = yield* reads("reset", () => nowhere.fetch("https://acme.example"))
      assert.deepStrictEqual([said.status, said.got.join("")], [502, `${url} is not reached: ECONNREFUSED`])
    }))
})
