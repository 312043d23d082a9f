/** Texts that a command works on: its words, files, or what is piped into it. */
import * as Effect from "effect/Effect"
import * as FileSystem from "effect/FileSystem"
import * as Stdio from "effect/Stdio"
import * as Stream from "effect/Stream"
import * as Failure from "./failure.ts"

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

/** A file that is text. */
export const file = (path: string) =>
  Effect.gen(function*() {
    const files = yield* FileSystem.FileSystem
    const bytes = yield* Effect.mapError(
      files.readFile(path),
      ({ reason }) => new Failure.Usage({ message: `Cannot read ${path}: ${why[reason._tag] ?? reason._tag}` })
    )
    return { name: path, text: yield* decode(path, bytes) }
  })

const why: { readonly [reason: string]: string } = {
  NotFound: "there is no such file",
  PermissionDenied: "permission denied",
  BadResource: "it is a directory"
}

/** What is piped into the command. A terminal is not waited for. */
export const piped = Effect.gen(function*() {
  const stdio = yield* Stdio.Stdio
  if (yield* stdio.stdinIsTerminal) {
    return yield* new Failure.Usage({ message: "Say a text, name a file with --file, or pipe something in" })
  }
  const bytes = Buffer.concat(yield* Stream.runCollect(stdio.stdin))
  return { name: "stdin", text: yield* decode("standard input", bytes) }
})

const decode = (name: string, bytes: Uint8Array) =>
  Effect.try({
    try: () => {
      const text = new TextDecoder("utf-8", { fatal: true }).decode(bytes)
      if (text.includes("\0")) throw new TypeError("A text has no NUL")
      return text
    },
    catch: () => new Failure.Usage({ message: `${name} is not text in UTF-8` })
  })
