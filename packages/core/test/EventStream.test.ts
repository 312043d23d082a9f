import { assert, describe, it } from "@effect/vitest"
import * as EventStream from "@llm-layers/core/EventStream"
import { Duration, Effect, Exit, Fiber, Queue, Stream } from "effect"
import { TestClock } from "effect/testing"

const encode = (text: string): Uint8Array<ArrayBuffer> => new TextEncoder().encode(text)

/** A body in the given reads. */
const body = (reads: ReadonlyArray<Uint8Array<ArrayBuffer>>): ReadableStream<Uint8Array> => ReadableStream.from(reads)

interface Outcome {
  readonly events: ReadonlyArray<EventStream.JsonEvent>
  readonly failure: EventStream.Failure | undefined
}

/** All events of a stream, and what it failed with. */
const read = (source: ReadableStream<Uint8Array>, options?: EventStream.Options): Effect.Effect<Outcome> =>
  Effect.suspend(() => {
    const events: Array<EventStream.JsonEvent> = []
    return EventStream.decode(source, options).pipe(
      Stream.runForEach((event) => Effect.sync(() => events.push(event))),
      Effect.match({
        onSuccess: (): Outcome => ({ events, failure: undefined }),
        onFailure: (failure): Outcome => ({ events, failure })
      })
    )
  })

const readText = (text: string, options?: EventStream.Options) => read(body([encode(text)]), options)

/** The outcome is the same wherever the bytes are split, once and twice, and byte by byte. */
const sameAtEverySplit = (text: string, expected: Outcome, options?: EventStream.Options) =>
  Effect.gen(function*() {
    const bytes = encode(text)
    assert.deepStrictEqual(yield* read(body([bytes]), options), expected, "whole")
    const single = Array.from(bytes, (_, index) => bytes.slice(index, index + 1))
    assert.deepStrictEqual(yield* read(body(single), options), expected, "byte by byte")
    for (let at = 1; at < bytes.length; at++) {
      const halves = [bytes.slice(0, at), bytes.slice(at)]
      assert.deepStrictEqual(yield* read(body(halves), options), expected, `split at ${at}`)
      // Three reads: a short one in the middle, which may hold no more than the end of a line.
      for (const length of [1, 2, 3, 12]) {
        const parts = [bytes.slice(0, at), bytes.slice(at, at + length), bytes.slice(at + length)]
        assert.deepStrictEqual(yield* read(body(parts), options), expected, `split at ${at} and ${at + length}`)
      }
    }
  })

const message = (data: unknown): EventStream.JsonEvent => ({ event: "message", data })

