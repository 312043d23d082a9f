import { assert, describe, it } from "@effect/vitest"
import { Context, Effect, Exit, Scope, Stream } from "effect"
import * as Beginning from "../src/internal/beginning.ts"
import type { AnyPart } from "../src/internal/content.ts"

const Name = Context.Reference<string>("test/Name", { defaultValue: () => "nobody" })

const metadata: AnyPart = { type: "response-metadata" }
const text = (delta: string): AnyPart => ({ type: "text-delta", delta })

/** One part a read, each after it was noted who is around. */
const reads = (log: Array<string>, parts: ReadonlyArray<AnyPart>, failure?: string): Stream.Stream<AnyPart, string> => {
  const given = Stream.fromIterable(parts).pipe(
    Stream.rechunk(1),
    Stream.mapEffect((part) => Effect.as(Effect.map(Name, (name) => log.push(`${part.type} for ${name}`)), part))
  )
  return failure === undefined ? given : Stream.concat(given, Stream.fail(failure))
}

/** The stream, watched; all that it says goes into the log. */
const watched = (log: Array<string>, stream: Stream.Stream<AnyPart, string>) =>
  Beginning.watched((scope) =>
    Effect.as(Scope.addFinalizerExit(scope, (exit) => Effect.sync(() => log.push(`closed: ${exit._tag}`))), {
      stream,
      beginning: Effect.provideService(Name, "Ada"),
      onRead: (parts) => void log.push(`read ${parts.length}`),
      onEnd: () => void log.push("ended")
    })
  )

describe("watched", () => {
  it.effect("has its services until something was said, and tells of each read and of the end", () =>
    Effect.gen(function*() {
      const log: Array<string> = []
      const stream = watched(log, reads(log, [metadata, text(""), text("a"), text("b")]))
      const after = Stream.fromEffect(Effect.sync(() => log.push("after")))
      yield* Stream.runDrain(Stream.concat(stream, after))
      assert.strictEqual(
        log.join(", "),
        "response-metadata for Ada, read 1, text-delta for Ada, read 1, text-delta for Ada, read 1, " +
          "text-delta for nobody, read 1, ended, closed: Success, after"
      )
    }))

  it.effect("ends its scope with a failure, before it is handed on", () =>
    Effect.gen(function*() {
      const log: Array<string> = []
      const caught = Stream.catch(watched(log, reads(log, [text("a")], "broken")), (error) =>
        Stream.fromEffect(Effect.sync(() => log.push(error))))
      yield* Stream.runDrain(caught)
      assert.deepStrictEqual(log, ["text-delta for Ada", "read 1", "ended", "closed: Failure", "broken"])
    }))

  it.effect("tells of no end where its reader leaves, and ends its scope", () =>
    Effect.gen(function*() {
      const log: Array<string> = []
      yield* Stream.runDrain(Stream.take(watched(log, reads(log, [text("a"), text("b")])), 1))
      assert.deepStrictEqual(log, ["text-delta for Ada", "read 1", "closed: Success"])
    }))

  it.effect("ends its scope where it cannot begin", () =>
    Effect.gen(function*() {
      const log: Array<string> = []
      const stream: Stream.Stream<AnyPart, string> = Beginning.watched((scope) =>
        Effect.andThen(
          Scope.addFinalizerExit(scope, (exit) => Effect.sync(() => log.push(`closed: ${exit._tag}`))),
          Effect.fail("refused")
        )
      )
      assert.deepStrictEqual(yield* Effect.exit(Stream.runDrain(stream)), Exit.fail("refused"))
      assert.deepStrictEqual(log, ["closed: Failure"])
    }))
})

describe("stream", () => {
  it.effect("begins anew each time it is run, and fails as its beginning does", () =>
    Effect.gen(function*() {
      let times = 0
      const stream = Beginning.stream(() => ++times === 2 ? Effect.fail("refused") : Effect.succeed(Stream.make(times)))
      const run = Effect.exit(Stream.runCollect(stream))
      assert.deepStrictEqual([yield* run, yield* run, yield* run], [
        Exit.succeed([1]),
        Exit.fail("refused"),
        Exit.succeed([3])
      ])
    }))
})
