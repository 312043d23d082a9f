/** How a check breaks a law. */
import * as Effect from "effect/Effect"
import { inspect } from "node:util"
import { LawBroken } from "../../Law.ts"
import { firstDifference } from "./difference.ts"

/** The failure of a law, whose name is added by `laws`. */
export const broken = (where: string, expected: unknown, actual: unknown): Effect.Effect<never, LawBroken> => {
  const difference = firstDifference(expected, actual)
  const at = difference.path === undefined || difference.path === "" ? "" : `\nfirst difference at ${difference.path}`
  const sides = difference.path === undefined ? { expected, actual } : difference
  return Effect.fail(
    new LawBroken({
      law: "",
      where,
      expected,
      actual,
      message: `${where}${at}\nexpected: ${shown(sides.expected)}\nbut came: ${shown(sides.actual)}`
    })
  )
}

const shown = (value: unknown): string => inspect(value, { depth: 4, maxStringLength: 300, breakLength: 100 })

/** Breaks the law unless the two are the same as JSON. */
export const same = (where: string, expected: unknown, actual: unknown): Effect.Effect<void, LawBroken> =>
  firstDifference(expected, actual).path === undefined ? Effect.void : broken(where, expected, actual)

/** Breaks the law unless the condition holds. */
export const holds = (
  condition: boolean,
  where: string,
  expected: unknown,
  actual: unknown
): Effect.Effect<void, LawBroken> => condition ? Effect.void : broken(where, expected, actual)
