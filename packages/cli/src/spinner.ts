/** Something that moves while nothing has come yet. For a person at a terminal; others see nothing. */
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Output from "./output.ts"

const frames = ["⠋", "⠙", "⠹", "⠸", "⠼", "⠴", "⠦", "⠧", "⠇", "⠏"] as const

/** Clears the line. */
const erase = "\r\u001B[2K"

/** Starts it, and gives what ends it: once, however often it is done. It ends with the scope in any case. */
export const start = Effect.gen(function*() {
  if (!(yield* Output.watched) || process.env["TERM"] === "dumb") return Effect.void
  let drawn = false
  const fiber = yield* Effect.forkScoped(Effect.gen(function*() {
    for (let at = 0;; at++) {
      yield* Effect.sleep("100 millis")
      yield* Effect.uninterruptible(Output.noteRaw(`\r${frames[at % frames.length]}`))
      drawn = true
    }
  }))
  const end = Effect.suspend(() => {
    if (!drawn) return Fiber.interrupt(fiber)
    drawn = false
    return Effect.andThen(Fiber.interrupt(fiber), Output.noteRaw(erase))
  })
  const ended = Effect.asVoid(Effect.ignore(end))
  yield* Effect.addFinalizer(() => ended)
  return ended
})
