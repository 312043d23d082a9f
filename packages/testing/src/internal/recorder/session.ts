/** What recording and replaying have in common, whatever transport a request comes through. */
import * as Data from "effect/Data"
import type * as Effect from "effect/Effect"
import type * as Exit from "effect/Exit"
import type { Sent } from "./secrets.ts"

/** From the first request to the last. */
export interface Session {
  /**
   * One request and its answer. `send` sends it to the server, which a replay never does. An abort of the signal ends
   * the exchange, also while the body is read.
   */
  readonly exchange: (sent: Sent, send: () => Promise<Response>, signal: AbortSignal | undefined) => Promise<Response>
  /** Writes what was recorded, or complains of what was not as recorded. */
  readonly end: (exit: Exit.Exit<unknown, unknown>) => Effect.Effect<void>
}

/** How a session was asked for. Header names are lower case. */
export interface Settings {
  readonly path: string
  readonly requestHeaders: ReadonlyArray<string>
  readonly responseHeaders: ReadonlyArray<string>
  readonly ignore: ReadonlyArray<string>
  readonly timing: "none" | "recorded"
  /** What must not be in the file, beside what is found in the requests. */
  readonly secrets: ReadonlyArray<string>
}

/** A request came, or an answer was still being read, when the scope was closed. */
export class RecorderClosed extends Data.TaggedError("RecorderClosed") {
  override readonly message = "The scope of the Recorder is closed: its requests have to be made, and read, before"
}
