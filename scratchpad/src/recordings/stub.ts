import { parseJson } from "./json.ts"
import type { RecordedResponse } from "./record.ts"
import { answerHeaders, type Asked, type Transport } from "./transport.ts"

/** Where a body is cut: the lengths of the pieces in bytes, again and again until nothing is left. */
export type Cuts = ReadonlyArray<number>

/** All of the body at once. */
export const whole: Cuts = [Number.POSITIVE_INFINITY]

/** The body in pieces, one a read. */
const piecesOf = (bytes: Uint8Array, cuts: Cuts): ReadableStream<Uint8Array> => {
  let at = 0
  let turn = 0
  return new ReadableStream<Uint8Array>({
    pull: (controller) => {
      if (at >= bytes.length) {
        controller.close()
        return
      }
      const length = Math.max(1, cuts[turn % cuts.length] ?? 1)
      turn += 1
      controller.enqueue(bytes.subarray(at, at + length))
      at += length
    }
  }, { highWaterMark: 0 })
}

/** A recorded answer without a network: what a `fetch` gives that reads the body in the pieces asked for. */
export const stubTransport = (recorded: RecordedResponse, bytes: Uint8Array, cuts: Cuts = whole): Transport => {
  const baseUrl = "http://recording.invalid"
  const asked: Array<Asked> = []
  const fetch: typeof globalThis.fetch = async (input, init) => {
    const request = new Request(input, init)
    asked.push({
      path: request.url.slice(baseUrl.length),
      headers: Object.fromEntries(request.headers),
      body: parseJson(await request.text())
    })
    return new Response(piecesOf(bytes, cuts), {
      status: recorded.status,
      headers: answerHeaders(recorded.headers)
    })
  }
  return { baseUrl, fetch, asked }
}
