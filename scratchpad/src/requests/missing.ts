/** Which of what was asked is not in a body, and whether the warnings of the answer speak of it. */
import type { Said } from "@llm-layers/testing/ConformancePrompts"
import { isNode } from "./description/document.ts"

export interface Missing {
  readonly what: string
  /** Whether a warning says that it was left out. */
  readonly warned: boolean
}

export const missing = (
  said: ReadonlyArray<Said>,
  body: unknown,
  warnings: ReadonlyArray<string>
): ReadonlyArray<Missing> => {
  const leaves = leavesOf(body)
  return said
    .filter(({ forms }) => !forms.some((form) => leaves.some((leaf) => leaf.includes(form))))
    .map(({ forms: [form = ""], what }) => ({
      what: `${what} ${JSON.stringify(form.slice(0, 60))}`,
      warned: warnings.some((warning) => speaksOf(warning, what))
    }))
}

/** How a warning speaks of what was lost. */
const spokenOf: ReadonlyArray<readonly [lost: RegExp, warning: RegExp]> = [
  [/^reasoning/, /reasoning/i],
  [/^a file/, /\b(?:files|blocks)\b/]
]

const speaksOf = (warning: string, what: string): boolean => {
  const tool = /^the (?:tool|description of) (\S+)/.exec(what)?.[1]
  if (tool !== undefined) return warning.startsWith("toolChoice:") && warning.split(/[ ,]+/).includes(tool)
  const setting = /^the setting (\w+)/.exec(what)?.[1]
  return setting === undefined
    ? spokenOf.some(([lost, spoken]) => lost.test(what) && spoken.test(warning))
    : warning.startsWith(`${setting}:`)
}

/** The strings and numbers of a value, and those of the JSON texts in it, such as arguments. */
const leavesOf = (value: unknown): ReadonlyArray<string> => {
  if (typeof value === "string") return [value, ...leavesOfText(value)]
  if (Array.isArray(value)) return value.flatMap(leavesOf)
  if (isNode(value)) return Object.values(value).flatMap(leavesOf)
  return [JSON.stringify(value)]
}

const leavesOfText = (text: string): ReadonlyArray<string> => {
  if (!/^\s*[[{]/.test(text)) return []
  try {
    return leavesOf(JSON.parse(text))
  } catch {
    return []
  }
}