describe("events", () => {
  const events = [
    `\uFEFF: a comment`,
    `data: {"two":"é","three":"漢","four":"🙂"}`,
    ``,
    `event: named`,
    `id: 7`,
    `retry: 10`,
    `data:{"no":"space"}`,
    ``,
    `: keep-alive`,
    ``,
    `data: {"lines":`,
    `data:  [1, 2],`,
    `data: "more": true}`,
    ``,
    `event: without-data`,
    ``,
    `data: "🙂‍↕️"`,
    ``,
    `unknown: field`,
    `data: null`,
    ``,
    `data: [DONE]`,
    ``,
    ``
  ]
  const expected: Outcome = {
    events: [
      message({ two: "é", three: "漢", four: "🙂" }),
      { event: "named", data: { no: "space" } },
      message({ lines: [1, 2], more: true }),
      message("🙂‍↕️"),
      message(null),
      { event: EventStream.doneEvent, data: undefined }
    ],
    failure: undefined
  }

  for (const [name, newline] of [["LF", "\n"], ["CRLF", "\r\n"], ["CR", "\r"]] as const) {
    it.effect(
      `are the same at every split of the bytes: ${name}`,
      () => sameAtEverySplit(events.join(newline), expected),
      30_000
    )

    it.effect(`need no empty line after the last: ${name}`, () =>
      Effect.gen(function*() {
        const whole = { events: [message(1), message({ last: true })], failure: undefined }
        const text = [`data: 1`, ``, `data: {"last":true}`].join(newline)
        yield* sameAtEverySplit(text, whole)
        yield* sameAtEverySplit(text + newline, whole)
      }))

    it.effect(`are left out where the last was cut: ${name}`, () =>
      sameAtEverySplit([`data: 1`, ``, `data: {"las`].join(newline), { events: [message(1)], failure: undefined }))
  }

  it.effect("are none in an empty body, or in one of comments alone", () =>
    Effect.gen(function*() {
      const none = { events: [], failure: undefined }
      assert.deepStrictEqual(yield* read(body([])), none)
      assert.deepStrictEqual(yield* readText(": a\n\n: b\n\n"), none)
      assert.deepStrictEqual(yield* readText("\uFEFF"), none)
    }))

  it.effect("that came in one read leave in one array; a read without events gives none", () =>
    Effect.gen(function*() {
      const reads = [`data: 1\n\ndata: 2\n\ndata: 3\n\n`, `: nothing\n\n`, `data: 4\n\n`].map(encode)
      const sizes: Array<number> = []
      yield* Stream.runForEachArray(EventStream.decode(body(reads)), (events) =>
        Effect.sync(() => sizes.push(events.length)))
      assert.deepStrictEqual(
        sizes.reduce((sum, size) =>
          sum + size, 0),
        4
      )
      assert.isAtLeast(Math.min(...sizes), 1)
      assert.isAtLeast(sizes[0]!, 3)
    }))

  it.effect("are the same where many come in one read", () =>
    Effect.gen(function*() {
      const data = Array.from({ length: 60 }, (_, index) => ({ index, text: "aé漢🙂".repeat(index * 5) }))
      const text = data.map((one) => `event: e\r\ndata: ${JSON.stringify(one)}\r\n\r\n`).join("") + `{"bare":true}`
      const expected: Outcome = {
        events: [...data.map((one) => ({ event: "e", data: one })), {
          event: EventStream.bodyEvent,
          data: { bare: true }
        }],
        failure: undefined
      }
      const bytes = encode(text)
      for (const size of [bytes.length, 16_384, 4096, 1021, 512]) {
        const reads = Array.from(
          { length: Math.ceil(bytes.length / size) },
          (_, index) => bytes.slice(index * size, (index + 1) * size)
        )
        assert.deepStrictEqual(yield* read(body(reads)), expected, `reads of ${size}`)
      }
    }))

  it.effect("replace bytes that are not UTF-8 in place of failing", () =>
    Effect.gen(function*() {
      const bytes = new Uint8Array([...encode("data: \""), 0xff, ...encode("\"\n\n")])
      assert.deepStrictEqual(yield* read(body([bytes])), { events: [message("\uFFFD")], failure: undefined })
    }))
})

describe("a JSON document in place of an event", () => {
  const error = { error: { message: "no {such} key" } }
  const bare: EventStream.JsonEvent = { event: EventStream.bodyEvent, data: error }

  it.effect("is an event for each item where it is a list, however it is laid out", () =>
    Effect.gen(function*() {
      const events = [{ event: EventStream.bodyEvent, data: { a: 1 } }, bare]
      for (const [layout, separator] of [[0, ",\r\n"], [2, "\n,\n"]] as const) {
        const items = [{ a: 1 }, error].map((one) => JSON.stringify(one, null, layout))
        yield* sameAtEverySplit(`[${items.join(separator)}]\n`, { events, failure: undefined })
      }
      assert.deepStrictEqual(yield* readText("[]"), { events: [], failure: undefined })
      assert.deepStrictEqual(yield* readText(`[{"a":1}\n,\n{"a"`), { events: [], failure: undefined })
    }))

  for (const [name, newline] of [["LF", "\n"], ["CRLF", "\r\n"], ["CR", "\r"]] as const) {
    it.effect(`is found alone, after events and over several lines: ${name}`, () =>
      Effect.gen(function*() {
        const indented = JSON.stringify(error, null, 2).replaceAll("\n", newline)
        yield* sameAtEverySplit(JSON.stringify(error), { events: [bare], failure: undefined })
        yield* sameAtEverySplit(newline + indented + newline, { events: [bare], failure: undefined })
        yield* sameAtEverySplit([`data: {"a":1}`, ``, indented].join(newline), {
          events: [message({ a: 1 }), bare],
          failure: undefined
        })
      }), 30_000)

    it.effect(`is not made of the data of an event: ${name}`, () =>
      Effect.gen(function*() {
        const one = { events: [message({ a: 1 })], failure: undefined }
        yield* sameAtEverySplit([`data: {"a":1}`, ``, ``].join(newline), one)
        yield* sameAtEverySplit([`data: {"a":1}`, ``, ``, ``].join(newline), one)
        yield* sameAtEverySplit([`data: {"a":`, `data: 1}`, ``, ``].join(newline), one)
      }))
  }

  it.effect("that was cut is left out: the end that is missing says so", () =>
    sameAtEverySplit(`{"error":{"mess`, { events: [], failure: undefined }))
})

