/** Fails a file of tests in which a promise was rejected that nobody waited for. */
import { afterAll, assert, beforeAll } from "@effect/vitest"

export const watchRejections = (): void => {
  const seen: Array<unknown> = []
  const keep = (reason: unknown) => seen.push(reason)
  beforeAll(() => {
    process.on("unhandledRejection", keep)
  })
  afterAll(async () => {
    for (let i = 0; i < 100; i++) await new Promise((resume) => setImmediate(resume))
    process.off("unhandledRejection", keep)
    assert.deepStrictEqual(seen, [])
  })
}
