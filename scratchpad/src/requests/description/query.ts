/** Validates the query of a `GET` against the parameters its description has. */
import { isNode, type Node, resolve } from "./document.ts"
import type { Problem } from "./explain.ts"

/** What is wrong with a query, or `undefined` where the description has no `GET` of this path. */
export const queryProblems = (
  document: Node,
  path: string,
  query: Readonly<Record<string, string>>
): ReadonlyArray<Problem> | undefined => {
  const found = operationOf(document, path)
  if (found === undefined) return undefined
  const schemas = new Map(parametersOf(document, found).map(({ name, schema }) => [name, schema]))
  return Object.entries(query).flatMap(([name, value]): ReadonlyArray<Problem> => {
    const wrong = schemas.has(name) ? wrongWith(document, schemas.get(name), value) : "is no parameter"
    return wrong === undefined ? [] : [{ path: `?${name}`, message: wrong }]
  })
}

const operationOf = (document: Node, path: string): Node | undefined => {
  const { paths } = document
  const found = isNode(paths) ? paths[path] : undefined
  return isNode(found) && isNode(found["get"]) ? found["get"] : undefined
}

const parametersOf = (document: Node, { parameters }: Node) =>
  (Array.isArray(parameters) ? parameters : []).flatMap((given: unknown) => {
    const parameter = followed(document, given)
    const { in: place, name, schema } = isNode(parameter) ? parameter : {}
    return place === "query" && typeof name === "string" ? [{ name, schema }] : []
  })

const followed = (document: Node, value: unknown): unknown =>
  isNode(value) && typeof value["$ref"] === "string" ? resolve(document, value["$ref"]) : value

/** Numbers and their bounds, and the words of a list: what a query can get wrong. */
const wrongWith = (document: Node, given: unknown, value: string): string | undefined => {
  const schema = followed(document, given)
  if (!isNode(schema)) return undefined
  const { enum: words, maximum, minimum, type } = schema
  if (Array.isArray(words) && !words.includes(value)) return `is none of ${words.join(", ")}`
  if (type !== "integer" && type !== "number") return undefined
  const number = value === "" ? Number.NaN : Number(value)
  if (Number.isNaN(number) || (type === "integer" && !Number.isInteger(number))) return `is no ${type}`
  if (typeof maximum === "number" && number > maximum) return `is more than ${maximum}`
  return typeof minimum === "number" && number < minimum ? `is less than ${minimum}` : undefined
}
