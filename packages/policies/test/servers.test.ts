import { NodeRedis } from "@effect/platform-node"
import { PgClient } from "@effect/sql-pg"
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { Redis } from "effect/persistence"
import { SqlClient } from "effect/sql"
import { existsSync } from "node:fs"
import * as Postgres from "./fixtures/postgres.ts"
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

describe.skipIf(!Postgres.installed)("Postgres, where it is installed", () => {
  it.effect("answers, goes away, and comes back with what it held", () =>
    Effect.gen(function*() {
      const { host, port, database, start, stop, username } = yield* Postgres.make
      const one = Effect.flatMap(SqlClient.SqlClient, (sql) => sql`SELECT 1 AS one`).pipe(
        Effect.provide(PgClient.layer({ host, port, username, database }))
      )
      assert.deepStrictEqual(yield* one, [{ one: 1 }])
      yield* stop
      assert.strictEqual((yield* Effect.flip(one))._tag, "SqlError")
      yield* start
      assert.deepStrictEqual(yield* one, [{ one: 1 }])
    }))
})

it.effect("a temporary directory goes with the scope", () =>
  Effect.gen(function*() {
    const path = yield* Effect.scoped(Server.temporaryDirectory)
    assert.isFalse(existsSync(path))
  }))
