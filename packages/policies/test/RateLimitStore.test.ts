import * as NodeRedis from "@effect/platform-node/NodeRedis"
import { afterAll, assert, beforeAll, describe, it } from "@effect/vitest"
import { Context, Duration, Effect, Exit, Layer, Scope } from "effect"
import { Redis } from "effect/persistence"
import { TestClock } from "effect/testing"
import { Windows } from "../src/internal/limits/slidingWindow.ts"
import * as RateLimitStore from "../src/RateLimitStore.ts"
import * as RedisServer from "./fixtures/redis.ts"

const take = (requests: number | undefined, tokens?: number, asked = 0, key = "key") =>
  Effect.flatMap(
    RateLimitStore.RateLimitStore,
    (store) => store.take(key, { requests, tokens }, asked)
  )

const correct = (slot: number, by: { readonly requests: number; readonly tokens: number }) =>
  Effect.flatMap(RateLimitStore.RateLimitStore, (store) => store.correct("key", slot, by))

const pause = (time: Duration.Input) =>
  Effect.flatMap(
    RateLimitStore.RateLimitStore,
    (store) => store.pause("key", Duration.fromInputUnsafe(time))
  )

/** The milliseconds to wait, or 0 where room was taken. */
const waitOf = (taken: RateLimitStore.Taken): number => taken._tag === "Full" ? Duration.toMillis(taken.wait) : 0

const slotOf = (taken: RateLimitStore.Taken): number => taken._tag === "Full" ? assert.fail("full") : taken.slot

/** What every store does. */
const suite = (layer: Layer.Layer<RateLimitStore.RateLimitStore>) => {
  const test = (name: string, body: Effect.Effect<void, unknown, RateLimitStore.RateLimitStore>) =>
    it.effect(name, () => Effect.provide(body, layer))

  test(
    "a second counts until all of it is a minute ago",
    Effect.gen(function*() {
      yield* TestClock.setTime(1_000_999)
      assert.strictEqual(waitOf(yield* take(1)), 0)
      yield* TestClock.setTime(1_060_999)
      assert.strictEqual(waitOf(yield* take(1)), 1)
      yield* TestClock.setTime(1_061_000)
      assert.strictEqual(waitOf(yield* take(1)), 0)
    })
  )

  test(
    "it says when there is room",
    Effect.gen(function*() {
      yield* TestClock.setTime(1_000_000)
      for (const _ of [1, 2, 3]) assert.strictEqual(waitOf(yield* take(4)), 0)
      yield* TestClock.setTime(1_020_500)
      assert.strictEqual(waitOf(yield* take(4)), 0)
      assert.strictEqual(waitOf(yield* take(4)), 40_500)
      assert.strictEqual(waitOf(yield* take(1)), 60_500)
      assert.strictEqual(waitOf(yield* take(undefined)), 0)
    })
  )

  test(
    "tokens are limited as requests are",
    Effect.gen(function*() {
      yield* TestClock.setTime(1_000_000)
      assert.strictEqual(waitOf(yield* take(undefined, 100, 60)), 0)
      yield* TestClock.setTime(1_010_000)
      assert.strictEqual(waitOf(yield* take(undefined, 100, 30)), 0)
      assert.strictEqual(waitOf(yield* take(undefined, 100, 11)), 51_000)
      assert.strictEqual(waitOf(yield* take(undefined, 100, 90)), 61_000)
      assert.strictEqual(waitOf(yield* take(undefined, 100, 10)), 0)
    })
  )

  test(
    "more tokens than the limit have room alone",
    Effect.gen(function*() {
      yield* TestClock.setTime(1_000_000)
      assert.strictEqual(waitOf(yield* take(undefined, 100, 500)), 0)
      assert.strictEqual(waitOf(yield* take(undefined, 100, 1)), 61_000)
    })
  )

  test(
    "keys are apart",
    Effect.gen(function*() {
      yield* TestClock.setTime(1_000_000)
      assert.strictEqual(waitOf(yield* take(1, undefined, 0, "one")), 0)
      assert.strictEqual(waitOf(yield* take(1, undefined, 0, "other")), 0)
      assert.strictEqual(waitOf(yield* take(1, undefined, 0, "one")), 61_000)
    })
  )

  test(
    "what was taken is corrected in its second, and never below nothing",
    Effect.gen(function*() {
      yield* TestClock.setTime(1_000_000)
      const slot = slotOf(yield* take(2, 100, 90))
      assert.strictEqual(slot, 1_000)
      yield* correct(slot, { requests: 0, tokens: -80 })
      assert.strictEqual(waitOf(yield* take(undefined, 100, 91)), 61_000)
      assert.strictEqual(waitOf(yield* take(undefined, 100, 90)), 0)
      yield* correct(slot, { requests: -50, tokens: -5_000 })
      assert.strictEqual(waitOf(yield* take(1, 100, 100)), 0)
      yield* correct(slot, { requests: 0, tokens: 50 })
      yield* TestClock.setTime(1_061_000)
      yield* correct(slot, { requests: 7, tokens: 7 })
      assert.strictEqual(waitOf(yield* take(1, 100, 100)), 0)
    })
  )

  test(
    "a pause holds everything, and the longer one counts",
    Effect.gen(function*() {
      yield* TestClock.setTime(1_000_000)
      yield* pause("5 minutes")
      yield* pause("10 seconds")
      assert.strictEqual(waitOf(yield* take(undefined)), 300_000)
      yield* TestClock.setTime(1_299_999)
      assert.strictEqual(waitOf(yield* take(undefined)), 1)
      yield* TestClock.setTime(1_300_000)
      assert.strictEqual(waitOf(yield* take(undefined)), 0)
    })
  )

  test(
    "a clock that goes back a little stands; one that was set back does not hold for ever",
    Effect.gen(function*() {
      yield* TestClock.setTime(10_000_000)
      assert.strictEqual(waitOf(yield* take(2)), 0)
      yield* pause("10 seconds")
      yield* TestClock.setTime(9_999_000)
      assert.strictEqual(waitOf(yield* take(2)), 10_000)
      yield* TestClock.setTime(5_000_000)
      assert.strictEqual(waitOf(yield* take(2)), 10_000)
      yield* TestClock.setTime(5_010_000)
      assert.strictEqual(waitOf(yield* take(2)), 0)
      assert.strictEqual(waitOf(yield* take(2)), 51_000)
      yield* TestClock.setTime(5_061_000)
      assert.strictEqual(waitOf(yield* take(2)), 0)
    })
  )

  test(
    "a clock that was set forward forgets one minute and no more",
    Effect.gen(function*() {
      yield* TestClock.setTime(1_000_000)
      assert.strictEqual(waitOf(yield* take(1)), 0)
      yield* TestClock.setTime(90_000_000_000)
      assert.strictEqual(waitOf(yield* take(1)), 0)
      assert.strictEqual(waitOf(yield* take(1)), 61_000)
    })
  )

  test(
    "no minute has more than the limit, wherever it begins",
    Effect.gen(function*() {
      const taken: Array<number> = []
      let now = 1_000_000
      let seed = 7
      while (taken.length < 120) {
        seed = (seed * 48_271) % 2_147_483_647
        yield* TestClock.setTime(now)
        const wait = waitOf(yield* take(10))
        if (wait === 0) taken.push(now)
        now += wait === 0 ? seed % 3_000 : wait
      }
      for (const from of taken) {
        assert.isAtMost(taken.filter((at) => at >= from && at < from + 60_000).length, 10)
      }
      // And it is no miser: a tenth of what is allowed goes to the size of a slot and to pauses of this test.
      assert.isBelow((now - 1_000_000) / 60_000, 14)
    })
  )
}

