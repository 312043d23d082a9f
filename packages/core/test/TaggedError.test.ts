import { assert, describe, it } from "@effect/vitest"
import * as ErrorKind from "@llm-layers/core/ErrorKind"
import * as ProviderError from "@llm-layers/core/ProviderError"
import * as TaggedError from "@llm-layers/core/TaggedError"
import * as Usage from "@llm-layers/core/Usage"
import { Duration, Effect, Schema, Stream } from "effect"
import { AiError } from "effect/ai"
import { origin } from "./fixtures/acme.ts"

const kinds = Object.keys(ErrorKind.kinds)

describe("fromAiError", () => {
  it.each(kinds)("%s becomes the error of that tag", (name) => {
    // `Object.keys` loses the names.
    const cause = ProviderError.make(origin, name as ErrorKind.Name, { description: "d" })
    const error = TaggedError.fromAiError(cause)
    assert.strictEqual(error._tag, name)
    assert.strictEqual(error.message, cause.message)
    assert.strictEqual(error.retryable, cause.isRetryable)
    assert.strictEqual(error.cause, cause)
    assert.isUndefined(error.partial)
  })

  it("carries when to come back, and what had arrived", () => {
    const limited = TaggedError.fromAiError(
      ProviderError.make(origin, "RateLimited", { retryAfter: Duration.seconds(2) })
    )
    assert.deepInclude(limited, { _tag: "RateLimited", retryAfter: Duration.seconds(2) })
    const arrived = { parts: [{ type: "text", text: "a" } as const], usage: Usage.make({ inputTotal: 1 }) }
    const cut = ProviderError.withPartial(origin, ProviderError.make(origin, "StreamInterrupted"), arrived)
    assert.deepStrictEqual(TaggedError.fromAiError(cut).partial, arrived)
  })

  it.effect("gives the same of an error that was encoded in between", () =>
    Effect.gen(function*() {
      const codec = Schema.toCodecJson(AiError.AiError)
      const arrived = { parts: [{ type: "text", text: "a" } as const], usage: undefined }
      const error = ProviderError.withPartial(origin, ProviderError.make(origin, "ContextOverflow"), arrived)
      const back = yield* Schema.decodeUnknownEffect(codec)(
        JSON.parse(JSON.stringify(yield* Schema.encodeEffect(codec)(error)))
      )
      const tagged = TaggedError.fromAiError(back)
      assert.strictEqual(tagged._tag, "ContextOverflow")
      assert.deepStrictEqual(tagged.partial?.parts, arrived.parts)
    }))
})

describe("tagged", () => {
  const overflow = ProviderError.make(origin, "ContextOverflow")

  it.effect("turns the error of an effect", () =>
    Effect.gen(function*() {
      const error = yield* Effect.fail(overflow).pipe(ProviderError.tagged, Effect.flip)
      assert.strictEqual(error._tag, "ContextOverflow")
      const caught = yield* Effect.fail(overflow).pipe(
        ProviderError.tagged,
        Effect.catchTag("ContextOverflow", () => Effect.succeed("shorter"))
      )
      assert.strictEqual(caught, "shorter")
    }))

  it.effect("turns the error of a stream, after what came before it", () =>
    Effect.gen(function*() {
      const seen = yield* Stream.make(1, 2).pipe(
        Stream.concat(Stream.fail(overflow)),
        ProviderError.tagged,
        Stream.catchTag("ContextOverflow", (error) => Stream.make(error.retryable)),
        Stream.runCollect
      )
      assert.deepStrictEqual(seen, [1, 2, false])
    }))

  it.effect("lets values, other errors and defects pass", () =>
    Effect.gen(function*() {
      assert.strictEqual(yield* ProviderError.tagged(Effect.succeed(1)), 1)
      assert.deepStrictEqual(yield* Stream.runCollect(ProviderError.tagged(Stream.make(1))), [1])
      assert.strictEqual(yield* Effect.flip(ProviderError.tagged(Effect.fail("mine"))), "mine")
      const defect = yield* ProviderError.tagged(Effect.die("d")).pipe(Effect.catchDefect(Effect.succeed))
      assert.strictEqual(defect, "d")
    }))
})
