/** Names like a misspelt one. */
import { distance } from "fastest-levenshtein"

/** A name that needs more changes than half of its letters is not like it. */
const farthest = 0.5

/** The names nearest to one, which may lack its provider; the likest first. */
export const find = (name: string, names: ReadonlyArray<string>, count: number): ReadonlyArray<string> => {
  const wanted = name.toLowerCase()
  const whole = wanted.includes("/")
  const limit = wanted.length * farthest
  // Each letter more or less is a change; a long text has many, and would take long to compare.
  const from = (name: string) =>
    Math.abs(name.length - wanted.length) > limit ? Infinity : distance(wanted, name.toLowerCase())
  return names
    .map((one) => ({
      one,
      away: Math.min(from(one), whole ? Infinity : from(one.slice(one.indexOf("/") + 1)))
    }))
    .filter(({ away }) => away <= limit)
    .toSorted((one, other) => one.away - other.away)
    .slice(0, count)
    .map(({ one }) => one)
}
