import { assert, describe, it } from "@effect/vitest"
import * as JsonLines from "../../src/embed/jsonLines.ts"
import * as Store from "../../src/embed/store.ts"

const entry = (id: string, hash: string, model = "mock/embed"): Store.Entry => ({ id, hash, model, vector: [0.5, -1] })

const bytesOf = (text: string) => Buffer.from(text)

const decode = (text: string, size = text.length) =>
  JsonLines.decode(
    "out.jsonl",
    Array.from(
      { length: Math.ceil(bytesOf(text).length / size) },
      (_, at) => bytesOf(text).subarray(at * size, (at + 1) * size)
    ),
    "mock/embed"
  )

const two = JsonLines.encode(entry("é", "1")) + JsonLines.encode(entry("b", "2"))

describe("decode", () => {
  it("finds what was written, in pieces of any size", () => {
    for (const size of [1, 7, 1_000]) {
      const { known, whole } = decode(two, size)
      assert.deepStrictEqual([...known], [["é", "1"], ["b", "2"]])
      assert.strictEqual(whole, bytesOf(two).length)
    }
  })

  it("leaves out a last line that is torn", () => {
    const { known, whole } = decode(`${two}{"id":"c","ha`)
    assert.deepStrictEqual([...known.keys()], ["é", "b"])
    assert.strictEqual(whole, bytesOf(two).length)
  })

  it("takes the last line of a text that was changed", () => {
    assert.strictEqual(decode(two + JsonLines.encode(entry("b", "3"))).known.get("b"), "3")
  })

  it("throws for other lines, and for another model", () => {
    assert.throws(() => decode(`${two}{"id":1}\n`), /Line 3 of out.jsonl is no vector/)
    assert.throws(() => decode(JsonLines.encode(entry("a", "1", "acme/x"))), /has vectors of acme\/x/)
  })
})

describe("missing", () => {
  it("are new texts, and changed ones", () => {
    const texts = [{ id: "a", hash: "1" }, { id: "b", hash: "2" }, { id: "c", hash: "3" }]
    const known = new Map([["a", "1"], ["b", "old"]])
    assert.deepStrictEqual(Store.missing(texts, known).map(({ id }) => id), ["b", "c"])
  })
})
