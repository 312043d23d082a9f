import { assert, describe, it } from "@effect/vitest"
import { Effect, ManagedRuntime } from "effect"
import { measure } from "../src/policies/added.ts"
import { driverOf, partsOf, readsOf } from "../src/policies/answers.ts"
import { members, services } from "../src/policies/members.ts"
import { waiting } from "../src/policies/waiting.ts"

describe("policies that are measured", () => {
  it("have each their answer from the driver", async () => {
    const runtime = ManagedRuntime.make(services)
    for (const { name, subject } of members) {
      let calls = 0
      let streams = 0
      const driver = driverOf(readsOf(4, 2))
      const counted = {
        ...driver,
        generateText: (options: Parameters<typeof driver.generateText>[0]) =>
          Effect.suspend(() => {
            calls++
            return driver.generateText(options)
          }),
        streamText: (options: Parameters<typeof driver.streamText>[0]) => {
          streams++
          return driver.streamText(options)
        }
      }
      const { call, stream } = await runtime.runPromise(subject(counted))
      await runtime.runPromise(Effect.andThen(call, stream))
      assert.deepStrictEqual([calls, streams], [1, 1], name)
    }
    await runtime.dispose()
  })

  it("are compared with what is measured too", async () => {
    const runtime = ManagedRuntime.make(services)
    const added = await measure(runtime, members, { calls: 1, rounds: { warmUps: 0, repetitions: 1 } })
    assert.deepStrictEqual([...added.keys()], members.map(({ name }) => name))
    for (const { base, name } of members) {
      assert.isTrue(added.has(base), name)
      assert.isTrue(Object.values(added.get(name) ?? {}).every(Number.isFinite), name)
    }
    await runtime.dispose()
  })
})

describe("readsOf", () => {
  it("has all parts, so many a read", () => {
    assert.strictEqual(partsOf(readsOf(6, 1)), 10)
    assert.deepStrictEqual(readsOf(6, 4).map((read) => read.length), [4, 4, 2])
    assert.strictEqual(readsOf(6, 4).at(-1)?.at(-1)?.type, "finish")
  })
})

describe.each(["generateText", "streamText"] as const)("%s in a queue", (method) => {
  it("waits, all of them", async () => {
    const { held } = await waiting(method, 20)
    assert.isTrue(Number.isFinite(held))
  })
})
