/**
 * A `fetch` that answers by plan without a network: what a `LoopbackServer` does on a socket, in the same process. It
 * takes no port, is faster, and each piece of a body is one read of the client.
 */
import * as Effect from "effect/Effect"
import * as FiberSet from "effect/FiberSet"
import type * as Scope from "effect/Scope"
import * as Ledger from "./internal/server/ledger.ts"
import { carryOut, planFor, type Plans, type Request as Asked } from "./internal/server/plan.ts"
import * as StubExchange from "./internal/server/stubExchange.ts"

/** A stub. `closed` waits until no answer is open; one is, until it is read to its end, cancelled or aborted. */
export interface StubFetch extends Ledger.Shown {
  /** For the option `fetch` of a client. */
  readonly fetch: typeof globalThis.fetch
  readonly openAnswers: Effect.Effect<number>
}

/**
 * A `fetch` that answers by plan: the next for each request, or what a function says. Waits go by the clock of the
 * effect that made it, so `TestClock` rules them. An abort, and `cancel` of a body, count as leaving, as the closed
 * socket does to a server; the plan is interrupted. When the scope closes, plans that still run stop.
 *
 * A status a `Response` cannot have (below 200, above 599) rejects.
 *
 * @example
 * ```ts
 * import * as StubFetch from "@llm-layers/testing/StubFetch"
 * import { Effect } from "effect"
 * import { strictEqual } from "node:assert"
 *
 * const program = Effect.gen(function*() {
 *   const stub = yield* StubFetch.make([{ status: 429, headers: { "retry-after": "2" } }, { body: ["a", "b"] }])
 *   const ask = Effect.promise(() => stub.fetch("https://api.acme.example/v1/ask", { method: "POST", body: "{}" }))
 *   strictEqual((yield* ask).status, 429)
 *
 *   // The second answer is left after its first piece.
 *   const reader = (yield* ask).body?.getReader()
 *   const read = yield* Effect.promise(async () => reader?.read())
 *   strictEqual(new TextDecoder().decode(read?.value), "a")
 *   yield* Effect.promise(async () => reader?.cancel())
 *   strictEqual(yield* stub.abandoned, 1)
 * })
 *
 * await Effect.runPromise(Effect.scoped(program))
 * ```
 */
export const make = (plans: Plans): Effect.Effect<StubFetch, never, Scope.Scope> =>
  Effect.gen(function*() {
    const run = yield* FiberSet.makeRuntime<never>()
    let open = 0
    const ledger = Ledger.make(() => open, "answers")

    const fetch: typeof globalThis.fetch = async (input, init) => {
      const request = new Request(input, init)
      const { pathname, search } = new URL(request.url)
      const asked: Asked = {
        method: request.method,
        path: `${pathname}${search}`,
        headers: Object.fromEntries(request.headers),
        body: await request.text()
      }
      request.signal.throwIfAborted()
      const plan = planFor(plans, asked, ledger.add(asked))
      open++
      const over = (abandoned: boolean) => {
        open--
        if (abandoned) ledger.abandon()
        ledger.tell()
      }
      const answer = StubExchange.start((sink) => run(carryOut(plan, sink)), request.signal, over)
      ledger.tell()
      return answer
    }

    return { ...ledger.shown, fetch, openAnswers: Effect.sync(() => open) }
  })
