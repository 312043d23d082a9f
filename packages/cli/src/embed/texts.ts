/** What is embedded: files, each as a whole, or the lines of standard input. */
import * as Effect from "effect/Effect"
import * as fs from "node:fs"
import { glob } from "node:fs/promises"
import * as Failure from "../failure.ts"
import * as Inputs from "../inputs.ts"
import * as Text from "../text.ts"
import * as Store from "./store.ts"

/** A text to embed. */
export interface Source {
  readonly id: string
  readonly hash: string
  readonly text: string
}

/** The texts of files and patterns such as `notes/*.md`; of the lines that are piped in where there are none. */
export const read = (patterns: ReadonlyArray<string>) =>
  Effect.gen(function*() {
    if (patterns.length === 0) return lines((yield* Text.piped).text)
    const paths = new Set((yield* Effect.forEach(patterns, matching)).flat())
    return yield* Effect.forEach(paths, (path) => Effect.map(Inputs.text(path), (text) => source(path, text)))
  })

/** The lines that have something on them, by their numbers. */
export const lines = (text: string): ReadonlyArray<Source> =>
  text.split(/\r?\n/).map((line, at) => source(String(at + 1), line)).filter(({ text }) => text.trim() !== "")

const source = (id: string, text: string): Source => ({ id, hash: Store.hashOf(text), text })

/** A file of that very name, or the files that the pattern fits, in the order of their names. */
const matching = (pattern: string) =>
  Effect.gen(function*() {
    const found = fs.existsSync(pattern) ? [pattern] : yield* Effect.promise(() => filesOf(pattern))
    return found.length > 0 ? found : yield* new Failure.Usage({ message: `There is no file ${pattern}` })
  })

const filesOf = async (pattern: string): Promise<ReadonlyArray<string>> => {
  const found: Array<string> = []
  for await (const path of glob(pattern)) if (fs.statSync(path).isFile()) found.push(path.replaceAll("\\", "/"))
  return found.toSorted()
}
