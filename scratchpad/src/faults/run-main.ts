/** Runs faults as a program: prints the table as it comes, and sets the exit code. */
import { Effect } from "effect"
import type { Fault } from "./Fault.ts"
import { haveFailed, header, rowOf, totals } from "./report.ts"
import { type Options, runFaults } from "./run-faults.ts"
import type { Wire } from "./Wire.ts"

export const runMain = async (
  wires: ReadonlyArray<Wire>,
  faults: ReadonlyArray<Fault>,
  options: Pick<Options, "hang"> = {}
): Promise<void> => {
  let provider: string | undefined
  const results = await Effect.runPromise(runFaults(wires, faults, {
    ...options,
    onResult: (result) => {
      if (result.provider !== provider) console.log(header(result.provider))
      provider = result.provider
      console.log(rowOf(result))
    }
  }))
  console.log(`\n${totals(results)}`)
  process.exitCode = haveFailed(results) ? 1 : 0
}
