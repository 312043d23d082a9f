/** What holds of the parts of any stream: starts, ends, ids, one finish. Each function gives the first that does not. */
import { firstDifference } from "./difference.ts"
import type { Plain } from "./parts.ts"

/** What is wrong. */
export interface Problem {
  readonly where: string
  readonly expected: unknown
  readonly actual: unknown
}

const kinds = ["text", "reasoning", "tool-params"] as const

/** Every start has one end, and every piece lies between. */
export const startsAndEnds = (parts: ReadonlyArray<Plain>): Problem | undefined => {
  const open = new Set<string>()
  for (const [index, part] of parts.entries()) {
    const kind = kinds.find((one) => part.type.startsWith(`${one}-`))
    if (kind === undefined) continue
    const what = part.type.slice(kind.length + 1)
    const key = `${kind} ${part.id}`
    const where = `part ${index}, ${part.type} of ${part.id}`
    if (what === "start" && open.has(key)) return { where, expected: "an end before it starts again", actual: "none" }
    if (what !== "start" && !open.has(key)) return { where, expected: "its start before it", actual: "none" }
    if (what === "start") open.add(key)
    if (what === "end") open.delete(key)
  }
  const [left] = open
  return left === undefined ? undefined : { where: `the ${left}`, expected: "an end", actual: "none" }
}

const hasOwnId = (part: Plain): boolean => part.type.endsWith("-start") || part.type === "source"

/** No two blocks or sources of an answer have one id, and no two calls. */
export const uniqueIds = (parts: ReadonlyArray<Plain>): Problem | undefined =>
  repeated(parts.filter(hasOwnId)) ?? repeated(parts.filter((part) => part.type === "tool-call"))

const repeated = (parts: ReadonlyArray<Plain>): Problem | undefined => {
  const seen = new Map<unknown, string>()
  for (const { id, type } of parts) {
    const before = seen.get(id)
    if (before !== undefined) {
      return { where: `the ${type} ${id}`, expected: "an id of its own", actual: `that of a ${before}` }
    }
    seen.set(id, type)
  }
  return undefined
}

/** Exactly one finish, and nothing after it. */
export const oneFinish = (parts: ReadonlyArray<Plain>): Problem | undefined => {
  const types = parts.map((part) => part.type)
  return types.indexOf("finish") === types.length - 1 && types.length > 0
    ? undefined
    : { where: "the end", expected: "one finish, last", actual: types.slice(Math.max(0, types.indexOf("finish") - 1)) }
}

/** The pieces of arguments are the arguments, and a call follows the end of its pieces. */
export const wholeArguments = (parts: ReadonlyArray<Plain>): Problem | undefined => {
  const written = new Map<unknown, string>()
  for (const part of parts) {
    if (part.type === "tool-params-start") written.set(part.id, "")
    if (part.type === "tool-params-delta") written.set(part.id, `${written.get(part.id)}${String(part["delta"])}`)
    const json = part.type === "tool-call" ? written.get(part.id) : undefined
    if (json === undefined) continue
    const pieces = parsed(json === "" ? "{}" : json)
    if (firstDifference(part["params"], pieces).path !== undefined) {
      return { where: `the arguments of ${part.id}`, expected: part["params"], actual: pieces }
    }
  }
  return undefined
}

const parsed = (json: string): unknown => {
  try {
    return JSON.parse(json)
  } catch {
    return json
  }
}

/** Counts are whole and not negative, and totals are the sum of their parts. */
export const soundUsage = (usage: unknown): Problem | undefined => {
  for (const [side, pieces] of sides) {
    const counts = Object(Object(usage)[side])
    for (const [name, count] of Object.entries(counts)) {
      if (count !== undefined && !(Number.isSafeInteger(count) && Number(count) >= 0)) {
        return { where: `${side}.${name}`, expected: "a whole number from 0, or none", actual: count }
      }
    }
    if (counts.total === undefined || counts[pieces[0]] === undefined) continue
    const sum = pieces.reduce((all, piece) => all + Number(counts[piece] ?? 0), 0)
    if (sum !== counts.total) {
      return { where: `${side}.total`, expected: `${sum}, the sum of ${pieces.join(", ")}`, actual: counts.total }
    }
  }
  return undefined
}

const sides = [
  ["inputTokens", ["uncached", "cacheRead", "cacheWrite"]],
  ["outputTokens", ["text", "reasoning"]]
] as const
