import { assert, describe, it } from "@effect/vitest"
import { Config, Effect, FileSystem, PlatformError } from "effect"
import * as Sources from "../src/sources.ts"

const disk = (files: { readonly [name: string]: string }) =>
  FileSystem.layerNoop({
    readFileString: (path) => {
      const text = files[path]
      if (text !== undefined) return Effect.succeed(text)
      const error = { _tag: "NotFound", module: "FileSystem", method: "readFileString" } as const
      return Effect.fail(PlatformError.systemError(error))
    }
  })

const read = (files: { readonly [name: string]: string }, ...names: ReadonlyArray<string>) =>
  Effect.flatMap(Sources.provider, (provider) => Config.all(names.map((name) => Config.String(name))).parse(provider))
    .pipe(Effect.provide(disk(files)))

describe("sources", () => {
  it.effect("the environment is before .env, and that before llm-layers.json, which may name variables of both", () =>
    Effect.gen(function*() {
      const files = {
        ".env": "PATH=from .env\nLLM_SOURCES_A=from .env",
        "llm-layers.json": JSON.stringify({ PATH: "json", LLM_SOURCES_A: "json", LLM_SOURCES_B: "${LLM_SOURCES_A}!" })
      }
      const [path, a, b] = yield* read(files, "PATH", "LLM_SOURCES_A", "LLM_SOURCES_B")
      assert.deepStrictEqual([path, a, b], [process.env["PATH"], "from .env", "from .env!"])
    }))

  it.effect("a broken file is an error that says where, to whoever asks for a setting", () =>
    Effect.gen(function*() {
      const why = (files: { readonly [name: string]: string }) =>
        Effect.map(Effect.flip(read(files, "PATH")), (error) => error.cause.message)
      assert.strictEqual(
        yield* why({ ".env": "sk-secret" }),
        ".env has no NAME=value in line 1. Put it right, or move it away"
      )
      assert.match(yield* why({ "llm-layers.json": "{" }), /^llm-layers\.json is no JSON: .*Put it right/)
    }))

  it.effect("nothing is read where nobody asks", () =>
    Effect.provide(Sources.provider, disk({ ".env": "broken" })).pipe(
      Effect.map((provider) => assert.isFunction(provider.load))
    ))
})
