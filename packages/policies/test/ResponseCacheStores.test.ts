import { NodeFileSystem, NodePath, NodeRedis } from "@effect/platform-node"
import { PgClient } from "@effect/sql-pg"
import { assert, describe, it } from "@effect/vitest"
import { ProviderError } from "@llm-layers/core"
import { Effect, Fiber, Layer } from "effect"
import { KeyValueStore, Persistence } from "effect/persistence"
import { SqlClient } from "effect/sql"
import { TestClock } from "effect/testing"
import { readdirSync, readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import * as ResponseCache from "../src/ResponseCache.ts"
import * as Cached from "./fixtures/cached.ts"
import * as Postgres from "./fixtures/postgres.ts"
import * as RedisServer from "./fixtures/redis.ts"
import * as Server from "./fixtures/server.ts"
import * as Sqlite from "./fixtures/sqlite.ts"

type Backing = Layer.Layer<Persistence.BackingPersistence, unknown>

/** A model under a cache in the store, as a process of its own would have it. */
const under = (store: Backing, options?: ResponseCache.SharedOptions) =>
  Effect.flatMap(
    Layer.build(Layer.fresh(store)),
    (context) => Effect.provideContext(Cached.make(ResponseCache.makeShared(options)), context)
  )

/** Runs while time passes on both clocks: that of the test, by which the cache waits, and that of the store. */
const advancing = <A, E>(effect: Effect.Effect<A, E>) =>
  Effect.gen(function*() {
    const running = yield* Effect.forkChild(effect, { startImmediately: true })
    while (running.pollUnsafe() === undefined) {
      yield* Effect.promise(() => new Promise((resume) => setTimeout(resume, 5)))
      yield* TestClock.adjust("100 millis")
    }
    return yield* Fiber.join(running)
  })

/** Asks until the store has the answer: the client comes back in its own time. */
const untilKept = (cached: Cached.Cached, prompt: string) =>
  advancing(Effect.gen(function*() {
    for (let tries = 0; tries < 400; tries++) {
      const before = yield* cached.asked
      yield* cached.text(prompt)
      if ((yield* cached.asked) === before) return
      yield* Effect.sleep("500 millis")
    }
    return yield* Effect.die("the store does not come back")
  }))

const keeps = (store: Backing) =>
  Effect.gen(function*() {
    const one = yield* under(store)
    const other = yield* under(store)
    assert.strictEqual(yield* one.text("Hello"), "answer 1")
    assert.strictEqual(yield* other.text("Hello"), "answer 1")
    const streamed = yield* Cached.streamed(one, "Hello")
    const again = yield* Cached.streamed(other, "Hello")
    assert.deepStrictEqual(again.slice(0, -1), streamed.slice(0, -1))
    assert.strictEqual(Cached.outputTokens(again), 0)
    assert.strictEqual(yield* other.asked, 0)
    // Another name is another cache.
    const apart = yield* under(store, { storeId: "apart" })
    yield* apart.text("Hello")
    assert.strictEqual(yield* apart.asked, 1)
    // The age counts by the clock of the program, whatever the store does.
    yield* TestClock.adjust("1 hour")
    yield* other.text("Hello")
    assert.strictEqual(yield* other.asked, 1)
  })

/** What is in the store is no answer: the model is asked, and its answer is kept in its place. */
const replaces = (store: Backing, prompt: string, spoil: Effect.Effect<unknown, unknown>) =>
  Effect.gen(function*() {
    const cached = yield* under(store, { onStoreFailure: "closed" })
    assert.strictEqual(yield* cached.text(prompt), "answer 1")
    yield* spoil
    assert.strictEqual(yield* cached.text(prompt), "answer 2")
    assert.strictEqual(yield* cached.text(prompt), "answer 2")
  })

/** What an entry may have become of which no answer can be made. */
const spoilt: Readonly<Record<string, (entry: string) => string>> = {
  "torn": (entry) => entry.slice(0, -5),
  "nothing": () => "null",
  "a number": () => "7",
  "of another form": (entry) => entry.replace(`"format":1`, `"format":0`),
  "of another key": (entry) => entry.replace(`"key":"`, `"key":"0`),
  "without an age": (entry) => entry.replace(/"at":(\d+)/, `"at":"$1"`),
  "without parts": (entry) => entry.replace(/"parts":\[.*?\}\]/, `"parts":[]`),
  "with an unknown part": (entry) => entry.replace(`"type":"text"`, `"type":"texts"`),
  "with a text that is none": (entry) => entry.replace(`"text":"answer 1"`, `"text":7`),
  "with an end that is none": (entry) => entry.replace(`"reason":"stop"`, `"reason":"because"`),
  "without an end": (entry) => entry.replace(/,\{"type":"finish".*?\}\}\]/, "]")
}

describe("files", () => {
  const files = (directory: string): Backing =>
    Persistence.layerBackingKvs.pipe(
      Layer.provide(KeyValueStore.layerFileSystem(directory)),
      Layer.provide(Layer.merge(NodeFileSystem.layer, NodePath.layer))
    )

  it.effect("keep answers", () => Effect.flatMap(Server.temporaryDirectory, (directory) => keeps(files(directory))))

  it.effect("that are no answers are replaced", () =>
    Effect.gen(function*() {
      for (const [name, change] of Object.entries(spoilt)) {
        const directory = yield* Server.temporaryDirectory
        const spoil = Effect.sync(() => {
          const [file = ""] = readdirSync(directory)
          const entry = readFileSync(join(directory, file), "utf8")
          assert.notStrictEqual(change(entry), entry)
          writeFileSync(join(directory, file), change(entry))
        })
        yield* replaces(files(directory), name, spoil)
      }
    }))
})

