/**
 * What goes wrong between a program and a vendor: wrong statuses, headers and bodies, delays, connections that are cut,
 * reset or silent, garbage, reads of any size.
 *
 * A fault is a pure function from the plan of an answer to another plan, so faults compose with `pipe` and `flow`, and
 * apply to any answer. A `LoopbackServer` carries a plan out on real sockets, a `StubFetch` in the same process;
 * {@link proxy} puts faults in front of a server that is already there.
 */
import type * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Random from "effect/Random"
import * as Stream from "effect/Stream"
import type * as Chunking from "./Chunking.ts"
import * as Forward from "./internal/server/forward.ts"
import * as Pieces from "./internal/server/pieces.ts"
import type { Answer, Plan, Plans, Reply } from "./internal/server/plan.ts"

/**
 * From a plan to another. Bytes are counted in the body as it is when the fault is applied: one after the other, in the
 * order of `pipe`. What is not an answer (a reset, silence) stays what it is.
 *
 * @example
 * ```ts
 * import * as Chunking from "@llm-layers/testing/Chunking"
 * import * as Faults from "@llm-layers/testing/Faults"
 * import * as LoopbackServer from "@llm-layers/testing/LoopbackServer"
 * import { Effect, flow, pipe } from "effect"
 * import { deepStrictEqual, strictEqual } from "node:assert"
 *
 * const answer = { headers: { "content-type": "text/event-stream" }, body: "data: 1\n\ndata: 2\n\n" }
 * const slowAndTorn = flow(Faults.lineEnds("\r\n"), Faults.chunked(Chunking.every(1)), Faults.delay("5 millis"))
 *
 * const program = Effect.gen(function*() {
 *   const server = yield* LoopbackServer.make([
 *     Faults.status(529, { body: "overloaded" })(answer),
 *     slowAndTorn(answer),
 *     pipe(answer, Faults.cutAt(9))
 *   ])
 *   const ask = Effect.tryPromise(async () => {
 *     const response = await fetch(server.url)
 *     return { status: response.status, text: await response.text() }
 *   })
 *   deepStrictEqual(yield* ask, { status: 529, text: "overloaded" })
 *   strictEqual((yield* ask).text, "data: 1\r\n\r\ndata: 2\r\n\r\n")
 *   yield* Effect.flip(ask) // the connection closes after the first event
 * })
 *
 * await Effect.runPromise(Effect.scoped(program))
 * ```
 */
export type Fault = (plan: Plan) => Plan

/** No fault. */
export const none: Fault = (plan) => plan

/** Another status; other headers and body, where they are given. */
export const status = (code: number, answer: Pick<Answer, "headers" | "body"> = {}): Fault =>
  onAnswer((whole) => ({
    ...whole,
    status: code,
    headers: { ...whole.headers, ...answer.headers },
    ...(answer.body === undefined ? undefined : { body: answer.body })
  }))

/** More headers, or others in their place. Names in lower case. */
export const headers = (more: { readonly [name: string]: string }): Fault =>
  onAnswer((answer) => ({ ...answer, headers: { ...answer.headers, ...more } }))

/** Another body. */
export const body = (other: NonNullable<Answer["body"]>): Fault => onAnswer((answer) => ({ ...answer, body: other }))

/** A wait before the head, and before whatever is in its place. */
export const delay = (duration: Duration.Input): Fault => (plan) =>
  Effect.delay(Effect.isEffect(plan) ? plan : Effect.succeed(plan), duration)

/** A wait in the middle of the body: when so many bytes were sent. */
export const delayAt = (byte: number, duration: Duration.Input): Fault =>
  onPieces((pieces) => Pieces.insert(pieces, byte, Effect.sleep(duration)))

/** A wait between the pieces of the body, so that over a socket each is a read of its own. See {@link chunked}. */
export const paced = (duration: Duration.Input): Fault =>
  onPieces((pieces) =>
    pieces.flatMap((piece, index) => index === 0 || Effect.isEffect(piece) ? [piece] : [Effect.sleep(duration), piece])
  )

/** The connection is closed when so many bytes of the body were sent; at its end, where it has fewer. */
export const cutAt = (byte: number): Fault => brokenAt(byte, "cut")

/** The connection is reset when so many bytes of the body were sent. A reset may overtake them. */
export const resetAt = (byte: number): Fault => brokenAt(byte, "reset")

/** Nothing more comes when so many bytes of the body were sent; the connection stays open. */
export const silentAt = (byte: number): Fault => brokenAt(byte, "silence")

/** The connection is reset in place of an answer. */
export const reset: Fault = () => "reset"

/** No answer; the connection stays open. */
export const silence: Fault = () => "silence"

/** Bytes that are not HTTP in place of an answer. */
export const notHttp: Fault = () => "not-http"

/** Where garbage goes, and how much of it. */
export interface Garbage {
  /** The byte of the body it is put before. Default: it takes the place of the body. */
  readonly at?: number | undefined
  /** In bytes. Default: 64. */
  readonly length?: number | undefined
  /** The same seed gives the same bytes. Default: 0. */
  readonly seed?: string | number | undefined
}