describe("failures", () => {
  it.effect("data that is not JSON, after the events before it and without those after it", () =>
    sameAtEverySplit(`data: 1\n\ndata: {oops}\n\ndata: 2\n\n`, {
      events: [message(1)],
      failure: { _tag: "NotJson", data: "{oops}" }
    }))

  it.effect("a page in place of events", () =>
    sameAtEverySplit(`<!doctype html>\n<html>\n\n</html>`, {
      events: [],
      failure: { _tag: "NotJson", data: "<!doctype html>\n<html>\n\n</html>" }
    }))

  it.effect("an event larger than the limit, wherever it is split", () =>
    Effect.gen(function*() {
      const limit = 40
      const fits = JSON.stringify("x".repeat(limit - 2))
      const tooLarge = JSON.stringify("x".repeat(limit - 1))
      const options = { maxEventBytes: limit }
      yield* sameAtEverySplit(`event: e\ndata: ${fits}\n\n`, {
        events: [{ event: "e", data: "x".repeat(limit - 2) }],
        failure: undefined
      }, options)
      yield* sameAtEverySplit(`data: 1\n\ndata: ${tooLarge}\n\ndata: 2\n\n`, {
        events: [message(1)],
        failure: { _tag: "EventTooLarge", limit }
      }, options)
      // Of several lines, none of which is too long.
      const line = `data: "${"x".repeat(10)}",\n`
      yield* sameAtEverySplit(`data: [\n${line.repeat(8)}data: 1]\n\n`, {
        events: [],
        failure: { _tag: "EventTooLarge", limit }
      }, options)
    }), 30_000)

  it.effect("an event that never ends is stopped at the limit", () =>
    Effect.gen(function*() {
      let reads = 0
      const endless = new ReadableStream<Uint8Array>({
        pull(controller) {
          controller.enqueue(encode(reads++ === 0 ? "data: \"" : "x".repeat(1000)))
        }
      })
      const { failure } = yield* read(endless, { maxEventBytes: 100_000 })
      assert.deepStrictEqual(failure, { _tag: "EventTooLarge", limit: 100_000 })
      assert.isBelow(reads, 120)
    }))

  it.effect("a lost connection, after what had come", () =>
    Effect.gen(function*() {
      const lost = new Error("socket closed")
      let reads = 0
      const source = new ReadableStream<Uint8Array>({
        pull(controller) {
          if (reads++ === 0) controller.enqueue(encode("data: 1\n\ndata: 2"))
          else controller.error(lost)
        }
      })
      assert.deepStrictEqual(yield* read(source), {
        events: [message(1)],
        failure: { _tag: "ConnectionLost", cause: lost }
      })
    }))
})

