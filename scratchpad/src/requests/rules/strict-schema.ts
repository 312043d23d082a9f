/** What vendors demand of schemas they hold answers to. */
import * as Json from "@llm-layers/core/Json"
import type { Problem } from "../description/explain.ts"

/** The dialect of JSON Schema a vendor's strict mode takes. */
export interface Dialect {
  /** Keywords it takes besides `type`, `properties`, `required`, `additionalProperties`, `items`, `anyOf`, `enum`. */
  readonly keywords: ReadonlySet<string>
  /** Whether every member has to be required. */
  readonly allRequired: boolean
  /** Whether a definition may refer to itself. */
  readonly recursive: boolean
  /** Whether the root has to be an object and no union. */
  readonly objectRoot: boolean
  readonly maxDepth: number
}

const always = [
  "type",
  "properties",
  "required",
  "additionalProperties",
  "items",
  "anyOf",
  "enum",
  "const",
  "$ref",
  "$defs"
]

export const strictProblems = (schema: unknown, dialect: Dialect, path: string): ReadonlyArray<Problem> => {
  const problems: Array<Problem> = []
  const definitions = Json.record(Json.record(schema)["$defs"])
  const say = (at: string, message: string): void => {
    problems.push({ path: at, message })
  }

  const visit = (node: unknown, at: string, depth: number, inside: ReadonlyArray<string>): void => {
    if (!Json.isRecord(node)) return say(at, "is no schema")
    for (const key of Object.keys(node)) {
      if (!always.includes(key) && !dialect.keywords.has(key)) say(at, `has the keyword ${key}, which is not taken`)
    }
    const reference = Json.string(node["$ref"])
    if (reference !== undefined) {
      const name = reference.replace("#/$defs/", "")
      if (definitions[name] === undefined && reference !== "#") say(at, `refers to ${reference}, which is not there`)
      else if (inside.includes(name) || reference === "#") {
        if (!dialect.recursive) say(at, "contains itself")
      } else visit(definitions[name], `${path}/$defs/${name}`, depth, [...inside, name])
      return
    }
    const isTyped = ["type", "anyOf", "enum", "const"].some((key) => key in node)
    if (!isTyped) say(at, "has no type")
    if (node["type"] === "object") {
      if (depth > dialect.maxDepth) say(at, `is nested deeper than ${dialect.maxDepth} levels`)
      if (node["additionalProperties"] !== false) say(at, "is an object without additionalProperties: false")
      const properties = Json.record(node["properties"])
      for (const [name, member] of Object.entries(properties)) {
        if (dialect.allRequired && !Json.list(node["required"]).includes(name)) {
          say(at, `has the member ${name}, which is not required`)
        }
        visit(member, `${at}/properties/${name}`, depth + 1, inside)
      }
    }
    if (node["type"] === "array") visit(node["items"], `${at}/items`, depth + 1, inside)
    Json.list(node["anyOf"]).forEach((one, index) => visit(one, `${at}/anyOf/${index}`, depth, inside))
  }

  const root = Json.record(schema)
  if (dialect.objectRoot && (root["type"] !== "object" || "anyOf" in root)) say(path, "is no object at its root")
  visit(schema, path, 1, [])
  return problems
}
