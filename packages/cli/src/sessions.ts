/** Conversations that are kept, one file each: `$XDG_DATA_HOME/llm-layers/NAME.json`. */
import * as Prompt from "effect/ai/Prompt"
import * as Effect from "effect/Effect"
import * as FileSystem from "effect/FileSystem"
import * as Schema from "effect/Schema"
import { homedir } from "node:os"
import { join } from "node:path"
import * as Failure from "./failure.ts"

/** A conversation, and who is asked next. */
export interface Session {
  /** `provider/model`. */
  readonly model: string
  readonly prompt: Prompt.Prompt
}

const Stored = Schema.fromJsonString(Schema.Struct({
  version: Schema.Literal(1),
  model: Schema.String,
  prompt: Prompt.Prompt
}))

export type Services = FileSystem.FileSystem

/** By the XDG base directory specification: a relative path counts as none. */
const directory = (): string => {
  const home = process.env["XDG_DATA_HOME"]
  return join(home?.startsWith("/") === true ? home : join(homedir(), ".local", "share"), "llm-layers")
}

const ending = ".json"

const pathOf = (name: string) =>
  /^\w[\w.-]*$/.test(name)
    ? Effect.succeed(join(directory(), `${name}${ending}`))
    : usage(`"${name}" cannot be the name of a conversation: take letters, digits, ".", "_" and "-"`)

/** Writes the file in one step, for the eyes of its owner alone. */
export const save = (name: string, session: Session) =>
  Effect.gen(function*() {
    const fs = yield* FileSystem.FileSystem
    const path = yield* pathOf(name)
    const text = yield* Effect.orDie(Schema.encodeEffect(Stored)({ version: 1, ...session }))
    const draft = `${path}.${process.pid}`
    yield* Effect.mapError(
      fs.makeDirectory(directory(), { recursive: true, mode: 0o700 }).pipe(
        Effect.andThen(fs.writeFileString(draft, `${text}\n`, { mode: 0o600 })),
        Effect.andThen(fs.rename(draft, path))
      ),
      ({ reason }) => new Failure.Usage({ message: `${path} cannot be written: ${reason.message}` })
    )
    return path
  })

/** Reads what was saved. */
export const load = (name: string) =>
  Effect.gen(function*() {
    const fs = yield* FileSystem.FileSystem
    const path = yield* pathOf(name)
    const text = yield* Effect.catch(fs.readFileString(path), ({ reason }) =>
      reason._tag === "NotFound" ? missing(name) : usage(`${path} cannot be read: ${reason.message}`))
    const { model, prompt } = yield* Effect.mapError(
      Schema.decodeEffect(Stored)(text),
      () =>
        new Failure.Usage({ message: `${path} is no conversation that this version can read` })
    )
    return { model, prompt }
  })

const missing = (name: string) =>
  Effect.gen(function*() {
    const fs = yield* FileSystem.FileSystem
    const files = yield* Effect.orElseSucceed(fs.readDirectory(directory()), () => [])
    const names = files.filter((file) => file.endsWith(ending)).map((file) => file.slice(0, -ending.length))
    const saved = names.length === 0 ? "None is" : `Saved are ${names.toSorted().join(", ")}`
    return yield* usage(`There is no conversation "${name}". ${saved}${names.length === 0 ? " saved" : ""}`)
  })

const usage = (message: string) => Effect.fail(new Failure.Usage({ message }))
