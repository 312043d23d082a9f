/** Laws as tests of Vitest, which is imported here alone. */
import * as Effect from "effect/Effect"
import { describe, it } from "vitest"
import type { Law } from "../Law.ts"

/** Laws have a time limit of their own, which tells more. */
const timeout = 10 * 60_000

/** One test a law, by group. Those that do not apply are reported as skipped, with the reason. */
export const register = (name: string, laws: ReadonlyArray<Law>): void => {
  describe(name, () => {
    for (const [group, ofGroup] of Map.groupBy(laws, (law) => law.group)) {
      describe(group, () => {
        for (const law of ofGroup) {
          it(law.name, { timeout }, async (context) => {
            if (law.skipped !== undefined) context.skip(law.skipped)
            await Effect.runPromise(law.check)
          })
        }
      })
    }
  })
}
