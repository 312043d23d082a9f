/**
 * Encode: a schema → the JSON Schema that Google takes.
 *
 * Source: `responseJsonSchema` in https://ai.google.dev/api/generate-content. What it has no word for, such as a pattern
 * or a length, is told in the description: the model reads it, and the answer is checked against the schema itself.
 */
import * as Json from "@llm-layers/core/Json"
import * as ToolParameters from "@llm-layers/core/ToolParameters"
import type * as LanguageModel from "effect/ai/LanguageModel"
import type * as JsonSchema from "effect/JsonSchema"

/** The codec is that of JSON: nothing has to change its form for Google, not even records or optional members. */
export const codecTransformer: LanguageModel.CodecTransformer = ToolParameters.memoize((schema) => {
  const { codec, jsonSchema } = ToolParameters.plain(schema)
  return { codec, jsonSchema: encodeSchema(jsonSchema) }
})

/** Members that stay as they are. */
const kept = new Set([
  "$ref",
  "type",
  "title",
  "description",
  "enum",
  "minItems",
  "maxItems",
  "minimum",
  "maximum",
  "required",
  "propertyOrdering"
])

/** "date-time", "date" and "time" are the formats of strings the documentation names; those of numbers are harmless. */
const formats = new Set(["date-time", "date", "time", "int32", "int64", "float", "double"])

/** Members that are told in words. */
const told: { readonly [member: string]: (value: unknown) => string | undefined } = {
  pattern: (value) => `matches the pattern ${String(value)}`,
  minLength: (value) => `at least ${String(value)} characters`,
  maxLength: (value) => `at most ${String(value)} characters`,
  exclusiveMinimum: (value) => `greater than ${String(value)}`,
  exclusiveMaximum: (value) => `less than ${String(value)}`,
  multipleOf: (value) => `a multiple of ${String(value)}`,
  uniqueItems: (value) => value === true ? "without repeats" : undefined,
  minProperties: (value) => `at least ${String(value)} members`,
  maxProperties: (value) => `at most ${String(value)} members`,
  format: (value) => `in the format ${String(value)}`
}

export const encodeSchema = (schema: JsonSchema.JsonSchema): JsonSchema.JsonSchema => {
  const { words, written } = encodeNode(flatten(schema))
  const description = [Json.string(written["description"]), ...words].filter((one) => one !== undefined && one !== "")
  const all = description.length === 0 ? written : { ...written, description: description.join("; ") }
  return apart(all)
}

const encodeNode = (schema: Json.JsonRecord) => {
  const written: { [member: string]: unknown } = {}
  const words: Array<string> = []
  for (const [member, value] of Object.entries(schema)) {
    if (kept.has(member) || (member === "format" && formats.has(String(value)))) {
      written[member] = value
      continue
    }
    switch (member) {
      case "properties":
      case "$defs":
        written[member] = Object.fromEntries(
          Object.entries(Json.record(value)).map(([name, one]) => [name, encodeValue(one)])
        )
        break
      case "items":
        written[member] = encodeValue(value)
        break
      case "additionalProperties":
        // What is not said may be there.
        if (value !== true) written[member] = encodeValue(value)
        break
      case "patternProperties":
        written["additionalProperties"] = encodeEither(Object.values(Json.record(value)))
        break
      case "anyOf":
      case "oneOf":
        written["anyOf"] = Json.list(value).map(encodeValue)
        break
      case "prefixItems":
        written[member] = Json.list(value).map(encodeValue)
        break
      case "const":
        written["enum"] = [value]
        break
      default: {
        const word = told[member]?.(value)
        if (word !== undefined) words.push(word)
      }
    }
  }
  return { written, words }
}

const encodeValue = (value: unknown): unknown => Json.isRecord(value) ? encodeSchema(value) : value

const encodeEither = (schemas: ReadonlyArray<unknown>): unknown =>
  schemas.length === 1 ? encodeValue(schemas[0]) : { anyOf: schemas.map(encodeValue) }

/** Google has no `allOf`: Effect writes one for each check, beside the type it checks. */
const flatten = (schema: Json.JsonRecord): Json.JsonRecord => {
  const { allOf, ...own } = schema
  let all: Json.JsonRecord = own
  for (const one of Json.list(allOf)) {
    const more = flatten(Json.record(one))
    const description = [Json.string(all["description"]), Json.string(more["description"])]
      .filter((text) => text !== undefined)
    all = { ...all, ...more, ...(description.length === 0 ? undefined : { description: description.join("; ") }) }
  }
  return all
}

/** "If `$ref` is set on a sub-schema, no other properties, except for those starting as a `$`, may be set." */
const apart = (schema: Json.JsonRecord): JsonSchema.JsonSchema => {
  const { $ref, ...rest } = schema
  const others = Object.keys(rest).some((member) => !member.startsWith("$"))
  return $ref === undefined || !others ? { ...schema } : { ...rest, anyOf: [{ $ref }] }
}
