import { execFile, spawnSync } from "node:child_process"
import { fileURLToPath } from "node:url"
import { promisify } from "node:util"
import type { Options } from "../options.ts"
import { interleave } from "./interleave.ts"
import { comparisonOf } from "./statistics.ts"

const workspaceRoot = fileURLToPath(new URL("../../../..", import.meta.url))

/** Programs that import what one provider needs and make one call, by the name they have in the tables. */
const programs = {
  "llm-layers, by module": "llm-layers.mjs",
  "llm-layers, by barrel": "llm-layers-barrels.mjs",
  "ai + @ai-sdk/openai": "ai-sdk.mjs",
  "openai": "openai-sdk.mjs"
} as const

/** Who the target compares. */
export const judged = { ours: "llm-layers, by module", peer: "ai + @ai-sdk/openai" } as const

interface ColdTimes {
  readonly imported: number
  readonly answered: number
}

/** Compiles the packages to `dist`, as a user gets them. Gives what the compiler said if it complained. */
export const build = (): string | undefined => {
  const result = spawnSync("npm run --silent build", { cwd: workspaceRoot, shell: true, encoding: "utf8" })
  return result.status === 0 ? undefined : result.stdout + result.stderr
}

/** Milliseconds in a fresh process, its own start not counted: until all is imported, and until the first answer. */
export const coldStart = async ({ processes }: Options) => {
  const results = await interleave(
    Object.entries(programs).map(([name, file]) => [name, () => run(file)] as const),
    // The first round only fills the file cache.
    { warmUps: 1, repetitions: processes }
  )
  return {
    imported: comparisonOf(results, (times) => times.imported),
    answered: comparisonOf(results, (times) => times.answered)
  }
}

const run = async (file: string): Promise<ColdTimes> => {
  const path = fileURLToPath(new URL(`../cold/${file}`, import.meta.url))
  // No flags of this process: neither the source condition nor type stripping takes part.
  const { stdout } = await promisify(execFile)(process.execPath, [path], { env: { ...process.env, NODE_OPTIONS: "" } })
  return JSON.parse(stdout)
}
