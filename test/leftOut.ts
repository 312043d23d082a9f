/** Says before a run which tests it leaves out, because a server they start is not installed. */
import * as Postgres from "../packages/policies/test/fixtures/postgres.ts"
import * as RedisServer from "../packages/policies/test/fixtures/redis.ts"

export const setup = (): void => {
  const missing = [
    ...(RedisServer.installed ? [] : ["Redis (redis-server)"]),
    ...(Postgres.installed ? [] : ["Postgres (initdb)"])
  ]
  if (missing.length > 0) console.log(`Left out, because it is not installed: tests with ${missing.join(" and ")}`)
}
