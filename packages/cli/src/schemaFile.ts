/** `--schema FILE`: a JSON Schema as a schema to which answers are held. */
import * as Effect from "effect/Effect"
import * as JsonSchema from "effect/JsonSchema"
import type * as Schema from "effect/Schema"
import * as SchemaRepresentation from "effect/SchemaRepresentation"
import * as Failure from "./failure.ts"
import * as Inputs from "./inputs.ts"

/** A schema whose values are what is written in JSON. */
export type AnswerSchema = Schema.Codec<unknown, Record<string, unknown>>

/** Reads the file. What no schema can be made of is said with the reason. */
export const read = (path: string) =>
  Effect.gen(function*() {
    const text = yield* Inputs.text(path)
    const root = yield* Effect.try({
      try: (): unknown => JSON.parse(text),
      catch: (cause) => new Failure.Usage({ message: `${path} is no JSON: ${reason(cause)}` })
    })
    if (!isObject(root)) return yield* new Failure.Usage({ message: `${path} is no JSON Schema: it must be an object` })
    const document = isOlder(root) ? JsonSchema.fromSchemaDraft07(root) : JsonSchema.fromSchemaDraft2020_12(root)
    const schema = yield* Effect.try({
      // Patterns of the person's own file are theirs.
      try: () => SchemaRepresentation.fromJsonSchemaDocument(document, { patterns: "apply", onEnter: closed }),
      catch: (cause) =>
        new Failure.Usage({ message: `${path} cannot be used as a schema of answers: ${reason(cause)}` })
    })
    if (root["type"] !== "object") {
      return yield* new Failure.Usage({
        message: `${path} must describe an object ("type": "object"): put what you want into a property of one`
      })
    }
    // It was made of a JSON Schema for objects: it needs no services, and what it encodes to is JSON.
    return schema as AnswerSchema
  })

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value)

/** Vendors write objects whose members are known. Who wants others says so with `additionalProperties`. */
const closed = (schema: JsonSchema.JsonSchema): JsonSchema.JsonSchema =>
  isObject(schema["properties"]) && !("additionalProperties" in schema)
    ? { ...schema, additionalProperties: false }
    : schema

/** Draft 7 and before have their definitions elsewhere. */
const isOlder = ({ $schema, ...root }: Record<string, unknown>): boolean =>
  typeof $schema === "string" ? /draft-0[4-7]/.test($schema) : "definitions" in root

const reason = (cause: unknown): string => cause instanceof Error ? cause.message : String(cause)
