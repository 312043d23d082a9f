/** The wire protocol that a contender is asked to speak. */
export type Dialect = "chat" | "responses"

/** Where to talk: a base URL that ends in `/v1`, and the `fetch` to reach it with. */
export interface Endpoint {
  readonly baseUrl: string
  readonly fetch: typeof globalThis.fetch
}

/** One client, built once and used for many calls, as a program would. */
export interface Connection {
  /** Makes one streamed call and hands over each piece of text; settles when the stream has ended. */
  readonly stream: (onText: (delta: string) => void) => Promise<void>
  /** Makes one plain call and gives the whole text. */
  readonly generate: () => Promise<string>
  readonly close: () => Promise<void>
}

/** A way to call a model, measured beside the others: retries off, telemetry off, otherwise as its users hold it. */
export interface Contender {
  readonly name: string
  readonly connect: (dialect: Dialect, endpoint: Endpoint) => Connection
}

/** What every contender asks, of which model. The answer does not depend on it. */
export const request = { model: "gpt-5.1", prompt: "Say something long." } as const
