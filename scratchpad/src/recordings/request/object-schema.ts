import type * as Schema from "effect/Schema"
import * as SchemaRepresentation from "effect/SchemaRepresentation"
import { at, type Json, type JsonObject, listAt, objectAt } from "../json.ts"

/** Members a provider's dialect of JSON Schema may write in another form than the recorded client did. */
const rewritten = ["patternProperties", "prefixItems", "oneOf", "allOf", "if", "not"]

/**
 * Whether every object in a schema is closed and wants all its members. Providers make optional members nullable and
 * records lists, so an answer to a schema with those does not have the form their own request would have asked for.
 */
const isClosed = (schema: Json | undefined): boolean => {
  if (schema === undefined || schema === null || typeof schema !== "object") return true
  const node = objectAt(schema)
  if (rewritten.some((key) => node[key] !== undefined)) return false
  const properties = objectAt(node, "properties")
  const required = new Set(listAt(node, "required"))
  if (node["type"] === "object" || node["properties"] !== undefined) {
    if (node["additionalProperties"] !== false) return false
    if (!Object.keys(properties).every((key) => required.has(key))) return false
  }
  return [
    ...Object.values(properties),
    ...Object.values(objectAt(node, "$defs")),
    ...listAt(node, "anyOf"),
    node["items"]
  ]
    .every(isClosed)
}

/** The recorded JSON schema as a schema, where it is closed and `effect` can express it. */
export const objectSchema = (recorded: Json): Schema.Codec<JsonObject> | undefined => {
  if (!isClosed(recorded) || at(recorded, "properties") === undefined) return undefined
  const { $defs, $schema: _, ...schema } = objectAt(recorded)
  try {
    // A schema read from JSON needs no services and decodes JSON to JSON; its static type says neither.
    return SchemaRepresentation.fromJsonSchemaDocument({
      dialect: "draft-2020-12",
      schema,
      definitions: { ...objectAt($defs) } as Record<string, Record<string, unknown>>
    }) as unknown as Schema.Codec<JsonObject>
  } catch {
    return undefined
  }
}
