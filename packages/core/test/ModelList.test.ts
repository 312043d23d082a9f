import { assert, describe, it } from "@effect/vitest"
import * as Json from "@llm-layers/core/Json"
import * as ModelList from "@llm-layers/core/ModelList"
import * as ProviderError from "@llm-layers/core/ProviderError"
import { Effect } from "effect"

const origin = { provider: "acme", module: "AcmeModels", method: "list" }

/** Reads pages of which each names the next one. */
const read = (answer: (path: string) => unknown) => {
  const paths: Array<string> = []
  const models = ModelList.read({
    origin,
    connection: {
      json: ({ method, path }) =>
        Effect.sync(() => {
          paths.push(`${method} ${path}`)
          return { json: answer(path), status: 200, headers: {} }
        }),
      eventError: (request, _, body) =>
        ProviderError.make(request.origin, "Overloaded", { description: JSON.stringify(body) })
    },
    path: (cursor) => `/models?after=${cursor ?? ""}`,
    decode: (page) => {
      const { models, next } = Json.record(page)
      const found = ModelList.each(models, (_, id) => ({ id, name: undefined }))
      return found && { models: found, next: Json.string(next) }
    }
  })
  return { models, paths }
}

const kindOfFailure = (answer: (path: string) => unknown) =>
  Effect.map(Effect.flip(read(answer).models), ProviderError.kindOf)

describe("read", () => {
  it.effect("asks for page after page, and leaves out what has no name", () =>
    Effect.gen(function*() {
      const { models, paths } = read((path) =>
        path.endsWith("=")
          ? { models: [{ id: "a" }, { id: "" }, { name: "b" }, null], next: "2" }
          : { models: [{ id: "c" }] }
      )
      assert.deepStrictEqual(yield* models, [{ id: "a" }, { id: "c" }])
      assert.deepStrictEqual(paths, ["GET /models?after=", "GET /models?after=2"])
    }))

  it.effect("a list that does not end, and what is none, is no answer", () =>
    Effect.gen(function*() {
      assert.strictEqual(yield* kindOfFailure(() => ({ models: [], next: "2" })), "InvalidResponse")
      let page = 0
      const endless = read(() => ({ models: [{ id: "a" }], next: String(page += 1) }))
      assert.strictEqual(ProviderError.kindOf(yield* Effect.flip(endless.models)), "InvalidResponse")
      assert.lengthOf(endless.paths, 100)
      for (const answer of [{}, null, [], { models: {} }]) {
        assert.strictEqual(yield* kindOfFailure(() => answer), "InvalidResponse")
      }
    }))

  it.effect("an error with a good status, also of a later page, is the error it says", () =>
    Effect.gen(function*() {
      const kind = yield* kindOfFailure((path) =>
        path.endsWith("=") ? { models: [{ id: "a" }], next: "2" } : { error: { message: "busy" } }
      )
      assert.strictEqual(kind, "Overloaded")
    }))
})

describe("what vendors say", () => {
  it("a time in seconds, or as text; none where it stands for none", () => {
    assert.deepStrictEqual(ModelList.released(1_700_000_000), new Date("2023-11-14T22:13:20Z"))
    assert.deepStrictEqual(ModelList.released("2025-09-29T00:00:00Z"), new Date("2025-09-29T00:00:00Z"))
    for (const none of [0, "1970-01-01T00:00:00Z", "soon", null, undefined, 1e300]) {
      assert.strictEqual(ModelList.released(none), undefined)
    }
  })

  it("a limit in tokens; none where it is 0", () => {
    assert.deepStrictEqual([8192, 0, -1, null, "x", "200"].map(ModelList.tokens), [
      8192,
      undefined,
      undefined,
      undefined,
      undefined,
      200
    ])
  })
})
