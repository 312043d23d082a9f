/**
 * An HTTP server on the loopback interface that answers by plan, for tests of what goes over the wire: errors, streams,
 * connections that are cut, reset or silent. It keeps what was asked and knows which sockets are open.
 */
import * as Effect from "effect/Effect"
import * as FiberSet from "effect/FiberSet"
import type * as Scope from "effect/Scope"
import * as Http from "node:http"
import type { AddressInfo, Socket } from "node:net"
import { type Answer, answer, type Piece, type Plan } from "./internal/loopback.ts"

export type { Answer, Piece, Plan }

/** A request as it came. */
export interface Request {
  readonly method: string
  /** With the query. */
  readonly path: string
  readonly headers: Http.IncomingHttpHeaders
  readonly body: string
}

/** A running server. */
export interface LoopbackServer {
  /** Without a slash at the end. */
  readonly url: string
  /** The requests so far, in the order they came. */
  readonly requests: Effect.Effect<ReadonlyArray<Request>>
  /** Waits until so many requests have come. */
  readonly received: (count: number) => Effect.Effect<void>
  readonly openSockets: Effect.Effect<number>
  /** Waits until no socket is open. Dies with a message after a second of real time. */
  readonly closed: Effect.Effect<void>
  /** How many answers the client did not wait for: it closed the connection before their end. */
  readonly abandoned: Effect.Effect<number>
}

/**
 * A server that gives each request the next plan. It closes with the scope, with all its sockets. A connection serves
 * one request, so that a socket that stays open is one that somebody forgot.
 *
 * @example
 * ```ts
 * import * as LoopbackServer from "@llm-layers/testing/LoopbackServer"
 * import { Effect } from "effect"
 * import { deepStrictEqual, strictEqual } from "node:assert"
 *
 * const program = Effect.gen(function*() {
 *   const server = yield* LoopbackServer.make([
 *     { status: 429, headers: { "retry-after": "2" }, body: `{"error":{}}` },
 *     { body: [`{"text":`, `"hi"}`] }
 *   ])
 *   const ask = Effect.promise(() => fetch(`${server.url}/v1/ask`, { method: "POST", body: "{}" }))
 *   strictEqual((yield* ask).headers.get("retry-after"), "2")
 *   const response = yield* ask
 *   deepStrictEqual(yield* Effect.promise(() => response.json()), { text: "hi" })
 *   deepStrictEqual((yield* server.requests).map((request) => request.path), ["/v1/ask", "/v1/ask"])
 * })
 *
 * await Effect.runPromise(Effect.scoped(program))
 * ```
 */
export const make = (plans: ReadonlyArray<Plan>): Effect.Effect<LoopbackServer, never, Scope.Scope> =>
  Effect.gen(function*() {
    const requests: Array<Request> = []
    const sockets = new Set<Socket>()
    const changed = new Set<() => void>()
    let abandoned = 0
    const tell = () => changed.forEach((check) => check())

    /** Waits for a condition over the three above. */
    const until = (condition: () => boolean): Effect.Effect<void> =>
      Effect.callback((resume) => {
        const check = () => {
          if (!condition()) return
          changed.delete(check)
          resume(Effect.void)
        }
        changed.add(check)
        check()
        return Effect.sync(() => changed.delete(check))
      })

    const run = yield* FiberSet.makeRuntime<never>()
    const server = Http.createServer((request, response) => {
      const chunks: Array<Buffer> = []
      response.shouldKeepAlive = false
      request.on("error", () => undefined)
      request.on("data", (chunk: Buffer) => chunks.push(chunk))
      request.on("end", () => {
        const { method = "", url = "", headers } = request
        const index = requests.push({ method, path: url, headers, body: Buffer.concat(chunks).toString("utf8") }) - 1
        const plan = plans[index] ?? { status: 500, body: `no plan for request ${index + 1}` }
        let own = false
        response.on("close", () => {
          if (!response.writableFinished && !own) abandoned++
          tell()
        })
        run(answer(plan, response, () => {
          own = true
        }))
        tell()
      })
    })
    server.on("connection", (socket) => {
      sockets.add(socket)
      socket.on("error", () => undefined)
      socket.on("close", () => {
        sockets.delete(socket)
        tell()
      })
    })
    yield* Effect.acquireRelease(
      Effect.callback<void>((resume) => {
        server.listen(0, "127.0.0.1", () => resume(Effect.void))
      }),
      () =>
        Effect.callback<void>((resume) => {
          server.close(() => resume(Effect.void))
          sockets.forEach((socket) => socket.destroy())
        })
    )
    // An address is a string for pipes alone.
    const { port } = server.address() as AddressInfo

    return {
      url: `http://127.0.0.1:${port}`,
      requests: Effect.sync(() => [...requests]),
      received: (count) => until(() => requests.length >= count),
      openSockets: Effect.sync(() => sockets.size),
      closed: Effect.raceFirst(
        until(() => sockets.size === 0),
        Effect.callback<void>((resume) => {
          const timer = setTimeout(() => resume(Effect.die(new Error(`${sockets.size} sockets are still open`))), 1000)
          return Effect.sync(() => clearTimeout(timer))
        })
      ),
      abandoned: Effect.sync(() => abandoned)
    }
  })
