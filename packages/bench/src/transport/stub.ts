import type { Endpoint } from "../contenders/Contender.ts"
import type { Reads, Wire } from "../wire/Wire.ts"
import { readsOf } from "../wire/Wire.ts"

/** An endpoint without a network: `fetch` answers at once with the given bytes, one read at a time. */
export const stub = (wire: Wire, reads: Reads): Endpoint => {
  const chunks = readsOf(wire, reads)
  return {
    baseUrl: "http://127.0.0.1:1/v1",
    fetch: async (_input, init) =>
      wantsStream(init)
        ? new Response(bodyOf(chunks), { headers: { "content-type": "text/event-stream; charset=utf-8" } })
        : new Response(wire.body.slice(), { headers: { "content-type": "application/json" } })
  }
}

const wantsStream = (init: RequestInit | undefined) => {
  if (typeof init?.body !== "string") throw new Error("a contender sent a body that is not a string")
  return init.body.includes("\"stream\":true")
}

// A byte stream that makes a chunk only when it is read, as the body of a real `fetch` is.
const bodyOf = (chunks: ReadonlyArray<Uint8Array>) => {
  let next = 0
  return new ReadableStream({
    type: "bytes",
    pull: (controller) => {
      const chunk = chunks[next++]
      if (chunk === undefined) {
        controller.close()
        controller.byobRequest?.respond(0)
        return
      }
      // A byte stream takes the buffer over, so each reader gets a copy.
      controller.enqueue(new Uint8Array(chunk))
    }
  })
}
