/**
 * An HTTP server on the loopback interface that answers by plan, for tests of what goes over the wire: errors, streams,
 * connections that are cut, reset or silent. It keeps what was asked and knows which sockets are open.
 */
import * as Effect from "effect/Effect"
import * as FiberSet from "effect/FiberSet"
import type * as Scope from "effect/Scope"
import * as Http from "node:http"
import type { AddressInfo, Socket } from "node:net"
import * as Ledger from "./internal/server/ledger.ts"
import {
  type Answer,
  carryOut,
  type Piece,
  type Plan,
  planFor,
  type Plans,
  type Reply,
  type Request,
  type Sink
} from "./internal/server/plan.ts"

export type { Answer, Piece, Plan, Plans, Reply, Request }

/** A running server. `closed` waits until no socket is open. */
export interface LoopbackServer extends Ledger.Shown {
  /** Without a slash at the end. */
  readonly url: string
  readonly openSockets: Effect.Effect<number>
}

/**
 * A server that answers by plan: the next for each request, or what a function says. It closes with the scope, with all
 * its sockets. A connection serves one request, so that a socket that stays open is one that somebody forgot. A plan
 * whose client leaves is interrupted. `Faults` makes plans out of plans, `StubFetch` follows them without a network.
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
export const make = (plans: Plans): Effect.Effect<LoopbackServer, never, Scope.Scope> =>
  Effect.gen(function*() {
    const sockets = new Set<Socket>()
    const ledger = Ledger.make(() => sockets.size, "sockets")
    const run = yield* FiberSet.makeRuntime<never>()
    const server = Http.createServer((request, response) => {
      const chunks: Array<Buffer> = []
      response.shouldKeepAlive = false
      request.on("error", () => undefined)
      request.on("data", (chunk: Buffer) => chunks.push(chunk))
      request.on("end", () => {
        const { headers, method = "", url: path = "" } = request
        const asked: Request = { method, path, headers, body: Buffer.concat(chunks).toString("utf8") }
        let own = false
        const sink = sinkOf(response, () => {
          own = true
        })
        const answering = run(carryOut(planFor(plans, asked, ledger.add(asked)), sink))
        response.on("close", () => {
          if (!response.writableFinished && !own) {
            ledger.abandon()
            answering.interruptUnsafe()
          }
          ledger.tell()
        })
        ledger.tell()
      })
    })
    server.on("connection", (socket) => {
      sockets.add(socket)
      socket.on("error", () => undefined)
      socket.on("close", () => {
        sockets.delete(socket)
        ledger.tell()
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
      ...ledger.shown,
      url: `http://127.0.0.1:${port}`,
      openSockets: Effect.sync(() => sockets.size)
    }
  })

/** `leaving` is called before the server itself closes the connection. */
const sinkOf = (response: Http.ServerResponse, leaving: () => void): Sink => ({
  head: (status, headers) => {
    response.writeHead(status, headers)
    response.flushHeaders()
  },
  write: (bytes) =>
    Effect.callback((resume) => {
      response.write(bytes, () => resume(Effect.void))
    }),
  end: (how) => {
    if (how === "complete") {
      response.end()
      return
    }
    leaving()
    if (how === "not-http") response.socket?.end("\x00\x01\x02 this is not HTTP\r\n\r\n")
    else if (how === "reset") response.socket?.resetAndDestroy()
    else response.socket?.destroy()
  }
})
