/**
 * `npm run recordings -- DIR`: feeds the recorded vendor answers of a folder through the public API of the providers, over
 * HTTP on this machine, and compares what a caller gets with what the recorded body says.
 *
 * The last line is `N passed, M failed, K skipped`; the exit code is 1 if anything failed or there was nothing to run.
 */
import * as Effect from "effect/Effect"
import { relative, resolve } from "node:path"
import type { Api } from "./Api.ts"
import { anthropicApis } from "./providers/anthropic.ts"
import { openaiApis } from "./providers/openai.ts"
import { findRecordings, readRecording } from "./record.ts"
import { type Outcome, runExchange } from "./run-exchange.ts"
import { type RecordingServer, startServer } from "./serve.ts"

const providers: Readonly<Record<string, Readonly<Record<string, Api>>>> = {
  openai: openaiApis,
  anthropic: anthropicApis
}

/** Enough to keep the processor busy while others wait for their sockets. */
const concurrency = 8

interface Result {
  readonly file: string
  readonly group: string
  readonly outcome: Outcome
}

const runFile = (server: RecordingServer, folder: string, file: string): Effect.Effect<Result> =>
  Effect.gen(function*() {
    const exchange = yield* Effect.promise(() => readRecording(file))
    const api = providers[exchange.provider]?.[exchange.api]
    const outcome: Outcome = api === undefined
      ? { kind: "skipped", reason: "no provider for it" }
      : yield* runExchange(server, exchange, api)
    return { file: relative(folder, file), group: `${exchange.provider} ${exchange.api}`, outcome }
  }).pipe(
    Effect.catchCause((cause) =>
      Effect.succeed<Result>({
        file: relative(folder, file),
        group: "unreadable",
        outcome: { kind: "failed", lines: [String(cause)] }
      })
    )
  )

const count = (results: ReadonlyArray<Result>, kind: Outcome["kind"]): number =>
  results.filter((result) => result.outcome.kind === kind).length

const totals = (results: ReadonlyArray<Result>, extraFailures = 0): string =>
  `${count(results, "passed")} passed, ${count(results, "failed") + extraFailures} failed, ${
    count(results, "skipped")
  } skipped`

const report = (results: ReadonlyArray<Result>, unhandled: ReadonlyArray<string>): void => {
  for (const { file, outcome } of results) {
    if (outcome.kind === "failed") console.log([`FAILED ${file}`, ...outcome.lines].join("\n  "))
  }
  for (const message of unhandled) console.log(`FAILED unhandled: ${message}`)
  for (const group of [...new Set(results.map((result) => result.group))].toSorted()) {
    console.log(`${group}: ${totals(results.filter((result) => result.group === group))}`)
  }
  console.log(totals(results, unhandled.length))
}

const run = async (folder: string): Promise<boolean> => {
  const unhandled: Array<string> = []
  process.on(
    "unhandledRejection",
    (reason) => unhandled.push(reason instanceof Error ? String(reason.stack) : String(reason))
  )
  process.on("uncaughtException", (error) => unhandled.push(String(error.stack)))
  const files = await findRecordings(folder)
  const results = await Effect.runPromise(
    Effect.scoped(Effect.gen(function*() {
      const server = yield* startServer
      return yield* Effect.forEach(files, (file) => runFile(server, folder, file), { concurrency })
    }))
  )
  // What nobody waited for has its say before the verdict.
  await new Promise((done) => setTimeout(done, 50))
  report(results, unhandled)
  return results.length > 0 && count(results, "failed") + unhandled.length === 0
}

const [folder] = process.argv.slice(2)
if (folder === undefined) {
  console.error("usage: npm run recordings -- DIR")
  process.exitCode = 1
} else {
  run(resolve(folder)).then(
    (passed) => {
      process.exitCode = passed ? 0 : 1
    },
    (error: unknown) => {
      console.error(error instanceof Error ? error.message : error)
      process.exitCode = 1
    }
  )
}
