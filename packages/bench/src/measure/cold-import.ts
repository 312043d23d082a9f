import { execFile, spawnSync } from "node:child_process"
import { fileURLToPath } from "node:url"
import { promisify } from "node:util"
import type { Options } from "../options.ts"
import type { Comparison } from "./in-process.ts"
import { interleave } from "./interleave.ts"

const packageRoot = fileURLToPath(new URL("../..", import.meta.url))
const workspaceRoot = fileURLToPath(new URL("../../../..", import.meta.url))

/** What each program imports before it can make its first call, through one provider. */
export const imports = {
  "@llm-layers/openai": ["@llm-layers/openai", "effect/ai/LanguageModel", "effect/Effect", "effect/Stream"],
  "@llm-layers/openai, effect barrels": ["@llm-layers/openai", "effect", "effect/ai"],
  "ai + @ai-sdk/openai": ["ai", "@ai-sdk/openai"],
  "openai": ["openai"]
} as const

/** Compiles the packages to `dist`, as a user gets them. Gives what the compiler said if it complained. */
export const build = (): string | undefined => {
  const result = spawnSync("npm run --silent build", { cwd: workspaceRoot, shell: true, encoding: "utf8" })
  return result.status === 0 ? undefined : result.stdout + result.stderr
}

/** Milliseconds that the imports take in a fresh process: the built JavaScript, its start not counted. */
export const coldImport = ({ processes }: Options): Promise<Comparison> =>
  interleave(
    Object.entries(imports).map(([name, specifiers]) => [name, () => importOnce(specifiers)] as const),
    { warmUps: 1, repetitions: processes }
  )

const importOnce = async (specifiers: ReadonlyArray<string>) => {
  const list = specifiers.map((specifier) => `import(${JSON.stringify(specifier)})`).join(", ")
  const program = `const start = performance.now(); await Promise.all([${list}]); console.log(performance.now() - start)`
  // No flags of this process: neither the source condition nor type stripping takes part.
  const { stdout } = await promisify(execFile)(process.execPath, ["--input-type=module", "--eval", program], {
    cwd: packageRoot,
    env: { ...process.env, NODE_OPTIONS: "" }
  })
  return Number(stdout)
}
