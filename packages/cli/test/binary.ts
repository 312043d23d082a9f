/** The command as a person runs it: its bundle, as a process of its own, with pipes or on a pseudo-terminal. */
import { spawn as spawnPty } from "@lydell/node-pty"
import { Effect } from "effect"
import { execFileSync, spawn } from "node:child_process"
import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { stripVTControlCharacters } from "node:util"
import { threadId } from "node:worker_threads"

const dir = join(import.meta.dirname, "..")

const temporary = join(dir, ".tmp")

/** Made once for all test files of a worker. */
let made: string | undefined

const binary = (): string => {
  if (made !== undefined) return made
  mkdirSync(temporary, { recursive: true })
  removeOld()
  // With Effect in it, because it is started often; `pack.test.ts` runs what is published.
  made = join(bundled("whole"), "dist", "bin.js")
  return made
}

/** A folder with a bundle, as it is published. */
export const bundled = (mode: "whole" | "published"): string => {
  const out = join(temporary, `${process.pid}-${threadId}-${mode}`)
  mkdirSync(out, { recursive: true })
  execFileSync(process.execPath, [join(dir, "../../bundle-command.ts"), dir, out, mode])
  for (const file of ["package.json", "LICENSE", "README.md"]) copyFileSync(join(dir, file), join(out, file))
  return out
}

/** Workers are ended and have no time to clean up. */
const removeOld = (): void => {
  for (const name of readdirSync(temporary)) {
    if (!isRunning(Number.parseInt(name, 10))) rmSync(join(temporary, name), { recursive: true, force: true })
  }
}

const isRunning = (pid: number): boolean => {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}

/** An empty working directory, which is also the person's home, until the scope ends. */
export const place = (files: { readonly [name: string]: string | Uint8Array } = {}) =>
  Effect.acquireRelease(
    Effect.sync(() => {
      const path = mkdtempSync(join(tmpdir(), "llm-layers-"))
      for (const [name, content] of Object.entries(files)) writeFileSync(join(path, name), content)
      return path
    }),
    (path) => Effect.sync(() => rmSync(path, { recursive: true }))
  )

export interface Options {
  readonly cwd?: string | undefined
  /** Beside `PATH`, `HOME` and `TERM`, which is all there is. */
  readonly env?: { readonly [name: string]: string } | undefined
}

const environment = ({ cwd = tmpdir(), env }: Options) => ({
  PATH: process.env["PATH"] ?? "",
  HOME: cwd,
  TERM: "xterm-256color",
  ...env
})

export interface Outcome {
  readonly stdout: string
  readonly stderr: string
  readonly code: number | null
}

/** Runs it with pipes. `stdin` is empty where it is not said. */
export const run = (
  args: ReadonlyArray<string>,
  { stdin = "", ...options }: Options & { readonly stdin?: string | Uint8Array | undefined } = {}
): Effect.Effect<Outcome> => outcome(process.execPath, [binary(), ...args], stdin, options)

/** Runs a line of the shell, in which `llm-layers` is the command. */
export const shell = (line: string, options: Options = {}): Effect.Effect<Outcome> =>
  outcome("bash", ["-c", `llm-layers() { "${process.execPath}" "${binary()}" "$@"; }\n${line}`], "", options)

const outcome = (
  file: string,
  args: ReadonlyArray<string>,
  stdin: string | Uint8Array,
  options: Options
): Effect.Effect<Outcome> =>
  Effect.callback((resume) => {
    const child = spawn(file, args, { cwd: options.cwd, env: environment(options) })
    const written = { stdout: "", stderr: "" }
    for (const name of ["stdout", "stderr"] as const) {
      child[name].setEncoding("utf8").on("data", (piece: string) => {
        written[name] += piece
      })
    }
    child.on("close", (code) => resume(Effect.succeed({ ...written, code })))
    // It may end before it reads.
    child.stdin.on("error", () => undefined)
    child.stdin.end(stdin)
    return Effect.sync(() => child.kill("SIGKILL"))
  })

/** The command on a terminal. */
export interface Screen {
  /** All that was written to it, with what moves the cursor and colours. */
  readonly raw: () => string
  /** The same as text. */
  readonly text: () => string
  readonly type: (keys: string) => Effect.Effect<void>
  /** Waits for a text that was not waited for before. Dies with what there is after 30 seconds. */
  readonly until: (text: string) => Effect.Effect<void>
  /** Waits for the end, and gives the exit code. */
  readonly exit: Effect.Effect<number>
}

export const ctrlC = "\u0003"
export const ctrlD = "\u0004"

/** Runs it on a pseudo-terminal until the scope ends. */
export const terminal = (
  args: ReadonlyArray<string>,
  { columns = 80, ...options }: Options & { readonly columns?: number | undefined } = {}
) =>
  Effect.map(
    Effect.acquireRelease(
      Effect.sync(() => {
        const pty = spawnPty(process.execPath, [binary(), ...args], {
          cols: columns,
          rows: 24,
          cwd: options.cwd ?? tmpdir(),
          env: environment(options)
        })
        const state = { raw: "", seen: 0, code: undefined as number | undefined, changed: new Set<() => void>() }
        const tell = () => state.changed.forEach((check) => check())
        pty.onData((data) => {
          state.raw += data
          tell()
        })
        pty.onExit(({ exitCode }) => {
          state.code = exitCode
          tell()
        })
        return { pty, state }
      }),
      ({ pty, state }) => Effect.sync(() => state.code ?? pty.kill("SIGKILL"))
    ),
    ({ pty, state }): Screen => {
      const text = () => stripVTControlCharacters(state.raw).replaceAll("\r\n", "\n")
      const wait = (what: string, ready: () => boolean) =>
        Effect.callback<void>((resume) => {
          const late = setTimeout(() => resume(Effect.die(new Error(`no ${what} in:\n${text()}`))), 30_000)
          const check = () => {
            if (!ready()) return
            clearTimeout(late)
            state.changed.delete(check)
            resume(Effect.void)
          }
          state.changed.add(check)
          check()
        })
      return {
        raw: () => state.raw,
        text,
        type: (keys) => Effect.sync(() => pty.write(keys)),
        until: (wanted) =>
          wait(JSON.stringify(wanted), () => {
            const at = text().indexOf(wanted, state.seen)
            if (at !== -1) state.seen = at + wanted.length
            return at !== -1
          }),
        exit: Effect.map(wait("end", () => state.code !== undefined), () => state.code ?? -1)
      }
    }
  )