/** Random bytes in the body, or in place of it. They are seldom UTF-8, and never JSON. */
export const garbage = ({ at, length = 64, seed = 0 }: Garbage = {}): Fault => {
  const bytes = randomBytes(length, seed)
  return at === undefined ? body(bytes) : insertAt(at, bytes)
}

/** Something put into the body, before a byte. */
export const insertAt = (byte: number, content: string | Uint8Array): Fault =>
  onPieces((pieces) => Pieces.insert(pieces, byte, content))

/**
 * The same body in other pieces. With a `StubFetch` a piece is a read of the client. Over a socket it is a write, and
 * the network may join it with the next; {@link paced} keeps them apart. Waits stay at the byte at which they were.
 */
export const chunked = (chunking: Chunking.Chunking): Fault => onPieces((pieces) => Pieces.recut(pieces, chunking))

/** Another line end in place of each: an event stream may have any of the three. Meant for bodies of text. */
export const lineEnds = (end: "\n" | "\r\n" | "\r"): Fault => onPieces((pieces) => Pieces.withLineEnds(pieces, end))

/**
 * Sends each request on to another server and applies faults to its answer: one fault to all, or one for each request in
 * turn and none to those after. What the server sends passes as it comes; a fault that changes the body waits for all of
 * it. Where the client leaves, the request to the server is aborted. A fault that is no answer sends nothing on.
 *
 * `to` is the address without the path of the request. An address that is not reached answers 502 and says so.
 *
 * @example
 * ```ts
 * import * as Faults from "@llm-layers/testing/Faults"
 * import * as LoopbackServer from "@llm-layers/testing/LoopbackServer"
 * import { Effect } from "effect"
 * import { deepStrictEqual } from "node:assert"
 *
 * const program = Effect.gen(function*() {
 *   // Any server: aimock, one of your own, a vendor's.
 *   const vendor = yield* LoopbackServer.make(() => ({ body: `{"text":"hi"}` }))
 *   const proxy = yield* LoopbackServer.make(Faults.proxy(vendor.url, [Faults.status(503)]))
 *   const ask = Effect.promise(() => fetch(`${proxy.url}/v1/ask`, { method: "POST", body: "{}" }))
 *   deepStrictEqual([(yield* ask).status, (yield* ask).status], [503, 200])
 * })
 *
 * await Effect.runPromise(Effect.scoped(program))
 * ```
 */
export const proxy = (to: string | URL, faults: Fault | ReadonlyArray<Fault> = none, options: {
  /** Default: the global `fetch`. */
  readonly fetch?: typeof globalThis.fetch | undefined
} = {}): Plans =>
(request, index) => {
  const fault = typeof faults === "function" ? faults : faults[index] ?? none
  return fault(Forward.reply(String(to).replace(/\/+$/, ""), request, options.fetch ?? globalThis.fetch))
}

/** A fault of answers. */
const onAnswer = (change: (answer: Answer) => Reply | Effect.Effect<Reply>): Fault => {
  const changed = (reply: Reply) => typeof reply === "string" ? reply : change(reply)
  return (plan) => {
    if (!Effect.isEffect(plan)) return changed(plan)
    return Effect.flatMap(plan, (reply) => {
      const next = changed(reply)
      return Effect.isEffect(next) ? next : Effect.succeed(next)
    })
  }
}

/** A fault of bodies. What an earlier fault left out is out. */
const onPieces = (change: (pieces: ReadonlyArray<Pieces.Piece>) => ReadonlyArray<Pieces.Piece>): Fault =>
  onAnswer((answer) => {
    const { body = [], bytes, ...rest } = answer
    const changed = (pieces: ReadonlyArray<Pieces.Piece>, broke: boolean): Answer => ({
      ...rest,
      body: change(bytes === undefined ? pieces : Pieces.take(pieces, bytes)),
      ...(broke ? { end: "cut" } : undefined)
    })
    if (!Stream.isStream(body)) {
      return changed(typeof body === "string" || body instanceof Uint8Array ? [body] : body, false)
    }
    const pieces: Array<Uint8Array> = []
    const collect = Stream.runForEach(body, (piece) => Effect.sync(() => pieces.push(piece)))
    return Effect.map(Effect.isFailure(collect), (broke) => changed(pieces, broke))
  })

/** The first place where an answer breaks off counts. */
const brokenAt = (byte: number, end: NonNullable<Answer["end"]>): Fault =>
  onAnswer((answer) => answer.bytes !== undefined && answer.bytes <= byte ? answer : { ...answer, bytes: byte, end })

const randomBytes = (length: number, seed: string | number): Uint8Array =>
  Effect.runSync(
    Effect.replicateEffect(Random.nextIntBetween(0, 255), length).pipe(
      Effect.map((bytes) => Uint8Array.from(bytes)),
      Random.withSeed(seed)
    )
  )
