import * as Chunking from "@llm-layers/testing/Chunking"
import { parseJson } from "./json.ts"
import type { RecordedResponse } from "./record.ts"
import { answerHeaders, type Asked, type Transport } from "./transport.ts"

/** The body in pieces, one a read. */
const bodyOf = (pieces: ReadonlyArray<Uint8Array>): ReadableStream<Uint8Array> => {
  let next = 0
  return new ReadableStream<Uint8Array>({
    pull: (controller) => {
      const piece = pieces[next++]
      if (piece === undefined) controller.close()
      else controller.enqueue(piece)
    }
  }, { highWaterMark: 0 })
}

/** A recorded answer without a network: what a `fetch` gives that reads the body in these pieces. Default: at once. */
export const stubTransport = (
  recorded: RecordedResponse,
  pieces: ReadonlyArray<Uint8Array> = Chunking.split(recorded.body, Chunking.at())
): Transport => {
  const baseUrl = "http://recording.invalid"
  const asked: Array<Asked> = []
  const fetch: typeof globalThis.fetch = async (input, init) => {
    const request = new Request(input, init)
    asked.push({
      path: request.url.slice(baseUrl.length),
      headers: Object.fromEntries(request.headers),
      body: parseJson(await request.text())
    })
    return new Response(bodyOf(pieces), {
      status: recorded.status,
      headers: answerHeaders(recorded.headers)
    })
  }
  return { baseUrl, fetch, asked }
}
