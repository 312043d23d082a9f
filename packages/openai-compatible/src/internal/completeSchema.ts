/** JSON Schema from elsewhere with what OpenAI misses in it. */
import * as Json from "@llm-layers/core/Json"
import type * as JsonSchema from "effect/JsonSchema"

/** Keywords that say what a value is, in place of a type. */
const saying = ["$ref", "anyOf", "oneOf", "allOf", "enum", "const"]

/** Parameters: the root is an object where it says nothing else, and has `properties`. */
export const completeParameters = (schema: JsonSchema.JsonSchema): JsonSchema.JsonSchema => {
  const isFree = schema["type"] === undefined && !saying.some((key) => key in schema)
  const whole = complete(isFree ? { type: "object", ...schema } : schema)
  return whole["type"] === "object" && !("properties" in whole) ? { ...whole, properties: {} } : whole
}

/** The schema itself, where nothing is missing in it. */
const complete = (schema: JsonSchema.JsonSchema): JsonSchema.JsonSchema => {
  let out = schema
  const put = (key: string, value: unknown): void => {
    if (value !== out[key]) out = { ...out, [key]: value }
  }
  for (const key of ["properties", "$defs", "definitions"]) {
    const schemas = out[key]
    if (Json.isRecord(schemas)) put(key, completeMembers(schemas))
  }
  for (const key of ["anyOf", "oneOf", "allOf", "prefixItems"]) {
    const schemas = out[key]
    if (Array.isArray(schemas)) put(key, completeList(schemas))
  }
  for (const key of ["items", "additionalProperties"]) if (key in out) put(key, completeAny(out[key]))
  if (isList(out["type"]) && !("items" in out) && !("prefixItems" in out)) put("items", {})
  return out
}

const completeAny = (value: unknown): unknown => Json.isRecord(value) ? complete(value) : value

const completeMembers = (schemas: Json.JsonRecord): Json.JsonRecord => {
  const all = Object.entries(schemas).map(([name, one]) => [name, completeAny(one)] as const)
  return all.some(([name, one]) => one !== schemas[name]) ? Object.fromEntries(all) : schemas
}

const completeList = (schemas: ReadonlyArray<unknown>): ReadonlyArray<unknown> => {
  const all = schemas.map(completeAny)
  return all.some((one, index) => one !== schemas[index]) ? all : schemas
}

const isList = (type: unknown): boolean => type === "array" || Array.isArray(type) && type.includes("array")
