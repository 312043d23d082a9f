/** One plan of a loopback server, and how it is carried out. */
import * as Effect from "effect/Effect"
import type { ServerResponse } from "node:http"

/** A piece of a body: sent with one write, or waited for before the next is sent. */
export type Piece = string | Uint8Array | Effect.Effect<void>

/** An answer that has a head. */
export interface Answer {
  /** Default: 200. */
  readonly status?: number | undefined
  /** Default: `content-type: application/json`. */
  readonly headers?: { readonly [name: string]: string } | undefined
  /** Pieces are sent in chunks, a whole body with its length. Default: empty. */
  readonly body?: string | Uint8Array | ReadonlyArray<Piece> | undefined
  /** So many bytes of the body are sent, and no more. */
  readonly bytes?: number | undefined
  /**
   * What happens then: the answer is complete, the connection is closed in the middle of it, reset, or left open
   * without a word. Default: `complete`.
   */
  readonly end?: "complete" | "cut" | "reset" | "silence" | undefined
}

/** What is done with one request: an answer, or none, with the connection reset or left open. */
export type Plan = Answer | "reset" | "silence"

/** `leaving` is called before the server itself closes the connection. */
export const answer = (plan: Plan, response: ServerResponse, leaving: () => void): Effect.Effect<void> =>
  Effect.gen(function*() {
    if (plan === "silence") return
    if (plan === "reset") return close(response, "reset", leaving)
    const { body = "", end = "complete" } = plan
    const whole = typeof body === "string" || body instanceof Uint8Array
    const pieces: ReadonlyArray<Piece> = whole ? [body] : body
    const headers = { "content-type": "application/json", ...plan.headers }
    response.writeHead(plan.status ?? 200, whole ? { "content-length": bytesOf(body).length, ...headers } : headers)
    response.flushHeaders()
    yield* send(plan, pieces, response)
    if (end === "complete") response.end()
    else if (end !== "silence") close(response, end, leaving)
  })

const send = (plan: Answer, pieces: ReadonlyArray<Piece>, response: ServerResponse): Effect.Effect<void> =>
  Effect.gen(function*() {
    let left = plan.bytes ?? Number.POSITIVE_INFINITY
    for (const piece of pieces) {
      if (Effect.isEffect(piece)) {
        yield* piece
        continue
      }
      const bytes = bytesOf(piece).subarray(0, left)
      left -= bytes.length
      if (bytes.length > 0) yield* write(response, bytes)
      if (left === 0) return
    }
  })

const write = (response: ServerResponse, bytes: Uint8Array): Effect.Effect<void> =>
  Effect.callback((resume) => {
    response.write(bytes, () => resume(Effect.void))
  })

const close = (response: ServerResponse, how: "cut" | "reset", leaving: () => void): void => {
  leaving()
  if (how === "reset") response.socket?.resetAndDestroy()
  else response.socket?.destroy()
}

const bytesOf = (piece: string | Uint8Array): Uint8Array =>
  typeof piece === "string" ? new TextEncoder().encode(piece) : piece
