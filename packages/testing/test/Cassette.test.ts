import { assert, describe, it } from "@effect/vitest"
import * as Cassette from "@llm-layers/testing/Cassette"
import { Effect } from "effect"
import { mkdir, readdir, writeFile } from "node:fs/promises"
import { dirname, join } from "node:path"
import { pathToFileURL } from "node:url"
import { encodeBody, encodeBytes } from "../src/internal/cassette/content.ts"
import { cassette, textOf } from "./fixtures/cassettes.ts"

const one: Cassette.Cassette = {
  version: 1,
  exchanges: [
    {
      request: {
        method: "POST",
        path: "/v1/ask",
        query: { alt: "sse", many: ["1", "2"] },
        headers: { "content-type": "application/json" },
        body: { json: { q: "Hello" } }
      },
      response: {
        at: 12,
        status: 200,
        headers: { "content-type": "text/event-stream" },
        reads: [{ at: 12, text: ["data: 1\n", "\n"] }, { at: 13, base64: "w6k=" }, { at: 13, json: { a: 1 } }]
      },
      end: {
        type: "broken",
        at: 14,
        error: {
          name: "TypeError",
          message: "terminated",
          cause: { name: "Error", message: "x", code: "UND_ERR_SOCKET" }
        }
      }
    },
    { request: { method: "GET", path: "/", headers: {} }, end: { type: "left", at: 3 } }
  ]
}

const broken = (content: string) => Effect.flip(Cassette.decode("/tmp/one.json", content))

describe("a file", () => {
  it.effect("is what was written, and ends with a line break", () =>
    Effect.gen(function*() {
      const path = join(dirname(yield* cassette), "a", "folder", "one.json")
      yield* Cassette.write(path, one)
      assert.deepStrictEqual(yield* Cassette.read(pathToFileURL(path)), one)
      const text = yield* textOf(path)
      assert.strictEqual(text, `${JSON.stringify(one, null, 2)}\n`)
    }))

  it.effect("is replaced as a whole or not at all", () =>
    Effect.gen(function*() {
      const path = yield* cassette
      yield* Effect.promise(() => mkdir(path))
      const error = yield* Effect.flip(Cassette.write(path, one))
      assert.strictEqual(error._tag, "CassetteNotWritten")
      assert.include(error.message, "was not written")
      assert.deepStrictEqual(yield* Effect.promise(() => readdir(dirname(path))), ["one.json"])
    }))

  it.effect("that is missing says how to make it", () =>
    Effect.gen(function*() {
      const path = yield* cassette
      const error = yield* Effect.flip(Cassette.read(path))
      assert.strictEqual(error._tag, "CassetteMissing")
      assert.include(error.message, path)
      assert.include(error.message, "RECORD=1")
    }))

  it.effect("that cannot be read is broken", () =>
    Effect.gen(function*() {
      const path = yield* cassette
      yield* Effect.promise(() => mkdir(path))
      assert.strictEqual((yield* Effect.flip(Cassette.read(path)))._tag, "CassetteBroken")
      yield* Effect.promise(() => writeFile(join(path, "two.json"), "{"))
      const error = yield* Effect.flip(Cassette.read(join(path, "two.json")))
      assert.strictEqual(error._tag, "CassetteBroken")
      assert.include(error.message, "is not JSON")
    }))
})

describe("a broken file says what is wrong", () => {
  it.effect("with the version", () =>
    Effect.gen(function*() {
      const error = yield* broken(JSON.stringify({ ...one, version: 2 }))
      assert.include(error.message, "it has version 2 of the format, and version 1 is read here")
    }))

  it.effect("with the place", () =>
    Effect.gen(function*() {
      const [first] = one.exchanges
      const wrong = (request: unknown) => broken(JSON.stringify({ version: 1, exchanges: [{ ...first, request }] }))
      assert.include((yield* wrong({ ...first.request, path: 1 })).message, `["request"]["path"]`)
      assert.include((yield* wrong({ ...first.request, boddy: {} })).message, `["request"]["boddy"]`)
      assert.include((yield* broken(`{"version":1,"exchanges":[]}`)).message, `["exchanges"]`)
      assert.include((yield* broken(`[]`)).message, "cannot be used")
    }))

  it.effect("where an exchange without an answer is called complete", () =>
    Effect.gen(function*() {
      const [{ request }] = one.exchanges
      const error = yield* broken(
        JSON.stringify({ version: 1, exchanges: [{ request, end: { type: "complete", at: 1 } }] })
      )
      assert.strictEqual(error._tag, "CassetteBroken")
    }))
})

describe("bytes", () => {
  const roundTrip = (bytes: Uint8Array) => {
    const content = encodeBytes(bytes)
    assert.deepStrictEqual(Cassette.bytes(JSON.parse(JSON.stringify(content))), Uint8Array.from(bytes))
    return content
  }
  const ofText = (text: string) => roundTrip(new TextEncoder().encode(text))

  it("are JSON where it is the same when written again", () => {
    assert.deepStrictEqual(ofText(`{"a":[1,"é"]}`), { json: { a: [1, "é"] } })
    assert.deepStrictEqual(ofText(`{"a": 1}`), { text: `{"a": 1}` })
    assert.deepStrictEqual(ofText(`{"a":1.0}`), { text: `{"a":1.0}` })
    assert.deepStrictEqual(ofText(`{"a":1,"a":2}`), { text: `{"a":1,"a":2}` })
    assert.deepStrictEqual(ofText(`{"__proto__":1}`), { text: `{"__proto__":1}` })
    assert.deepStrictEqual(ofText("12"), { text: "12" })
  })

  it("are text by lines", () => {
    assert.deepStrictEqual(ofText("data: 1\n\ndata: 2"), { text: ["data: 1\n", "\n", "data: 2"] })
    assert.deepStrictEqual(ofText("a\r\nb\r\n"), { text: ["a\r\n", "b\r\n"] })
    assert.deepStrictEqual(ofText("one\n"), { text: "one\n" })
    assert.deepStrictEqual(ofText(""), { text: "" })
    assert.deepStrictEqual(ofText("\ufeffx"), { text: "\ufeffx" })
  })

  it("are base64 where they are no UTF-8", () => {
    assert.deepStrictEqual(roundTrip(Uint8Array.of(0xc3)), { base64: "ww==" })
  })

  it("of a request are JSON however it was written", () => {
    assert.deepStrictEqual(encodeBody(Buffer.from(`{ "a" : 1.0 }`)), { json: { a: 1 } })
    assert.deepStrictEqual(encodeBody(Buffer.from("a=1&b=2")), { text: "a=1&b=2" })
    assert.deepStrictEqual(encodeBody(Uint8Array.of(0xff)), { base64: "/w==" })
    assert.isUndefined(encodeBody(new Uint8Array()))
  })
})
