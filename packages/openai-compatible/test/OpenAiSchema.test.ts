import { assert, describe, it } from "@effect/vitest"
import * as ToolParameters from "@llm-layers/core/ToolParameters"
import { Schema } from "effect"
import { Tool } from "effect/ai"
import * as OpenAiSchema from "../src/OpenAiSchema.ts"

describe("the codec", () => {
  it("wraps roots that are no plain object, and takes the wrapping off", () => {
    const Shape = Schema.Union([
      Schema.Struct({ kind: Schema.Literal("circle"), radius: Schema.Finite }),
      Schema.Struct({ kind: Schema.Literal("since"), from: Schema.Date })
    ])
    const { codec, jsonSchema } = OpenAiSchema.codecTransformer(Shape)
    assert.strictEqual(jsonSchema.type, "object")
    assert.isUndefined(jsonSchema.anyOf)
    const wire = { value: { kind: "since", from: "2026-01-01T00:00:00.000Z" } }
    const decoded = Schema.decodeUnknownSync(codec)(wire)
    assert.deepStrictEqual(decoded, { kind: "since", from: new Date("2026-01-01") })
    assert.deepStrictEqual(Schema.encodeSync(codec)(decoded), wire)
  })

  it("leaves plain objects as they are", () => {
    const { codec, jsonSchema } = OpenAiSchema.codecTransformer(Schema.Struct({ a: Schema.String }))
    assert.deepStrictEqual(Object.keys(jsonSchema["properties"] ?? {}), ["a"])
    assert.deepStrictEqual(Schema.decodeUnknownSync(codec)({ a: "x" }), { a: "x" })
  })

  it("is made once for each schema", () => {
    const List = Schema.Array(Schema.String)
    assert.strictEqual(OpenAiSchema.codecTransformer(List), OpenAiSchema.codecTransformer(List))
  })
})

describe("strict schemas", () => {
  const closed = (properties: { readonly [name: string]: unknown }, required = Object.keys(properties)) => ({
    type: "object",
    properties,
    required,
    additionalProperties: false
  })

  it.each([
    closed({}),
    closed({ a: { type: "string" }, b: { anyOf: [{ type: "number" }, { type: "null" }] } }),
    closed({ a: { enum: ["x"] }, b: { type: "array", items: closed({ c: { const: 1 } }) } }),
    { ...closed({ next: { $ref: "#/$defs/Node" } }), $defs: { Node: closed({}) } }
  ])("%j is strict", (schema) => {
    assert.isTrue(OpenAiSchema.isStrict(schema))
  })

  it.each([
    undefined,
    {},
    { type: "object", properties: {} },
    closed({ a: { type: "string" } }, []),
    closed({ a: {} }),
    closed({ a: { type: "array" } }),
    closed({ a: { type: "array", items: { description: "anything" } } }),
    { ...closed({ next: { $ref: "#/$defs/Node" } }), $defs: { Node: {} } }
  ])("%j is not", (schema) => {
    assert.isFalse(OpenAiSchema.isStrict(schema))
  })
})

describe("parameters", () => {
  const of = (parameters: { readonly [key: string]: unknown }) =>
    OpenAiSchema.parameters(Tool.dynamic("dynamic", { parameters }), ToolParameters.plain)

  it("of a dynamic tool are an object with properties, and its lists have items", () => {
    // "In context=(), object schema missing properties", "… array schema missing items".
    assert.deepStrictEqual(of({}), { type: "object", properties: {} })
    assert.deepStrictEqual(of({ type: "object", description: "None." }), {
      type: "object",
      description: "None.",
      properties: {}
    })
    assert.deepStrictEqual(
      of({
        properties: {
          a: { type: "array" },
          b: { anyOf: [{ type: ["array", "null"] }, { type: "string" }] },
          c: { type: "array", items: { type: "object", properties: { d: { type: "array" } } } },
          e: { $ref: "#/$defs/list" }
        },
        $defs: { list: { type: "array" } }
      }),
      {
        type: "object",
        properties: {
          a: { type: "array", items: {} },
          b: { anyOf: [{ type: ["array", "null"], items: {} }, { type: "string" }] },
          c: { type: "array", items: { type: "object", properties: { d: { type: "array", items: {} } } } },
          e: { $ref: "#/$defs/list" }
        },
        $defs: { list: { type: "array", items: {} } }
      }
    )
  })

  it("stay the same object where nothing is missing, and are completed once", () => {
    const whole = { type: "object", properties: { a: { type: "array", items: { type: "string" } } } }
    assert.strictEqual(of(whole), whole)
    const bare = { type: "object" }
    assert.strictEqual(of(bare), of(bare))
  })
})
