/** A `.env` file. Node's and Effect's parsers leave out what they cannot read; here that is an error with its line. */
import * as Result from "effect/Result"
import { parseEnv } from "node:util"

/** The variables, or what is wrong. What a line says may be a key, so that it is not repeated. */
export const parse = (text: string): Result.Result<Record<string, string>, string> => {
  const problem = problemOf(text.replace(/^\uFEFF/, "").split(/\r?\n/))
  return problem === undefined ? Result.succeed(variables(text)) : Result.fail(problem)
}

const variables = (text: string): Record<string, string> => {
  const out: Record<string, string> = {}
  for (const [name, value] of Object.entries(parseEnv(text))) if (value !== undefined) out[name] = value
  return out
}

const entry = /^\s*(?:export\s+)?[\w.-]+\s*=\s*(.*)$/

const problemOf = (lines: ReadonlyArray<string>): string | undefined => {
  for (let at = 0; at < lines.length; at++) {
    const line = lines[at] ?? ""
    if (/^\s*(?:#|$)/.test(line)) continue
    const value = entry.exec(line)?.[1]
    if (value === undefined) return `has no NAME=value in line ${at + 1}`
    const quote = /^["'`]/.exec(value)?.[0]
    if (quote === undefined) continue
    // A value in quotes may have several lines.
    const end = value.slice(1).includes(quote)
      ? at
      : lines.findIndex((line, later) => later > at && line.includes(quote))
    if (end === -1) return `has a quote in line ${at + 1} that is not closed`
    at = end
  }
  return undefined
}
