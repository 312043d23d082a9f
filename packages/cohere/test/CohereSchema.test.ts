import { assert, describe, it } from "@effect/vitest"
import { Schema } from "effect"
import { codecTransformer } from "../src/CohereSchema.ts"

/** What the model is shown, and what is made of its answer. */
const both = <T, E>(schema: Schema.ConstraintCodec<T, E>, answer: unknown) => {
  const { codec, jsonSchema } = codecTransformer(schema)
  return { jsonSchema, value: Schema.decodeUnknownSync(codec)(answer) }
}

describe("members that need not be there", () => {
  const Person = Schema.Struct({
    name: Schema.String,
    nick: Schema.optionalKey(Schema.String),
    home: Schema.NullOr(Schema.Struct({ city: Schema.String, street: Schema.optionalKey(Schema.String) }))
  })

  it("are not required, and are absent or null again", () => {
    const { jsonSchema, value } = both(Person, { name: "Ada", home: { city: "London" } })
    assert.deepStrictEqual(jsonSchema["required"], ["name"])
    assert.notInclude(JSON.stringify(jsonSchema), "anyOf")
    assert.notInclude(JSON.stringify(jsonSchema), "null")
    assert.deepStrictEqual(value, { name: "Ada", home: { city: "London" } })
    assert.deepStrictEqual(both(Person, { name: "Ada" }).value, { name: "Ada", home: null })
    assert.deepStrictEqual(both(Person, { name: "Ada", nick: null, home: null }).value, { name: "Ada", home: null })
  })

  it("are required where no other member is: an object must have one", () => {
    const { jsonSchema, value } = both(Schema.Struct({ nick: Schema.optionalKey(Schema.String) }), { nick: null })
    assert.deepStrictEqual(jsonSchema["required"], ["nick"])
    assert.deepStrictEqual(value, {})
  })

  it("are filled inside lists and unions", () => {
    const Shape = Schema.Union([
      Schema.Struct({ type: Schema.Literal("circle"), r: Schema.Finite, name: Schema.NullOr(Schema.String) }),
      Schema.Struct({ type: Schema.Literal("square"), a: Schema.Finite, label: Schema.NullOr(Schema.String) })
    ])
    const { value } = both(Schema.Struct({ shapes: Schema.Array(Shape) }), {
      shapes: [{ type: "square", a: 1 }, { type: "circle", r: 2, name: "C" }]
    })
    assert.deepStrictEqual(value, {
      shapes: [{ type: "square", a: 1, label: null }, { type: "circle", r: 2, name: "C" }]
    })
  })
})

it("keywords Cohere does not know are not sent, and still checked", () => {
  const Bounded = Schema.Struct({
    age: Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 150 })),
    code: Schema.String.check(Schema.isPattern(/^[A-Z]{3}$/)),
    tags: Schema.Array(Schema.String).check(Schema.isMaxLength(2))
  })
  const { codec, jsonSchema } = codecTransformer(Bounded)
  const text = JSON.stringify(jsonSchema)
  for (const keyword of ["minimum", "maximum", "maxItems", "additionalProperties", "\"pattern\"", "allOf"]) {
    assert.notInclude(text, keyword)
  }
  assert.include(text, "^[A-Z]{3}$")
  assert.throws(() => Schema.decodeUnknownSync(codec)({ age: 200, code: "ABC", tags: [] }))
})

describe("a root that is no object", () => {
  it("is the member `value` of one", () => {
    const { jsonSchema, value } = both(Schema.Array(Schema.String), { value: ["a"] })
    assert.strictEqual(jsonSchema["type"], "object")
    assert.deepStrictEqual(value, ["a"])
  })

  it("unions and records, too", () => {
    const either = both(Schema.Union([Schema.String, Schema.Finite]), { value: 1 })
    assert.strictEqual(either.value, 1)
    const record = Schema.Record(Schema.String, Schema.Finite)
    const { codec, jsonSchema } = codecTransformer(record)
    assert.strictEqual(jsonSchema["type"], "object")
    const wire = Schema.encodeUnknownSync(codec)({ a: 1 })
    assert.deepStrictEqual(Schema.decodeUnknownSync(codec)(wire), { a: 1 })
  })
})

it("dates and definitions", () => {
  class Point extends Schema.Class<Point>("Point")({ x: Schema.Finite, note: Schema.NullOr(Schema.String) }) {}
  const Line = Schema.Struct({ from: Point, to: Point, at: Schema.Date })
  const { value } = both(Line, { from: { x: 1 }, to: { x: 2, note: "end" }, at: "2026-01-01T00:00:00.000Z" })
  assert.strictEqual(value.from.note, null)
  assert.strictEqual(value.to.note, "end")
  assert.strictEqual(value.at.getUTCFullYear(), 2026)
})
