import { assert, describe, it } from "@effect/vitest"
import * as ProviderError from "@llm-layers/core/ProviderError"
import * as LoopbackServer from "@llm-layers/testing/LoopbackServer"
import { Deferred, Effect, Fiber, Stream } from "effect"
import { inspect } from "node:util"
import * as undici from "undici"
import { unlimited } from "../src/internal/dispatcher.ts"
import { connect, request } from "./fixtures/acme.ts"

type Dispatcher = NonNullable<RequestInit["dispatcher"]>
type Agent = new(options?: object) => Dispatcher

const first = Symbol.for("undici.globalDispatcher.1")
const second = Symbol.for("undici.globalDispatcher.2")

/** Node's own, which it makes when a class of `fetch` is named. */
const own = (): Dispatcher => {
  assert.isFunction(globalThis.Headers)
  return Reflect.get(globalThis, first)
}

const ownAgent = (): Agent => own().constructor as Agent

/** A dispatcher in the place of the global one until the scope closes. */
const install = (dispatcher: unknown, other?: unknown) =>
  Effect.acquireRelease(
    Effect.sync(() => {
      const before = [own(), Reflect.get(globalThis, second)]
      Reflect.set(globalThis, first, dispatcher)
      if (other !== undefined) Reflect.set(globalThis, second, other)
      return before
    }),
    ([one, two]) =>
      Effect.sync(() => {
        Reflect.set(globalThis, first, one)
        if (other !== undefined) Reflect.set(globalThis, second, two)
      })
  )

/** What undici would wait, of one of its agents: it looks there when it has no limit of the request's own. */
const limitsOf = (dispatcher: Dispatcher | undefined): unknown => {
  const symbol = Object.getOwnPropertySymbols(dispatcher ?? {}).find((one) => one.description === "options")
  const { bodyTimeout, headersTimeout }: { bodyTimeout?: unknown; headersTimeout?: unknown } = symbol === undefined
    ? {}
    : Reflect.get(dispatcher ?? {}, symbol)
  return { bodyTimeout, headersTimeout }
}

/** What the global `fetch` is called with. */
const handedOver = Effect.acquireRelease(
  Effect.sync(() => {
    const { fetch } = globalThis
    const seen: Array<RequestInit | undefined> = []
    globalThis.fetch = (input, init) => {
      seen.push(init)
      return fetch(input, init)
    }
    return { fetch, seen }
  }),
  ({ fetch }) =>
    Effect.sync(() => {
      globalThis.fetch = fetch
    })
)

const ask = (url: string) => Effect.flatMap(connect({ baseUrl: url }), (connection) => connection.json(request))

const listen = (url: string) =>
  Effect.scoped(
    Effect.flatMap(connect({ baseUrl: url }), (connection) =>
      Effect.flatMap(connection.events(request), ({ events }) => Stream.runCollect(events)))
  )

describe("the dispatcher of requests", () => {
  it.effect("is an agent of Node's own class without limits, one for all requests", () =>
    Effect.gen(function*() {
      const { seen } = yield* handedOver
      const server = yield* LoopbackServer.make([{ body: "{}" }, { body: "{}" }])
      yield* ask(server.url)
      yield* ask(server.url)
      const [one, other] = seen.map((init) => init?.dispatcher)
      assert.instanceOf(one, ownAgent())
      assert.notStrictEqual(one, own())
      assert.strictEqual(one, other)
      assert.deepStrictEqual(limitsOf(one), { bodyTimeout: 0, headersTimeout: 0 })
    }))

  it.live("waits where the limits of the agent are over", () =>
    Effect.gen(function*() {
      const late = yield* Deferred.make<void>()
      const plan: LoopbackServer.Plan = {
        headers: { "content-type": "text/event-stream" },
        body: [Deferred.await(late), "data: {}\n\n"]
      }
      const server = yield* LoopbackServer.make([plan, plan])
      const patient = yield* Effect.forkChild(listen(server.url))
      yield* server.requests.pipe(Effect.repeat({ until: (seen) => seen.length === 1 }))
      // undici looks at its limits about once in a second.
      const hasty = new (ownAgent())({ headersTimeout: 1, bodyTimeout: 1 })
      const read = Effect.tryPromise(async () => (await fetch(server.url, { dispatcher: hasty })).text())
      const failed = yield* Effect.flip(read)
      assert.include(inspect(failed), "UND_ERR_")
      yield* Deferred.succeed(late, undefined)
      assert.lengthOf(yield* Fiber.join(patient), 1)
    }))

  it.effect("is the program's where it installed one", () =>
    Effect.gen(function*() {
      const Agent = ownAgent()
      class Proxy extends Agent {}
      const intercepted = new Agent().compose((dispatch) => (options, handler) => dispatch(options, handler))
      for (
        const dispatcher of [new Agent({ bodyTimeout: 5 }), new Agent({ connections: 1 }), new Proxy(), intercepted]
      ) {
        yield* Effect.scoped(Effect.andThen(install(dispatcher), Effect.sync(() => assert.isUndefined(unlimited()))))
      }
      const { seen } = yield* handedOver
      yield* install(new Agent({ connections: 1 }))
      const server = yield* LoopbackServer.make([{ body: "{}" }])
      yield* ask(server.url)
      assert.deepStrictEqual(seen.map((init) => init !== undefined && "dispatcher" in init), [false])
    }))

  it.effect("of the package undici, which stands in for Node's where it was loaded first, goes through it, too", () =>
    Effect.gen(function*() {
      const agent = new undici.Agent()
      yield* install(new undici.Dispatcher1Wrapper(agent), agent)
      const dispatcher = unlimited()
      assert.instanceOf(dispatcher, undici.Dispatcher1Wrapper)
      const server = yield* LoopbackServer.make([
        { body: "{}" },
        { headers: { "content-type": "text/event-stream" }, body: ["data: 1\n\n"] }
      ])
      yield* ask(server.url)
      assert.lengthOf(yield* listen(server.url), 1)
      yield* install(new undici.Dispatcher1Wrapper(agent), new undici.Agent({ bodyTimeout: 5 }))
      assert.isUndefined(unlimited())
    }))

  it.effect("is none where there is no undici", () =>
    Effect.gen(function*() {
      yield* install(undefined)
      assert.isUndefined(unlimited())
    }))

  it.effect("reports a connection that is refused as before", () =>
    Effect.gen(function*() {
      const gone = yield* Effect.scoped(Effect.map(LoopbackServer.make([]), ({ url }) => url))
      assert.strictEqual(ProviderError.kindOf(yield* Effect.flip(ask(gone))), "ConnectionFailed")
    }))
})
