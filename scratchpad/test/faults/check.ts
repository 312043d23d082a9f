/** Every fault of the catalogue as a test, for one provider. */
import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { catalogue } from "../../src/faults/catalogue/index.ts"
import { ways } from "../../src/faults/Fault.ts"
import { happensIn, runFault } from "../../src/faults/run-faults.ts"
import type { Wire } from "../../src/faults/Wire.ts"
import { watchRejections } from "./rejections.ts"

export const checkFaults = (wire: Wire): void => {
  watchRejections()

  describe.each(ways)(`${wire.name}, %s`, (way) => {
    for (const fault of catalogue.filter((one) => happensIn(one, way))) {
      // By the real clock, because time limits are among the faults; `npm run faults` runs the same.
      it.live(fault.name, () =>
        Effect.gen(function*() {
          const { cases, problems, skipped } = yield* runFault({ wire, way }, fault)
          assert.deepStrictEqual(problems, [])
          assert.isTrue(cases > 0 || skipped !== undefined)
        }), 20_000)
    }
  })
}
