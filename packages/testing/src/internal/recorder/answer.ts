/** Gives a recorded answer again: its head, its reads one by one, and its end, whatever that was. */
import * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import { STATUS_CODES } from "node:http"
import type * as Cassette from "../../Cassette.ts"
import { decodeBytes } from "../cassette/content.ts"
import { decodeError } from "./error.ts"

/** How it is given. */
export interface Delivery {
  readonly url: string
  /** Returns so many milliseconds after the request. */
  readonly until: (at: number) => void | Promise<void>
  /** Aborted when the program goes, and here when the exchange is over. */
  readonly stop: AbortController
  /** The error for a program that wants more of an answer than it read when it was recorded. */
  readonly readOn: () => Error
}

/** Milliseconds of real time that a program which stopped reading gets to stop again. */
const patience = 1000

export const answer = async (exchange: Cassette.Exchange, delivery: Delivery): Promise<Response> => {
  const { stop, until } = delivery
  try {
    if (!("response" in exchange)) {
      await until(exchange.end.at)
      throw await failureOf(exchange.end, delivery)
    }
    const { at, headers, reads, status } = exchange.response
    await until(at)
    const hasBody = reads.length > 0 || exchange.end.type !== "complete"
    if (!hasBody) stop.abort()
    const body = hasBody ? bodyOf(reads, exchange.end, delivery) : null
    const response = new Response(body, { headers, status, statusText: STATUS_CODES[status] ?? "" })
    return Object.defineProperty(response, "url", { value: delivery.url })
  } catch (thrown) {
    stop.abort()
    throw thrown
  }
}

/** By the clock of the program: a test's own, or the real one. */
export const waiting = (context: Context.Context<never>, signal: AbortSignal): Delivery["until"] => {
  const clock = Context.get(context, Clock.Clock)
  const began = clock.currentTimeMillisUnsafe()
  return async (at) => {
    signal.throwIfAborted()
    const left = began + at - clock.currentTimeMillisUnsafe()
    if (left > 0) await Effect.runPromiseExitWith(context)(Effect.sleep(left), { signal })
    // An interruption comes of the signal, which knows why.
    signal.throwIfAborted()
  }
}

const bodyOf = (
  reads: ReadonlyArray<Cassette.Read>,
  end: Cassette.End,
  delivery: Delivery
): ReadableStream<Uint8Array> => {
  const { stop, until } = delivery
  // Of a credential over several reads, some have nothing left.
  const left = reads.map((read) => ({ at: read.at, bytes: decodeBytes(read) })).filter(({ bytes }) => bytes.length > 0)
  return new ReadableStream(
    {
      type: "bytes",
      start(controller) {
        // Whoever waits for the connection is told that it is closed.
        stop.signal.addEventListener("abort", () => controller.error(stop.signal.reason), { once: true })
      },
      async pull(controller) {
        const next = left.shift()
        if (next !== undefined) {
          await until(next.at)
          return controller.enqueue(next.bytes)
        }
        await until(end.at)
        if (end.type === "complete") {
          controller.close()
          controller.byobRequest?.respond(0)
        } else controller.error(await failureOf(end, delivery))
        stop.abort()
      },
      cancel: () => stop.abort()
    },
    { highWaterMark: 0 }
  )
}

type Failed = Exclude<Cassette.End, { readonly type: "complete" }>

const failureOf = async (end: Failed, { readOn, stop }: Delivery): Promise<Error> => {
  if (end.type === "broken") return decodeError(end.error)
  await silence(stop.signal)
  return readOn()
}

/** As a server might be silent that had more to say when it was left. */
const silence = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, patience)
    signal.addEventListener("abort", () => {
      clearTimeout(timer)
      reject(signal.reason)
    }, { once: true })
  })
