import { parseArgs } from "node:util"
import type { Rounds } from "./measure/interleave.ts"

/** How much to measure, and what a missed target does to the exit code. */
export interface Options {
  readonly strict: boolean
  /** Text deltas in one stream. */
  readonly deltas: number
  /** Calls in one repetition of a plain call or a first token. */
  readonly calls: number
  readonly rounds: Rounds
  /** Fresh processes per entry of the cold-import table. */
  readonly processes: number
}

const full = { deltas: 5000, calls: 300, rounds: { warmUps: 3, repetitions: 7 }, processes: 15 } as const
const quick = { deltas: 1000, calls: 100, rounds: { warmUps: 2, repetitions: 3 }, processes: 3 } as const

/** Fewer calls and rounds, for what is shown and not judged. */
export const lighter = (options: Options): Options => ({
  ...options,
  calls: Math.ceil(options.calls / 3),
  rounds: { warmUps: 2, repetitions: Math.min(options.rounds.repetitions, 5) }
})

/** Reads `--quick` and `--strict`. */
export const parseOptions = (args: ReadonlyArray<string>): Options => {
  const { values } = parseArgs({
    args: [...args],
    options: { quick: { type: "boolean", default: false }, strict: { type: "boolean", default: false } }
  })
  return { ...(values.quick ? quick : full), strict: values.strict }
}
