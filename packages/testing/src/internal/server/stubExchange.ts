/** One exchange of a stub: a plan carried out on a `Response`, which fails as that of Node's `fetch` does. */
import * as Effect from "effect/Effect"
import type * as Fiber from "effect/Fiber"
import type { Sink } from "./plan.ts"

/** Answers that have no body, whatever the plan says: https://fetch.spec.whatwg.org/#null-body-status */
const bodiless = new Set([101, 103, 204, 205, 304])

/**
 * `answer` carries the plan out. `over` is called once: when the plan has ended the answer, or the client has left it.
 */
export const start = (
  answer: (sink: Sink) => Fiber.Fiber<void>,
  signal: AbortSignal,
  over: (abandoned: boolean) => void
): Promise<Response> =>
  new Promise((resolve, reject) => {
    let controller: ReadableStreamDefaultController<Uint8Array> | undefined
    let headSent = false
    let answering: Fiber.Fiber<void> | undefined = undefined
    let hasBody = true
    let isOver = false
    // A read that waits for a piece, or a piece that waits for a read.
    let hungry = false
    let deliver: (() => void) | undefined

    const finish = (abandoned: boolean): void => {
      if (isOver) return
      isOver = true
      signal.removeEventListener("abort", onAbort)
      if (abandoned) answering?.interruptUnsafe()
      over(abandoned)
    }
    const fail = (error: unknown): void => headSent ? controller?.error(error) : reject(error)
    const onAbort = (): void => {
      finish(true)
      fail(signal.reason)
    }
    signal.addEventListener("abort", onAbort)

    const body = new ReadableStream<Uint8Array>({
      start: (opened) => {
        controller = opened
      },
      pull: () => {
        hungry = true
        deliver?.()
      },
      cancel: () => finish(true)
      // Nothing is read ahead, so that a piece is a read.
    }, { highWaterMark: 0 })

    answering = answer({
      head: (status, headers) => {
        try {
          hasBody = !bodiless.has(status)
          resolve(new Response(hasBody ? body : null, { status, headers }))
          headSent = true
        } catch (error) {
          finish(false)
          reject(error)
        }
      },
      write: (bytes) => {
        if (isOver) return Effect.interrupt
        if (!hasBody) return Effect.void
        return Effect.callback((resume) => {
          deliver = () => {
            if (!hungry) return
            hungry = false
            deliver = undefined
            controller?.enqueue(bytes)
            resume(Effect.void)
          }
          deliver()
          return Effect.sync(() => {
            deliver = undefined
          })
        })
      },
      end: (how) => {
        finish(false)
        if (how === "complete") controller?.close()
        else fail(new TypeError(headSent ? "terminated" : "fetch failed", { cause: causes[how]() }))
      }
    })
  })

/** As undici says it. */
const causes = {
  cut: () => Object.assign(new Error("other side closed"), { name: "SocketError", code: "UND_ERR_SOCKET" }),
  reset: () => Object.assign(new Error("read ECONNRESET"), { code: "ECONNRESET", errno: -104, syscall: "read" }),
  "not-http": () =>
    Object.assign(new Error("Response does not match the HTTP/1.1 protocol (Expected HTTP/, RTSP/ or ICE/)"), {
      name: "HTTPParserError"
    })
}
