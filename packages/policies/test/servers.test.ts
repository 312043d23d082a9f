import { NodeRedis } from "@effect/platform-node"
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { Redis } from "effect/persistence"
import { existsSync } from "node:fs"
import * as RedisServer from "./fixtures/redis.ts"
import * as Server from "./fixtures/server.ts"

describe.skipIf(!RedisServer.installed)("Redis, where redis-server is installed", () => {
  it.effect("answers, goes away, and comes back empty", () =>
    Effect.gen(function*() {
      const server = yield* RedisServer.make
      const ask = (command: string, ...args: ReadonlyArray<string>) =>
        Effect.flatMap(Redis.Redis, (redis) => redis.send(command, ...args)).pipe(
          Effect.provide(NodeRedis.layer({ socket: { host: server.host, port: server.port } }))
        )
      yield* ask("SET", "key", "value")
      assert.strictEqual(yield* ask("GET", "key"), "value")
      yield* server.stop
      assert.strictEqual((yield* Effect.flip(ask("GET", "key")))._tag, "RedisError")
      yield* server.start
      assert.isNull(yield* ask("GET", "key"))
    }))

  it.effect("behind a proxy that holds, breaks and refuses", () =>
    Effect.gen(function*() {
      const server = yield* RedisServer.make
      const proxy = yield* Server.proxy(server.port)
      const ping = Effect.promise(() => Server.says(proxy.port, "PING\r\n", "+PONG"))
      assert.isTrue(yield* ping)
      yield* proxy.behave("garbage")
      assert.isFalse(yield* ping)
      yield* proxy.behave("refuse")
      assert.isFalse(yield* ping)
      yield* proxy.behave("pass")
      assert.isTrue(yield* ping)
    }))
})

it.effect("a temporary directory goes with the scope", () =>
  Effect.gen(function*() {
    const path = yield* Effect.scoped(Server.temporaryDirectory)
    assert.isFalse(existsSync(path))
  }))
