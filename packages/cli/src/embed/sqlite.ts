/**
 * Vectors in SQLite, in the table `embeddings`: `id`, `hash`, `model`, `dimensions`, and `vector` as 32-bit floats,
 * little-endian, which is what vector extensions of SQLite read.
 */
import * as Effect from "effect/Effect"
import type * as Sqlite from "node:sqlite"
import { attempt, ofAnotherModel, type Store } from "./store.ts"

/** Opens a database, which closes with the scope. */
export const open = (path: string, model: string) =>
  Effect.gen(function*() {
    const database = yield* Effect.acquireRelease(
      attempt(path, () => {
        const database = new (load().DatabaseSync)(path)
        database.exec(schema)
        return database
      }),
      (database) => Effect.sync(() => database.close())
    )
    const known = new Map<string, string>()
    const rows = yield* attempt(path, () => database.prepare("SELECT id, hash, model FROM embeddings").all())
    for (const row of rows) {
      if (row["model"] !== model) {
        return yield* ofAnotherModel(path, model, String(row["model"]))
      }
      known.set(String(row["id"]), String(row["hash"]))
    }
    const insert = yield* attempt(path, () => database.prepare(replace))
    const add: Store["add"] = (entries) =>
      // Nothing interrupts what is not asynchronous.
      attempt(path, () => {
        database.exec("BEGIN")
        try {
          for (const { hash, id, model, vector } of entries) insert.run(id, hash, model, vector.length, floats(vector))
          database.exec("COMMIT")
        } catch (error) {
          database.exec("ROLLBACK")
          throw error
        }
      })
    return { known, add } satisfies Store
  })

const schema = `CREATE TABLE IF NOT EXISTS embeddings (
  id TEXT PRIMARY KEY,
  hash TEXT NOT NULL,
  model TEXT NOT NULL,
  dimensions INTEGER NOT NULL,
  vector BLOB NOT NULL
) STRICT`

const replace = "INSERT OR REPLACE INTO embeddings (id, hash, model, dimensions, vector) VALUES (?, ?, ?, ?, ?)"

const floats = (vector: ReadonlyArray<number>): Uint8Array => {
  const view = new DataView(new ArrayBuffer(vector.length * 4))
  for (const [at, value] of vector.entries()) view.setFloat32(at * 4, value, true)
  return new Uint8Array(view.buffer)
}

/** Without the warning that Node 22 writes when it is loaded. */
const load = (): typeof Sqlite => {
  const emitWarning = process.emitWarning.bind(process)
  process.emitWarning = () => undefined
  try {
    return process.getBuiltinModule("node:sqlite")
  } finally {
    process.emitWarning = emitWarning
  }
}
