/**
 * `npm run requests -- DIR`: asks the prompts of the conformance suite, and what each vendor has of its own, through the
 * public API of the providers, and validates what they would send against the vendors' OpenAPI descriptions in a folder
 * (`openai.yaml`, `anthropic.yaml`, `google.json`, `cohere.yaml`, `openrouter.yaml`). Nothing leaves this process.
 *
 * The last line is `N passed, M failed, K skipped`; the exit code is 1 if anything failed or there was nothing to run.
 */
import * as Effect from "effect/Effect"
import { join, resolve } from "node:path"
import { accepted } from "./accepted.ts"
import { anthropic } from "./anthropic.ts"
import { cohere } from "./cohere.ts"
import { readDocument } from "./description/document.ts"
import { google } from "./google.ts"
import { openai } from "./openai.ts"
import { openrouter } from "./openrouter.ts"
import { replayed } from "./replayed.ts"
import { report } from "./report.ts"
import { runVendor } from "./run-vendor.ts"
import type { Vendor } from "./Vendor.ts"

const vendors: ReadonlyArray<Vendor> = replayed([openai, anthropic, google, cohere, openrouter])

const runIn = (folder: string) => (vendor: Vendor) =>
  Effect.flatMap(
    Effect.promise(() => readDocument(join(folder, vendor.file))),
    (document) => runVendor(vendor, document, accepted.filter((entry) => entry.vendor === vendor.name))
  )

const run = async (folder: string): Promise<boolean> => {
  const { lines, passed } = report(
    await Effect.runPromise(Effect.forEach(vendors, runIn(folder))),
    vendors,
    accepted
  )
  for (const line of lines) console.log(line)
  return passed
}

const [folder] = process.argv.slice(2)
if (folder === undefined) {
  console.error("usage: npm run requests -- DIR")
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
