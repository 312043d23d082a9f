/**
 * Response bytes → the JSON events of a server-sent event stream.
 *
 * A loop outside the fiber reads the body into a bounded buffer and the Effect side takes all that is there at once: one
 * step of the fiber serves many reads. The buffer is what makes back-pressure: the loop stops reading when it is full.
 */
import * as Arr from "effect/Array"
import * as Cause from "effect/Cause"
import * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import type * as Sse from "effect/encoding/Sse"
import type * as Fiber from "effect/Fiber"
import * as Stream from "effect/Stream"
import * as Deadline from "./Deadline.ts"
import { eventParser } from "./internal/eventParser.ts"

/**
 * One event. `[DONE]`, with which many servers end a stream, has that name and no data.
 */
export interface JsonEvent {
  /**
   * The event's name; `message` where the server gave none; `body` for JSON that came outside any event, for each of its
   * items where it is a list.
   */
  readonly event: string
  readonly data: unknown
}

/** The name of the event for `[DONE]`. */
export const doneEvent = "[DONE]"

/** The name of the event for a JSON document that a server sent in place of an event. */
export const bodyEvent = "body"

/**
 * Why a body could not be read to its end. Made into an `AiError` by `Exchange`.
 */
export type Failure =
  | { readonly _tag: "EventTooLarge"; readonly limit: number }
  | { readonly _tag: "NotJson"; readonly data: string }
  | { readonly _tag: "Idle" }
  | { readonly _tag: "ConnectionLost"; readonly cause: unknown }

/** Limits of a stream. */
export interface Options {
  /** Bytes the data of one event may have, counted as UTF-16 units. Default: 10 MiB. */
  readonly maxEventBytes?: number | undefined
  /** The longest silence between two reads. Default: none. */
  readonly idleTimeout?: Duration.Duration | undefined
}

const defaultMaxEventBytes = 10 * 1024 * 1024

/** Events that wait for the fiber before reading stops. */
const bufferLimit = 256

/**
 * The events of a response body. The body is cancelled, and with it the socket closed, when the stream's scope closes.
 *
 * @example
 * ```ts
 * import * as EventStream from "@llm-layers/core/EventStream"
 * import { Effect, Stream } from "effect"
 * import { deepStrictEqual } from "node:assert"
 *
 * const body = new Response(`event: delta\ndata: {"text":"Hi"}\n\ndata: [DONE]\n\n`).body
 * const events = body === null ? [] : await Effect.runPromise(Stream.runCollect(EventStream.decode(body)))
 * deepStrictEqual(events.map(({ event }) => event), ["delta", EventStream.doneEvent])
 * deepStrictEqual(events[0]?.data, { text: "Hi" })
 * ```
 */
export const decode = (
  body: ReadableStream<Uint8Array>,
  options: Options = {}
): Stream.Stream<JsonEvent, Failure> =>
  Stream.unwrap(Effect.withFiber((fiber) => {
    const clock = fiber.getRef(Clock.Clock)
    const opened = Effect.map(eventParser, ({ makeParser }) => {
      const pump = makePump(body.getReader(), options, () => clock.currentTimeMillisUnsafe(), makeParser)
      const limit = options.idleTimeout
      return { pump, unwatch: limit === undefined ? undefined : watch(fiber, pump, Duration.toMillis(limit)) }
    })
    const close = ({ pump, unwatch }: Effect.Success<typeof opened>) => {
      unwatch?.()
      return pump.cancel
    }
    return Effect.map(Effect.acquireRelease(opened, close), ({ pump }) => Stream.fromPull(Effect.succeed(pump.pull)))
  }))

/** One timer a stream in place of one a read: when it fires it is set again, unless the last read is too long ago. */
const watch = (fiber: Fiber.Fiber<unknown, unknown>, pump: Pump, limit: number): () => void => {
  const clock = fiber.getRef(Clock.Clock)
  // A fiber that has ended has none.
  const { context } = fiber
  let cancel: () => void
  const check = (): void => {
    const left = pump.waitingSince() + limit - clock.currentTimeMillisUnsafe()
    if (left > 0) cancel = Deadline.after(context, left, check)
    else pump.giveUp()
  }
  cancel = Deadline.after(context, limit, check)
  return () => cancel()
}

/** Characters at the start of a stream that are parsed in slices, so that the first text is not late. */
const earlyLength = 4096
const earlySlice = 512

interface Pump {
  /** When the current wait for the server began; now, where none is waited for. */
  readonly waitingSince: () => number
  /** Ends the stream as silent for too long. */
  readonly giveUp: () => void
  readonly pull: Effect.Effect<Arr.NonEmptyReadonlyArray<JsonEvent>, Failure | Cause.Done<void>>
  readonly cancel: Effect.Effect<void>
}

