/** Names like a misspelt one. */
import { distance } from "fastest-levenshtein"

/** A name that needs more changes than half of its letters is not like it. */
const farthest = 0.5

/** The names nearest to one, which may lack its provider; the likest first. */
export const find = (name: string, names: ReadonlyArray<string>, count: number): ReadonlyArray<string> => {
  const wanted = name.toLowerCase()
  const whole = wanted.includes("/")
  return names
    .map((one) => {
      const bare = one.slice(one.indexOf("/") + 1)
      const away = Math.min(
        distance(wanted, one.toLowerCase()),
        whole ? Infinity : distance(wanted, bare.toLowerCase())
      )
      return { one, away }
    })
    .filter(({ away }) => away <= wanted.length * farthest)
    .toSorted((one, other) => one.away - other.away)
    .slice(0, count)
    .map(({ one }) => one)
}
