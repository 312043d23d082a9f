/** A `fetch` that keeps what is sent and answers from a list. */

/** A request as it left. */
export interface Sent {
  readonly path: string
  readonly headers: Headers
  /** Of a request without one, its query. */
  readonly body: unknown
}

export type Fetch = typeof globalThis.fetch

/** An answer, whole and as a stream. */
export interface Answer {
  readonly json: unknown
  /** The events, framed. */
  readonly events: string
}

export const capture = (answers: readonly [Answer, ...ReadonlyArray<Answer>]) => {
  const sent: Array<Sent> = []
  const fetch: Fetch = async (input, init) => {
    const request = new Request(input, init)
    const text = await request.text()
    const { json, events } = answers[Math.min(sent.length, answers.length - 1)] ?? answers[0]
    const { pathname: path, searchParams } = new URL(request.url)
    const body: unknown = request.method === "GET" && text === ""
      ? Object.fromEntries(searchParams)
      : JSON.parse(text)
    sent.push({ path, headers: request.headers, body })
    return wantsStream(path, body)
      ? new Response(events, { headers: { "content-type": "text/event-stream; charset=utf-8" } })
      : new Response(JSON.stringify(json), { headers: { "content-type": "application/json" } })
  }
  return { sent, fetch }
}

/** Most vendors are asked for a stream by a member of the body, some by another path. */
const wantsStream = (path: string, body: unknown): boolean =>
  /:stream/i.test(path) || typeof body === "object" && body !== null && "stream" in body && body.stream === true

interface Event {
  readonly type?: string
  readonly [member: string]: unknown
}

/** Server-sent events with the names that their `type` is. */
export const framed = (...events: ReadonlyArray<Event | "[DONE]">): string =>
  events.map((event) => {
    if (event === "[DONE]") return "data: [DONE]\n\n"
    const name = event.type === undefined ? "" : `event: ${event.type}\n`
    return `${name}data: ${JSON.stringify(event)}\n\n`
  }).join("")
