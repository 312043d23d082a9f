/** A `fetch` that answers what a law wants, in the reads it wants, and keeps what was asked. */

/** A request as it left. */
export interface Sent {
  readonly url: string
  readonly body: string
}

/** Gives the response to a request. */
export type Reply = (sent: Sent) => globalThis.Response | Promise<globalThis.Response>

/** A connection to nowhere. */
export interface Transport {
  readonly fetch: typeof globalThis.fetch
  readonly sent: Array<Sent>
  /** How the next requests are answered. */
  reply: Reply
}

export const make = (): Transport => {
  const transport: Transport = {
    sent: [],
    reply: () => Promise.reject(new TypeError("nothing is to be asked here")),
    fetch: async (input, init) => {
      const sent = typeof input === "string" && typeof init?.body === "string"
        ? { url: input, body: init.body }
        : await read(new Request(input, init))
      transport.sent.push(sent)
      return transport.reply(sent)
    }
  }
  return transport
}

const read = async (request: Request): Promise<Sent> => ({ url: request.url, body: await request.text() })

/** An answer that is whole. */
export const json = (
  body: unknown,
  status = 200,
  headers: { readonly [name: string]: string } = {}
): globalThis.Response =>
  new Response(typeof body === "string" ? body : JSON.stringify(body), {
    status,
    headers: { "content-type": "application/json", ...headers }
  })

/** How the body of a stream comes. */
export interface Coming {
  /** Whether each read waits for what the one before set going. Default: all that is there comes at once. */
  readonly slowly?: boolean | undefined
  /** Whether the connection breaks after the last read. Default: the body ends. */
  readonly breaks?: boolean | undefined
}

/** The head of a stream. */
export const eventStream = { "content-type": "text/event-stream; charset=utf-8" }

/** A stream of these reads. */
export const stream = (reads: ReadonlyArray<Uint8Array>, coming: Coming = {}): globalThis.Response => {
  let next = 0
  const body = new ReadableStream<Uint8Array>({
    pull: async (controller) => {
      if (coming.slowly === true && next > 0) await new Promise((resume) => setImmediate(resume))
      const read = reads[next++]
      if (read !== undefined) controller.enqueue(read)
      // As the `fetch` of Node says it.
      else if (coming.breaks === true) {
        controller.error(new TypeError("terminated", { cause: new Error("other side closed") }))
      } else controller.close()
    }
  }, { highWaterMark: 0 })
  return new Response(body, { headers: eventStream })
}
