import * as NodeRedis from "@effect/platform-node/NodeRedis"
import { assert, describe, it } from "@effect/vitest"
import { ProviderError } from "@llm-layers/core"
import { Effect, Layer, Schedule } from "effect"
import { execFile } from "node:child_process"
import { join } from "node:path"
import { promisify } from "node:util"
import * as RateLimit from "../src/RateLimit.ts"
import * as RateLimitStore from "../src/RateLimitStore.ts"
import * as Answering from "./fixtures/answering.ts"
import * as RedisServer from "./fixtures/redis.ts"
import * as Server from "./fixtures/server.ts"

const run = promisify(execFile)
const script = join(import.meta.dirname, "fixtures/limitedProcess.ts")

/** The most of the times that lie in any span of so many milliseconds. */
const most = (times: ReadonlyArray<number>, span: number): number =>
  Math.max(...times.map((from) => times.filter((at) => at >= from && at < from + span).length))

describe.skipIf(!RedisServer.installed)(
  `one Redis${RedisServer.installed ? "" : " (skipped: no redis-server)"}`,
  () => {
    it.live("two processes, 200 calls, 100 a minute: never above", () =>
      Effect.gen(function*() {
        const { port } = yield* RedisServer.make
        const [speed, calls, limit] = [40, 100, 100]
        const args = [port, Date.now(), speed, calls, limit].map(String)
        const lines = yield* Effect.promise(async () => {
          const both = [1, 2].map(() => run(process.execPath, ["--conditions=llm-layers-source", script, ...args]))
          return (await Promise.all(both)).map(({ stdout }) => stdout.trim().split("\n"))
        })
        const times = (word: string) =>
          lines.flat().flatMap((line) => line.startsWith(word) ? [Number(line.split(" ")[1])] : [])
        // By the time of the store: a slot and the sixty after it hold no more than the limit.
        const taken = times("taken")
        assert.strictEqual(taken.length, 200)
        assert.strictEqual(most(taken, 61), 100)
        // By the time of the drivers, which is later by a turn of the event loop or two: less than a second by the machine's clock.
        const asked = times("asked")
        assert.strictEqual(asked.length, 200)
        assert.isAtMost(most(asked, 60_000 - 1_000 * speed / 2), 100)
        assert.isTrue(lines.every((own) => own.length === 200))
      }))

    it.live("Redis goes away, holds its answers, says nonsense, and comes back", () =>
      Effect.gen(function*() {
        const server = yield* RedisServer.make
        const proxy = yield* Server.proxy(server.port)
        const { asked, driver } = Answering.make()
        const context = yield* Layer.build(Layer.provide(
          RateLimitStore.layerRedis(),
          NodeRedis.layer({ socket: { host: proxy.host, port: proxy.port, reconnectStrategy: () => 20 } })
        ))
        const make = (onStoreFailure: "open" | "closed") =>
          Effect.provideContext(
            RateLimit.makeShared({ requestsPerMinute: 1_000, onStoreFailure, storeTimeout: "150 millis" })(driver),
            context
          )
        const [open, closed] = [yield* make("open"), yield* make("closed")]
        const recovered = Effect.retry(Answering.ask(closed), { times: 400, schedule: Schedule.spaced("25 millis") })
        yield* Answering.ask(closed)
        for (const behaviour of ["hold", "refuse", "garbage"] as const) {
          yield* proxy.behave(behaviour)
          const error = yield* Effect.flip(Answering.ask(closed))
          assert.strictEqual(ProviderError.kindOf(error), "StoreFailed", behaviour)
          const before = asked.length
          yield* Answering.ask(open)
          assert.strictEqual(asked.length, before + 1)
          // node-redis does not leave a connection that says nonsense; its end does that.
          if (behaviour === "garbage") yield* proxy.behave("refuse")
          yield* proxy.behave("pass")
          yield* recovered
        }
        yield* server.stop
        assert.strictEqual(ProviderError.kindOf(yield* Effect.flip(Answering.ask(closed))), "StoreFailed")
        yield* server.start
        yield* recovered
      }).pipe(Effect.scoped))
  }
)
