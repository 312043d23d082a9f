import { assert, describe, it } from "@effect/vitest"
import type * as Connection from "@llm-layers/core/Connection"
import * as RequestObserver from "@llm-layers/core/RequestObserver"
import * as LoopbackServer from "@llm-layers/testing/LoopbackServer"
import { Effect, Redacted, Stream } from "effect"
import { connect, request } from "./fixtures/acme.ts"

/** What an observer is told of a call, which may fail. */
const told = <A, E>(call: (observer: RequestObserver.RequestObserver) => Effect.Effect<A, E>) =>
  Effect.gen(function*() {
    const seen: Array<string> = []
    yield* Effect.exit(call({
      onPrepare: () => seen.push("prepare"),
      onSend: () => seen.push("send"),
      onUnreached: () => seen.push("unreached"),
      onHead: (status, headers) => seen.push(`${status} ${headers.get("x-left")}`)
    }))
    return seen
  })

const events = (connection: Connection.Connection) =>
  Effect.scoped(Effect.flatMap(connection.events(request), (answer) => Stream.runDrain(answer.events)))

const observed = (connection: Effect.Effect<Connection.Connection>) =>
  told((observer) => RequestObserver.observe(Effect.flatMap(connection, (one) => one.json(request)), observer))

describe("RequestObserver", () => {
  it.effect("is told of requests and the heads of their answers, whatever their status", () =>
    Effect.gen(function*() {
      const server = yield* LoopbackServer.make([
        { headers: { "x-left": "7" }, body: ["{}"] },
        { status: 429, headers: { "x-left": "0" }, body: ["{}"] },
        { headers: { "content-type": "text/event-stream" }, body: ["data: {}\n\n"] }
      ])
      const connection = connect({ baseUrl: server.url })
      assert.deepStrictEqual(yield* observed(connection), ["prepare", "send", "200 7"])
      assert.deepStrictEqual(yield* observed(connection), ["prepare", "send", "429 0"])
      const stream = told((observer) => RequestObserver.observe(Effect.flatMap(connection, events), observer))
      assert.deepStrictEqual(yield* stream, ["prepare", "send", "200 null"])
    }))

  it.effect("tells a connection that was never made from one that broke", () =>
    Effect.gen(function*() {
      const server = yield* LoopbackServer.make(["reset"])
      assert.deepStrictEqual(yield* observed(connect({ baseUrl: server.url })), ["prepare", "send"])
      const gone = yield* Effect.scoped(Effect.map(LoopbackServer.make([]), ({ url }) => url))
      assert.deepStrictEqual(yield* observed(connect({ baseUrl: gone })), ["prepare", "send", "unreached"])
      const untrusted = Object.assign(new Error("self-signed certificate"), { code: "DEPTH_ZERO_SELF_SIGNED_CERT" })
      const fetch = () => Promise.reject(new TypeError("fetch failed", { cause: untrusted }))
      assert.deepStrictEqual(yield* observed(connect({ fetch })), ["prepare", "send", "unreached"])
    }))

  it.effect("is not told of a request that is never sent", () =>
    Effect.gen(function*() {
      assert.deepStrictEqual(yield* observed(connect({ baseUrl: "no address" })), [])
      assert.deepStrictEqual(yield* observed(connect({ apiKey: Redacted.make("two\nlines") })), ["prepare"])
      assert.deepStrictEqual(yield* observed(connect({ apiKey: Effect.fail("no key") })), ["prepare"])
    }))

  it.effect("outer and inner observers are all told", () =>
    Effect.gen(function*() {
      const server = yield* LoopbackServer.make([{ body: ["{}"] }])
      const seen: Array<string> = []
      const one = (name: string): RequestObserver.RequestObserver => ({ onSend: () => seen.push(name) })
      const call = Effect.flatMap(connect({ baseUrl: server.url }), (connection) => connection.json(request))
      yield* call.pipe(
        (self) => RequestObserver.observe(self, one("inner")),
        (self) => RequestObserver.observe(self, one("outer"))
      )
      assert.deepStrictEqual(seen, ["outer", "inner"])
    }))
})
