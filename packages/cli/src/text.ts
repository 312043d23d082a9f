/** Texts that a command works on: its words, files, or what is piped into it. */
import * as Effect from "effect/Effect"
import * as Failure from "./failure.ts"
import * as Inputs from "./inputs.ts"

/** A text and what it is called. */
export interface Text {
  readonly name: string
  readonly text: string
}

/** The words and each file; where there are neither, standard input. */
export const read = (words: ReadonlyArray<string>, files: ReadonlyArray<string>) =>
  Effect.gen(function*() {
    const said = words.join(" ")
    const own: ReadonlyArray<Text> = said === "" ? [] : [{ name: "text", text: said }]
    const all = [...own, ...yield* Effect.forEach(files, file)]
    return all.length > 0 ? all : [yield* piped]
  })

const file = (path: string) => Effect.map(Inputs.text(path), (text): Text => ({ name: path, text }))

/** What is piped into the command. A terminal is not waited for. */
export const piped = Effect.gen(function*() {
  const part = yield* Inputs.standard
  if (part?.type === "text") return { name: "stdin", text: part.text }
  return yield* new Failure.Usage({
    message: part === undefined
      ? "Say a text, name a file, or pipe something in"
      : "What is piped in is not text in UTF-8"
  })
})