describe("SQLite", () => {
  const tables = (file: string) => Persistence.layerBackingSql.pipe(Layer.provideMerge(Sqlite.layer(file)))

  it.effect("keeps answers, and replaces those that are none", () =>
    Effect.gen(function*() {
      const file = join(yield* Server.temporaryDirectory, "cache.db")
      yield* keeps(tables(file))
      const spoil = Effect.flatMap(
        SqlClient.SqlClient,
        (sql) => sql`UPDATE effect_persistence SET value = ${`{"broken`}`
      ).pipe(Effect.provide(Sqlite.layer(file)))
      yield* replaces(tables(file), "Spoilt", spoil)
    }))
})

describe.skipIf(!Postgres.installed)("Postgres, where it is installed", () => {
  it.effect("keeps answers, and need not be there", () =>
    Effect.gen(function*() {
      const { database, host, port, start, stop, username } = yield* Postgres.make
      const tables = Persistence.layerBackingSql.pipe(
        Layer.provide(PgClient.layer({ host, port, username, database }))
      )
      yield* Effect.scoped(keeps(tables))
      yield* stop
      const cached = yield* under(ResponseCache.layerLazy(tables))
      assert.strictEqual(yield* advancing(cached.text("Later")), "answer 1")
      assert.strictEqual(yield* advancing(cached.text("Later")), "answer 2")
      yield* start
      yield* untilKept(cached, "Later")
    }))
})

describe.skipIf(!RedisServer.installed)("Redis, where redis-server is installed", () => {
  const redis = (port: number) =>
    Persistence.layerBackingRedis.pipe(
      Layer.provideMerge(NodeRedis.layer({ socket: { host: Server.host, port }, disableOfflineQueue: true }))
    )

  it.effect("keeps answers, and replaces those that are none", () =>
    Effect.gen(function*() {
      const { port } = yield* RedisServer.make
      yield* keeps(redis(port))
      for (const [name, change] of Object.entries(spoilt)) {
        const spoil = Effect.gen(function*() {
          const { use } = yield* NodeRedis.NodeRedis
          for (const key of yield* use((client) => client.keys("*"))) {
            const entry = yield* use((client) => client.get(key))
            yield* use((client) => client.set(key, change(String(entry))))
          }
        }).pipe(Effect.provide(redis(port)))
        yield* replaces(redis(port), name, spoil)
      }
    }))

  it.effect("gone at the start and in the middle: the model is asked, or the call fails, until it is back", () =>
    Effect.gen(function*() {
      const { port, start, stop } = yield* RedisServer.make
      yield* stop
      const open = yield* under(ResponseCache.layerLazy(redis(port)))
      const closed = yield* under(ResponseCache.layerLazy(redis(port)), { onStoreFailure: "closed" })
      const refused = Effect.map(
        Effect.flip(ProviderError.tagged(closed.model.generateText({ prompt: "Hello" }))),
        (error) => error._tag
      )
      assert.strictEqual(yield* open.text("Hello"), "answer 1")
      assert.strictEqual(yield* refused, "StoreFailed")
      yield* start
      assert.strictEqual(yield* open.text("Hello"), "answer 2")
      assert.strictEqual(yield* open.text("Hello"), "answer 2")
      assert.strictEqual(yield* closed.text("Hello"), "answer 2")
      yield* stop
      assert.strictEqual(yield* open.text("Hello"), "answer 3")
      assert.strictEqual(yield* refused, "StoreFailed")
      assert.strictEqual(yield* closed.asked, 0)
      yield* start
      yield* untilKept(open, "Hello")
    }))

  it.effect("silent: calls wait for its time limit once, and it is left alone for a while", () =>
    Effect.gen(function*() {
      const { port } = yield* RedisServer.make
      const proxy = yield* Server.proxy(port)
      const cached = yield* under(redis(proxy.port), { storeTimeout: "2 seconds" })
      yield* cached.text("Hello")
      yield* proxy.behave("hold")
      const asking = yield* Effect.forkChild(cached.text("Hello"), { startImmediately: true })
      yield* TestClock.adjust("1999 millis")
      assert.isUndefined(asking.pollUnsafe())
      yield* TestClock.adjust("1 millis")
      assert.strictEqual(yield* Fiber.join(asking), "answer 2")
      // No time passes: it is not waited for.
      assert.strictEqual(yield* cached.text("Hello"), "answer 3")
      yield* proxy.behave("pass")
      yield* TestClock.adjust("5 seconds")
      assert.strictEqual(yield* cached.text("Hello"), "answer 1")
    }))

  it.effect("mad: what is no protocol fails no call and gives no other's answer, and it recovers", () =>
    Effect.gen(function*() {
      const { port } = yield* RedisServer.make
      const proxy = yield* Server.proxy(port)
      const cached = yield* under(redis(proxy.port))
      yield* cached.text("Hello")
      yield* cached.text("Other")
      yield* proxy.behave("garbage")
      assert.strictEqual(yield* advancing(cached.text("Hello")), "answer 3")
      // The client takes each answer from now on for that of the question before.
      yield* proxy.behave("pass")
      for (const prompt of ["Other", "Hello", "Other"]) {
        const text = yield* advancing(Effect.delay(cached.text(prompt), "5 seconds"))
        assert.notStrictEqual(text, prompt === "Hello" ? "answer 2" : "answer 1")
      }
      yield* proxy.behave("refuse")
      yield* proxy.behave("pass")
      yield* untilKept(cached, "Hello")
    }))
})
