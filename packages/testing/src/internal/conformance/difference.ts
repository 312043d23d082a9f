/** Where two values differ first. */

/** The path is `undefined` where they do not, and empty where they are of different kinds at the top. */
export interface Difference {
  readonly path: string | undefined
  readonly expected: unknown
  readonly actual: unknown
}

const none: Difference = { path: undefined, expected: undefined, actual: undefined }

/** Compares as JSON does: a member that is `undefined` is absent, and the order of members says nothing. */
export const firstDifference = (expected: unknown, actual: unknown, path = ""): Difference => {
  if (expected === actual || Object.is(expected, actual)) return none
  if (!isObject(expected) || !isObject(actual) || Array.isArray(expected) !== Array.isArray(actual)) {
    return { path, expected, actual }
  }
  for (const key of new Set([...Object.keys(expected), ...Object.keys(actual)])) {
    const step = Array.isArray(expected) ? `[${key}]` : `.${key}`
    const found = firstDifference(member(expected, key), member(actual, key), `${path}${step}`)
    if (found.path !== undefined) return found
  }
  return none
}

const isObject = (value: unknown): value is object => typeof value === "object" && value !== null

const member = (value: object, key: string): unknown => Reflect.get(value, key)
