/** Names like a misspelt one. */
import { distance } from "fastest-levenshtein"

/** A name that needs more changes than half of its letters is not like it. */
const farthest = 0.5

/** What has fewer letters is in too many names. */
const shortest = 3

/** The names nearest to one, which may lack its provider; the likest first. */
export const find = (name: string, names: ReadonlyArray<string>, count: number): ReadonlyArray<string> => {
  const wanted = name.toLowerCase()
  const whole = wanted.includes("/")
  const limit = wanted.length * farthest
  const from = (name: string) => {
    const more = name.length - wanted.length
    const lower = name.toLowerCase()
    // A part of a name is like it, however short: `sonnet`.
    if (wanted.length >= shortest && lower.includes(wanted)) return more
    // Each letter more or less is a change; a long text has many, and would take long to compare.
    const away = Math.abs(more) > limit ? Infinity : distance(wanted, lower)
    return away > limit ? Infinity : away
  }
  return names
    .map((one) => ({
      one,
      away: Math.min(from(one), whole ? Infinity : from(one.slice(one.indexOf("/") + 1)))
    }))
    .filter(({ away }) => away < Infinity)
    .toSorted((one, other) => one.away - other.away)
    .slice(0, count)
    .map(({ one }) => one)
}
