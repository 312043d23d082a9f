/** What a request has in it, wherever that is. */
import { firstDifference } from "./difference.ts"

/** All strings and numbers of a JSON value, in order; texts that are JSON themselves are looked into as well. */
export const leavesOf = (value: unknown): ReadonlyArray<unknown> => {
  if (typeof value === "object" && value !== null) return Object.values(value).flatMap(leavesOf)
  return [value]
}

/** Whether some string has one of the texts in it, or some other value is written like one. */
export const hasText = (value: unknown, forms: ReadonlyArray<string>): boolean =>
  leavesOf(value).some((leaf) =>
    typeof leaf === "string"
      ? forms.some((form) => leaf.includes(form) || inJson(leaf, form))
      : forms.includes(String(leaf))
  )

/** A text inside JSON that is a text itself, such as the arguments of a call. */
const inJson = (leaf: string, form: string): boolean => {
  const parsed = parse(leaf)
  return typeof parsed === "object" && parsed !== null && hasText(parsed, [form])
}

/** Whether some member is this value, as it is or as a text of JSON. */
export const hasValue = (value: unknown, wanted: unknown): boolean => {
  const is = (one: unknown) => firstDifference(wanted, one).path === undefined
  if (is(value) || (typeof value === "string" && is(parse(value)))) return true
  return typeof value === "object" && value !== null &&
    Object.values(value).some((member) => hasValue(member, wanted))
}

/** Whether some member has this name. */
export const hasName = (value: unknown, name: string): boolean =>
  typeof value === "object" && value !== null &&
  (Object.hasOwn(value, name) || Object.values(value).some((member) => hasName(member, name)))

const parse = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
