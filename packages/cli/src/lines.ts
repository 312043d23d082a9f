/** Lines that a person types, with editing and history; or those of a pipe. */
import * as Effect from "effect/Effect"
import * as Queue from "effect/Queue"
import { createInterface } from "node:readline"

/** What came: a line, the end of the input, or Ctrl-C. */
export type Line =
  | { readonly _tag: "Line"; readonly text: string }
  | { readonly _tag: "End" }
  | { readonly _tag: "Interrupted" }

/** Reads lines until the scope ends. */
export interface Lines {
  /** The next line. Lines that were typed while an answer came are first. */
  readonly next: Effect.Effect<Line>
}

/** The prompt is on standard error, so that answers alone are in a file they are written to. */
export const make = Effect.gen(function*() {
  const { stderr, stdin } = process
  const terminal = stdin.isTTY && stderr.isTTY
  const lines = yield* Queue.unbounded<Line>()
  const reader = yield* Effect.acquireRelease(
    Effect.sync(() => createInterface({ input: stdin, output: stderr, terminal, prompt: "> " })),
    (reader) => Effect.sync(() => reader.close())
  )
  const come = (line: Line) => Queue.offerUnsafe(lines, line)
  reader.on("line", (text) => come({ _tag: "Line", text }))
  reader.on("SIGINT", () => come({ _tag: "Interrupted" }))
  let closed = false
  reader.on("close", () => {
    closed = true
    come({ _tag: "End" })
  })

  // While nobody is asked for a line, the terminal makes a signal of Ctrl-C.
  const listen = Effect.sync(() => {
    if (!terminal || closed) return
    stdin.setRawMode(true)
    reader.prompt()
  })
  const rest = Effect.sync(() => {
    if (!terminal || closed) return
    reader.pause()
    stdin.setRawMode(false)
  })
  const asked = Effect.ensuring(Effect.andThen(listen, Queue.take(lines)), rest)
  return {
    next: Effect.flatMap(Queue.size(lines), (waiting) => waiting > 0 ? Queue.take(lines) : asked)
  } satisfies Lines
})
