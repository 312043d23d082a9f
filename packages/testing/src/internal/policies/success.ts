/** A call that succeeds passes as if there were no policy. */
import * as Prompt from "effect/ai/Prompt"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Stream from "effect/Stream"
import * as DriverRequest from "../../DriverRequest.ts"
import type { Law } from "../../Law.ts"
import { broken, holds, same } from "../conformance/broken.ts"
import * as Detached from "../conformance/detached.ts"
import type { Check, Options } from "../conformance/law.ts"
import * as Probe from "./probe.ts"
import * as Wrapped from "./wrapped.ts"

export const success = <R>(subject: Wrapped.Subject<R>, options: Options): ReadonlyArray<Law> => {
  const law = Wrapped.makeFor("success", options)
  return [
    law("the driver is described as it was", described(subject)),
    law("nothing is asked before an answer is wanted", lazy(subject)),
    law("generateText: the parts are the driver's, which is asked once, at once", generated(subject)),
    law("streamText: the parts are the driver's, which is asked once, at once", streamed(subject)),
    law("generateText: what is asked reaches the driver as it is", asked(subject, "generateText")),
    law("streamText: what is asked reaches the driver as it is", asked(subject, "streamText")),
    law("generateText: what the caller set around the call reaches the driver", around(subject, "generateText")),
    law("streamText: what the caller set around the call reaches the driver", around(subject, "streamText")),
    law("calls at the same time each have their own answer", together(subject))
  ]
}

type Way = "generateText" | "streamText"

/** The call both ways, run to its end. */
const run = (wrapped: Wrapped.Wrapped, way: Way, prompt?: string): Effect.Effect<ReadonlyArray<object>, unknown> =>
  way === "generateText" ? Wrapped.generate(wrapped, prompt) : Stream.runCollect(Wrapped.stream(wrapped, prompt))

const succeeds = (wrapped: Wrapped.Wrapped, way: Way, prompt?: string) =>
  Effect.flatMap(
    Wrapped.settled(run(wrapped, way, prompt)),
    (exit) => Exit.isSuccess(exit) ? Effect.succeed(exit.value) : broken(way, "success", exit.cause)
  )

const described = <R>(subject: Wrapped.Subject<R>): Check =>
  Effect.gen(function*() {
    const { driver, probe } = yield* Wrapped.make(subject)
    for (const name of ["provider", "module", "model", "capabilities"] as const) {
      yield* same(name, probe.driver[name], driver[name])
    }
    const { codecTransformer } = probe.driver
    yield* holds(
      driver.codecTransformer === codecTransformer,
      "codecTransformer",
      codecTransformer,
      driver.codecTransformer
    )
  })

const lazy = <R>(subject: Wrapped.Subject<R>): Check =>
  Effect.gen(function*() {
    const wrapped = yield* Wrapped.make(subject)
    Wrapped.generate(wrapped)
    Wrapped.stream(wrapped)
    yield* Wrapped.turns
    yield* same("calls of the driver", 0, wrapped.probe.asked.length)
  })

/** The clock stands still: nothing may wait for it. */
const atOnce = (wrapped: Wrapped.Wrapped, way: Way, expected: unknown): Check =>
  Effect.gen(function*() {
    const running = yield* Detached.fork(run(wrapped, way))
    for (let turn = 0; turn < 20 && running.pollUnsafe() === undefined; turn++) yield* Wrapped.turns
    const exit = running.pollUnsafe()
    if (exit === undefined) return yield* broken(way, "an answer while the clock stands still", "none")
    if (Exit.isFailure(exit)) return yield* broken(way, "success", exit.cause)
    yield* same("the parts", expected, exit.value)
    yield* same("calls of the driver", 1, wrapped.probe.asked.length)
    yield* same("calls of the driver that still run", 0, wrapped.probe.running)
  })

const generated = <R>(subject: Wrapped.Subject<R>): Check =>
  Effect.flatMap(Wrapped.make(subject), (wrapped) => atOnce(wrapped, "generateText", Probe.whole))

const streamed = <R>(subject: Wrapped.Subject<R>): Check =>
  Effect.flatMap(Wrapped.make(subject), (wrapped) => atOnce(wrapped, "streamText", Probe.streamed))

const asked = <R>(subject: Wrapped.Subject<R>, way: Way): Check =>
  Effect.gen(function*() {
    const wrapped = yield* Wrapped.make(subject)
    yield* succeeds(wrapped, way, "A question of its own")
    const came = wrapped.probe.asked[0]
    const { span: _, ...wanted } = DriverRequest.make({ prompt: Prompt.make("A question of its own") })
    yield* same("the options", wanted, came === undefined ? undefined : { ...came, span: undefined })
  })

const around = <R>(subject: Wrapped.Subject<R>, way: Way): Check =>
  Effect.gen(function*() {
    const wrapped = yield* Wrapped.make(subject)
    const call = Effect.provideService(run(wrapped, way), Probe.Around, "the caller's")
    yield* Wrapped.settled(call)
    yield* same("what the driver reads", "the caller's", wrapped.probe.around[0])
  })

const count = 5

/** Each answer repeats its question. */
const together = <R>(subject: Wrapped.Subject<R>): Check =>
  Effect.gen(function*() {
    const wrapped = yield* Wrapped.make(subject, {
      generate: (call) => Effect.as(Effect.promise(() => new Promise((resume) => setImmediate(resume))), answerTo(call))
    })
    const questions = Array.from({ length: count }, (_, index) => `question ${index}`)
    const exit = yield* Wrapped.settled(
      Effect.forEach(questions, (question) => Wrapped.generate(wrapped, question), { concurrency: "unbounded" })
    )
    if (Exit.isFailure(exit)) return yield* broken("the calls", "success", exit.cause)
    const expected = questions.map((question) =>
      answerTo(1 + wrapped.probe.asked.findIndex(({ prompt }) => JSON.stringify(prompt).includes(question)))
    )
    yield* same("the answers", expected, exit.value)
  })

const answerTo = (call: number) =>
  Probe.whole.map((part) => part.type === "text" ? { ...part, text: `answer ${call}` } : part)
