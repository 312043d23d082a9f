/** Who leaves a call ends the driver's, and streams are drawn from as they are read. */
import type * as PartStream from "@llm-layers/core/PartStream"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Stream from "effect/Stream"
import * as TestClock from "effect/testing/TestClock"
import type { Law } from "../../Law.ts"
import { broken, holds, same } from "../conformance/broken.ts"
import * as Detached from "../conformance/detached.ts"
import type { Check, Options } from "../conformance/law.ts"
import * as Probe from "./probe.ts"
import * as Wrapped from "./wrapped.ts"

/** Parts a policy may have drawn that nobody has read: one on its way, one held back. */
const ahead = 2

export const interruption = <R>(subject: Wrapped.Subject<R>, options: Options): ReadonlyArray<Law> => {
  const left = Wrapped.makeFor("interruption", options)
  const streams = Wrapped.makeFor("streams", options)
  return [
    left("generateText: an interruption ends the driver's call", generate(subject)),
    left("streamText: an interruption before the first part ends the driver's call", stream(subject, Stream.never, 0)),
    left("streamText: an interruption between parts ends the driver's call", stream(subject, half, 3)),
    left("streamText: a consumer that takes one part ends the driver's call", leaving(subject, Stream.take(1))),
    left(
      "streamText: a consumer that fails ends the driver's call",
      leaving(subject, Stream.mapEffect(() => Effect.fail("enough")))
    ),
    streams("parts are given out as they come, from the first that says something", asTheyCome(subject)),
    streams("no more is drawn from the driver than is read", backPressure(subject))
  ]
}

/** Up to the first text, before which a policy may hold parts back; and then nothing. */
const begun = Probe.streamed.slice(0, 3)
const half: Stream.Stream<PartStream.Part> = Stream.concat(Probe.parts(begun), Stream.never)

/** Interrupts the call; the driver's has ended then, and nothing is asked later. */
const interrupts = (wrapped: Wrapped.Wrapped, call: Effect.Effect<unknown, unknown>, ready: () => boolean): Check =>
  Effect.gen(function*() {
    const running = yield* Detached.fork(call)
    for (let turn = 0; turn < 20 && !ready(); turn++) yield* Wrapped.turns
    yield* same("calls of the driver that run before the interruption", 1, wrapped.probe.running)
    const ending = yield* Detached.fork(Fiber.interrupt(running))
    for (let turn = 0; turn < 20 && ending.pollUnsafe() === undefined; turn++) yield* Wrapped.turns
    if (ending.pollUnsafe() === undefined) return yield* broken("the call", "an end after its interruption", "none")
    yield* same("calls of the driver that still run", 0, wrapped.probe.running)
    yield* TestClock.adjust("1 day")
    yield* Wrapped.turns
    yield* same("calls of the driver", 1, wrapped.probe.asked.length)
  })

const generate = <R>(subject: Wrapped.Subject<R>): Check =>
  Effect.gen(function*() {
    const wrapped = yield* Wrapped.make(subject, { generate: () => Effect.never })
    yield* interrupts(wrapped, Wrapped.generate(wrapped), () => wrapped.probe.asked.length > 0)
  })

const stream = <R>(subject: Wrapped.Subject<R>, given: Stream.Stream<PartStream.Part>, count: number): Check =>
  Effect.gen(function*() {
    const wrapped = yield* Wrapped.make(subject, { stream: () => given })
    yield* interrupts(
      wrapped,
      Stream.runDrain(Wrapped.stream(wrapped)),
      () => wrapped.probe.asked.length > 0 && wrapped.probe.pulled >= count
    )
  })

const leaving = <R>(
  subject: Wrapped.Subject<R>,
  leave: <A, E>(stream: Stream.Stream<A, E>) => Stream.Stream<unknown, unknown>
): Check =>
  Effect.gen(function*() {
    const wrapped = yield* Wrapped.make(subject, { stream: () => half })
    const exit = yield* Wrapped.settled(Stream.runDrain(leave(Wrapped.stream(wrapped))))
    yield* holds(wrapped.probe.asked.length === 1, "calls of the driver", 1, {
      calls: wrapped.probe.asked.length,
      exit
    })
    yield* same("calls of the driver that still run", 0, wrapped.probe.running)
  })

const asTheyCome = <R>(subject: Wrapped.Subject<R>): Check =>
  Effect.gen(function*() {
    const wrapped = yield* Wrapped.make(subject, { stream: () => half })
    const seen: Array<unknown> = []
    yield* Detached.fork(
      Stream.runForEach(Wrapped.stream(wrapped), (part) => Effect.sync(() => seen.push(part)))
    )
    for (let turn = 0; turn < 20 && seen.length < begun.length; turn++) yield* Wrapped.turns
    yield* same("the parts before the driver goes on", begun, seen)
  })

const backPressure = <R>(subject: Wrapped.Subject<R>): Check =>
  Effect.gen(function*() {
    const piece = Probe.streamed.find((part) => part.type === "text-delta")
    const many = piece === undefined ? [] : Array.from({ length: 500 }, () => piece)
    const wrapped = yield* Wrapped.make(subject, { stream: () => Probe.parts(many) })
    let read = 0
    yield* Detached.fork(
      Stream.runForEach(Wrapped.stream(wrapped), () => ++read < 10 ? Effect.void : Effect.never)
    )
    for (let turn = 0; turn < 20; turn++) yield* Wrapped.turns
    yield* same("parts that are read", 10, read)
    yield* holds(wrapped.probe.pulled <= 10 + ahead, "parts drawn", `at most ${10 + ahead}`, wrapped.probe.pulled)
  })
