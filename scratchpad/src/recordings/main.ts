/**
 * `npm run recordings -- DIR [--seed TEXT]`: plays the recorded vendor answers of a folder through the public API of the
 * providers and compares what a caller gets, and what the provider sends, with what was recorded.
 *
 * Each answer comes over HTTP on this machine; streams come again through a stub, byte by byte, in random pieces, with other
 * line ends, with comments, and cut before their end. The last line is `N passed, M failed, K skipped`; the exit code is 1
 * if anything failed or there was nothing to run.
 */
import * as Effect from "effect/Effect"
import { resolve } from "node:path"
import { parseArgs } from "node:util"
import { findRecordings } from "./record.ts"
import { isGood, reportLines } from "./report.ts"
import { runFiles } from "./run.ts"

const usage = "usage: npm run recordings -- DIR [--seed TEXT]"

const run = async (folder: string, seed: string): Promise<boolean> => {
  const unhandled: Array<string> = []
  const note = (reason: unknown) => unhandled.push(reason instanceof Error ? String(reason.stack) : String(reason))
  process.on("unhandledRejection", note)
  process.on("uncaughtException", note)
  const results = await Effect.runPromise(runFiles(folder, await findRecordings(folder), seed))
  // What nobody waited for has its say before the verdict.
  await new Promise((done) => setTimeout(done, 50))
  console.log(reportLines(results, unhandled, seed).join("\n"))
  return isGood(results, unhandled)
}

const main = async (): Promise<boolean> => {
  const { positionals: [folder, ...others], values } = parseArgs({
    allowPositionals: true,
    options: { seed: { type: "string" } }
  })
  if (folder === undefined || others.length > 0) throw new Error(usage)
  return run(resolve(folder), values.seed ?? String(Math.floor(Math.random() * 1e9)))
}

main().then(
  (good) => {
    process.exitCode = good ? 0 : 1
  },
  (error: unknown) => {
    console.error(error instanceof Error ? error.message : error)
    process.exitCode = 1
  }
)