describe("in memory", () => {
  suite(RateLimitStore.layerMemory)

  it("forgets keys that are idle, and no others", () => {
    const windows = new Windows()
    const limits = { requests: 1, tokens: undefined }
    for (let key = 0; key < 1_000; key++) {
      windows.of(`key ${key}`, key * 10_000).take(key * 10_000, limits, 0)
      assert.isBelow(windows.size, 32)
    }
    for (let key = 0; key < 100; key++) windows.of(`busy ${key}`, 20_000_000).take(20_000_000, limits, 0)
    for (let key = 0; key < 100; key++) {
      assert.isBelow(windows.of(`busy ${key}`, 20_000_000).take(20_000_000, limits, 0), 0)
    }
  })
})

describe.skipIf(!RedisServer.installed)(`in Redis${RedisServer.installed ? "" : " (skipped: no redis-server)"}`, () => {
  // One server for all, whose client lives by the ordinary clock.
  const scope = Scope.makeUnsafe()
  let client: Context.Context<Redis.Redis>
  beforeAll(async () => {
    const server = Effect.map(RedisServer.make, ({ host, port }) => NodeRedis.layer({ socket: { host, port } }))
    client = await Effect.runPromise(Layer.buildWithScope(Layer.unwrap(server), scope))
  })
  afterAll(() => Effect.runPromise(Scope.close(scope, Exit.void)))

  const redis = Layer.effectContext(
    Effect.suspend(() => Effect.as(Effect.orDie(Context.get(client, Redis.Redis).send("FLUSHALL")), client))
  )

  suite(Layer.provide(RateLimitStore.layerRedis({ time: "clock" }), redis))

  it.effect("goes by the server's time, and leaves nothing behind", () =>
    Effect.gen(function*() {
      // The clock of the test stands at 0, far from the server's.
      const slot = slotOf(yield* take(1, 100, 10))
      assert.isAbove(slot, 1_700_000_000)
      const wait = waitOf(yield* take(1))
      assert.isTrue(wait > 55_000 && wait <= 61_000, `${wait}`)
      const server = yield* Redis.Redis
      const life = yield* server.send<number>("PTTL", "llm-layers:rate-limit:key")
      assert.isTrue(life > 55_000 && life <= 62_000, `${life}`)
    }).pipe(Effect.provide(Layer.provideMerge(RateLimitStore.layerRedis(), redis))))

  it.effect("a key that holds something else is an error", () =>
    Effect.gen(function*() {
      const server = yield* Redis.Redis
      yield* server.send("SET", "llm-layers:rate-limit:key", "nonsense")
      const error = yield* Effect.flip(take(1))
      assert.instanceOf(error, RateLimitStore.RateLimitStoreError)
    }).pipe(Effect.provide(Layer.provideMerge(RateLimitStore.layerRedis(), redis))))
})
