import { assert, describe, it } from "@effect/vitest"
import { Effect, Ref, Stream } from "effect"
import { type AnyPart, firstToSpeak, isContent, partsHeld } from "../src/internal/content.ts"

const start: AnyPart = { type: "text-start" }
const text = (delta: string): AnyPart => ({ type: "text-delta", delta })
const finish: AnyPart = { type: "finish" }

/** One part a read, then a failure where one is given. */
const parts = (all: ReadonlyArray<AnyPart>, failure?: string): Stream.Stream<AnyPart, string> => {
  const given = Stream.rechunk(Stream.fromIterable(all), 1)
  return failure === undefined ? given : Stream.concat(given, Stream.fail(failure))
}

/** Each stream after the failure of the one before. */
const inTurn = (streams: ReadonlyArray<Stream.Stream<AnyPart, string>>) => {
  let turn = 0
  return firstToSpeak((failed: string | undefined) => {
    const next = streams[turn++]
    return next === undefined ? Effect.fail(`all failed, the last with: ${failed}`) : Effect.succeed(next)
  })
}

const collected = (stream: Stream.Stream<AnyPart, string>) =>
  Effect.gen(function*() {
    const seen: Array<AnyPart> = []
    const exit = yield* Effect.result(Stream.runForEach(stream, (part) => Effect.sync(() => seen.push(part))))
    return { seen, failure: exit._tag === "Failure" ? exit.failure : undefined }
  })

describe("isContent", () => {
  it("is what says something", () => {
    const silent = ["response-metadata", "text-start", "reasoning-start", "tool-params-start"]
    assert.deepStrictEqual(silent.filter((type) => isContent({ type })), [])
    assert.isFalse(isContent(text("")))
    assert.isTrue(isContent(text("a")))
    for (const type of ["tool-call", "finish", "file", "source", "text-end", "error", "something new"]) {
      assert.isTrue(isContent({ type }), type)
    }
  })
})

describe("firstToSpeak", () => {
  it.effect("gives out nothing of a stream that failed before it said something", () =>
    Effect.gen(function*() {
      const { failure, seen } = yield* collected(
        inTurn([parts([start, text("")], "one"), parts([start], "two"), parts([start, text("a"), finish])])
      )
      assert.deepStrictEqual(seen, [start, text("a"), finish])
      assert.isUndefined(failure)
    }))

  it.effect("stays with a stream that has said something", () =>
    Effect.gen(function*() {
      const { failure, seen } = yield* collected(inTurn([parts([start, text("a")], "one"), parts([text("b"), finish])]))
      assert.deepStrictEqual(seen, [start, text("a")])
      assert.strictEqual(failure, "one")
    }))

  it.effect("fails as `next` says when all have failed", () =>
    Effect.gen(function*() {
      const { failure, seen } = yield* collected(inTurn([parts([], "one"), parts([start], "two")]))
      assert.deepStrictEqual(seen, [])
      assert.strictEqual(failure, "all failed, the last with: two")
    }))

  it.effect("takes a stream that ends without a word as the answer, and one that holds too much back", () =>
    Effect.gen(function*() {
      assert.deepStrictEqual((yield* collected(inTurn([parts([start]), parts([text("b")])]))).seen, [start])
      assert.deepStrictEqual((yield* collected(inTurn([parts([]), parts([text("b")])]))).seen, [])
      const many = Array.from({ length: partsHeld }, () => start)
      const { failure, seen } = yield* collected(inTurn([parts(many, "late"), parts([text("b")])]))
      assert.strictEqual(seen.length, partsHeld)
      assert.strictEqual(failure, "late")
    }))

  it.effect("closes a failed stream before the next is opened, and the last with its consumer", () =>
    Effect.gen(function*() {
      const log = yield* Ref.make<ReadonlyArray<string>>([])
      const note = (line: string) => Ref.update(log, (lines) => [...lines, line])
      const watched = (name: string, stream: Stream.Stream<AnyPart, string>) =>
        Stream.unwrap(Effect.as(Effect.acquireRelease(note(`${name} opens`), () => note(`${name} closes`)), stream))
      const streams = inTurn([
        watched("one", parts([start], "failed")),
        watched("two", Stream.concat(parts([text("a")]), Stream.never))
      ])
      yield* Stream.runDrain(Stream.take(streams, 1))
      assert.deepStrictEqual(yield* Ref.get(log), ["one opens", "one closes", "two opens", "two closes"])
    }))

  it.effect("does not try again after a defect", () =>
    Effect.gen(function*() {
      const exit = yield* Effect.exit(collected(inTurn([Stream.die("a mistake"), parts([text("b")])])))
      assert.strictEqual(exit._tag, "Failure")
    }))
})