describe("idle timeout", () => {
  const idleTimeout = Duration.seconds(10)

  /** A body that gives what is put into it, and tells whether it was cancelled. */
  const controlled = () => {
    let controller!: ReadableStreamDefaultController<Uint8Array>
    const state = { cancelled: false }
    const source = new ReadableStream<Uint8Array>({
      start(given) {
        controller = given
      },
      cancel() {
        state.cancelled = true
      }
    })
    return { source, state, send: (text: string) => controller.enqueue(encode(text)), end: () => controller.close() }
  }

  it.effect("fails a silent stream after what had come, and cancels the body", () =>
    Effect.gen(function*() {
      const { source, state, send } = controlled()
      const running = yield* Effect.forkChild(read(source, { idleTimeout }))
      send("data: 1\n\n")
      yield* turns
      yield* TestClock.adjust("9 seconds")
      assert.isUndefined(running.pollUnsafe())
      yield* TestClock.adjust("1 second")
      assert.deepStrictEqual(yield* Fiber.join(running), { events: [message(1)], failure: { _tag: "Idle" } })
      assert.isTrue(state.cancelled)
    }))

  it.effect("counts from the last read, comments included", () =>
    Effect.gen(function*() {
      const { source, send, end } = controlled()
      const running = yield* Effect.forkChild(read(source, { idleTimeout }))
      for (let i = 0; i < 5; i++) {
        send(": keep-alive\n\n")
        yield* turns
        yield* TestClock.adjust("9 seconds")
      }
      send("data: 1\n\n")
      end()
      yield* turns
      assert.deepStrictEqual(yield* Fiber.join(running), { events: [message(1)], failure: undefined })
    }))

  it.effect("is not that of a slow consumer", () =>
    Effect.gen(function*() {
      const many = Array.from({ length: 2000 }, (_, index) => encode(`data: ${index}\n\n`))
      const seen = yield* EventStream.decode(body(many), { idleTimeout }).pipe(
        Stream.runForEachArray(() => Effect.sleep("1 minute")),
        Effect.exit,
        Effect.forkChild
      )
      for (let i = 0; i < 40; i++) {
        yield* turns
        yield* TestClock.adjust("1 minute")
      }
      assert.isTrue(Exit.isSuccess(yield* Fiber.join(seen)))
    }))
})

describe("back-pressure and interruption", () => {
  const counting = () => {
    const state = { reads: 0, cancelled: false }
    const source = new ReadableStream<Uint8Array>({
      pull(controller) {
        controller.enqueue(encode(`data: ${state.reads++}\n\n`))
      },
      cancel() {
        state.cancelled = true
      }
    })
    return { source, state }
  }

  it.effect("a consumer that has stopped bounds how far the body is read", () =>
    Effect.gen(function*() {
      const { source, state } = counting()
      const taken = yield* Queue.make<EventStream.JsonEvent>({ capacity: 1 })
      const running = yield* EventStream.decode(source).pipe(
        Stream.runForEach((event) => Queue.offer(taken, event)),
        Effect.forkChild
      )
      yield* Effect.promise(async () => {
        for (let i = 0; i < 2000; i++) await new Promise((resume) => setImmediate(resume))
      })
      const stopped = state.reads
      assert.isBelow(stopped, 600)
      yield* turns
      assert.strictEqual(state.reads, stopped)
      // Goes on where it stopped, and loses nothing.
      for (let i = 0; i < 1000; i++) assert.strictEqual((yield* Queue.take(taken)).data, i)
      assert.isAbove(state.reads, stopped)
      yield* Fiber.interrupt(running)
    }))

  it.effect("a consumer that needs no more cancels the body", () =>
    Effect.gen(function*() {
      const { source, state } = counting()
      const events = yield* Stream.runCollect(Stream.take(EventStream.decode(source), 3))
      assert.deepStrictEqual(events.map((event) => event.data), [0, 1, 2])
      assert.isTrue(state.cancelled)
    }))

  it.effect("interruption cancels the body while it is waited for", () =>
    Effect.gen(function*() {
      let cancelled = false
      const silent = new ReadableStream<Uint8Array>({
        cancel() {
          cancelled = true
        }
      })
      const running = yield* Effect.forkChild(Stream.runDrain(EventStream.decode(silent)))
      yield* turns
      yield* Fiber.interrupt(running)
      assert.isTrue(cancelled)
    }))

  it.effect("a failure cancels the body", () =>
    Effect.gen(function*() {
      let cancelled = false
      const source = new ReadableStream<Uint8Array>({
        pull(controller) {
          controller.enqueue(encode("data: oops\n\n"))
        },
        cancel() {
          cancelled = true
        }
      })
      const { failure } = yield* read(source)
      assert.strictEqual(failure?._tag, "NotJson")
      assert.isTrue(cancelled)
    }))
})

/** Some turns of the event loop, in which reads complete. */
const turns = Effect.promise(async () => {
  for (let i = 0; i < 20; i++) await new Promise((resume) => setImmediate(resume))
})
