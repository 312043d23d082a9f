/** The plans by which servers of this package answer, and how one is carried out. */
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import * as Stream from "effect/Stream"
import type { IncomingHttpHeaders } from "node:http"
import type { Piece } from "./pieces.ts"

export type { Piece }

/** A request as it came. */
export interface Request {
  readonly method: string
  /** With the query. */
  readonly path: string
  readonly headers: IncomingHttpHeaders
  readonly body: string
}

/** An answer that has a head. */
export interface Answer {
  /** Default: 200. */
  readonly status?: number | undefined
  /** Default: `content-type: application/json`. */
  readonly headers?: { readonly [name: string]: string } | undefined
  /**
   * Pieces are sent in chunks, a whole body with its length. A stream is sent as it comes; where it fails, the
   * connection is cut. Default: empty.
   */
  readonly body?: string | Uint8Array | ReadonlyArray<Piece> | Stream.Stream<Uint8Array, unknown> | undefined
  /** So many bytes of the body are sent, and no more. */
  readonly bytes?: number | undefined
  /**
   * What happens then: the answer is complete, the connection is closed in the middle of it, reset, or left open
   * without a word. Default: `complete`.
   */
  readonly end?: "complete" | "cut" | "reset" | "silence" | undefined
}

/** An answer, or what is done in its place: reset the connection, leave it open, send bytes that are not HTTP. */
export type Reply = Answer | "reset" | "silence" | "not-http"

/** What is done with one request: a reply, or an effect that gives it. The scope closes when the exchange is over. */
export type Plan = Reply | Effect.Effect<Reply, never, Scope.Scope>

/** One plan for each request in turn, or a function that has one for any; requests are counted from 0. */
export type Plans = ReadonlyArray<Plan> | ((request: Request, index: number) => Plan)

/** The plan for a request. */
export const planFor = (plans: Plans, request: Request, index: number): Plan =>
  typeof plans === "function"
    ? plans(request, index)
    : plans[index] ?? { status: 500, body: `no plan for request ${index + 1}` }

/** Where an answer goes: a socket, or a `Response`. */
export interface Sink {
  readonly head: (status: number, headers: { readonly [name: string]: string }) => void
  readonly write: (bytes: Uint8Array) => Effect.Effect<void>
  readonly end: (how: "complete" | "cut" | "reset" | "not-http") => void
}

export const carryOut = (plan: Plan, sink: Sink): Effect.Effect<void> =>
  Effect.scoped(Effect.gen(function*() {
    const reply = Effect.isEffect(plan) ? yield* plan : plan
    if (reply === "silence") return
    if (typeof reply === "string") return sink.end(reply)
    const { body = "" } = reply
    const length = lengthOf(body)
    sink.head(reply.status ?? 200, {
      "content-type": "application/json",
      ...(length === undefined ? undefined : { "content-length": String(length) }),
      ...reply.headers
    })
    const broke = yield* Effect.isFailure(send(reply, body, sink))
    const end = broke ? "cut" : reply.end ?? "complete"
    if (end !== "silence") sink.end(end)
  }))

const send = (answer: Answer, body: NonNullable<Answer["body"]>, sink: Sink): Effect.Effect<void, unknown> => {
  let left = answer.bytes ?? Number.POSITIVE_INFINITY
  return Stream.runForEachWhile(streamOf(body), (piece) => {
    if (Effect.isEffect(piece)) return Effect.as(piece, true)
    const bytes = bytesOf(piece).subarray(0, left)
    left -= bytes.length
    return bytes.length === 0 ? Effect.succeed(left > 0) : Effect.map(sink.write(bytes), () => left > 0)
  })
}

const streamOf = (body: NonNullable<Answer["body"]>): Stream.Stream<Piece, unknown> => {
  if (Stream.isStream(body)) return body
  return typeof body === "string" || body instanceof Uint8Array ? Stream.make(body) : Stream.fromIterable(body)
}

/** Of a whole body. */
const lengthOf = (body: Answer["body"]): number | undefined =>
  typeof body === "string" || body instanceof Uint8Array ? bytesOf(body).length : undefined

const bytesOf = (piece: string | Uint8Array): Uint8Array =>
  typeof piece === "string" ? new TextEncoder().encode(piece) : piece
