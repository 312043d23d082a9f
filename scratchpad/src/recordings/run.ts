import * as Effect from "effect/Effect"
import { relative } from "node:path"
import { compareConversations, type Turn } from "./conversations.ts"
import { findApi } from "./providers.ts"
import { readRecording } from "./record.ts"
import { runExchange } from "./run-exchange.ts"
import { type RecordingServer, startServer } from "./serve.ts"

/** How one recording ended; a failure has one line for each difference. */
export type Outcome =
  | { readonly kind: "passed" }
  | { readonly kind: "failed"; readonly lines: ReadonlyArray<string> }
  | { readonly kind: "skipped"; readonly reason: string }

export interface Result {
  readonly file: string
  /** The id of the recording, where it could be read. */
  readonly id: string | undefined
  /** Provider and API. */
  readonly group: string
  readonly outcome: Outcome
}

interface Ended extends Result {
  readonly turn?: Turn | undefined
}

/** Enough to keep the processor busy while others wait for their sockets. */
const concurrency = 8

const outcomeOf = (lines: ReadonlyArray<string>): Outcome =>
  lines.length === 0 ? { kind: "passed" } : { kind: "failed", lines }

const runFile = (server: RecordingServer, folder: string, file: string, seed: string): Effect.Effect<Ended> => {
  const name = relative(folder, file) || file
  return Effect.tryPromise({ try: () => readRecording(file), catch: (error) => error }).pipe(
    Effect.flatMap((exchange): Effect.Effect<Ended> => {
      const common = { file: name, id: exchange.id, group: `${exchange.provider} ${exchange.api}` }
      const found = findApi(exchange.provider, exchange.api)
      switch (found.kind) {
        case "skipped":
          return Effect.succeed({ ...common, outcome: found })
        case "unknown":
          return Effect.succeed({ ...common, outcome: { kind: "failed", lines: [found.reason] } })
        case "found":
          return Effect.map(runExchange(server, exchange, found.api, seed), ({ lines, turn }) => ({
            ...common,
            outcome: outcomeOf(lines),
            turn
          }))
      }
    }),
    Effect.catch((error) =>
      Effect.succeed<Ended>({
        file: name,
        id: undefined,
        group: "unreadable",
        outcome: { kind: "failed", lines: [`not read: ${error instanceof Error ? error.message : String(error)}`] }
      })
    )
  )
}

/** What later turns of a conversation have that was not given back counts against those. */
const withConversations = (ended: ReadonlyArray<Ended>): ReadonlyArray<Result> => {
  const turns = ended.flatMap(({ turn }) => turn === undefined ? [] : [turn])
  const forgotten = compareConversations(turns)
  return ended.map(({ turn: _, ...result }) => {
    const lines = forgotten.flatMap((one) => one.id === result.id ? one.lines : [])
    if (lines.length === 0 || result.outcome.kind === "skipped") return result
    const before = result.outcome.kind === "failed" ? result.outcome.lines : []
    return { ...result, outcome: outcomeOf([...before, ...lines]) }
  })
}

/** Runs the recordings in the files, whose names are told from a folder. The seed decides where streams are cut. */
export const runFiles = (
  folder: string,
  files: ReadonlyArray<string>,
  seed: string
): Effect.Effect<ReadonlyArray<Result>, Error> =>
  Effect.scoped(Effect.gen(function*() {
    const server = yield* startServer
    const ended = yield* Effect.forEach(files, (file) => runFile(server, folder, file, seed), { concurrency })
    return withConversations(ended)
  }))
