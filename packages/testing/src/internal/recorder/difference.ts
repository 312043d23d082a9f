/** How a request differs from a recorded one: by path, as a person would point it out. */
import type * as Schema from "effect/Schema"
import * as TextDiff from "effect/TextDiff"
import { placeholder } from "./scrub.ts"

/** The way to a value: names and positions. */
export type Path = ReadonlyArray<string | number>

/** One place where two values differ. What one side does not have is `undefined`. */
export interface Difference {
  readonly path: Path
  readonly recorded: Schema.Json | undefined
  readonly sent: Schema.Json | undefined
}

/** All the places; none where the values are the same, whatever the order of their keys. */
export const between = (
  recorded: Schema.Json | undefined,
  sent: Schema.Json | undefined,
  path: Path = []
): ReadonlyArray<Difference> => {
  if (isArray(recorded) && isArray(sent)) return betweenLists(recorded, sent, path)
  if (isObject(recorded) && isObject(sent)) {
    return [...new Set([...Object.keys(recorded), ...Object.keys(sent)])].toSorted().flatMap((key) =>
      between(own(recorded, key), own(sent, key), [...path, key])
    )
  }
  const same = typeof recorded === "string" && typeof sent === "string" ? isSameText(recorded, sent) : recorded === sent
  return same ? [] : [{ path, recorded, sent }]
}

/** Lists of one length are compared one by one; of others, what was put in or taken out is found first. */
const betweenLists = (
  recorded: ReadonlyArray<Schema.Json>,
  sent: ReadonlyArray<Schema.Json>,
  path: Path
): ReadonlyArray<Difference> => {
  if (recorded.length === sent.length) {
    return recorded.flatMap((value, index) => between(value, sent[index], [...path, index]))
  }
  const out: Array<Difference> = []
  let place = 0
  let gone: ReadonlyArray<Schema.Json> = []
  const flush = (came: ReadonlyArray<Schema.Json>) => {
    for (let index = 0; index < Math.max(gone.length, came.length); index++) {
      out.push(...between(gone[index], came[index], [...path, place + index]))
    }
    place += came.length
    gone = []
  }
  for (const edit of align(recorded, sent, { maxEdits: 500 })) {
    if (edit._tag === "Delete") gone = edit.items
    else flush(edit._tag === "Insert" ? edit.items : [])
    if (edit._tag === "Equal") place += edit.items.length
  }
  flush([])
  return out
}

const align = TextDiff.diffWith<Schema.Json>((a, b) => between(a, b).length === 0)

/** What was redacted may have been anything, on either side. */
const isSameText = (a: string, b: string): boolean => a === b || fits(a, b) || fits(b, a)

const fits = (pattern: string, text: string): boolean => {
  if (!pattern.includes(placeholder)) return false
  const pieces = pattern.split(placeholder)
  const first = pieces[0] ?? ""
  const last = pieces.at(-1) ?? ""
  if (!text.startsWith(first) || !text.endsWith(last) || text.length < first.length + last.length) return false
  let at = first.length
  for (const piece of pieces.slice(1, -1)) {
    const next = text.indexOf(piece, at)
    if (next === -1) return false
    at = next + piece.length
  }
  return at <= text.length - last.length
}

/** `body.input[0].content`, `body["a.b"]`. */
export const pathText = (path: Path): string =>
  path.map((step, index) => {
    if (typeof step === "number") return `[${step}]`
    if (!/^[\w-]+$/.test(step)) return `[${JSON.stringify(step)}]`
    return index === 0 ? step : `.${step}`
  }).join("")

/** Whether a difference lies at, or below, one of the paths. `*` is any name, `[*]` any position. */
export const isBelow = (path: Path, patterns: ReadonlyArray<string>): boolean =>
  patterns.some((pattern) => {
    const steps = stepsOf(pattern)
    return steps.length <= path.length && steps.every((step, index) => step === "*" || step === String(path[index]))
  })

const stepsOf = (pattern: string): ReadonlyArray<string> =>
  [...pattern.matchAll(/\[("(?:[^"\\]|\\.)*")\]|\[(\d+|\*)\]|([^.[\]]+)/g)].map(([, quoted, position, name]) =>
    quoted === undefined ? position ?? name ?? "" : String(JSON.parse(quoted))
  )

const isArray = (value: Schema.Json | undefined): value is Schema.JsonArray => Array.isArray(value)

const isObject = (value: Schema.Json | undefined): value is Schema.JsonObject =>
  typeof value === "object" && value !== null && !Array.isArray(value)

const own = (value: Schema.JsonObject, key: string): Schema.Json | undefined =>
  Object.hasOwn(value, key) ? value[key] : undefined
