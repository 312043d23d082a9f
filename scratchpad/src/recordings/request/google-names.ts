import { type Json, type JsonObject, objectAt } from "../json.ts"

/** Members whose content is the caller's: names in it are nobody's to change. */
const callers = new Set([
  "args",
  "parameters",
  "parametersJsonSchema",
  "response",
  "responseJsonSchema",
  "responseSchema",
  "labels"
])

const camel = (name: string): string => name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase())

/** Google takes its names in two forms, `inlineData` and `inline_data`, and says the first. */
export const camelNames = (value: Json | undefined): Json => {
  if (Array.isArray(value)) return value.map(camelNames)
  if (typeof value !== "object" || value === null) return value ?? null
  const out: Record<string, Json> = {}
  for (const [name, child] of Object.entries(objectAt(value))) {
    const written = camel(name)
    out[written] = callers.has(written) ? child : camelNames(child)
  }
  return out
}

/** The body of a recorded request, whose content may be one in place of a list. */
export const googleBody = (body: Json | undefined): JsonObject => objectAt(camelNames(body))

/** Parts are a list, or one that stands for it. */
export const partsOf = (content: Json | undefined): ReadonlyArray<JsonObject> => {
  const parts = objectAt(content)["parts"]
  return (Array.isArray(parts) ? parts : parts === undefined || parts === null ? [] : [parts]).map((part) =>
    objectAt(part)
  )
}

/** Schemas of Google's older form write types in capitals. */
export const lowerTypes = (schema: Json | undefined): Json => {
  if (Array.isArray(schema)) return schema.map(lowerTypes)
  if (typeof schema !== "object" || schema === null) return schema ?? null
  return Object.fromEntries(
    Object.entries(objectAt(schema)).map(([name, child]) => [
      name,
      name === "type" && typeof child === "string" ? child.toLowerCase() : lowerTypes(child)
    ])
  )
}
