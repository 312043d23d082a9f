import type { Json } from "./json.ts"

/** What was asked of a recorded answer, in the order it was asked. */
export interface Asked {
  readonly path: string
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>
  readonly body: Json | undefined
}

/** How a client reaches a recorded answer: over the loopback interface, or through a `fetch` of its own. */
export interface Transport {
  /** Without a slash at the end. */
  readonly baseUrl: string
  readonly fetch?: typeof globalThis.fetch
  readonly asked: ReadonlyArray<Asked>
}

/** Headers that belong to the connection or to the length of what was on it; the body here is already decompressed. */
const ofTheConnection = new Set(["connection", "keep-alive", "transfer-encoding", "content-length", "content-encoding"])

/** The headers of a recorded answer that can be sent again. */
export const answerHeaders = (headers: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(Object.entries(headers).filter(([name]) => !ofTheConnection.has(name)))
