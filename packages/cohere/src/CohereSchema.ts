/**
 * JSON Schema as Cohere takes it, for structured output and for the parameters of tools.
 *
 * Source: https://docs.cohere.com/docs/structured-outputs. The root is an object; an object has a required member; bounds
 * of numbers, texts and lists, most formats and anchors in patterns are not known. `anyOf` is, and is left where a schema
 * has a union that is more than an optional value; `additionalProperties`, which holds an answer to little, is left out.
 */
import * as Json from "@llm-layers/core/Json"
import * as ToolParameters from "@llm-layers/core/ToolParameters"
import { toCodecAnthropic } from "effect/ai/AnthropicStructuredOutput"
import type * as LanguageModel from "effect/ai/LanguageModel"
import type * as JsonSchema from "effect/JsonSchema"
import * as Schema from "effect/Schema"
import * as Getter from "effect/SchemaGetter"
import { fillAbsent, simplify } from "./internal/schema.ts"

/**
 * A schema for Cohere, with the codec that reads what the model makes of it. Optional members and those that may be `null`
 * may be left out by the model, and are `null` or absent again when they are read. Records travel as lists of entries,
 * tuples as objects. Bounds are told in descriptions or left out, and checked when the answer is read. A root that is no
 * object travels as its member `value`. Throws for a recursive schema. Each schema is transformed once.
 *
 * @example
 * ```ts
 * import * as CohereSchema from "@llm-layers/cohere/CohereSchema"
 * import { Schema } from "effect"
 * import { deepStrictEqual } from "node:assert"
 *
 * const Person = Schema.Struct({ name: Schema.String, age: Schema.NullOr(Schema.Int) })
 * const { codec, jsonSchema } = CohereSchema.codecTransformer(Person)
 * deepStrictEqual(jsonSchema["required"], ["name"])
 * deepStrictEqual(Schema.decodeUnknownSync(codec)({ name: "Ada" }), { name: "Ada", age: null })
 * ```
 */
export const codecTransformer: LanguageModel.CodecTransformer = ToolParameters.memoize((schema) => {
  const transformed = transform(schema)
  return transformed.jsonSchema["type"] === "object" ? transformed : wrap(schema)
})

interface Transformed<T, RD, RE> {
  readonly codec: Schema.ConstraintCodec<T, unknown, RD, RE>
  readonly jsonSchema: JsonSchema.JsonSchema
}

const transform = <T, E, RD, RE>(schema: Schema.ConstraintCodec<T, E, RD, RE>): Transformed<T, RD, RE> => {
  const { codec, jsonSchema } = toCodecAnthropic(schema)
  const definitions = Json.record(jsonSchema["$defs"])
  const filled = Schema.decodeTo(codec, {
    decode: Getter.transform((value: unknown) => fillAbsent(definitions, jsonSchema, value)),
    encode: Getter.transform((value: unknown) => value)
  })
  // What is decoded and the services for it are those of `codec`, whose type says less than `decodeTo` computes with.
  return {
    codec: filled(Schema.Unknown) as unknown as Schema.ConstraintCodec<T, unknown, RD, RE>,
    jsonSchema: simplify(jsonSchema)
  }
}

const wrap = <T, E, RD, RE>(schema: Schema.ConstraintCodec<T, E, RD, RE>): Transformed<T, RD, RE> => {
  const { codec, jsonSchema } = transform(Schema.Struct({ value: schema }))
  const unwrapped = Schema.decodeTo(Schema.toType(schema), {
    // The one member named above; a struct's members are computed from `schema`, which is not known here.
    decode: Getter.transform((wrapper) => (wrapper as { readonly value: T }).value),
    encode: Getter.transform((value): unknown => ({ value }))
  })
  // As above: with the struct's one member known, this is what the pieces add up to.
  return { codec: unwrapped(codec) as unknown as Schema.ConstraintCodec<T, unknown, RD, RE>, jsonSchema }
}
