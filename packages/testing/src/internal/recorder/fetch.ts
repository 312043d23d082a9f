/** A `fetch` over a session. */
import type { Sent } from "./secrets.ts"
import type { Session } from "./session.ts"

type Fetch = typeof globalThis.fetch

/** `send` gets the arguments as they came, but for a body that can be read once: that one is read before. */
export const make = (session: Session, send: Fetch): Fetch => async (input, init) => {
  const readable = await withReadableBody(init)
  const sent = await sentOf(input, readable)
  const signal = init?.signal ?? (input instanceof Request ? input.signal : undefined)
  return session.exchange(sent, () => send(input, readable), signal)
}

const withReadableBody = async (init: RequestInit | undefined): Promise<RequestInit | undefined> => {
  const body = init?.body
  if (body === null || typeof body !== "object" || !(body instanceof ReadableStream || Symbol.asyncIterator in body)) {
    return init
  }
  return { ...init, body: await new Response(body).arrayBuffer() }
}

/** Fails as `fetch` does where the arguments make no request. */
const sentOf = async (input: Parameters<Fetch>[0], init: RequestInit | undefined): Promise<Sent> => {
  const request = new Request(input instanceof Request ? input.clone() : input, { ...init, signal: null })
  return {
    method: request.method,
    url: new URL(request.url),
    headers: Object.fromEntries(request.headers),
    body: new Uint8Array(await request.arrayBuffer())
  }
}
