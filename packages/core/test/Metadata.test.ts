import { assert, describe, it } from "@effect/vitest"
import * as Metadata from "@llm-layers/core/Metadata"
import { Schema } from "effect"
import { Response } from "effect/ai"

class Point {
  readonly x = 1
  readonly hidden = () => 2
}

describe("make", () => {
  it("leaves out what is undefined, at every depth", () =>
    assert.deepStrictEqual(
      Metadata.make("acme", { a: undefined, b: { c: undefined, d: 1 }, e: [{ f: undefined }] }),
      { acme: { b: { d: 1 }, e: [{}] } }
    ))

  it("is empty where nothing is left", () => {
    assert.deepStrictEqual(Metadata.make("acme", {}), {})
    assert.deepStrictEqual(Metadata.make("acme", { a: undefined, f: () => 1 }), {})
  })

  it("is accepted by the framework, whatever was given", () => {
    const metadata = Metadata.make("acme", {
      undefined: undefined,
      nan: Number.NaN,
      big: 10n,
      date: new Date(0),
      url: new URL("https://example.com"),
      bytes: new Uint8Array([104, 105]),
      point: new Point(),
      list: [undefined, () => 1, Symbol("s")],
      null: null
    })
    assert.deepStrictEqual(metadata, {
      acme: {
        nan: null,
        big: "10",
        date: "1970-01-01T00:00:00.000Z",
        url: "https://example.com/",
        bytes: "aGk=",
        point: { x: 1 },
        list: [null, null, null],
        null: null
      }
    })
    const decode = Schema.decodeUnknownSync(Response.TextPart)
    assert.deepStrictEqual(decode({ type: "text", text: "", metadata }).metadata, metadata)
  })
})

describe("merge", () => {
  it("keeps all namespaces; of one namespace later members win", () =>
    assert.deepStrictEqual(
      Metadata.merge({ a: { x: 1, y: 1 } }, undefined, { b: { x: 2 } }, { a: { y: 3 } }),
      { a: { x: 1, y: 3 }, b: { x: 2 } }
    ))

  it("replaces what is no record, and changes nothing it was given", () => {
    const first = { a: { x: 1 } }
    assert.deepStrictEqual(Metadata.merge(first, { a: [1] }), { a: [1] })
    Metadata.merge(first, { a: { x: 2 } })
    assert.deepStrictEqual(first, { a: { x: 1 } })
  })
})

describe("get", () => {
  it("gives one member of a namespace", () => {
    const metadata = { acme: { id: "i", zero: 0, none: null } }
    assert.strictEqual(Metadata.get(metadata, "acme", "id"), "i")
    assert.strictEqual(Metadata.get(metadata, "acme", "zero"), 0)
    assert.strictEqual(Metadata.get(metadata, "acme", "none"), null)
  })

  it.each([undefined, null, "text", {}, { acme: null }, { acme: "text" }, { acme: [] }, { other: { id: 1 } }])(
    "gives nothing where there is nothing: %j",
    (metadata) => assert.isUndefined(Metadata.get(metadata, "acme", "id"))
  )
})
