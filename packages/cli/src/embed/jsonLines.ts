/** Vectors as lines of JSON. A text that was changed has a line more, and its last line counts. */
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import * as fs from "node:fs"
import * as Failure from "../failure.ts"
import { attempt, type Entry, ofAnotherModel, type Store } from "./store.ts"

/** What is read of a line again. */
const decodeLine = Schema.decodeUnknownOption(
  Schema.fromJsonString(Schema.Struct({ id: Schema.String, hash: Schema.String, model: Schema.String }))
)

/** An entry as a line. */
export const encode = ({ hash, id, model, vector }: Entry): string => `${JSON.stringify({ id, hash, model, vector })}\n`

/** What a file has, and how many of its bytes are whole lines. */
export interface Read {
  readonly known: ReadonlyMap<string, string>
  readonly whole: number
}

/**
 * Reads a file again. A last line that is torn, because the machine went off while it was written, is left out. Throws for
 * any other line that is none, and for vectors of another model.
 */
export const decode = (path: string, chunks: Iterable<Uint8Array>, model: string): Read => {
  const known = new Map<string, string>()
  let whole = 0
  let number = 0
  let rest: Uint8Array = new Uint8Array()
  for (const chunk of chunks) {
    const bytes = Buffer.concat([rest, chunk])
    let from = 0
    for (let to = bytes.indexOf(newline); to >= 0; to = bytes.indexOf(newline, from)) {
      number++
      const line = Option.getOrUndefined(decodeLine(bytes.toString("utf8", from, to)))
      if (line === undefined) {
        throw new Failure.Usage({ message: `Line ${number} of ${path} is no vector of this command` })
      }
      if (line.model !== model) throw ofAnotherModel(path, model, line.model)
      known.set(line.id, line.hash)
      whole += to + 1 - from
      from = to + 1
    }
    rest = bytes.subarray(from)
  }
  return { known, whole }
}

const newline = 10

/** In pieces: Node reads no file of 2 GB as one. */
function* chunksOf(descriptor: number): Iterable<Uint8Array> {
  for (let at = 0;;) {
    const chunk = Buffer.alloc(1_048_576)
    const read = fs.readSync(descriptor, chunk, 0, chunk.length, at)
    if (read === 0) return
    at += read
    yield chunk.subarray(0, read)
  }
}

/** Opens a file, which closes with the scope. */
export const open = (path: string, model: string) =>
  Effect.gen(function*() {
    const descriptor = yield* Effect.acquireRelease(
      attempt(path, () => fs.openSync(path, fs.constants.O_RDWR | fs.constants.O_CREAT)),
      (descriptor) => Effect.sync(() => fs.closeSync(descriptor))
    )
    const { known, whole } = yield* attempt(path, () => decode(path, chunksOf(descriptor), model))
    yield* attempt(path, () => fs.ftruncateSync(descriptor, whole))
    let at = whole
    const add: Store["add"] = (entries) =>
      // Nothing interrupts what is not asynchronous.
      attempt(path, () => {
        const bytes = Buffer.from(entries.map(encode).join(""))
        for (let written = 0; written < bytes.length;) {
          written += fs.writeSync(descriptor, bytes, written, bytes.length - written, at + written)
        }
        at += bytes.length
      })
    return { known, add } satisfies Store
  })
