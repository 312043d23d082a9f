/**
 * `npm run counts -- DIR [--all]`: holds the ways to count tokens without a network against the counts of vendors in a folder
 * of recordings, and prints how far off they are, per provider and method. With `--all`, each request, too.
 *
 * A request that was recorded twice counts once. Requests whose tokens no one but the vendor can count are apart, with the
 * reason.
 */
import * as Effect from "effect/Effect"
import { resolve } from "node:path"
import { parseArgs } from "node:util"
import { findRecordings, readRecording } from "../recordings/record.ts"
import { type Counted, countedOf } from "./counted.ts"
import { methods } from "./methods.ts"
import { reportLines, type Row } from "./report.ts"

const rowsOf = (one: Counted): Effect.Effect<ReadonlyArray<Row>, Error> =>
  Effect.map(
    Effect.forEach(methods, (method) =>
      Effect.map(method.count(one.model, one.request), (said): ReadonlyArray<Row> =>
        said === undefined ? [] : [{
          id: `${one.id} ${one.model}`,
          provider: one.provider,
          method: method.name,
          kind: one.apart ?? "",
          counted: one.tokens,
          estimated: said.tokens,
          errorBound: said.errorBound
        }])),
    (rows) =>
      rows.flat()
  )

const main = async (): Promise<void> => {
  const { positionals: [folder, ...others], values } = parseArgs({
    allowPositionals: true,
    options: { all: { type: "boolean" } }
  })
  if (folder === undefined || others.length > 0) throw new Error("usage: npm run counts -- DIR [--all]")
  const exchanges = await Promise.all((await findRecordings(resolve(folder))).map(readRecording))
  const counted = exchanges.flatMap((exchange) => countedOf(exchange) ?? [])
  const distinct = new Map(counted.map((one) => [JSON.stringify([one.model, one.tokens, one.request]), one]))
  if (distinct.size === 0) throw new Error(`no counts in ${folder}`)
  const rows = await Effect.runPromise(Effect.forEach([...distinct.values()], rowsOf))
  const lines = reportLines(rows.flat(), [
    `${exchanges.length} recordings, ${counted.length} with a request and its count, ${distinct.size} different ones`
  ])
  if (values.all === true) {
    for (const { counted, errorBound, estimated, id, kind, method } of rows.flat()) {
      console.log([kind, method, id, counted, estimated, Math.round(errorBound)].join("\t"))
    }
  }
  console.log(lines.join("\n"))
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error)
  process.exitCode = 1
})
