/** `--help` on a terminal of any width. */
import * as CliOutput from "effect/cli/CliOutput"
import * as TerminalCapabilities from "effect/cli/TerminalCapabilities"
import * as Console from "effect/Console"
import * as Effect from "effect/Effect"
import stringWidth from "string-width"
import wrapAnsi from "wrap-ansi"

/** Help that was asked for, on standard output. What is wrong with the use of a command is told where failures are. */
export const presenter = (columns: number): CliOutput.Presenter => ({
  present: (event) =>
    event._tag === "InvalidInvocation" ? Effect.void : Effect.flatMap(
      TerminalCapabilities.TerminalCapabilities,
      ({ canColor }) => {
        const formatter = CliOutput.defaultFormatter({ colors: canColor })
        return Console.log(
          event._tag === "Help"
            ? fitted(formatter.formatHelpDoc(event.helpDoc), columns)
            : formatter.formatVersion(event.name, event.version)
        )
      }
    )
})

/** Text whose lines are no longer than that. 0 is as long as need be. */
export const fitted = (text: string, columns: number): string =>
  columns === 0 ? text : text.split("\n").flatMap((line) => fittedLine(line, columns)).join("\n")

/** A name, the space after it, and what it is. */
const row = /^(\s+\S.*?)\s{2,}(\S.*)$/

const fittedLine = (line: string, columns: number): ReadonlyArray<string> => {
  if (stringWidth(line) <= columns) return [line]
  const [, name, text] = row.exec(line) ?? []
  if (name === undefined || text === undefined) return wrapped(line, indentOf(line), columns)
  const column = stringWidth(line) - stringWidth(text)
  // Beside the name where at least half of the line is left, else below it.
  if (column * 2 <= columns) {
    const [first = "", ...rest] = wrapped(text, "", columns - column)
    return [line.slice(0, line.length - text.length) + first, ...rest.map((part) => " ".repeat(column) + part)]
  }
  return [...wrapped(name, indentOf(name), columns), ...wrapped(`      ${text}`, "      ", columns)]
}

const indentOf = (line: string): string => /^\s*/.exec(line)?.[0] ?? ""

/** Broken between words, and inside of a word that is longer than the line. */
const wrapped = (text: string, indent: string, columns: number): ReadonlyArray<string> =>
  wrapAnsi(text.trim(), Math.max(1, columns - indent.length), { hard: true }).split("\n").map((line) => indent + line)
