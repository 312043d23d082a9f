import { assert, describe, it } from "@effect/vitest"
import * as RequestSchema from "@llm-layers/core/RequestSchema"
import * as ToolParameters from "@llm-layers/core/ToolParameters"
import { Effect, type JsonSchema, Schema } from "effect"
import { type LanguageModel, Tool } from "effect/ai"
import { origin } from "./fixtures/acme.ts"

const Weather = Tool.make("Weather", { parameters: Schema.Struct({ city: Schema.String }), success: Schema.String })

/** Refuses every schema, as a vendor's transformer does a recursive one. */
const refusing: LanguageModel.CodecTransformer = () => {
  throw new Error("it is recursive")
}

const dynamic = (parameters: JsonSchema.JsonSchema) => Tool.dynamic("Any", { parameters })

describe("ofTool", () => {
  it.effect("is the schema of the parameters", () =>
    Effect.gen(function*() {
      const schema = yield* RequestSchema.ofTool(origin, Weather, ToolParameters.plain, true)
      assert.strictEqual(schema["type"], "object")
      assert.deepStrictEqual(schema["required"], ["city"])
    }))

  it.effect("is the plain one where the transformer refuses and the tool need not be strict", () =>
    Effect.gen(function*() {
      const plain = yield* RequestSchema.ofTool(origin, Weather, ToolParameters.plain, false)
      assert.deepStrictEqual(yield* RequestSchema.ofTool(origin, Weather, refusing, false), plain)
      const error = yield* Effect.flip(RequestSchema.ofTool(origin, Weather, refusing, true))
      assert.strictEqual(error.reason._tag, "UnsupportedSchemaError")
      assert.include(error.message, "the tool Weather: it is recursive")
    }))

  it.effect("is an object, or an error that names the tool", () =>
    Effect.gen(function*() {
      const ofDynamic = (parameters: JsonSchema.JsonSchema) =>
        RequestSchema.ofTool(origin, dynamic(parameters), ToolParameters.plain, false)
      assert.deepStrictEqual(yield* ofDynamic({ description: "anything" }), { description: "anything", type: "object" })
      for (const parameters of [{ type: "string" }, { anyOf: [{ type: "object" }] }, { $ref: "#/$defs/a" }]) {
        const error = yield* Effect.flip(ofDynamic(parameters))
        assert.include(error.message, "the tool Any: its parameters are not one object")
      }
    }))
})

describe("ofFormat", () => {
  const format = { type: "json", objectName: "City", schema: Schema.Struct({ name: Schema.String }) } as const

  it.effect("is nothing where text was asked for", () =>
    Effect.map(
      RequestSchema.ofFormat(origin, { type: "text" }, refusing),
      (schema) => assert.isUndefined(schema)
    ))

  it.effect("is the schema of the object, or an error that names it", () =>
    Effect.gen(function*() {
      const schema = yield* RequestSchema.ofFormat(origin, format, ToolParameters.plain)
      assert.deepStrictEqual(schema?.["required"], ["name"])
      const error = yield* Effect.flip(RequestSchema.ofFormat(origin, format, refusing))
      assert.include(error.message, "City: it is recursive")
    }))
})
