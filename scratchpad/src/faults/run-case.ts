/** Makes one call against a server that follows a plan, and looks at what is left behind. */
import { LoopbackServer } from "@llm-layers/testing"
import { Effect, Exit, Fiber } from "effect"
import { type Ended, endedOf, type Given, prepare } from "./call.ts"
import type { Case, Stage, Target } from "./Fault.ts"

/** What came of a case. */
export interface Outcome extends Pick<Given, "parts" | "ran"> {
  readonly ended: Ended
  /** From the call, or from leaving it, to its end. */
  readonly millis: number
  readonly requests: ReadonlyArray<LoopbackServer.Request>
  /** From the end of the call until the server had no open socket, in milliseconds; none, if one stayed open. */
  readonly closedAfter: number | undefined
  /** How often the server saw the client leave before the end of an answer. */
  readonly abandoned: number
}

/** `hang` is in milliseconds of real time, whatever the clock of the test. */
export const runCase = (target: Target, one: Case, hang = 10_000): Effect.Effect<Outcome> =>
  Effect.scoped(Effect.gen(function*() {
    const plans = Effect.isEffect(one.plans) ? yield* one.plans : one.plans ?? []
    const server = yield* LoopbackServer.make(plans)
    const address = Effect.isEffect(one.address) ? yield* one.address : one.address ?? server.url
    const { given, run } = prepare(target, address, one.ask ?? {}, one.leave)
    let start = performance.now()
    // Not a child: one that cannot be interrupted must not hold this fiber.
    const calling = yield* Effect.forkDetach(run)
    const ended = yield* Effect.raceFirst(
      Effect.gen(function*() {
        if (one.leave !== undefined && one.leave !== "takes one" && one.leave !== "fails") {
          yield* Effect.raceFirst(reached(one.leave, given, server), Fiber.await(calling))
          start = performance.now()
          if (calling.pollUnsafe() === undefined) calling.interruptUnsafe()
        }
        return endedOf(yield* Fiber.await(calling), one.leave)
      }),
      after<Ended>(hang, { _tag: "Hung" })
    )
    const end = performance.now()
    calling.interruptUnsafe()
    const closed = yield* Effect.exit(server.closed)
    return {
      ended,
      parts: given.parts,
      ran: given.ran,
      millis: end - start,
      requests: yield* server.requests,
      closedAfter: Exit.isSuccess(closed) ? performance.now() - end : undefined,
      abandoned: yield* server.abandoned
    }
  }))

const reached = (
  stage: Exclude<Stage, "takes one" | "fails">,
  given: Given,
  server: LoopbackServer.LoopbackServer
): Effect.Effect<void> => {
  switch (stage) {
    case "sent":
      return server.received(1)
    case "arrived":
      return Effect.andThen(server.received(1), turns)
    default:
      return given.reached(stage)
  }
}

/** Some turns of the event loop, in which what was sent arrives. */
export const turns: Effect.Effect<void> = Effect.promise(async () => {
  for (let i = 0; i < 100; i++) await new Promise((resume) => setImmediate(resume))
})

/** After so many milliseconds by the machine's clock. */
const after = <A>(millis: number, value: A): Effect.Effect<A> =>
  Effect.callback((resume) => {
    const timer = setTimeout(() => resume(Effect.succeed(value)), millis)
    return Effect.sync(() => clearTimeout(timer))
  })
