import { assert, describe, it } from "@effect/vitest"
import * as Json from "@llm-layers/core/Json"

const values = [undefined, null, true, 1, Number.NaN, "text", [1], { a: 1 }] as const

describe("what has another type than expected is absent", () => {
  it("record", () => assert.deepStrictEqual(values.map(Json.record), [{}, {}, {}, {}, {}, {}, {}, { a: 1 }]))
  it("list", () => assert.deepStrictEqual(values.map(Json.list), [[], [], [], [], [], [], [1], []]))
  it("string", () => assert.deepStrictEqual(values.filter((one) => Json.string(one) !== undefined), ["text"]))
  it("number", () => assert.deepStrictEqual(values.filter((one) => Json.number(one) !== undefined), [1]))
  it("isRecord", () => assert.deepStrictEqual(values.filter(Json.isRecord), [{ a: 1 }]))
})

describe("what would fail a whole answer is absent", () => {
  it("timestamp", () => {
    assert.strictEqual(Json.timestamp(0), "1970-01-01T00:00:00.000Z")
    assert.strictEqual(Json.timestamp(1.5), "1970-01-01T00:00:01.500Z")
    for (const wrong of [undefined, null, "0", Number.NaN, 1e20]) assert.isUndefined(Json.timestamp(wrong))
  })

  it("url", () => {
    assert.strictEqual(Json.url("https://example.com/a"), "https://example.com/a")
    for (const wrong of [undefined, null, "", "example", 1]) assert.isUndefined(Json.url(wrong))
  })
})

it("defined leaves out what is undefined, in records within records", () => {
  const list = [{ a: undefined }]
  const fields = Json.defined({ a: undefined, b: { c: undefined, d: null }, list })
  assert.deepStrictEqual(Object.keys(fields), ["b", "list"])
  assert.deepStrictEqual(fields["b"], { d: null })
  assert.strictEqual(fields["list"], list)
})
