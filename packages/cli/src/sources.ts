/** Where settings and keys come from: the environment, then `.env`, then `llm-layers.json`, of the working directory. */
import * as ConfigProvider from "effect/ConfigProvider"
import * as Effect from "effect/Effect"
import * as FileSystem from "effect/FileSystem"
import type * as PlatformError from "effect/PlatformError"
import * as Result from "effect/Result"
import * as DotEnv from "./dotEnv.ts"

const dotEnv = ".env"
const json = "llm-layers.json"

/** Reads the files when something is first asked for, so that a broken one is no obstacle to `--help`. */
export const provider: Effect.Effect<ConfigProvider.ConfigProvider, never, FileSystem.FileSystem> = Effect.gen(
  function*() {
    const fs = yield* FileSystem.FileSystem
    const all = yield* Effect.cached(Effect.provideService(sources, FileSystem.FileSystem, fs))
    return ConfigProvider.make((path) => Effect.flatMap(all, (provider) => provider.load(path)))
  }
)

const sources = Effect.gen(function*() {
  const variables = yield* Effect.map(read(dotEnv), (text) => text === undefined ? undefined : DotEnv.parse(text))
  if (variables !== undefined && Result.isFailure(variables)) return yield* broken(dotEnv, variables.failure)
  const file = variables === undefined ? {} : variables.success
  const environment = ConfigProvider.fromEnv()
  const fromFile = ConfigProvider.orElse(environment, ConfigProvider.fromEnv({ env: file }))
  const text = yield* read(json)
  if (text === undefined) return fromFile
  const root = yield* Effect.try({ try: (): unknown => JSON.parse(text), catch: String }).pipe(
    Effect.catch((why) => broken(json, `is no JSON: ${why.replace(/^SyntaxError: /, "")}`))
  )
  const Configuration = yield* Effect.promise(() => import("@llm-layers/registry/Configuration"))
  const expanded = Configuration.expanded(ConfigProvider.fromUnknown(root), { ...file, ...process.env })
  return ConfigProvider.orElse(fromFile, expanded)
})

/** `undefined` where there is none. */
const read = (path: string) =>
  Effect.flatMap(FileSystem.FileSystem, (fs) => fs.readFileString(path)).pipe(
    Effect.catch((error: PlatformError.PlatformError) =>
      error.reason._tag === "NotFound" ? Effect.succeed(undefined) : broken(path, `cannot be read: ${error.message}`)
    )
  )

const broken = (path: string, why: string) =>
  Effect.fail(new ConfigProvider.SourceError({ message: `${path} ${why}. Put it right, or move it away` }))
