/** JSON Schema without the keywords Cohere does not know, and values as the fuller schema wants them. */
import * as Json from "@llm-layers/core/Json"
import type * as JsonSchema from "effect/JsonSchema"

/**
 * "The only supported" formats, and what is "not supported in regular expressions". Bounds of numbers, texts and lists and
 * `allOf` are not known either; `const`, `enum`, `anyOf` and `$ref` are. Source:
 * https://docs.cohere.com/docs/structured-outputs, "Supported" and "Unsupported schema features".
 */
const formats = new Set(["date-time", "uuid", "date", "time"])
const anchors = /[\^$]|\(\?[=!<]/

/** The value type of a member that may be `null`, or `undefined` where it may not. */
const valueOf = (schema: Json.JsonRecord): Json.JsonRecord | undefined => {
  const { anyOf, ...rest } = schema
  if (!Array.isArray(anyOf) || anyOf.length !== 2) return undefined
  const values = anyOf.filter((one) => Json.record(one)["type"] !== "null")
  return values.length === 1 ? { ...Json.record(values[0]), ...rest } : undefined
}

export const simplify = (schema: Json.JsonRecord): JsonSchema.JsonSchema => {
  const out: { [key: string]: unknown } = {}
  const notes: Array<string> = []
  for (const [key, value] of Object.entries(merged(schema))) {
    switch (key) {
      case "$defs":
        out[key] = mapMembers(value, simplify)
        break
      case "items":
        out[key] = Json.isRecord(value) ? simplify(value) : value
        break
      case "anyOf":
        out[key] = Json.list(value).map((one) => simplify(Json.record(one)))
        break
      case "format":
        if (formats.has(String(value))) out[key] = value
        else notes.push(`a value with a format of ${String(value)}`)
        break
      case "pattern":
        if (anchors.test(String(value))) notes.push(`a value that matches the regular expression ${String(value)}`)
        else out[key] = value
        break
      case "additionalProperties":
      case "properties":
      case "required":
        break
      default:
        out[key] = value
    }
  }
  const description = [Json.string(out["description"]), ...notes].filter((one) => one !== undefined).join("; ")
  return {
    ...out,
    ...(description === "" ? undefined : { description }),
    ...(Json.isRecord(schema["properties"]) ? simplifyMembers(schema, schema["properties"]) : undefined)
  }
}

/** Members that may be `null` need not be there. Where no other is left, all stay as they are: one must be required. */
const simplifyMembers = (schema: Json.JsonRecord, properties: Json.JsonRecord): Json.JsonRecord => {
  const required = Json.list(schema["required"])
  const needed = required.filter((name) => valueOf(Json.record(properties[String(name)])) === undefined)
  const all = needed.length === 0
  return {
    properties: mapMembers(properties, (member) => simplify(all ? member : valueOf(member) ?? member)),
    required: all ? required : needed
  }
}

const mapMembers = (
  members: unknown,
  change: (member: Json.JsonRecord) => JsonSchema.JsonSchema
): { readonly [name: string]: JsonSchema.JsonSchema } =>
  Object.fromEntries(Object.entries(Json.record(members)).map(([name, one]) => [name, change(Json.record(one))]))

/** Constraints that are written as `allOf` join the schema they constrain. */
const merged = (schema: Json.JsonRecord): Json.JsonRecord => {
  const { allOf, ...rest } = schema
  return Json.list(allOf).reduce<Json.JsonRecord>((all, one) => ({ ...merged(Json.record(one)), ...all }), rest)
}

/** The value with `null` for members that the simplified schema let the model leave out. */
export const fillAbsent = (definitions: Json.JsonRecord, schema: Json.JsonRecord, value: unknown): unknown => {
  const whole = resolve(definitions, merged(schema))
  if (Array.isArray(whole["anyOf"])) {
    const fitting = whole["anyOf"].map((one) => resolve(definitions, Json.record(one))).find((one) => fits(one, value))
    return fitting === undefined ? value : fillAbsent(definitions, fitting, value)
  }
  if (Array.isArray(value)) {
    const items = Json.record(whole["items"])
    return value.map((one) => fillAbsent(definitions, items, one))
  }
  if (!Json.isRecord(value) || !Json.isRecord(whole["properties"])) return value
  const filled: { [name: string]: unknown } = { ...value }
  for (const [name, one] of Object.entries(whole["properties"])) {
    const member = Json.record(one)
    if (Object.hasOwn(value, name)) filled[name] = fillAbsent(definitions, member, value[name])
    else if (valueOf(member) !== undefined) filled[name] = null
  }
  return filled
}

const resolve = (definitions: Json.JsonRecord, schema: Json.JsonRecord): Json.JsonRecord => {
  const name = Json.string(schema["$ref"])?.split("/").at(-1)
  return name === undefined ? schema : Json.record(definitions[name.replaceAll("~1", "/").replaceAll("~0", "~")])
}

/** Whether a value can be of a member of a union, as far as its members tell. */
const fits = (schema: Json.JsonRecord, value: unknown): boolean => {
  if (Array.isArray(value)) return schema["type"] === "array"
  if (!Json.isRecord(value)) return false
  const properties = Json.record(schema["properties"])
  return schema["type"] === "object" && Object.entries(properties).every(([name, one]) => {
    const member = Json.record(one)
    if (!Object.hasOwn(value, name)) return valueOf(member) !== undefined
    const allowed = "const" in member ? [member["const"]] : member["enum"]
    return !Array.isArray(allowed) || allowed.includes(value[name])
  })
}
