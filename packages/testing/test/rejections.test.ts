import { assert, describe, it } from "@effect/vitest"
import { Deferred, Effect } from "effect"
import { watchRejections } from "../src/internal/conformance/rejections.ts"

const rejecting = Effect.sync(() => {
  void Promise.reject(new Error("nobody waits"))
})

const listeners = () => process.listeners("unhandledRejection")

describe("watchRejections", () => {
  it.effect("breaks a law that leaves a rejection, and puts the listeners back", () =>
    Effect.gen(function*() {
      const before = listeners()
      assert.strictEqual((yield* Effect.flip(watchRejections(rejecting)))._tag, "LawBroken")
      yield* watchRejections(Effect.void)
      assert.deepStrictEqual(listeners(), before)
    }))

  it.effect("watches several at once, and leaves no listener behind", () =>
    Effect.gen(function*() {
      const before = listeners()
      const first = yield* Deferred.make<void>()
      const both = yield* Effect.all([
        Effect.result(watchRejections(Deferred.await(first))),
        Effect.result(watchRejections(Effect.andThen(rejecting, Deferred.succeed(first, undefined)))),
        Effect.result(watchRejections(Effect.void))
      ], { concurrency: "unbounded" })
      assert.strictEqual(both[1]._tag, "Failure")
      assert.deepStrictEqual(listeners(), before)
    }))
})
