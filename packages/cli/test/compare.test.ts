import { assert, describe, it } from "@effect/vitest"
import * as LoopbackServer from "@llm-layers/testing/LoopbackServer"
import { Deferred, Effect, Exit } from "effect"
import * as Binary from "./binary.ts"
import { run } from "./inside.ts"
import * as Vendor from "./vendor.ts"

describe("compare", () => {
  it.live("shows answers one under the other in a pipe, and beside each other on a terminal", () =>
    Effect.gen(function*() {
      const args = ["compare", "--mock", "-m", "one", "-m", "two", "Why", "is", "the", "sky", "blue?"]
      const { code, stderr, stdout } = yield* run(args)
      assert.match(
        stdout,
        /^## one\n\nYou said: Why is the sky blue\?\n\n\d+ tokens in · \d+ out · cost unknown · \d+\.\d s\n\n## two\n\nYou said/
      )
      assert.deepStrictEqual([code, stderr], [0, ""])

      const wide = yield* Binary.terminal(args, { columns: 80 })
      assert.strictEqual(yield* wide.exit, 0)
      assert.match(wide.text(), /one +│ two\n─+┼─+\nYou said: Why is the sky blue\? +│ You said: Why/)
    }))

  it.live("goes on where one fails, and fails where all do", () =>
    Effect.gen(function*() {
      const server = yield* LoopbackServer.make((request) =>
        JSON.parse(request.body).model.startsWith("llama")
          ? Vendor.says("It ", "scatters.")
          : { status: 429, body: JSON.stringify({ error: { message: "too many" } }) }
      )
      const env = Vendor.environment(server)
      const [some, none] = yield* Effect.all([
        run(["compare", "--json", "-m", Vendor.model, "-m", "groq/busy", "-m", "gropq/x", "Why?"], { env }),
        run(["compare", "-m", "groq/busy", "-m", "groq/busier", "Why?"], { env })
      ], { concurrency: 2 })
      const [one, busy, unknown] = JSON.parse(some.stdout)
      assert.deepInclude(one, {
        model: Vendor.model,
        text: "It scatters.",
        inputTokens: 1_000,
        outputTokens: 200,
        costUsd: 0.000748
      })
      assert.include(busy.error, "Rate limit exceeded")
      assert.isString(unknown.error)
      assert.strictEqual(some.code, 0)
      assert.match(none.stdout, /## groq\/busy\n\nfailed: Rate limit/)
      assert.strictEqual(none.code, 4)
    }))

  it.live("shows what has come by Ctrl-C", () =>
    Effect.gen(function*() {
      const bothAsked = yield* Deferred.make<void>()
      const server = yield* LoopbackServer.make((request, index): LoopbackServer.Plan => {
        if (index === 1) Deferred.doneUnsafe(bothAsked, Exit.void)
        if (JSON.parse(request.body).model === "slow") return Vendor.staysSilent("The begin", "ning")
        // So that the other is the first to speak.
        return Deferred.await(bothAsked).pipe(
          Effect.andThen(Effect.sleep("300 millis")),
          Effect.as(Vendor.says("All of it."))
        )
      })
      const args = ["compare", "-m", "groq/quick", "-m", "groq/slow", "Why?"]
      const screen = yield* Binary.terminal(args, { env: Vendor.environment(server), columns: 40 })
      yield* screen.until("groq/quick answered after")
      yield* screen.type(Binary.ctrlC)
      assert.strictEqual(yield* screen.exit, 130)
      assert.include(screen.text(), "All of it.")
      assert.include(screen.text(), "The beginning\n\ninterrupted")
    }))

  it.live("needs two models", () =>
    Effect.gen(function*() {
      const { code, stderr } = yield* run(["compare", "--mock", "-m", "one", "Why?"])
      assert.strictEqual(code, 2)
      assert.match(stderr, /--model twice or more/)
    }))
})
