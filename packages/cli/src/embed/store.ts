/** Where vectors go. */
import * as Effect from "effect/Effect"
import { createHash } from "node:crypto"
import * as Failure from "../failure.ts"
import type * as Output from "../output.ts"

/** The vector of a text. */
export interface Entry {
  /** The path of the file, or the number of the line. */
  readonly id: string
  /** Of the text, so that a change is seen: SHA-256 in hexadecimal. */
  readonly hash: string
  /** As `provider/model`. */
  readonly model: string
  readonly vector: ReadonlyArray<number>
}

/** An output that is open. */
export interface Store {
  /** Hashes by id, of what was there before. */
  readonly known: ReadonlyMap<string, string>
  /** All of them or none, also where the command is ended meanwhile. */
  readonly add: (entries: ReadonlyArray<Entry>) => Effect.Effect<void, Failure.Usage | Output.Closed>
}

export const hashOf = (text: string): string => createHash("sha256").update(text).digest("hex")

/** What is left to do: texts that are new, or were changed. */
export const missing = <T extends Pick<Entry, "id" | "hash">>(
  texts: ReadonlyArray<T>,
  known: Store["known"]
): ReadonlyArray<T> => texts.filter(({ hash, id }) => known.get(id) !== hash)

/** What the file system or the database does not let us do, as a failure of the command. */
export const attempt = <A>(path: string, run: () => A): Effect.Effect<A, Failure.Usage> =>
  Effect.try({
    try: run,
    catch: (error) =>
      error instanceof Failure.Usage ? error : new Failure.Usage({
        message: `${path} cannot be used: ${error instanceof Error ? error.message : String(error)}`
      })
  })

/** The failure of an output that another model wrote. */
export const ofAnotherModel = (path: string, model: string, before: string): Failure.Usage =>
  new Failure.Usage({
    message: `${path} has vectors of ${before}, which mean nothing beside those of ${model}: say another --out`
  })
