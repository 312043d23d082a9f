/** An interruption ends the request: over sockets of the loopback interface, because only a socket can stay open. */
import type * as Settings from "@llm-layers/core/Settings"
import * as LanguageModel from "effect/ai/LanguageModel"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import type * as Scope from "effect/Scope"
import * as Stream from "effect/Stream"
import type { Law, LawBroken } from "../../../Law.ts"
import * as LoopbackServer from "../../../LoopbackServer.ts"
import { plain } from "../answers.ts"
import { broken, holds } from "../broken.ts"
import * as Frames from "../frames.ts"
import type { WireKit } from "../kit.ts"
import { type Check, makeFor } from "../law.ts"
import * as Subject from "../subject.ts"
import { eventStream } from "../transport.ts"

/** Milliseconds until the socket has to be closed. */
const limit = 100

/** A machine that is busy may be late for once. */
const attempts = 3

export const interruption = <S extends Settings.Common>(kit: WireKit<S>): ReadonlyArray<Law> => {
  const law = makeFor("interruption", kit.options)
  const wire = kit.harness.answer(plain("Never ends"))
  const events = wire.events.map((event) => Frames.frame(event))
  const body = (way: Subject.Way) =>
    way === "streamText" ? events.slice(0, -1) : [JSON.stringify(wire.body).slice(0, -20)]
  const closes = (
    way: Subject.Way,
    plan: LoopbackServer.Plan,
    end: (model: Subject.Model, server: LoopbackServer.LoopbackServer) => Effect.Effect<void, LawBroken, Scope.Scope>
  ) => atLeastOnce(closing(kit, plan, end), way)
  return [
    ...Subject.ways.flatMap((way) => [
      law(`${way}: before the head of the answer`, closes(way, "silence", interrupted(way))),
      law(
        `${way}: after the head`,
        closes(way, { headers: eventStream, body: [], end: "silence" }, interrupted(way))
      ),
      law(
        `${way}: in the middle of the body`,
        closes(way, { headers: eventStream, body: body(way), end: "silence" }, interrupted(way))
      )
    ]),
    law(
      "streamText: by a consumer that takes one part",
      closes(
        "streamText",
        { headers: eventStream, body: body("streamText"), end: "silence" },
        (model) => taken(model, Stream.take(1))
      )
    ),
    law(
      "streamText: by a consumer that fails",
      closes(
        "streamText",
        { headers: eventStream, body: body("streamText"), end: "silence" },
        (model) => taken(model, Stream.mapEffect(() => Effect.fail("enough")))
      )
    )
  ]
}

const taken = (
  model: Subject.Model,
  leave: <A, E, R>(stream: Stream.Stream<A, E, R>) => Stream.Stream<unknown, unknown, R>
): Effect.Effect<void> =>
  LanguageModel.streamText({ prompt: "Hello" }).pipe(leave, Stream.runDrain, Effect.provide(model), Effect.ignore)

/** Some turns of the event loop, in which what was sent arrives. */
const turns = Effect.promise(async () => {
  for (let turn = 0; turn < 50; turn++) await new Promise((resume) => setImmediate(resume))
})

/** Interrupts the call once its request has come. */
const interrupted = (way: Subject.Way) => (model: Subject.Model, server: LoopbackServer.LoopbackServer) =>
  Effect.gen(function*() {
    const running = yield* Effect.forkChild(Subject.call(model, way))
    yield* server.received(1)
    yield* turns
    const early = running.pollUnsafe()
    if (early !== undefined) return yield* broken("before the interruption", "a call that runs", early)
    yield* Fiber.interrupt(running)
  })

/** Milliseconds from the end of the call to the last open socket; breaks the law where one stays open. */
const closing = <S extends Settings.Common>(
  kit: WireKit<S>,
  plan: LoopbackServer.Plan,
  end: (model: Subject.Model, server: LoopbackServer.LoopbackServer) => Effect.Effect<void, LawBroken, Scope.Scope>
): Effect.Effect<number, LawBroken, Scope.Scope> =>
  Effect.gen(function*() {
    const server = yield* LoopbackServer.make([plan])
    const { model } = yield* Subject.make(kit.harness, { fetch: globalThis.fetch, baseUrl: server.url })
    yield* end(model, server)
    const ended = performance.now()
    yield* Effect.timeoutOrElse(server.closed, {
      duration: 3 * limit,
      orElse: () => broken("the socket", `closed within ${limit} ms`, `open after ${3 * limit} ms`)
    })
    return performance.now() - ended
  })

const atLeastOnce = (
  closing: Effect.Effect<number, LawBroken, Scope.Scope>,
  way: Subject.Way
): Check =>
  Effect.gen(function*() {
    const took: Array<number> = []
    while (took.length < attempts && !took.some((millis) => millis <= limit)) took.push(yield* Effect.scoped(closing))
    yield* holds(took.some((millis) => millis <= limit), way, `the socket closed within ${limit} ms`, took)
  })
