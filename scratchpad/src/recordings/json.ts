/**
 * Reading JSON nobody has typed: every accessor answers with what is asked for or with `undefined` (an empty list, an
 * empty object), so that a reader states the path it looks at and nothing else.
 */
export type Json = null | boolean | number | string | ReadonlyArray<Json> | JsonObject

export interface JsonObject {
  readonly [key: string]: Json
}

export const parseJson = (text: string): Json | undefined => {
  try {
    // `JSON.parse` is typed `any`; what it returns is JSON by definition.
    return JSON.parse(text) as Json
  } catch {
    return undefined
  }
}

const isObject = (value: Json | undefined): value is JsonObject =>
  typeof value === "object" && value !== null && !Array.isArray(value)

export const at = (value: Json | undefined, ...path: ReadonlyArray<string | number>): Json | undefined => {
  let current = value
  for (const key of path) {
    if (Array.isArray(current) && typeof key === "number") current = current[key]
    else if (isObject(current) && typeof key === "string") current = current[key]
    else return undefined
  }
  return current
}

export const stringAt = (value: Json | undefined, ...path: ReadonlyArray<string | number>): string | undefined => {
  const found = at(value, ...path)
  return typeof found === "string" ? found : undefined
}

export const numberAt = (value: Json | undefined, ...path: ReadonlyArray<string | number>): number | undefined => {
  const found = at(value, ...path)
  return typeof found === "number" ? found : undefined
}

export const listAt = (value: Json | undefined, ...path: ReadonlyArray<string | number>): ReadonlyArray<Json> => {
  const found = at(value, ...path)
  return Array.isArray(found) ? found : []
}

export const objectAt = (value: Json | undefined, ...path: ReadonlyArray<string | number>): JsonObject => {
  const found = at(value, ...path)
  return isObject(found) ? found : {}
}

/** Every string in a value, however deep; bytes count as their base64, URLs as their text. */
export const stringLeaves = (value: unknown): Array<string> => {
  const leaves: Array<string> = []
  const visit = (node: unknown): void => {
    if (typeof node === "string") leaves.push(node)
    else if (node instanceof Uint8Array) leaves.push(Buffer.from(node).toString("base64"))
    else if (node instanceof URL) leaves.push(node.href)
    else if (typeof node === "object" && node !== null) { for (const child of Object.values(node)) visit(child) }
  }
  visit(value)
  return leaves
}

/** Equality of JSON values; the order of keys does not count. */
export const sameJson = (left: unknown, right: unknown): boolean => {
  if (left === right) return true
  if (typeof left !== "object" || typeof right !== "object" || left === null || right === null) return false
  if (Array.isArray(left) !== Array.isArray(right)) return false
  const leftEntries = Object.entries(left)
  const rightEntries = new Map<string, unknown>(Object.entries(right))
  return leftEntries.length === rightEntries.size
    && leftEntries.every(([key, value]) => rightEntries.has(key) && sameJson(value, rightEntries.get(key)))
}
