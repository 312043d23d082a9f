/** Runs the TypeScript compiler and reads what it says. */
import { execFile } from "node:child_process"
import { createRequire } from "node:module"
import { dirname, join, resolve } from "node:path"

export interface Diagnostic {
  /** Absolute; empty for an error that belongs to no file, such as a wrong option. */
  readonly file: string
  readonly line: number
  readonly message: string
}

const tsc = join(dirname(createRequire(import.meta.url).resolve("typescript/package.json")), "bin", "tsc")

/** The errors of the project whose `tsconfig.json` is given. Rejects when the compiler itself does not run. */
export const typeCheck = (tsconfig: string): Promise<ReadonlyArray<Diagnostic>> => {
  const cwd = dirname(tsconfig)
  const options = ["--noEmit", "--pretty", "false", "-p", tsconfig]
  return new Promise((done, fail) => {
    execFile(process.execPath, [tsc, ...options], { cwd, maxBuffer: 2 ** 26 }, (error, stdout, stderr) => {
      const found = diagnostics(cwd, stdout)
      if (error !== null && found.length === 0) fail(new Error(`tsc failed: ${stderr}${stdout}`, { cause: error }))
      else done(found)
    })
  })
}

/** An error is a line `file(line,column): error TS…: text`, or `error TS…: text`, and the indented lines below it. */
const diagnostics = (cwd: string, output: string): ReadonlyArray<Diagnostic> => {
  const found: Array<Diagnostic> = []
  for (const line of output.split("\n")) {
    const start = /^(?:(?<file>.+?)\((?<line>\d+),\d+\): )?error (?<message>TS\d+: .*)$/.exec(line)?.groups
    const last = found.at(-1)
    if (start?.["message"] !== undefined) {
      found.push({
        file: start["file"] === undefined ? "" : resolve(cwd, start["file"]),
        line: Number(start["line"] ?? 0),
        message: start["message"]
      })
    } else if (last !== undefined && line.startsWith(" ")) {
      found[found.length - 1] = { ...last, message: `${last.message}\n${line}` }
    }
  }
  return found
}
