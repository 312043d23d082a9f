/** The repetitions of one measurement, in the unit of the measurement. */
export interface Sample {
  readonly median: number
  readonly min: number
  readonly max: number
}

export const median = (values: ReadonlyArray<number>): number => {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = sorted.length >> 1
  const upper = sorted[middle]
  if (upper === undefined) throw new Error("the median of nothing")
  return sorted.length % 2 === 1 ? upper : (upper + (sorted[middle - 1] ?? upper)) / 2
}

export const sampleOf = (values: ReadonlyArray<number>): Sample => ({
  median: median(values),
  min: Math.min(...values),
  max: Math.max(...values)
})

/** One quantity of several named contenders. */
export type Comparison = ReadonlyMap<string, Sample>

/** The comparison of one quantity of the given results. */
export const comparisonOf = <A>(
  results: ReadonlyMap<string, ReadonlyArray<A>>,
  quantity: (result: A) => number
): Comparison => new Map([...results].map(([name, list]) => [name, sampleOf(list.map(quantity))]))

/** The ratio of two contenders' medians. */
export const ratioOf = (comparison: Comparison, name: string, base: string): number =>
  medianOf(comparison, name) / medianOf(comparison, base)

const medianOf = (comparison: Comparison, name: string): number => {
  const sample = comparison.get(name)
  if (sample === undefined) throw new Error(`${name} was not measured`)
  return sample.median
}
