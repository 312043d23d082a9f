/** Whether a call that ends early leaves its socket open. Over the loopback interface: nothing else has sockets. */
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import type * as Scope from "effect/Scope"
import type { LawBroken } from "../../Law.ts"
import * as LoopbackServer from "../../LoopbackServer.ts"
import { broken, holds } from "./broken.ts"
import * as Detached from "./detached.ts"
import type { Check } from "./law.ts"

/** Milliseconds until the socket has to be closed. */
const limit = 100

/** A machine that is busy may be late for once. */
const attempts = 3

/** Calls, and ends the call before the server does. */
export type End<Model> = (
  model: Model,
  server: LoopbackServer.LoopbackServer
) => Effect.Effect<void, LawBroken, Scope.Scope>

/** Breaks the law where a socket is open too long after the call ended. */
export const close = <Model>(
  plan: LoopbackServer.Plan,
  connect: (baseUrl: string) => Effect.Effect<Model, never, Scope.Scope>,
  end: End<Model>
): Check => {
  /** Milliseconds, as far as they were waited for. */
  const once = Effect.gen(function*() {
    const server = yield* LoopbackServer.make([plan])
    yield* end(yield* connect(server.url), server)
    const ended = performance.now()
    yield* Effect.timeoutOrElse(server.closed, { duration: 2 * limit, orElse: () => Effect.void })
    return performance.now() - ended
  })
  return Effect.gen(function*() {
    const took: Array<number> = []
    while (took.length < attempts && !took.some((millis) => millis <= limit)) took.push(yield* Effect.scoped(once))
    const least = Math.round(Math.min(...took))
    yield* holds(least <= limit, "the socket", `closed within ${limit} ms`, `open for ${least} ms at least`)
  })
}

/** Some turns of the event loop, in which what was sent arrives. */
const turns = Effect.promise(async () => {
  for (let turn = 0; turn < 50; turn++) await new Promise((resume) => setImmediate(resume))
})

/** Interrupts the call once its request has come. */
export const interrupted = <Model, A, E>(call: (model: Model) => Effect.Effect<A, E>): End<Model> => (model, server) =>
  Effect.gen(function*() {
    const running = yield* Detached.fork(call(model))
    yield* server.received(1)
    yield* turns
    const early = running.pollUnsafe()
    if (early !== undefined) return yield* broken("before the interruption", "a call that runs", early)
    yield* Effect.timeoutOrElse(Fiber.interrupt(running), {
      duration: 3 * limit,
      orElse: () => broken("the call", `an end within ${3 * limit} ms of its interruption`, "none")
    })
  })
