/**
 * A schema of an OpenAPI description as JSON Schema 2020-12 that also finds members nobody declared.
 *
 * - `oneOf` is read as `anyOf`: the branches of the descriptions overlap, so that plain `oneOf` fails valid bodies.
 * - `nullable` and the boolean bounds of OpenAPI 3.0 become what 2020-12 has for them.
 * - Each object is closed where it stands as a whole (`unevaluatedProperties`), not where it is a part of one (`allOf`,
 *   branches of a union, targets of references), so that members of all parts that apply count as declared.
 */
import { isNode, type Node, resolve } from "./document.ts"

/** The schema a pointer points to, and all it refers to, as one document under an id. */
export const restate = (document: Node, pointers: ReadonlyArray<string>, id: string): Node => {
  const definitions: { [name: string]: unknown } = {}
  const refer = (pointer: string): string => {
    const name = nameOf(pointer)
    if (!(name in definitions)) {
      // Before its own schema is read, which may refer to it.
      definitions[name] = true
      const itself: Refer = (to) => refer(to === "#" ? pointer : to)
      definitions[name] = part(resolve(document, pointer), itself, true)
    }
    return `${id}#/$defs/${name}`
  }
  for (const pointer of pointers) refer(pointer)
  return { $id: id, $schema: "https://json-schema.org/draft/2020-12/schema", $defs: definitions }
}

/** The schema for the whole of a value that a pointer of the original description points to. */
export const wholeOf = (id: string, pointer: string): Node => closed({ $ref: `${id}#/$defs/${nameOf(pointer)}` })

const nameOf = (pointer: string): string =>
  pointer.replace("#/components/schemas/", "").replaceAll(/[^A-Za-z0-9_.-]/g, "_")

type Refer = (pointer: string) => string

/** Keywords with a schema for a value inside the value. */
const inside = new Set(["items", "additionalProperties", "contains", "propertyNames"])
/** Keywords with such schemas by name. */
const insideByName = new Set(["properties", "patternProperties"])
/** Keywords with schemas for the same value. */
const same = new Set(["if", "then", "else"])
/** Keywords of OpenAPI that say nothing of the value, or that are said in another way below. */
const dropped = new Set(["discriminator", "nullable", "example", "examples", "xml", "externalDocs", "oneOf"])
/** Keywords of an earlier JSON Schema with which a definition refers to itself. */
const recursive = new Set(["$recursiveAnchor", "$recursiveRef"])

const whole = (schema: unknown, refer: Refer): unknown => isNode(schema) ? closed(part(schema, refer, true)) : schema

const closed = (schema: unknown): Node => ({ ...(isNode(schema) ? schema : {}), unevaluatedProperties: false })

/** `free`: an object without a word on its members may have any. */
const part = (schema: unknown, refer: Refer, free: boolean): unknown => {
  if (!isNode(schema)) return schema
  const out: { [key: string]: unknown } = {}
  for (const [key, value] of Object.entries(schema)) {
    if (dropped.has(key) || key.startsWith("x-")) continue
    if (recursive.has(key)) {
      if (typeof value === "string") out["$ref"] = refer(value)
    } else if (key === "$ref" && typeof value === "string") out[key] = refer(value)
    else if (inside.has(key)) out[key] = whole(value, refer)
    else if (insideByName.has(key) && isNode(value)) out[key] = each(value, (one) => whole(one, refer))
    else if (key === "prefixItems" && Array.isArray(value)) out[key] = value.map((one) => whole(one, refer))
    else if (key === "allOf" && Array.isArray(value)) {
      out[key] = value.map((one) => part(one, refer, value.length === 1))
    } else if (key === "anyOf" && Array.isArray(value)) out[key] = value.map((one) => part(one, refer, true))
    else if (same.has(key)) out[key] = part(value, refer, false)
    else out[key] = value
  }
  if (Array.isArray(schema["oneOf"])) {
    const branches = schema["oneOf"].map((one) => part(one, refer, true))
    // A schema may have both; each must hold.
    if (out["anyOf"] === undefined) out["anyOf"] = branches
    else out["allOf"] = [...(Array.isArray(out["allOf"]) ? out["allOf"] : []), { anyOf: branches }]
  }
  if (free && saysNothingOfMembers(out)) out["additionalProperties"] = true
  return schema["nullable"] === true ? { anyOf: [bounded(out), { type: "null" }] } : bounded(out)
}

const each = (record: Node, change: (one: unknown) => unknown): Node =>
  Object.fromEntries(Object.entries(record).map(([name, one]) => [name, change(one)]))

const ofMembers = ["$ref", "properties", "patternProperties", "additionalProperties", "allOf", "anyOf", "if"]

const saysNothingOfMembers = (schema: Node): boolean =>
  (schema["type"] === undefined || schema["type"] === "object") && ofMembers.every((key) => isNothing(schema[key]))

/** OpenAI writes an object of any members as one of none (`EmptyModelParam`). */
const isNothing = (value: unknown): boolean => value === undefined || isNode(value) && Object.keys(value).length === 0

/** In OpenAPI 3.0 `exclusiveMinimum` is a flag beside `minimum`. */
const bounded = (schema: { [key: string]: unknown }): Node => {
  for (const [flag, bound] of [["exclusiveMinimum", "minimum"], ["exclusiveMaximum", "maximum"]] as const) {
    if (typeof schema[flag] !== "boolean") continue
    if (schema[flag] && schema[bound] !== undefined) {
      schema[flag] = schema[bound]
      delete schema[bound]
    } else delete schema[flag]
  }
  return schema
}
