/** Lines that a person types, with editing and history; or those of a pipe. */
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Queue from "effect/Queue"
import { createInterface } from "node:readline"

/** What came: a line, the end of the input, or Ctrl-C. */
export type Line =
  | { readonly _tag: "Line"; readonly text: string }
  | { readonly _tag: "End" }
  | { readonly _tag: "Interrupted" }

/** Reads lines until the scope ends. */
export interface Lines {
  /** The next line; of a terminal, with the lines that were pasted with it. What was typed meanwhile is first. */
  readonly next: Effect.Effect<Line>
}

/** Between two lines of a paste. Nobody types that fast. */
const pasted = "20 millis"

/** The prompt is on standard error, so that answers alone are in a file they are written to. */
export const make = Effect.gen(function*() {
  const { stderr, stdin } = process
  const terminal = stdin.isTTY && stderr.isTTY
  const lines = yield* Queue.unbounded<Line>()
  const reader = yield* Effect.acquireRelease(
    Effect.sync(() => createInterface({ input: stdin, output: stderr, terminal, prompt: "> " })),
    (reader) => Effect.sync(() => reader.close())
  )
  let closed = false
  const come = (line: Line) => Queue.offerUnsafe(lines, line)
  reader.on("line", (text) => come({ _tag: "Line", text }))
  reader.on("SIGINT", () => come({ _tag: "Interrupted" }))
  reader.on("close", () => {
    closed = true
    come({ _tag: "End" })
  })

  // While nobody is asked for a line, the terminal makes a signal of Ctrl-C.
  const listen = Effect.sync(() => {
    if (closed) return
    stdin.setRawMode(true)
    reader.prompt()
  })
  const rest = Effect.sync(() => {
    if (closed) return
    reader.pause()
    stdin.setRawMode(false)
  })
  if (!terminal) return { next: Queue.take(lines) } satisfies Lines

  /** Taken, and not yet given. */
  let kept: Line | undefined
  const taken = Effect.suspend(() => {
    const line = kept
    kept = undefined
    return line === undefined ? Queue.take(lines) : Effect.succeed(line)
  })
  const typed = Effect.gen(function*() {
    let line = yield* taken
    while (isText(line)) {
      yield* Effect.sleep(pasted)
      const more = Option.getOrUndefined(yield* Queue.poll(lines))
      if (more === undefined) break
      if (!isText(more)) {
        kept = more
        break
      }
      line = { _tag: "Line", text: `${line.text}\n${more.text}` }
    }
    return line
  })
  const asked = Effect.ensuring(Effect.andThen(listen, typed), rest)
  return { next: Effect.suspend(() => kept === undefined ? asked : taken) } satisfies Lines
})

/** And no command. */
const isText = (line: Line): line is Line & { readonly _tag: "Line" } =>
  line._tag === "Line" && !line.text.startsWith("/")