const makePump = (
  reader: ReadableStreamDefaultReader<Uint8Array>,
  options: Options,
  now: () => number,
  makeParser: typeof Sse.makeParser
): Pump => {
  let waitingSince = now()
  const limit = options.maxEventBytes ?? defaultMaxEventBytes
  let buffer: Array<JsonEvent> = []
  let failure: Failure | undefined
  let ended = false
  let reading = false
  let scheduled = false
  let early = earlyLength
  let wake: (() => void) | undefined
  // The reads since the one that completed the last event, itself included: what came outside any event is in here.
  let tail = ""
  let tailStartsLine = true
  let last = "\n"
  let any = false

  const parser = makeParser((parsed) => {
    // What comes after a failure in the same read must not overtake it.
    if (parsed._tag !== "Event" || failure !== undefined) return
    any = true
    if (parsed.data.length > limit) {
      failure = { _tag: "EventTooLarge", limit }
      return
    }
    if (parsed.data === doneEvent) {
      buffer.push({ event: doneEvent, data: undefined })
      return
    }
    try {
      buffer.push({ event: parsed.event, data: JSON.parse(parsed.data) })
    } catch {
      failure = { _tag: "NotJson", data: parsed.data }
    }
    // The parser counts names of fields, too, and only at the end of a read: it bounds memory, the check above decides.
  }, { maxEventSize: limit + 1024 })

  const decoder = new TextDecoder()

  const feed = (text: string): void => {
    if (text === "") return
    const before = buffer.length
    const tooLarge = parser.feed(text)
    if (buffer.length > before) {
      tail = text
      tailStartsLine = last === "\n" || last === "\r"
    } else {
      tail += text
    }
    last = text.charAt(text.length - 1)
    if (tooLarge !== undefined) failure ??= { _tag: "EventTooLarge", limit }
  }

  const finish = (): void => {
    ended = true
    feed(decoder.decode())
    if (failure !== undefined) return
    const bare = outsideEvents(tailStartsLine ? tail : tail.replace(/^[^\r\n]+/, ""))
    if (bare !== undefined) {
      for (const data of bare) buffer.push({ event: bodyEvent, data })
    } else if (!any && tail.trimStart().startsWith("<")) {
      failure = { _tag: "NotJson", data: tail }
    } else {
      // A server may leave out the empty line after its last event. What is not JSON then was cut short: the missing
      // end says so.
      parser.feed("\n\n")
      failure = undefined
    }
  }

  const notify = (): void => {
    scheduled = false
    const waiting = wake
    wake = undefined
    waiting?.()
  }

  const loop = async (): Promise<void> => {
    reading = true
    try {
      while (buffer.length < bufferLimit && failure === undefined && !ended) {
        waitingSince = now()
        const read = await reader.read()
        if (read.done) {
          finish()
        } else {
          let text = decoder.decode(read.value, { stream: true })
          // The first events go out one by one as they are parsed, not after all that came with them.
          while (early > 0 && text.length > earlySlice && failure === undefined) {
            feed(text.slice(0, earlySlice))
            text = text.slice(earlySlice)
            early -= earlySlice
            if (buffer.length > 0) notify()
          }
          feed(text)
          early -= text.length
        }
        if (wake !== undefined && (buffer.length > 0 || failure !== undefined || ended)) {
          // The first events go out at once; later ones wait for the end of this turn of the event loop, in which more
          // reads may complete.
          if (early > 0) {
            notify()
          } else if (!scheduled) {
            scheduled = true
            setImmediate(notify)
          }
        }
      }
    } catch (cause) {
      failure ??= { _tag: "ConnectionLost", cause }
      notify()
    }
    reading = false
  }

  const woken = Effect.callback<void>((resume) => {
    wake = () => resume(Effect.void)
    if (!reading) void loop()
    return Effect.sync(() => {
      wake = undefined
    })
  })
  const take: Pump["pull"] = Effect.suspend((): Pump["pull"] => {
    const taken: ReadonlyArray<JsonEvent> = buffer
    if (Arr.isReadonlyArrayNonEmpty(taken)) {
      buffer = []
      if (!reading && !ended && failure === undefined) void loop()
      return Effect.succeed(taken)
    }
    if (failure !== undefined) return Effect.fail(failure)
    if (ended) return Cause.done()
    return Effect.flatMap(woken, () => take)
  })

  return {
    waitingSince: () => reading ? waitingSince : now(),
    giveUp: () => {
      failure ??= { _tag: "Idle" }
      notify()
    },
    pull: take,
    cancel: Effect.promise(() => reader.cancel().catch(() => undefined))
  }
}

/**
 * The JSON document that starts a line of the text and ends with it, as the list of its items where it is one. No line of
 * an event starts like one.
 */
const outsideEvents = (text: string): ReadonlyArray<unknown> | undefined => {
  const at = text.search(/^\s*[{[]/m)
  if (at < 0) return undefined
  try {
    const document: unknown = JSON.parse(text.slice(at))
    return Array.isArray(document) ? document : [document]
  } catch {
    return undefined
  }
}
