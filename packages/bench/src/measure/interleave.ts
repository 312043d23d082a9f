export interface Rounds {
  readonly warmUps: number
  readonly repetitions: number
}

/**
 * Runs every entrant once per round, in an order that shifts by one each round, so that a slow moment of the machine
 * hits all alike. The first rounds warm up and are not counted.
 */
export const interleave = async <Name extends string, A>(
  entrants: ReadonlyArray<readonly [Name, () => Promise<A>]>,
  { repetitions, warmUps }: Rounds
): Promise<ReadonlyMap<Name, ReadonlyArray<A>>> => {
  const results = new Map<Name, Array<A>>(entrants.map(([name]) => [name, []]))
  for (let round = 0; round < warmUps + repetitions; round++) {
    const shift = round % entrants.length
    for (const [name, run] of [...entrants.slice(shift), ...entrants.slice(0, shift)]) {
      const result = await run()
      if (round >= warmUps) results.get(name)?.push(result)
    }
  }
  return results
}
