/** What goes into a question: words, standard input, files. */
import * as Prompt from "effect/ai/Prompt"
import * as Effect from "effect/Effect"
import * as FileSystem from "effect/FileSystem"
import type * as PlatformError from "effect/PlatformError"
import * as Stdio from "effect/Stdio"
import * as Stream from "effect/Stream"
import { basename } from "node:path"
import * as Failure from "./failure.ts"

/** Bytes of one file. What is larger no vendor takes in a request: Google's API has the lowest limit, 20 MB. */
export const largest = 20_000_000

/** A file, or standard input. */
interface Input {
  /** For messages. */
  readonly named: string
  readonly fileName: string | undefined
}

/** What standard input says, or `undefined` where it is a terminal, or empty. */
export const standard = Effect.gen(function*() {
  const stdio = yield* Stdio.Stdio
  if (yield* stdio.stdinIsTerminal) return undefined
  const input = { named: "Standard input", fileName: undefined }
  const bytes = yield* collect(stdio.stdin, input)
  return bytes.length === 0 ? undefined : yield* partOf(bytes, input)
})

/** A file as a part of a question: text with its name, or what a model can look at or listen to. */
export const file = (path: string) =>
  Effect.gen(function*() {
    const input = { named: path, fileName: basename(path) }
    return yield* partOf(yield* bytesOf(path, input), input)
  })

/** The text of a file. */
export const text = (path: string) =>
  Effect.flatMap(bytesOf(path, { named: path, fileName: undefined }), (bytes) => {
    const text = textOf(bytes)
    return text === undefined ? usage(`${path} is no text in UTF-8`) : Effect.succeed(text)
  })

/** A question with what belongs to it. Standard input is the question where there is no other. */
export const question = (
  words: string,
  standard: Prompt.TextPart | Prompt.FilePart | undefined,
  files: ReadonlyArray<
    Prompt.TextPart | Prompt.FilePart
  >
) =>
  Effect.suspend(() => {
    const more = standard?.type === "text" ? standard.text.trim() : ""
    const text = [words.trim(), more].filter((one) => one !== "").join("\n\n")
    if (text === "") return usage("Say what to ask, as in: llm-layers \"Why is the sky blue?\"")
    const others = standard?.type === "file" ? [standard, ...files] : files
    return Effect.succeed(Prompt.userMessage({ content: [Prompt.textPart({ text }), ...others] }))
  })

const bytesOf = (path: string, input: Input) =>
  Effect.gen(function*() {
    const fs = yield* FileSystem.FileSystem
    const { type } = yield* Effect.mapError(fs.stat(path), unreadable(input))
    if (type === "Directory") return yield* usage(`${path} is a directory: name the files in it`)
    return yield* collect(fs.stream(path), input)
  })

const collect = (stream: Stream.Stream<Uint8Array, PlatformError.PlatformError>, input: Input) =>
  Effect.suspend(() => {
    const chunks: Array<Uint8Array> = []
    let size = 0
    return stream.pipe(
      Stream.mapError(unreadable(input)),
      Stream.runForEach((chunk) => {
        chunks.push(chunk)
        size += chunk.length
        return size > largest
          ? usage(`${input.named} has more than ${largest / 1_000_000} MB, which no model takes. Send a part of it`)
          : Effect.void
      }),
      Effect.map(() => new Uint8Array(Buffer.concat(chunks)))
    )
  })

const unreadable = ({ named }: Input) => ({ reason }: PlatformError.PlatformError): Failure.Usage => {
  switch (reason._tag) {
    case "NotFound":
      return new Failure.Usage({ message: `There is no file ${named}` })
    case "PermissionDenied":
      return new Failure.Usage({ message: `${named} cannot be read: you have no permission to` })
    default:
      return new Failure.Usage({ message: `${named} cannot be read: ${reason.message}` })
  }
}

const partOf = (bytes: Uint8Array, { fileName, named }: Input) =>
  Effect.gen(function*() {
    const text = textOf(bytes)
    if (text !== undefined) {
      return Prompt.textPart({ text: fileName === undefined ? text : `<file name="${fileName}">\n${text}\n</file>` })
    }
    const { fileTypeFromBuffer } = yield* Effect.promise(() => import("file-type"))
    const type = yield* Effect.promise(() => fileTypeFromBuffer(bytes).catch(() => undefined))
    if (type === undefined || !sendable.test(type.mime)) {
      const what = type === undefined ? "a binary file of no known type" : `of the type ${type.mime}`
      return yield* usage(`${named} is ${what}: send text in UTF-8, an image, a PDF, audio or video`)
    }
    return Prompt.filePart({ mediaType: type.mime, data: bytes, ...fileName === undefined ? undefined : { fileName } })
  })

const sendable = /^(image|audio|video)\/|^application\/pdf$/

/** `undefined` for what is no text in UTF-8. */
const textOf = (bytes: Uint8Array): string | undefined => {
  if (bytes.includes(0)) return undefined
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes)
  } catch {
    return undefined
  }
}

const usage = (message: string) => Effect.fail(new Failure.Usage({ message }))
