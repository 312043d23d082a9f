import { NodeServices } from "@effect/platform-node"
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { Prompt } from "effect/ai"
import { mkdirSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import * as Sessions from "../src/sessions.ts"
import { place } from "./binary.ts"

/** An empty `XDG_DATA_HOME`, until the scope ends. */
const home = Effect.gen(function*() {
  const path = yield* place()
  const before = process.env["XDG_DATA_HOME"]
  process.env["XDG_DATA_HOME"] = path
  yield* Effect.addFinalizer(() =>
    Effect.sync(() => {
      if (before === undefined) delete process.env["XDG_DATA_HOME"]
      else process.env["XDG_DATA_HOME"] = before
    })
  )
  return path
})

const message = (effect: Effect.Effect<unknown, { readonly message: string }, Sessions.Services>) =>
  Effect.map(Effect.flip(effect), (error) => error.message)

describe("sessions", () => {
  it.effect("come back as they were, files in them included", () =>
    Effect.gen(function*() {
      yield* home
      const prompt = Prompt.setSystem(
        Prompt.make([{
          role: "user",
          content: [
            { type: "text", text: "What is it?" },
            { type: "file", mediaType: "image/png", data: new Uint8Array([1, 2, 3]) }
          ]
        }]),
        "Be brief"
      )
      yield* Sessions.save("a.b-1", { model: "openai/gpt-5.5", prompt })
      assert.deepStrictEqual(yield* Sessions.load("a.b-1"), { model: "openai/gpt-5.5", prompt })
    }).pipe(Effect.provide(NodeServices.layer)))

  it.effect("says what there is in place of one that is missing, and which cannot be read", () =>
    Effect.gen(function*() {
      const path = yield* home
      assert.strictEqual(yield* message(Sessions.load("two")), "There is no conversation \"two\". None is saved")
      yield* Sessions.save("one", { model: "mock/echo", prompt: Prompt.empty })
      assert.strictEqual(yield* message(Sessions.load("two")), "There is no conversation \"two\". Saved are one")
      const broken = join(path, "llm-layers", "two.json")
      writeFileSync(broken, "{\"version\":2}")
      assert.strictEqual(
        yield* message(Sessions.load("two")),
        `${broken} is no conversation that this version can read`
      )
      mkdirSync(join(path, "llm-layers", "three.json"))
      assert.include(yield* message(Sessions.load("three")), "three.json cannot be read")
      assert.include(yield* message(Sessions.save("three", { model: "mock/echo", prompt: Prompt.empty })), "written")
      for (const name of ["", "../one", "a/b", ".hidden"]) {
        assert.include(yield* message(Sessions.load(name)), "cannot be the name of a conversation")
      }
    }).pipe(Effect.provide(NodeServices.layer)))
})
