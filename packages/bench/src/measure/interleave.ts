import type { Sample } from "./statistics.ts"
import { sampleOf } from "./statistics.ts"

export interface Rounds {
  readonly warmUps: number
  readonly repetitions: number
}

/**
 * Runs every entrant once per round, in an order that shifts by one each round, so that a slow moment of the machine hits
 * all alike. The first rounds warm up and are not counted.
 */
export const interleave = async <Name extends string>(
  entrants: ReadonlyArray<readonly [Name, () => Promise<number>]>,
  { repetitions, warmUps }: Rounds
): Promise<ReadonlyMap<Name, Sample>> => {
  const values = new Map<Name, Array<number>>(entrants.map(([name]) => [name, []]))
  for (let round = 0; round < warmUps + repetitions; round++) {
    for (const [name, run] of rotate(entrants, round)) {
      // One entrant's garbage is not another's pause. Absent without --expose-gc.
      globalThis.gc?.()
      const value = await run()
      if (round >= warmUps) values.get(name)?.push(value)
    }
  }
  return new Map([...values].map(([name, list]) => [name, sampleOf(list)]))
}

/** The same list, begun further along. */
export const rotate = <A>(list: ReadonlyArray<A>, round: number): ReadonlyArray<A> => {
  const shift = round % list.length
  return [...list.slice(shift), ...list.slice(0, shift)]
}
